use std::sync::{Arc, Mutex};

use chainlit::config::{Accept, FileUpload};
use chainlit::{self as cl, App};
use serde_json::{Value, json};

use super::PNG;
use crate::support::{Client, TestServer, user_message};

/// Answers with what the message brought.
async fn list(message: cl::Message) -> cl::Result {
    let mut text = message.content.clone();
    for file in &message.files {
        let content = std::fs::read(&file.path)?;
        assert_eq!(content.len() as u64, file.size);
        text.push_str(&format!(" {} {} {}", file.name, file.mime, file.size));
    }
    cl::Message::new(text).send().await?;
    Ok(())
}

async fn say_with(client: &mut Client, text: &str, files: &[&str]) -> String {
    let message = user_message(text);
    let id = message["id"].as_str().unwrap().to_owned();
    let files: Vec<Value> = files.iter().map(|id| json!({ "id": id })).collect();
    client.emit("client_message", json!({ "message": message, "fileReferences": files })).await;
    id
}

/// The error that the client is shown for what it sent.
async fn refusal(client: &mut Client) -> String {
    let events = client.until("task_end").await;
    let error = events.iter().find(|event| event.data["isError"] == true);
    error.unwrap_or_else(|| panic!("{events:?}")).output().to_owned()
}

#[tokio::test]
async fn a_handler_gets_the_files_and_the_page_shows_them() {
    let server = TestServer::start(App::new().on_message(list)).await;
    let mut client = server.join_as("s1").await;
    let picture = server.upload("s1", "up.png", "image/png", PNG).await;
    let text = server.upload("s1", "ü.txt", "text/plain", "grüße".as_bytes()).await;
    let message = say_with(&mut client, "here", &[&picture, &text]).await;
    client.expect("task_start").await;
    client.expect("first_interaction").await;
    let element = client.expect("element").await.data;
    let thread = element["threadId"].clone();
    let shown = json!({
        "id": picture, "threadId": thread, "type": "image", "url": null, "chainlitKey": picture,
        "name": "up.png", "display": "inline", "objectKey": null, "size": "medium", "props": null,
        "page": null, "autoPlay": null, "playerConfig": null, "language": null, "forId": message,
        "mime": "image/png",
    });
    assert_eq!(element, shown);
    let second = client.expect("element").await.data;
    assert_eq!(
        (&second["type"], &second["size"], &second["name"], &second["mime"]),
        (&json!("file"), &json!(null), &json!("ü.txt"), &json!("text/plain"))
    );
    let length = PNG.len();
    assert_eq!(
        client.answers().await,
        [format!("here up.png image/png {length} ü.txt text/plain 7")]
    );

    // A page that reloads is shown the same.
    client.leave().await;
    let mut again = server.join_as("s1").await;
    assert_eq!(again.expect("new_message").await.data["id"], json!(message));
    assert_eq!(again.expect("element").await.data, shown);
    assert_eq!(again.expect("element").await.data, second);
    server.stop().await;
}

#[tokio::test]
async fn kinds_by_type() {
    let server = TestServer::start(App::new().on_message(list)).await;
    let mut client = server.join_as("s1").await;
    for (name, media_type, content, kind, size, auto_play) in [
        ("a.pdf", "application/pdf", b"%PDF-1.7\n".as_slice(), "pdf", json!(null), json!(null)),
        ("a.mp3", "audio/mpeg", b"ID3\x03\0\0\0", "audio", json!(null), json!(false)),
        (
            "a.mp4",
            "video/mp4",
            b"\0\0\0\x18ftypisom\0\0\0\0",
            "video",
            json!("medium"),
            json!(null),
        ),
        ("a.zip", "application/zip", b"PK\x03\x04\0\0", "file", json!(null), json!(null)),
    ] {
        let id = server.upload("s1", name, media_type, content).await;
        say_with(&mut client, "", &[&id]).await;
        let events = client.until("task_end").await;
        let element = &events.iter().find(|event| event.name == "element").unwrap().data;
        assert_eq!(
            (&element["type"], &element["size"], &element["autoPlay"]),
            (&json!(kind), &size, &auto_play),
            "{name}"
        );
    }
    server.stop().await;
}

