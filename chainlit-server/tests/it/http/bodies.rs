//! Requests with a body, honest and not.

use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::client::{Answer, raw, read};
use super::server::Setup;

const PATH: &str = "/set-session-cookie";

#[tokio::test]
async fn the_session_cookie_is_set() {
    let server = Setup::default().start().await;
    let answer = server.post_json(PATH, r#"{"session_id": "a_B-9"}"#).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"message": "Session cookie set"})));
    assert_eq!(cookies(&answer)[0], "X-Chainlit-Session-id=a_B-9; HttpOnly; Path=/; SameSite=lax");
    let below = Setup::default().root_path("/chat").start().await;
    let answer = below.post_json("/chat/set-session-cookie", r#"{"session_id": "a"}"#).await;
    assert!(cookies(&answer).iter().all(|cookie| cookie.contains("; Path=/chat;")));
}

fn cookies(answer: &Answer) -> Vec<&str> {
    let set = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
    set.map(|(_, value)| value.as_str()).collect()
}

/// A polling connection is bound to it: see `socket/identity.rs`.
#[tokio::test]
async fn a_browser_gets_a_cookie_of_its_own_once() {
    let server = Setup::default().start().await;
    let set = async |cookie: &str| {
        let headers = [("Content-Type", "application/json"), ("Cookie", cookie)];
        let answer = server.send_body("POST", PATH, &headers, Some(r#"{"session_id": "a"}"#)).await;
        cookies(&answer)[1..].iter().map(|cookie| (*cookie).to_owned()).collect::<Vec<_>>()
    };
    let first = set("other=1").await.remove(0);
    let (pair, attributes) = first.split_once("; ").unwrap();
    assert_eq!(attributes, "HttpOnly; Path=/; SameSite=Lax");
    let (name, value) = pair.split_once('=').unwrap();
    assert_eq!((name, value.len()), ("X-Chainlit-Browser", 20));
    assert_eq!(set(&format!("other=1; {pair}")).await, [""; 0], "it is kept");
    let second = set("X-Chainlit-Browser=").await.remove(0);
    assert_ne!(second, first, "nobody can guess it");
}

#[tokio::test]
async fn a_session_id_is_an_opaque_key_of_a_fixed_form() {
    let server = Setup::default().start().await;
    let long = "a".repeat(129);
    for id in ["", "a b", "a;b", "a\\r\\nSet-Cookie: x=y", "../x", "\\u00e9", &long] {
        let answer = server.post_json(PATH, &format!("{{\"session_id\": \"{id}\"}}")).await;
        assert_eq!(answer.status, 422, "{id}");
        assert_eq!(answer.json()["detail"][0]["loc"], json!(["body", "session_id"]));
        assert_eq!(answer.header("set-cookie"), None);
        assert!(answer.body.len() < 500, "nothing long is sent back");
    }
    let longest = "a".repeat(128);
    assert_eq!(
        server.post_json(PATH, &format!("{{\"session_id\": \"{longest}\"}}")).await.status,
        200
    );
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused() {
    let server = Setup::default().start().await;
    for body in ["", "{", "[1]", "null", "{\"session_id\": 1}", "{}", "\"x\""] {
        let answer = server.post_json(PATH, body).await;
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(answer.json()["detail"][0]["loc"][0], "body", "{body}");
    }
    let deep = "[".repeat(60_000);
    assert_eq!(server.post_json(PATH, &deep).await.status, 422);
}

#[tokio::test]
async fn a_form_of_another_page_is_refused() {
    let server = Setup::default().start().await;
    let body = Some(r#"{"session_id": "a"}"#);
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let headers = [("Content-Type", content_type)];
        assert_eq!(
            server.send_body("POST", PATH, &headers, body).await.status,
            415,
            "{content_type}"
        );
    }
    assert_eq!(server.send_body("POST", PATH, &[], body).await.status, 415);
    let headers = [("Content-Type", "Application/JSON; charset=utf-8")];
    assert_eq!(server.send_body("POST", PATH, &headers, body).await.status, 200);
}

#[tokio::test]
async fn a_large_body_is_refused_whatever_is_declared() {
    let server = Setup::default().start().await;
    let large = format!("{{\"session_id\": \"{}\"}}", "a".repeat(70_000));
    assert_eq!(server.post_json(PATH, &large).await.status, 413);

    let head = format!(
        "POST {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
    );
    let declared = format!("{head}Content-Length: 99999999999\r\n\r\n{{");
    assert_eq!(raw(server.address, declared.as_bytes()).await.status, 413);

    let mut chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n");
    for _ in 0..20 {
        chunked.push_str(&format!("1000\r\n{}\r\n", "a".repeat(0x1000)));
    }
    chunked.push_str("0\r\n\r\n");
    assert_eq!(raw(server.address, chunked.as_bytes()).await.status, 413);
}

#[tokio::test]
async fn a_body_that_ends_early_is_refused() {
    let server = Setup::default().start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{\"se"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    assert_eq!(read(&mut stream).await.status, 400);
    assert_eq!(server.get("/health").await.status, 200);
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let server = Setup::default().start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // The clock of this test and of the server is the same one; it jumps to the next timer when both only wait.
    tokio::time::pause();
    assert_eq!(read(&mut stream).await.status, 408);
}
