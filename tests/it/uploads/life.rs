use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use chainlit::{self as cl, App};

use super::until;
use crate::support::{
    Client, Length, TestServer, auth, files_below, form, form_end, form_head, post_head,
};

fn app() -> App {
    App::new().on_message(async |_: cl::Message| {})
}

#[tokio::test]
async fn a_chat_without_files_makes_no_folder() {
    let server = TestServer::start(app()).await;
    let mut client = server.join_as("s1").await;
    client.say("x").await;
    client.until("task_end").await;
    assert!(!server.root().join(".files").exists());
    server.stop().await;
}

#[tokio::test]
async fn files_go_with_their_chat() {
    let server = TestServer::start(app()).await;
    let mut first = server.join_as("s1").await;
    let _second = server.join_as("s2").await;
    let gone = server.upload("s1", "a.txt", "text/plain", b"a").await;
    let kept = server.upload("s2", "a.txt", "text/plain", b"a").await;
    assert_eq!(server.kept_files().len(), 2);
    first.emit("clear_session", None).await;
    first.leave().await;
    until(|| server.kept_files().len() == 1).await;
    assert_eq!(server.get_file("s1", &gone, "").await.status, 401);
    assert_eq!(server.get_file("s2", &kept, "").await.status, 200);

    // A new chat under the old id has nothing of the old one.
    let _again = server.join_as("s1").await;
    assert_eq!(server.get_file("s1", &gone, "").await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn files_stay_while_the_connection_is_away() {
    let server = TestServer::start(app()).await;
    let mut client = server.join_as("s1").await;
    client.say("x").await;
    client.until("task_end").await;
    let id = server.upload("s1", "a.txt", "text/plain", b"a").await;
    client.cut();
    let _again = server.join_as("s1").await;
    assert_eq!(server.get_file("s1", &id, "").await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn the_room_is_free_again_when_a_chat_has_ended() {
    let server = TestServer::start_with(app(), |config| config.limits.file_bytes = 10).await;
    let mut client = server.join_as("s1").await;
    server.upload("s1", "a.txt", "text/plain", &[b'a'; 10]).await;
    let _other = server.join_as("s2").await;
    let full = server.post_file("s2", "a.txt", "text/plain", b"a").await;
    assert_eq!(full.status, 507, "{}", full.text());
    client.emit("clear_session", None).await;
    client.leave().await;
    until(|| server.kept_files().is_empty()).await;
    server.upload("s2", "a.txt", "text/plain", &[b'a'; 10]).await;
    server.stop().await;
}

#[tokio::test]
async fn nothing_is_left_when_the_server_goes_down() {
    let server = TestServer::start(app()).await;
    let _client = server.join_as("s1").await;
    server.upload("s1", "a.txt", "text/plain", b"a").await;
    let root = server.stop().await;
    assert!(!root.path().join(".files").exists());
}

/// A disk that takes nothing: here, where the folder should be is something else.
#[tokio::test]
async fn a_file_that_cannot_be_written_harms_nobody() {
    let server = TestServer::start(app()).await;
    let mut client = server.join_as("s1").await;
    server.write(".files", b"");
    let answer = server.post_file("s1", "a.txt", "text/plain", b"a").await;
    assert_eq!((answer.status, answer.detail().as_str()), (507, "`a.txt` could not be written"));
    client.say("x").await;
    client.until("task_end").await;
    std::fs::remove_file(server.root().join(".files")).unwrap();
    server.upload("s1", "a.txt", "text/plain", b"a").await;
    server.stop().await;
}

/// The hello application as a process of its own.
struct Program(Child, SocketAddr);

impl Program {
    fn start(root: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_chainlit"))
            .args(["--headless", "--port", "0"])
            .env_clear()
            .env("CHAINLIT_APP_ROOT", root)
            .current_dir(root)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit('/').next().unwrap().parse().unwrap();
        Self(child, address)
    }

    async fn join(&self) -> Client {
        let query = "transport=websocket&EIO=4";
        let mut client = Client::dial(self.1, query, Length::ENDLESS).await.unwrap();
        client.connect(auth("s1")).await.unwrap();
        client.emit("connection_successful", None).await;
        client
    }

    /// Posts a form piece by piece; gives the answer's status line.
    fn post(&self, length: u64, pieces: impl Iterator<Item = Vec<u8>>) -> String {
        let mut stream = std::net::TcpStream::connect(self.1).unwrap();
        let head = post_head("/project/file?session_id=s1", length, "");
        stream.write_all(head.as_bytes()).unwrap();
        for piece in pieces {
            stream.write_all(&piece).unwrap();
        }
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        line
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[tokio::test]
async fn what_a_killed_process_has_left_goes_at_the_next_start() {
    let root = tempfile::tempdir().unwrap();
    let files = root.path().join(".files");
    let program = Program::start(root.path());
    let client = program.join().await;
    let form = form("a.txt", "text/plain", b"a");
    assert!(program.post(form.len() as u64, [form].into_iter()).contains("200"));
    assert_eq!(files_below(&files).len(), 1);
    // A second process with the same folder leaves the first one's alone.
    let second = Program::start(root.path());
    assert_eq!(files_below(&files).len(), 1);
    drop((second, client, program));
    assert_eq!(files_below(&files).len(), 1, "a killed process removes nothing");
    let _next = Program::start(root.path());
    assert!(files_below(&files).is_empty());
}

/// 128 MB go through a process whose memory is measured.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_large_upload_does_not_take_memory() {
    const PIECE: usize = 1024 * 1024;
    const PIECES: usize = 128;
    let root = tempfile::tempdir().unwrap();
    let program = Program::start(root.path());
    let _client = program.join().await;
    let peak = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", program.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap()
    };
    let before = peak();
    let (head, end) = (form_head("film.bin", "application/octet-stream"), form_end());
    let length = (head.len() + PIECE * PIECES + end.len()) as u64;
    let pieces = std::iter::once(head)
        .chain((0..PIECES).map(|_| vec![0_u8; PIECE]))
        .chain(std::iter::once(end));
    assert!(program.post(length, pieces).contains("200"));
    let grown = peak() - before;
    assert!(grown < 16 * 1024, "{grown} KiB more than before");
    let kept = files_below(&root.path().join(".files"));
    assert_eq!(std::fs::metadata(&kept[0]).unwrap().len(), (PIECE * PIECES) as u64);
}
