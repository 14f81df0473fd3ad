use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::TestServer;

/// What stands between the parts of a form.
const BOUNDARY: &str = "----form7d1a";

/// An answer, its header names in lower case.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// All values of a header.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// What the server says is wrong.
    pub(crate) fn detail(&self) -> String {
        let body: Value = serde_json::from_slice(&self.body).unwrap();
        body["detail"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
    }
}

/// The head of a form with one file.
pub(crate) fn form_head(name: &str, media_type: &str) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: {media_type}\r\n\r\n"
    );
    head.into_bytes()
}

/// The end of a form.
pub(crate) fn form_end() -> Vec<u8> {
    format!("\r\n--{BOUNDARY}--\r\n").into_bytes()
}

/// A form with one file.
pub(crate) fn form(name: &str, media_type: &str, content: &[u8]) -> Vec<u8> {
    [&form_head(name, media_type), content, &form_end()].concat()
}

/// A request that posts a form of that length to that path.
pub(crate) fn post_head(path: &str, length: u64, headers: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\
         content-type: multipart/form-data; boundary={BOUNDARY}\r\ncontent-length: {length}\r\n\r\n"
    )
}

/// Reads an answer to its end.
pub(crate) async fn read_answer(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    // A server that refuses a body may close before it has read it: what it said counts.
    let _ = stream.read_to_end(&mut bytes).await;
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("no answer");
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    Answer { status, headers, body: bytes[end + 4..].to_vec() }
}

impl TestServer {
    /// Sends bytes and reads the answer.
    pub(crate) async fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        // The server may refuse it before its end.
        let _ = stream.write_all(request).await;
        read_answer(&mut stream).await
    }

    /// Uploads a file as the page does.
    pub(crate) async fn post_file(
        &self,
        session_id: &str,
        name: &str,
        media_type: &str,
        content: &[u8],
    ) -> Answer {
        let path = format!("/project/file?session_id={session_id}");
        self.post_form(&path, "", &form(name, media_type, content)).await
    }

    /// Posts a form.
    pub(crate) async fn post_form(&self, path: &str, headers: &str, form: &[u8]) -> Answer {
        let head = post_head(path, form.len() as u64, headers);
        self.raw(&[head.as_bytes(), form].concat()).await
    }

    /// Uploads a file that is taken; gives its id.
    pub(crate) async fn upload(
        &self,
        session_id: &str,
        name: &str,
        media_type: &str,
        content: &[u8],
    ) -> String {
        let answer = self.post_file(session_id, name, media_type, content).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        body["id"].as_str().unwrap().to_owned()
    }

    /// Asks for a file of a session.
    pub(crate) async fn get_file(&self, session_id: &str, id: &str, headers: &str) -> Answer {
        self.request_file("GET", session_id, id, headers).await
    }

    /// The same with another method.
    pub(crate) async fn request_file(
        &self,
        method: &str,
        session_id: &str,
        id: &str,
        headers: &str,
    ) -> Answer {
        let request = format!(
            "{method} /project/file/{id}?session_id={session_id} HTTP/1.1\r\nhost: x\r\n\
             connection: close\r\n{headers}\r\n"
        );
        self.raw(request.as_bytes()).await
    }

    /// Waits until so many files lie there: they are removed beside everything else.
    pub(crate) async fn keeps_files(&self, count: usize) {
        let waiting = async {
            while self.kept_files().len() != count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(10), waiting).await;
        waited.unwrap_or_else(|_| panic!("not {count} but {:?}", self.kept_files()));
    }

    /// What lies in the folder for files, but for what tells processes apart: the path below it.
    pub(crate) fn kept_files(&self) -> Vec<String> {
        files_below(&self.root().join(".files"))
    }
}

/// All files below a folder, lock files left out.
pub(crate) fn files_below(folder: &std::path::Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files.extend(files_below(&path));
        } else if path.extension().is_none_or(|extension| extension != "lock") {
            files.push(path.to_str().unwrap().to_owned());
        }
    }
    files
}
