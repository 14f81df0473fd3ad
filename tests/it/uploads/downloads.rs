use chainlit::{self as cl, App};

use crate::support::{Answer, TestServer};

fn app() -> App {
    App::new().on_message(async |_: cl::Message| {})
}

#[tokio::test]
async fn only_the_session_has_its_files() {
    let server = TestServer::start(app()).await;
    let _first = server.join_as("s1").await;
    let _second = server.join_as("s2").await;
    server.write("secret.txt", b"secret");
    let id = server.upload("s1", "a.txt", "text/plain", b"mine").await;
    assert_eq!(server.get_file("s1", &id, "").await.text(), "mine");
    for (session, file, status, detail) in [
        ("s2", id.as_str(), 404, "File not found"),
        ("s1", "unknown", 404, "File not found"),
        ("s1", "..%2F..%2Fsecret.txt", 404, "File not found"),
        ("s1", "%2e%2e", 404, "File not found"),
        ("nobody", &id, 401, "Unauthorized"),
        ("..", &id, 401, "Unauthorized"),
        ("", &id, 401, "Unauthorized"),
    ] {
        let answer = server.get_file(session, file, "").await;
        // A decoded slash makes it another path, which has the page only.
        if answer.status == 200 {
            assert!(answer.header("content-type").starts_with("text/html"), "{session} {file}");
            assert!(!answer.text().contains("secret"));
            continue;
        }
        assert_eq!((answer.status, answer.detail().as_str()), (status, detail), "{session} {file}");
    }
    server.stop().await;
}

