//! Uploads that are not what they say.

use chainlit::{self as cl, App};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::{TestServer, form, form_end, form_head, post_head, read_answer};

const PATH: &str = "/project/file?session_id=tab";

fn app() -> App {
    async fn echo(message: cl::Message) -> cl::Result {
        cl::Message::new(message.content).send().await?;
        Ok(())
    }
    App::new().on_message(echo)
}

/// A form with one file whose name is these bytes.
fn form_named(name: &[u8]) -> Vec<u8> {
    let form = form("NAME", "text/plain", b"a");
    let place = form.windows(4).position(|window| window == b"NAME").unwrap();
    [&form[..place], name, &form[place + 4..]].concat()
}

fn id(answer: &crate::support::Answer) -> String {
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    body["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_name_of_any_bytes_is_a_name_or_refused() {
    let server = TestServer::start(app()).await;
    let mut client = server.join_as("tab").await;
    let long = "ä".repeat(2_000);
    let names: [&[u8]; 22] = [
        b"a\r\nSet-Cookie: a=b\r\n\r\n<script>.txt",
        b"a\r\n\r\n.txt",
        b"a\nb.txt",
        b"a\rb.txt",
        b"a\0b.txt",
        b"a\"b.txt",
        b"a\\\"; filename=\"b.txt",
        b"\"; name=\"other",
        b"../../../../etc/passwd",
        b"..\\..\\windows\\system32\\x.txt",
        b"C:x.txt",
        b"/etc/passwd",
        b"..",
        b".",
        b"",
        b"con",
        b"%2e%2e%2fx.txt",
        b"%00",
        long.as_bytes(),
        "\u{202e}txt.exe".as_bytes(),
        b"\xff\xfe\x00.txt",
        b"a\x1b[2J\x7f\xc2\x85.txt",
    ];
    for name in names {
        let said = String::from_utf8_lossy(name).chars().take(40).collect::<String>();
        let answer = server.post_form(PATH, "", &form_named(name)).await;
        assert!([200, 400, 422].contains(&answer.status), "{said:?} {}", answer.text());
        assert!(answer.text().len() < 500, "{said:?}");
        if answer.status != 200 {
            continue;
        }
        let file = server.get_file("tab", &id(&answer), "").await;
        assert_eq!((file.status, file.header("set-cookie")), (200, ""), "{said:?}");
        let disposition = file.header("content-disposition");
        assert!(disposition.is_ascii() && disposition.len() < 1_200, "{said:?} {disposition}");
        assert_eq!(disposition.matches('"').count(), 2, "{said:?} {disposition}");
        let right = disposition.split("UTF-8''").nth(1).unwrap();
        assert!(!right.contains(['/', '\\']) && !right.contains("%2F"), "{said:?} {right}");
        assert!(!right.contains("%E2%80%AE"), "it would be read backwards: {right}");
    }
    for path in server.kept_files() {
        let name = path.rsplit('/').next().unwrap();
        let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
        uuid::Uuid::parse_str(stem).unwrap();
        assert!(extension.chars().all(|c| c.is_ascii_alphanumeric()), "{name}");
    }
    client.say("still here").await;
    assert_eq!(client.answers().await, ["still here"]);
    server.stop().await;
}

#[tokio::test]
async fn forms_of_another_shape() {
    let server = TestServer::start(app()).await;
    let mut client = server.join_as("tab").await;
    let one = form("one.txt", "text/plain", b"one");
    let two = [
        &form_head("one.txt", "text/plain"),
        &b"one\r\n"[..],
        &form("two.txt", "text/plain", b"two"),
    ]
    .concat();
    // The first one counts.
    let answer = server.post_form(PATH, "", &two).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(server.get_file("tab", &id(&answer), "").await.body, b"one");
    for content_type in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=other",
        "multipart/form-data; boundary=\r\n x",
        "multipart/mixed; boundary=----form7d1a",
        "application/x-www-form-urlencoded",
        "text/plain",
        "",
    ] {
        let head = format!(
            "POST {PATH} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: {content_type}\r\n\
             content-length: {}\r\n\r\n",
            one.len()
        );
        let answer = server.raw(&[head.as_bytes(), &one].concat()).await;
        assert!([400, 415, 422].contains(&answer.status), "{content_type} {}", answer.text());
    }
    // Half of a form that is said to be whole, and one that is said to be shorter.
    for length in [one.len() / 2, one.len() - 8, 1, 0] {
        let head = post_head(PATH, length as u64, "");
        let answer = server.raw(&[head.as_bytes(), &one].concat()).await;
        assert_eq!(answer.status, 400, "{length} {}", answer.text());
    }
    for headers in ["content-length: 7\r\n", "transfer-encoding: chunked\r\n"] {
        let head = post_head(PATH, one.len() as u64, headers);
        let answer = server.raw(&[head.as_bytes(), &one].concat()).await;
        assert!((400..500).contains(&answer.status), "{headers} {}", answer.status);
    }
    client.say("still here").await;
    assert_eq!(client.answers().await, ["still here"]);
    server.stop().await;
}

