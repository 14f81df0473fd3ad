use chainlit::config::{Accept, FileUpload};
use chainlit::{self as cl, App};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{PNG, until};
use crate::support::{Client, TestServer, form, form_head, post_head, read_answer};

fn app() -> App {
    App::new().on_message(async |_: cl::Message| {})
}

/// A server with these rules, and a client that keeps the session `s1`.
async fn with_rules(change: impl FnOnce(&mut FileUpload)) -> (TestServer, Client) {
    let mut upload = FileUpload::default();
    upload.enabled = Some(true);
    change(&mut upload);
    let server = TestServer::start_with(app(), |config| {
        config.features.spontaneous_file_upload = Some(upload);
    })
    .await;
    let client = server.join_as("s1").await;
    (server, client)
}

#[tokio::test]
async fn without_a_setting_everything_is_taken_even_nothing() {
    let server = TestServer::start(app()).await;
    let _client = server.join_as("s1").await;
    for (name, media_type, content) in [
        ("a.png", "image/png", PNG),
        ("empty.txt", "text/plain", b"".as_slice()),
        ("empty.png", "image/png", b""),
        ("page.html", "text/html", b"<html>"),
        ("a", "application/octet-stream", b"\x01\x02\0"),
    ] {
        let id = server.upload("s1", name, media_type, content).await;
        assert_eq!(server.get_file("s1", &id, "").await.body, content, "{name}");
    }
    let (_, settings) = server.request("GET", "/project/settings", None).await;
    assert_eq!(settings["features"]["spontaneous_file_upload"], json!(null));
    server.stop().await;
}

#[tokio::test]
async fn nothing_is_taken_where_uploads_are_off() {
    let (server, _client) = with_rules(|upload| upload.enabled = None).await;
    let answer = server.post_file("s1", "a.txt", "text/plain", b"a").await;
    assert_eq!((answer.status, answer.detail().as_str()), (400, "File upload is not enabled"));
    until(|| server.kept_files().is_empty()).await;
    server.stop().await;
}

#[tokio::test]
async fn who_has_no_session_uploads_nothing() {
    let server = TestServer::start(app()).await;
    let _client = server.join_as("s1").await;
    for path in ["/project/file?session_id=s2", "/project/file", "/project/file?session_id=../s1"] {
        let answer = server.post_form(path, "", &form("a.txt", "text/plain", b"a")).await;
        assert_eq!((answer.status, answer.detail().as_str()), (404, "Session not found"), "{path}");
    }
    let path = "/project/file?session_id=s1&ask_parent_id=unknown";
    let answer = server.post_form(path, "", &form("a.txt", "text/plain", b"a")).await;
    assert_eq!((answer.status, answer.detail().as_str()), (404, "Parent message not found"));
    until(|| server.kept_files().is_empty()).await;
    server.stop().await;
}

/// Browsers send forms anywhere without asking first.
#[tokio::test]
async fn a_page_of_another_site_uploads_nothing() {
    let server = TestServer::start(app()).await;
    let _client = server.join_as("s1").await;
    let path = "/project/file?session_id=s1";
    let form = form("a.txt", "text/plain", b"a");
    for (headers, status) in [
        ("origin: https://evil.example\r\n", 403),
        ("origin: null\r\n", 403),
        ("sec-fetch-site: cross-site\r\n", 403),
        ("origin: http://x\r\nsec-fetch-site: same-origin\r\n", 200),
    ] {
        assert_eq!(server.post_form(path, headers, &form).await.status, status, "{headers}");
    }
    server.stop().await;
}