#[tokio::test]
async fn a_message_brings_its_own_files_only() {
    async fn keep(context: cl::Context, message: cl::Message) -> cl::Result {
        let kept = context.session().files().save(cl::NewFile::new("own.txt", "own")).await?;
        cl::Message::new(format!("{} {}", kept.id, message.files.len())).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(keep)).await;
    let mut client = server.join_as("s1").await;
    let mut other = server.join_as("s2").await;
    let id = server.upload("s1", "a.txt", "text/plain", b"a").await;

    // Another session's, none's, a path, one twice: the message is refused as a whole.
    say_with(&mut other, "give", &[&id]).await;
    assert!(refusal(&mut other).await.contains(&id));
    for files in [&["unknown"][..], &["../../etc/passwd"], &[&id, "unknown"], &[&id, &id]] {
        say_with(&mut client, "x", files).await;
        assert!(refusal(&mut client).await.contains("upload it again"), "{files:?}");
    }
    let long = "x".repeat(100_000);
    say_with(&mut client, "x", &[&long]).await;
    assert!(refusal(&mut client).await.len() < 500);

    // It was not used up by what was refused, but is by what was taken.
    say_with(&mut client, "x", &[&id]).await;
    let answer = client.answers().await.remove(0);
    let (own, count) = answer.split_once(' ').unwrap();
    assert_eq!(count, "1");
    say_with(&mut client, "x", &[&id]).await;
    assert!(refusal(&mut client).await.contains("upload it again"));

    // What the application keeps is not the user's to send.
    say_with(&mut client, "x", &[own]).await;
    assert!(refusal(&mut client).await.contains("upload it again"));
    server.stop().await;
}

/// A client whose connection broke sends its message again.
#[tokio::test]
async fn a_message_that_comes_twice_is_taken_once() {
    let server = TestServer::start(App::new().on_message(list)).await;
    let mut client = server.join_as("s1").await;
    let id = server.upload("s1", "a.txt", "text/plain", b"a").await;
    say_with(&mut client, "once", &[&id]).await;
    let again = client.last_sent().to_owned();
    assert_eq!(client.answers().await, ["once a.txt text/plain 1"]);
    client.send(again).await;
    client.say("next").await;
    assert_eq!(client.answers().await, ["next"]);
    server.stop().await;
}

/// The reader takes the message while the question's own task reads the answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_a_messages_or_an_answers_and_never_both() {
    const ROUNDS: usize = 40;
    type Owned = Arc<Mutex<Vec<String>>>;
    async fn take(message: cl::Message, cl::State(owned): cl::State<Owned>) -> cl::Result {
        if message.content == "ask" {
            cl::spawn(async move {
                while let Ok(files) = cl::AskFileMessage::new("?", ["*/*"]).send().await {
                    owned.lock().unwrap().extend(files.into_iter().flatten().map(|file| file.id));
                }
            });
        } else {
            owned.lock().unwrap().extend(message.files.into_iter().map(|file| file.id));
        }
        Ok(())
    }
    let owned = Owned::default();
    let app = App::new().state(Arc::clone(&owned)).on_message(take);
    let server = TestServer::start(app).await;
    let mut client = server.join_as("s1").await;
    client.say("ask").await;
    let mut ask = client.until("ask").await.pop().unwrap();
    let mut uploaded = Vec::new();
    for _ in 0..ROUNDS {
        let id = server.upload("s1", "a.txt", "text/plain", b"a").await;
        client.ack(&ask, json!([{ "id": id }])).await;
        say_with(&mut client, "x", &[&id]).await;
        // The next question, or the same once more.
        ask = client.until("ask").await.pop().unwrap();
        uploaded.push(id);
    }
    super::until(|| owned.lock().unwrap().len() >= ROUNDS).await;
    server.stop().await;
    let mut owned = std::mem::take(&mut *owned.lock().unwrap());
    owned.sort();
    uploaded.sort();
    assert_eq!(owned, uploaded);
}