/// What is two things at once is served as the one that it was taken for, and can't run as the other.
#[tokio::test]
async fn polyglots_run_nowhere() {
    let server = TestServer::start(app()).await;
    let _client = server.join_as("tab").await;
    // A ZIP of one file that is said to have 4 GiB, which nobody unpacks.
    let mut bomb =
        b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0\x10\0\0\0\xff\xff\xff\xff\x01\0\0\0a".to_vec();
    bomb.extend([0; 16]);
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let cases: [(&str, &str, &[u8], &str, &str); 6] = [
        (
            "a.gif",
            "image/gif",
            b"GIF89a\x01\0/*<script>alert(1)</script>*/=1;",
            "image/gif",
            "inline",
        ),
        (
            "a.html",
            "image/gif",
            b"GIF89a\x01\0<html><script>alert(1)</script>",
            "image/gif",
            "inline",
        ),
        ("a.svg", "image/svg+xml", svg, "image/svg+xml", "attachment"),
        (
            "a.pdf",
            "application/pdf",
            b"%PDF-1.7\n1 0 obj<</S/JavaScript/JS(app.alert(1))>>",
            "application/pdf",
            "inline",
        ),
        (
            "a.xhtml",
            "application/xhtml+xml",
            b"<html xmlns=\"http://www.w3.org/1999/xhtml\"/>",
            "application/xhtml+xml",
            "attachment",
        ),
        ("a.zip", "application/zip", &bomb, "application/zip", "attachment"),
    ];
    for (name, claim, content, media_type, kind) in cases {
        let id = server.upload("tab", name, claim, content).await;
        let file = server.get_file("tab", &id, "").await;
        assert!(file.body == content, "{name}");
        assert_eq!(file.header("content-type"), media_type, "{name}");
        assert_eq!(file.header("x-content-type-options"), "nosniff", "{name}");
        assert!(file.header("content-disposition").starts_with(kind), "{name}");
        let policy = file.header("content-security-policy");
        assert!(policy.contains("sandbox") || policy == "script-src 'none'", "{name} {policy}");
    }
    let program = [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 100]].concat();
    for (name, claim, content) in [
        ("a.png", "image/png", &b"<html><script>alert(1)</script>"[..]),
        ("a.jpg", "image/jpeg", b"%PDF-1.7\n"),
        ("a.txt", "text/plain", &program),
    ] {
        let answer = server.post_file("tab", name, claim, content).await;
        assert_eq!(answer.status, 400, "{name} {}", answer.text());
    }
    server.stop().await;
}

#[tokio::test]
async fn uploads_at_once_have_no_more_room_than_one_after_the_other() {
    let server = TestServer::start_with(app(), |config| {
        config.limits.file_bytes_per_session = 1_000_000;
        config.limits.files_per_session = 30;
    })
    .await;
    let mut client = server.join_as("tab").await;
    let content = vec![b'a'; 150_000];
    let posts = (0..24).map(|_| server.post_file("tab", "a.txt", "text/plain", &content));
    let answers = join_all(posts).await;
    let taken = answers.iter().filter(|answer| answer.status == 200).count();
    assert!((1..=6).contains(&taken), "{taken}");
    assert!(answers.iter().all(|answer| [200, 413].contains(&answer.status)));
    // What was refused is gone, its room is free.
    let rest = vec![b'a'; 1_000_000 - taken * 150_000];
    server.upload("tab", "rest.txt", "text/plain", &rest).await;
    assert_eq!(server.post_file("tab", "a.txt", "text/plain", b"a").await.status, 413);
    client.say("still here").await;
    assert_eq!(client.answers().await, ["still here"]);
    server.stop().await;
}