#[tokio::test]
async fn no_file_runs_anything_at_our_address() {
    let server = TestServer::start(app()).await;
    let _client = server.join_as("s1").await;
    for (name, claim, content, content_type, kind) in [
        ("a.txt", "text/plain", b"a".as_slice(), "text/plain; charset=utf-8", "inline"),
        ("a.json", "application/json", b"{}", "application/json", "inline"),
        ("a.png", "image/png", super::PNG, "image/png", "inline"),
        ("a.html", "text/html", b"<script>1</script>", "text/html; charset=utf-8", "attachment"),
        ("a.svg", "image/svg+xml", b"<svg onload='x()'/>", "image/svg+xml", "attachment"),
        ("a.xml", "application/xhtml+xml", b"<x/>", "application/xhtml+xml", "attachment"),
        ("a.js", "text/javascript", b"x", "text/javascript; charset=utf-8", "attachment"),
    ] {
        let id = server.upload("s1", name, claim, content).await;
        let answer = server.get_file("s1", &id, "").await;
        assert_eq!((answer.status, answer.body.as_slice()), (200, content), "{name}");
        assert_eq!(answer.header("content-type"), content_type, "{name}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(answer.header("cache-control"), "private, no-cache");
        assert_eq!(
            answer.header("content-disposition"),
            format!("{kind}; filename=\"{name}\"; filename*=UTF-8''{name}")
        );
    }
    let id = server.upload("s1", "a.pdf", "application/pdf", b"%PDF-1.7\n").await;
    let answer = server.get_file("s1", &id, "").await;
    assert_eq!(answer.header("content-security-policy"), "script-src 'none'");
    server.stop().await;
}

#[tokio::test]
async fn hostile_names_stay_names() {
    let server = TestServer::start(app()).await;
    let _client = server.join_as("s1").await;
    for (name, plain, right) in [
        ("../../../etc/passwd", "passwd", "passwd"),
        ("C:\\\\windows\\\\x.txt", "x.txt", "x.txt"),
        ("a%22; x=y.txt", "a_22_ x=y.txt", "a%2522%3B%20x%3Dy.txt"),
        ("\u{202e}fdp.txt", "fdp.txt", "fdp.txt"),
        ("..", "file", "file"),
        ("a\tb.txt", "ab.txt", "ab.txt"),
    ] {
        let id = server.upload("s1", name, "text/plain", b"a").await;
        let expected = format!("inline; filename=\"{plain}\"; filename*=UTF-8''{right}");
        let answer = server.get_file("s1", &id, "").await;
        assert_eq!(answer.header("content-disposition"), expected, "{name}");
    }
    // Whatever they are called, all lie where the server wants them, under names of its own.
    let kept = server.kept_files();
    assert_eq!(kept.len(), 6);
    for path in kept {
        let name = path.rsplit('/').next().unwrap();
        let (name, extension) = name.split_once('.').unwrap_or((name, ""));
        assert!(["", "txt"].contains(&extension), "{path}");
        assert_eq!(uuid::Uuid::parse_str(name).unwrap().get_version_num(), 4, "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn parts_and_copies() {
    let server = TestServer::start(app()).await;
    let _client = server.join_as("s1").await;
    let id = server.upload("s1", "a.txt", "text/plain", b"0123456789").await;
    let get = async |headers: &str| server.get_file("s1", &id, headers).await;
    for (range, status, body) in [
        ("bytes=2-4", 206, "234"),
        ("bytes=-3", 206, "789"),
        ("bytes=10-", 416, ""),
        ("bytes=0-1,4-5", 200, "0123456789"),
    ] {
        let answer = get(&format!("range: {range}\r\n")).await;
        assert_eq!((answer.status, answer.text().as_str()), (status, body), "{range}");
    }
    let etag = get("").await.header("etag").to_owned();
    let known = get(&format!("if-none-match: {etag}\r\n")).await;
    assert_eq!((known.status, known.text().as_str()), (304, ""));
    assert_eq!(known.header("content-security-policy"), "sandbox; default-src 'none'");
    let head = server.request_file("HEAD", "s1", &id, "").await;
    assert_eq!((head.status, head.header("content-length"), head.text().as_str()), (200, "10", ""));
    server.stop().await;
}

#[tokio::test]
async fn files_of_the_application_are_served_where_they_are() {
    async fn show(context: cl::Context, message: cl::Message) -> cl::Result {
        let files = context.session().files();
        let path = cl::Content::path(&message.content);
        let kept = files.save(cl::NewFile::new("a.csv", path)).await?;
        assert_eq!((kept.mime.as_str(), kept.size), ("text/csv", 4));
        let parts = ["a,", "b"].map(|part| Ok(part.into()));
        let stream = cl::Content::stream(futures_util::stream::iter(parts));
        let made = files.save(cl::NewFile::new("b.csv", stream)).await?;
        assert_eq!(std::fs::read_to_string(&made.path)?, "a,b");
        cl::Message::new(format!("{} {}", kept.id, made.id)).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(show)).await;
    let mut client = server.join_as("s1").await;
    server.write("data.csv", b"1,2\n");
    let path = server.root().join("data.csv");
    client.say(path.to_str().unwrap()).await;
    let answer = client.answers().await.remove(0);
    let (kept, made) = answer.split_once(' ').unwrap();
    assert_eq!(server.get_file("s1", kept, "").await.text(), "1,2\n");
    assert_eq!(server.get_file("s1", made, "").await.text(), "a,b");
    client.emit("clear_session", None).await;
    client.leave().await;
    super::until(|| server.kept_files().is_empty()).await;
    assert!(path.is_file(), "it is not ours to remove");
    server.stop().await;
}

#[tokio::test]
async fn what_a_handler_keeps_is_bounded_too() {
    async fn keep(context: cl::Context, _: cl::Message) -> cl::Result {
        let files = context.session().files();
        let save = async |file: cl::NewFile| files.save(file).await.map_err(|e| e.to_string());
        let large = save(cl::NewFile::new("a", vec![0; 101])).await.unwrap_err();
        let bounded = save(cl::NewFile::new("a", "123").max_bytes(2)).await.unwrap_err();
        let missing = save(cl::NewFile::new("a", cl::Content::path("/nowhere/at/all"))).await;
        let folder = save(cl::NewFile::new("a", cl::Content::path("/"))).await.unwrap_err();
        let broken = std::io::Error::other("torn");
        let broken = cl::Content::stream(futures_util::stream::iter([Ok("a".into()), Err(broken)]));
        let broken = save(cl::NewFile::new("a", broken)).await.unwrap_err();
        assert!(missing.is_err() && files.list().is_empty());
        cl::Message::new([large, bounded, folder, broken].join("\n")).send().await?;
        Ok(())
    }
    let server = TestServer::start_with(App::new().on_message(keep), |config| {
        config.limits.file_bytes_per_session = 100;
    })
    .await;
    let mut client = server.join_as("s1").await;
    client.say("go").await;
    assert_eq!(
        client.answers().await,
        ["the file `a` can't be used: this chat has no room for it, 100 bytes are the most \
          (`limits.file_bytes_per_session`)\n\
          the file `a` can't be used: it has more than 2 bytes\n\
          the file `a` can't be used: it is no file\n\
          the file `a` can't be used: torn"]
    );
    super::until(|| server.kept_files().is_empty()).await;
    server.stop().await;
}

/// An answer that is refused says so in JSON, whatever was asked for.
#[tokio::test]
async fn a_refusal_is_no_file() {
    let server = TestServer::start(app()).await;
    let answer: Answer = server.get_file("s1", "x", "").await;
    assert_eq!(answer.header("content-type"), "application/json");
    server.stop().await;
}
