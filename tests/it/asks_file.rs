//! Questions that are answered by files.

use std::time::Duration;

use chainlit::{self as cl, App};
use serde_json::{Value, json};

use crate::support::TestServer;

async fn ask() -> cl::Result {
    let question = cl::AskFileMessage::new("A file?", ["text/plain", "image/*"])
        .max_files(3)
        .max_size_mb(5)
        .timeout(None);
    let files = question.send().await?.map_or(0, |files| files.len());
    cl::Message::new(format!("{files} files")).send().await?;
    Ok(())
}

async fn ignore() {}

#[tokio::test]
async fn the_page_learns_what_is_taken() {
    let server = TestServer::start(App::new().on_chat_start(ask).on_message(ignore)).await;
    let mut client = server.join().await;
    let ask = client.until("ask").await.pop().unwrap();
    let spec = &ask.data["spec"];
    assert_eq!(spec["type"], "file");
    assert_eq!(spec["accept"], json!(["text/plain", "image/*"]));
    assert_eq!((&spec["max_files"], &spec["max_size_mb"]), (&json!(3), &json!(5)));
    server.stop().await;
}

#[tokio::test]
async fn a_file_that_was_never_uploaded_is_no_answer() {
    let server = TestServer::start(App::new().on_chat_start(ask).on_message(ignore)).await;
    let mut client = server.join().await;
    let mut ask = client.until("ask").await.pop().unwrap();
    let unknown = "3015b587-1f11-4c88-a931-cf5005b7483e";
    let named = |id: &str| json!({ "id": id });
    let missing = |id: &str| format!("The file {id} is not there (any more): upload it again");
    let many = "Too many files: 4 were sent, at most 3 are taken at once";
    for (wrong, reason) in [
        (json!([named(unknown)]), missing(unknown)),
        (json!([named("../../etc/passwd")]), missing("../../etc/passwd")),
        (json!([]), "it names no file".to_owned()),
        (json!([named("a"), named("b"), named("c"), named("d")]), many.to_owned()),
        (json!([named("a"), named("a")]), missing("a")),
    ] {
        client.ack(&ask, wrong).await;
        let toast = client.expect("toast").await;
        assert_eq!(toast.data["message"], format!("That answer can't be taken: {reason}"));
        ask = client.expect("ask").await;
    }
    for wrong in [Value::Null, json!("a"), json!({ "id": "a" }), json!([7])] {
        client.ack(&ask, wrong).await;
        let toast = client.expect("toast").await;
        let text = toast.data["message"].as_str().unwrap();
        assert!(text.starts_with("That answer can't be taken: it is no list of files:"), "{text}");
        ask = client.expect("ask").await;
    }
    client.emit("stop", None).await;
    client.until("clear_ask").await;
    client.until("task_end").await;
    server.stop().await;
}

#[tokio::test]
async fn a_question_for_files_ends_with_its_timeout() {
    async fn hurry() -> cl::Result {
        let limit = Duration::from_millis(20);
        let question = cl::AskFileMessage::new("Quick!", "text/plain").timeout(limit);
        assert_eq!(question.send().await?, None);
        let session = cl::Context::current().session().clone();
        assert_eq!(session.upload_rules(Some(question.id())), None);
        cl::Message::new("too late").send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_chat_start(hurry).on_message(ignore)).await;
    let mut client = server.join().await;
    client.until("ask").await;
    client.expect("ask_timeout").await;
    client.expect("task_start").await;
    assert_eq!(client.answers().await, ["too late"]);
    server.stop().await;
}
