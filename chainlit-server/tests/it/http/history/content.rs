//! The content of elements, from the storage.

use serde_json::json;

use super::*;

fn path() -> String {
    format!("/project/thread/{THREAD}/element/{ELEMENT}/content")
}

fn file() -> String {
    format!(".chainlit/storage/threads/{THREAD}/files/{ELEMENT}")
}

async fn start(content: &str) -> (History, Caller) {
    let setup = Setup::default().file(&file(), content);
    let history = History::start_setup(setup, |app| app).await;
    let ada = history.login("ada").await;
    (history, ada)
}

#[tokio::test]
async fn content_is_sent_whole_in_part_or_not_again() {
    let (history, ada) = start("0123456789").await;
    let cookie = ada.0.clone().unwrap();
    let whole = history.get(&ada, &path()).await;
    assert_eq!((whole.status, whole.body.as_slice()), (200, &b"0123456789"[..]));
    assert_eq!(whole.header("content-type").unwrap(), "image/png");
    assert_eq!(whole.header("accept-ranges").unwrap(), "bytes");
    assert_eq!(whole.header("content-length").unwrap(), "10");
    let ask = async |name: &str, value: &str| {
        let headers = [("Cookie", cookie.as_str()), (name, value)];
        history.server.get_with(&path(), &headers).await
    };
    let part = ask("Range", "bytes=2-4").await;
    assert_eq!((part.status, part.body.as_slice()), (206, &b"234"[..]));
    assert_eq!(part.header("content-range").unwrap(), "bytes 2-4/10");
    assert_eq!(ask("Range", "bytes=-2").await.body, b"89");
    assert_eq!(ask("Range", "bytes=99-").await.status, 416);
    let etag = whole.header("etag").unwrap();
    assert_eq!(ask("If-None-Match", &etag).await.status, 304);
    let headers = [("Cookie", cookie.as_str())];
    let head = history.server.send("HEAD", &path(), &headers).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length").unwrap(), "10");
}

#[tokio::test]
async fn an_empty_content_is_a_content() {
    let (history, ada) = start("").await;
    let answer = history.get(&ada, &path()).await;
    assert_eq!((answer.status, answer.body.len()), (200, 0));
}

#[tokio::test]
async fn nothing_of_it_runs_at_this_address() {
    let (history, ada) = start("<svg onload='alert(1)'/>").await;
    for (mime, kind) in
        [("image/svg+xml", "attachment"), ("text/html", "attachment"), ("image/png", "inline")]
    {
        let mut element = element(ELEMENT, ANSWER);
        element.mime = Some(mime.to_owned());
        element.name = "a\"\r\nX-Evil: 1.svg".to_owned();
        history.kept.create_element(&element).await.unwrap();
        let answer = history.get(&ada, &path()).await;
        assert_eq!(
            answer.header("content-security-policy").unwrap(),
            "sandbox; default-src 'none'"
        );
        assert_eq!(answer.header("x-content-type-options").unwrap(), "nosniff");
        assert!(answer.header("content-disposition").unwrap().starts_with(kind), "{mime}");
        assert!(answer.header("x-evil").is_none());
    }
}

#[tokio::test]
async fn a_row_without_content_has_none() {
    let history = History::start().await;
    let ada = history.login("ada").await;
    assert_eq!(history.get(&ada, &path()).await.status, 404);
    for key in [
        None,
        Some("../../../secret.txt"),
        Some("/etc/passwd"),
        Some("a//b"),
        Some("a\0b"),
        Some(""),
    ] {
        let mut element = element(ELEMENT, ANSWER);
        element.object_key = key.map(str::to_owned);
        history.kept.create_element(&element).await.unwrap();
        let answer = history.get(&ada, &path()).await;
        assert_eq!(answer.status, 404, "{key:?}: {}", answer.text());
    }
}

#[tokio::test]
async fn the_files_of_a_conversation_go_with_it() {
    let (history, ada) = start("mine").await;
    let root = history.server.root().to_owned();
    let other = root.join(format!(".chainlit/storage/threads/{BOBS}/files/x"));
    std::fs::create_dir_all(other.parent().unwrap()).unwrap();
    std::fs::write(&other, "bob's").unwrap();
    // A row of another program keeps its content elsewhere.
    let mut element = element("6f0f7d04-4c5e-4b1c-8b0e-5a6f1f6d0009", ANSWER);
    element.object_key = Some("ada-id/an-element/name.png".to_owned());
    history.kept.create_element(&element).await.unwrap();
    let elsewhere = root.join(".chainlit/storage/ada-id/an-element/name.png");
    std::fs::create_dir_all(elsewhere.parent().unwrap()).unwrap();
    std::fs::write(&elsewhere, "old").unwrap();

    let answer = history.send(&ada, "DELETE", "/project/thread", json!({"threadId": THREAD})).await;
    assert_eq!(answer.json(), json!({"success": true}));
    assert!(!root.join(file()).exists() && !elsewhere.exists());
    assert!(other.exists());
    let left: Vec<String> =
        history.kept.threads().iter().map(|thread| thread.id().to_owned()).collect();
    assert_eq!(left, [BOBS]);
}