#[tokio::test]
async fn the_type_must_be_wanted() {
    let types = Accept::Types(vec!["text/plain".to_owned(), "image/*".to_owned()]);
    let (server, _client) = with_rules(|upload| upload.accept = Some(types)).await;
    for (name, media_type, content, status) in [
        ("a.txt", "text/plain", b"a".as_slice(), 200),
        ("a.png", "image/png", PNG, 200),
        // The content tells what the sender does not know.
        ("a.png", "application/octet-stream", PNG, 200),
        ("a.csv", "text/csv", b"a", 400),
    ] {
        let answer = server.post_file("s1", name, media_type, content).await;
        assert_eq!(answer.status, status, "{name} {}", answer.text());
    }
    let detail = server.post_file("s1", "a.csv", "text/csv", b"a").await.detail();
    assert_eq!(detail, "File type not allowed: `a.csv` is text/csv");
    server.stop().await;

    let table = [("text/plain".to_owned(), vec![".TXT".to_owned()])];
    let table = Accept::Extensions(table.into());
    let (server, _client) = with_rules(|upload| upload.accept = Some(table)).await;
    for (name, status) in [("a.txt", 200), ("a.log", 400), ("txt", 400)] {
        assert_eq!(server.post_file("s1", name, "text/plain", b"a").await.status, status, "{name}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_claim_that_lies_is_refused() {
    let types = Accept::Types(vec!["image/png".to_owned(), "text/plain".to_owned()]);
    let (server, _client) = with_rules(|upload| upload.accept = Some(types)).await;
    for (media_type, content, found) in [
        ("image/png", b"<html><script>alert(1)</script></html>".as_slice(), "text/html"),
        ("image/png", b"GIF89a\0\0\0\0", "image/gif"),
        ("image/png", b"MZ\x90\0\x03\0\0\0", "application/vnd.microsoft.portable-executable"),
        ("text/plain", PNG, "image/png"),
    ] {
        let answer = server.post_file("s1", "cat.png", media_type, content).await;
        let expected = format!(
            "File type not allowed: `cat.png` is sent as {media_type}, but its content is {found}"
        );
        assert_eq!((answer.status, answer.detail()), (400, expected));
    }
    until(|| server.kept_files().is_empty()).await;
    server.stop().await;
}

#[tokio::test]
async fn a_large_file_is_refused_before_its_end_whatever_is_declared() {
    const MIB: u64 = 1024 * 1024;
    let (server, _client) = with_rules(|upload| upload.max_size_mb = Some(1)).await;
    let path = "/project/file?session_id=s1";
    let most = vec![b'a'; 1024 * 1024];
    assert_eq!(server.post_file("s1", "a.txt", "text/plain", &most).await.status, 200);

    let beyond = [most.as_slice(), b"a"].concat();
    let answer = server.post_file("s1", "a.txt", "text/plain", &beyond).await;
    assert_eq!(answer.status, 413);
    assert!(answer.detail().contains("`a.txt`"), "{}", answer.detail());

    // Declared: not a byte of it is waited for.
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(post_head(path, 1000 * MIB, "").as_bytes()).await.unwrap();
    assert_eq!(read_answer(&mut stream).await.status, 413);

    // Not declared: it never ends, and is refused all the same.
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = post_head(path, 0, "").replace("content-length: 0", "transfer-encoding: chunked");
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk =
        |bytes: &[u8]| [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
    stream.write_all(&chunk(&form_head("a.txt", "text/plain"))).await.unwrap();
    let piece = chunk(&[b'a'; 64 * 1024]);
    let mut sent = 0_u64;
    while stream.write_all(&piece).await.is_ok() {
        sent += 64 * 1024;
        assert!(sent < 200 * MIB, "it is read on and on");
    }
    until(|| server.kept_files().len() == 1).await;
    server.stop().await;
}

#[tokio::test]
async fn a_session_and_the_server_have_room_for_so_much() {
    let server = TestServer::start_with(app(), |config| {
        config.limits.file_bytes_per_session = 100;
        config.limits.files_per_session = 3;
        config.limits.file_bytes = 150;
    })
    .await;
    let _first = server.join_as("s1").await;
    let _second = server.join_as("s2").await;
    let post = async |session: &str, length: usize| {
        let answer = server.post_file(session, "a.txt", "text/plain", &vec![b'a'; length]).await;
        let detail = if answer.status == 200 { String::new() } else { answer.detail() };
        (answer.status, detail)
    };
    assert_eq!(post("s1", 60).await.0, 200);
    let (status, detail) = post("s1", 60).await;
    assert!(status == 413 && detail.contains("limits.file_bytes_per_session"), "{detail}");
    // What was refused takes no room.
    assert_eq!(post("s1", 40).await.0, 200);
    let (status, detail) = post("s2", 60).await;
    assert!(status == 507 && detail.contains("limits.file_bytes"), "{detail}");
    assert_eq!(post("s2", 50).await.0, 200);
    assert_eq!(post("s1", 0).await.0, 200);
    let (status, detail) = post("s1", 0).await;
    assert!(status == 429 && detail.contains("limits.files_per_session"), "{detail}");
    server.stop().await;
}

#[tokio::test]
async fn forms_that_are_none() {
    let server = TestServer::start(app()).await;
    let _client = server.join_as("s1").await;
    let path = "/project/file?session_id=s1";
    let good = String::from_utf8(form("a.txt", "text/plain", b"a")).unwrap();
    for (form, status) in [
        (good.replace("name=\"file\"", "name=\"other\""), 422),
        (good.replace("; filename=\"a.txt\"", ""), 422),
        (good.replace("------form7d1a--", ""), 400),
        (String::new(), 400),
        ("x".repeat(200_000), 400),
        // A head without end.
        (good.replace("\r\n\r\n", &format!("\r\nx: {}", "x".repeat(200_000))), 400),
        // A field without end before the file.
        (
            good.replace("name=\"file\"", "name=\"a\"")
                .replace("\r\n\r\na", &format!("\r\n\r\n{}", "x".repeat(200_000))),
            400,
        ),
    ] {
        let answer = server.post_form(path, "", form.as_bytes()).await;
        assert_eq!(answer.status, status, "{} {}", &form[..form.len().min(200)], answer.text());
    }
    let (status, _) = server.request("POST", path, Some(json!({}))).await;
    assert_eq!(status, 415);
    until(|| server.kept_files().is_empty()).await;
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_stops_in_the_middle_leaves_nothing() {
    let server = TestServer::start_with(app(), |config| {
        config.limits.files_per_session = 1;
    })
    .await;
    let _client = server.join_as("s1").await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = post_head("/project/file?session_id=s1", 1_000_000, "");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&form_head("a.txt", "text/plain")).await.unwrap();
    stream.write_all(&[b'a'; 100_000]).await.unwrap();
    until(|| !server.kept_files().is_empty()).await;
    drop(stream);
    until(|| server.kept_files().is_empty()).await;
    // Its place is free again, too.
    server.upload("s1", "a.txt", "text/plain", b"a").await;
    server.stop().await;
}

#[tokio::test]
async fn a_form_that_never_ends_is_given_up() {
    let server = TestServer::start(app()).await;
    let client = server.join_as("s1").await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = post_head("/project/file?session_id=s1", 1_000_000, "");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&form_head("a.txt", "text/plain")).await.unwrap();
    stream.write_all(&[b'a'; 100_000]).await.unwrap();
    until(|| !server.kept_files().is_empty()).await;
    // The clock of this test and of the server is the same one; it jumps to the next timer when both only wait.
    tokio::time::pause();
    assert_eq!(read_answer(&mut stream).await.status, 408);
    tokio::time::resume();
    until(|| server.kept_files().is_empty()).await;
    drop(client);
    server.stop().await;
}

#[tokio::test]
async fn several_files_at_once() {
    let server = TestServer::start(app()).await;
    let _client = server.join_as("s1").await;
    let contents: Vec<Vec<u8>> = (0..8_u8).map(|n| vec![b'a' + n; 300_000]).collect();
    let uploads =
        contents.iter().map(|content| server.upload("s1", "a.txt", "text/plain", content));
    let ids = futures_util::future::join_all(uploads).await;
    for (id, content) in ids.iter().zip(&contents) {
        assert!(server.get_file("s1", id, "").await.body == *content, "{id}");
    }
    server.stop().await;
}

#[tokio::test]
async fn an_empty_parent_is_none() {
    let server = TestServer::start(app()).await;
    let _client = server.join_as("s1").await;
    let path = "/project/file?session_id=s1&ask_parent_id=";
    let answer = server.post_form(path, "", &form("a.txt", "text/plain", b"a")).await;
    assert_eq!(answer.status, 200);
    server.stop().await;
}