#[tokio::test]
async fn an_upload_ends_with_its_session() {
    let server = TestServer::start(app()).await;
    let mut client = server.join_as("tab").await;
    client.say("begun").await;
    client.answers().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(post_head(PATH, 1_000_000, "").as_bytes()).await.unwrap();
    stream.write_all(&form_head("a.txt", "text/plain")).await.unwrap();
    stream.write_all(&[b'a'; 100_000]).await.unwrap();
    while server.kept_files().is_empty() {
        tokio::task::yield_now().await;
    }
    client.emit("clear_session", None).await;
    client.leave().await;
    while server.post_file("tab", "a.txt", "text/plain", b"a").await.status != 404 {}
    let _ = stream.write_all(&vec![b'a'; 500_000]).await;
    let _ = stream.write_all(&form_end()).await;
    let _ = stream.shutdown().await;
    let status = read_answer(&mut stream).await.status;
    assert!([400, 404].contains(&status), "{status}");
    while !server.kept_files().is_empty() {
        tokio::task::yield_now().await;
    }
    // The id is free for a new chat, which has nothing of the old one.
    let mut client = server.join_as("tab").await;
    client.say("still here").await;
    assert_eq!(client.answers().await, ["still here"]);
    server.stop().await;
}

#[tokio::test]
async fn ranges_that_lie_give_the_file_or_nothing() {
    let server = TestServer::start(app()).await;
    let (_owner, _thief) = (server.join_as("tab").await, server.join_as("thief").await);
    let id = server.upload("tab", "a.txt", "text/plain", b"0123456789").await;
    let many = format!("bytes={}", "0-9,".repeat(2_000));
    for range in [
        "bytes=0-99999999999999999999999",
        "bytes=18446744073709551615-",
        "bytes=-18446744073709551616",
        "bytes=9-0",
        "bytes=--1",
        "bytes=-0",
        "bytes=-",
        "bytes=a-b",
        "bytes=0-0,0-0,0-0",
        "lines=0-1",
        "\u{7f}",
        "",
        &many,
    ] {
        for method in ["GET", "HEAD"] {
            let headers = format!("range: {range}\r\n");
            let answer = server.request_file(method, "tab", &id, &headers).await;
            assert!([200, 206, 400, 416].contains(&answer.status), "{range:.40} {}", answer.status);
            assert!(answer.body.len() <= 100, "{range:.40} {}", answer.text());
            assert!(method == "GET" || answer.body.is_empty(), "{range:.40}");
        }
    }
    for (session, id) in [
        ("thief", id.as_str()),
        ("tab", "%00"),
        ("nobody", &id),
        ("", &id),
        ("tab%00", &id),
        ("TAB", &id),
        ("thief&session_id=nobody", &id),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = server.request_file(method, session, id, "").await;
            assert!([401, 404].contains(&answer.status), "{session} {id} {}", answer.status);
        }
    }
    server.stop().await;
}

/// Files are named by what an upload was answered with, and by nothing else.
#[tokio::test]
async fn references_of_another_shape_bring_nothing() {
    let server = TestServer::start_with(app(), |config| config.limits.events_per_second = 0).await;
    let (mut client, _thief) = (server.join_as("tab").await, server.join_as("thief").await);
    let own = server.upload("tab", "a.txt", "text/plain", b"own").await;
    let foreign = server.upload("thief", "a.txt", "text/plain", b"foreign").await;
    let path = server.kept_files().pop().unwrap();
    let ten_thousand = vec![json!({ "id": own }); 10_000];
    for wrong in [
        json!("a"),
        json!(7),
        json!({ "id": own }),
        json!([own]),
        json!([{ "id": 7 }]),
        json!([{ "id": null }]),
        json!([{ "path": path }]),
        json!([{ "id": path }]),
        json!([{ "id": foreign }]),
        json!([{ "id": own }, { "id": foreign }]),
        json!([{ "id": own }, { "id": own }]),
        json!([[{ "id": own }]]),
        json!(ten_thousand),
    ] {
        let message =
            json!({ "message": crate::support::user_message("x"), "fileReferences": wrong });
        client.emit("client_message", message).await;
        let events = super::answered(&mut client).await;
        assert_eq!(super::complaints(&events).len(), 1, "{wrong:.60}");
        assert!(events.iter().all(|event| event.name != "element"), "{wrong:.60}");
    }
    // What was refused used nothing up.
    let message = json!({ "message": crate::support::user_message("with"), "fileReferences": [{ "id": own }] });
    client.emit("client_message", message).await;
    assert_eq!(client.until("element").await.pop().unwrap().data["name"], "a.txt");
    server.stop().await;
}