#[tokio::test]
async fn a_message_brings_no_more_files_than_it_may() {
    let mut upload = FileUpload::default();
    upload.enabled = Some(true);
    upload.max_files = Some(2);
    upload.accept = Some(Accept::Types(vec!["*/*".to_owned()]));
    let server = TestServer::start_with(App::new().on_message(list), |config| {
        config.features.spontaneous_file_upload = Some(upload);
    })
    .await;
    let mut client = server.join_as("s1").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(server.upload("s1", "a", "text/plain", b"a").await);
    }
    say_with(&mut client, "x", &[&ids[0], &ids[1], &ids[2]]).await;
    assert_eq!(
        refusal(&mut client).await,
        "Too many files: 3 were sent, at most 2 are taken at once"
    );
    // One was taken back by the user before the message was sent, which nobody tells the server.
    say_with(&mut client, "x", &[&ids[0], &ids[2]]).await;
    assert_eq!(client.answers().await, ["x a text/plain 1 a text/plain 1"]);

    // What is never used does not heap up: eight wait at most, and the oldest goes.
    let mut last = Vec::new();
    for _ in 0..9 {
        last.push(server.upload("s1", "a", "text/plain", b"a").await);
    }
    for (id, status) in [(&ids[1], 404), (&last[0], 404), (&last[1], 200), (&ids[0], 200)] {
        assert_eq!(server.get_file("s1", id, "").await.status, status);
    }
    server.stop().await;
}

#[tokio::test]
async fn the_chat_context_knows_the_files() {
    async fn all(known: cl::ChatContext, _: cl::Message) -> cl::Result {
        let names = known.into_messages().into_iter().flat_map(|known| known.files);
        let names: Vec<String> = names.map(|file| file.name).collect();
        cl::Message::new(names.join(" ")).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(all)).await;
    let mut client = server.join_as("s1").await;
    for (name, known) in [("a.txt", "a.txt"), ("b.txt", "a.txt b.txt")] {
        let id = server.upload("s1", name, "text/plain", b"a").await;
        say_with(&mut client, "x", &[&id]).await;
        assert_eq!(client.answers().await, [known]);
    }
    server.stop().await;
}

#[tokio::test]
async fn an_edited_message_keeps_its_files() {
    let server = TestServer::start(App::new().on_message(list)).await;
    let mut client = server.join_as("s1").await;
    let id = server.upload("s1", "a.txt", "text/plain", b"a").await;
    let message = say_with(&mut client, "first", &[&id]).await;
    assert_eq!(client.answers().await, ["first a.txt text/plain 1"]);
    let edited = json!({ "id": message, "output": "second" });
    client.emit("edit_message", json!({ "message": edited })).await;
    assert_eq!(client.answers().await, ["second a.txt text/plain 1"]);
    client.leave().await;
    let mut again = server.join_as("s1").await;
    let events = again.until("element").await;
    let [.., said, element] = &events[..] else { panic!("{events:?}") };
    assert_eq!((said.output(), &element.data["id"]), ("second", &json!(id)));
    server.stop().await;
}

/// The extension is for libraries that choose by it; the rest of the name never gets to the disk.
#[tokio::test]
async fn a_file_keeps_its_extension_on_the_disk() {
    async fn tell(message: cl::Message) -> cl::Result {
        let file = &message.files[0];
        let name = file.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        assert!(file.path.exists());
        let rest = name.strip_prefix(file.id.as_str()).unwrap_or(name);
        cl::Message::new(format!("extension {rest}")).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(tell)).await;
    let mut client = server.join_as("s1").await;
    for (name, wanted) in [
        ("report.csv", ".csv"),
        ("archive.tar.GZ", ".GZ"),
        ("noextension", ""),
        (".hidden", ""),
        ("odd.c?v", ""),
        ("../up.t/x", ""),
        ("long.abcdefghijklmnopq", ""),
        ("grüße.ü", ""),
    ] {
        let id = server.upload("s1", name, "text/plain", b"a,b\n").await;
        say_with(&mut client, "x", &[&id]).await;
        assert_eq!(client.answers().await, [format!("extension {wanted}")], "{name}");
        assert_eq!(server.get_file("s1", &id, "").await.text(), "a,b\n");
    }
    server.stop().await;
}
