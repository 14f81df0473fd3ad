//! What a client may cost: it reads nothing, floods, or sends what is large where nobody looks.

use std::time::{Duration, Instant};

use chainlit::{self as cl, App};
use serde_json::json;

use crate::support::{Client, TestServer, auth, user_message};

async fn echo(message: cl::Message) -> cl::Result {
    cl::Message::new(message.content).send().await?;
    Ok(())
}

#[tokio::test]
async fn facts_of_a_message_are_bounded() {
    let server = TestServer::start(App::new().on_message(echo)).await;
    let mut client = server.join().await;
    let mut message = user_message("");
    message["metadata"] = json!({ "a": vec![0; 100_000] });
    client.emit("client_message", json!({ "message": message })).await;
    client.expect("task_start").await;
    let error = client.expect("new_message").await;
    assert!(error.output().contains("16384 bytes"), "{error:?}");
    server.stop().await;
}

/// The probe of an upgrade is all that a ping may carry: the answer would have to wait for a client
/// that does not read.
#[tokio::test]
async fn a_ping_with_a_load_ends_the_connection() {
    let server = TestServer::start(App::new().on_message(echo)).await;
    let mut client = server.join().await;
    client.send("2probe").await;
    assert_eq!(client.frame().await.as_deref(), Some("3probe"));
    client.send(format!("2{}", "x".repeat(1000))).await;
    assert_eq!(client.frame().await, None);
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_provokes_answers_without_reading_them_is_cut_off() {
    let app = App::new().on_message(echo);
    let server = TestServer::start_with(app, |config| {
        config.limits.log_bytes = 64 * 1024;
        config.limits.events_per_second = 0;
    })
    .await;
    // Until the server has had enough; the sockets' own buffers take some megabytes.
    for refused in ["42[\"client_message\",7]", "2"] {
        let mut flood = server.join().await;
        let mut sent = 0;
        while flood.try_send(refused).await && sent < 2_000_000 {
            sent += 1;
        }
        assert!(sent < 2_000_000, "{refused}");
    }
    let mut other = server.join().await;
    other.say("unmoved").await;
    assert_eq!(other.answers().await, ["unmoved"]);
    server.stop().await;
}

/// Whoever asks for an acknowledgement gets one, so that it knows what need not be sent again.
#[tokio::test]
async fn an_event_is_acknowledged_when_it_was_taken() {
    let server = TestServer::start(App::new().on_message(echo)).await;
    let mut client = server.join().await;
    let event = json!(["client_message", { "message": user_message("Hi") }]);
    client.send(format!("4277{event}")).await;
    let mut frames = Vec::new();
    while !frames.contains(&"4377[]".to_owned()) {
        frames.push(client.frame().await.unwrap());
    }
    server.stop().await;
}

#[tokio::test]
async fn a_chat_begins_with_its_start_whatever_the_client_says_first() {
    async fn greet() -> cl::Result {
        cl::Message::new("welcome").send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_chat_start(greet).on_message(echo)).await;
    let mut client = server.connect(auth("early")).await.unwrap();
    client.say("me first").await;
    client.emit("connection_successful", None).await;
    let mut shown = Vec::new();
    while shown.len() < 3 {
        let event = client.next().await.unwrap();
        if event.name == "new_message" && !event.is_run() {
            let text = event.output().to_owned();
            if !shown.contains(&text) || text == "me first" {
                shown.push(text);
            }
        }
    }
    let at = |text: &str| shown.iter().position(|shown| shown == text).unwrap();
    let answer = shown.iter().rposition(|shown| shown == "me first").unwrap();
    assert!(at("welcome") < answer, "{shown:?}");
    server.stop().await;
}

/// A chat that never began holds no place once its connection is gone.
#[tokio::test]
async fn who_never_says_hello_leaves_nothing_behind() {
    let app = App::new().on_message(echo);
    let server = TestServer::start_with(app, |config| config.limits.sessions = 1).await;
    for id in ["a", "b", "c"] {
        let client = loop {
            if let Ok(client) = server.connect(auth(id)).await {
                break client;
            }
        };
        drop(client);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_reads_nothing_does_not_hold_up_the_end() {
    async fn flood() -> cl::Result {
        let mut reply = cl::Message::new("");
        loop {
            reply.stream_token("x".repeat(10_000)).await?;
        }
    }
    let server = TestServer::start(App::new().on_message(flood)).await;
    let mut client = server.join().await;
    client.say("go").await;
    client.until("stream_start").await;
    let begun = Instant::now();
    server.stop().await;
    // Compared with the twenty seconds that a write may take.
    assert!(begun.elapsed() < Duration::from_secs(15));
    drop::<Client>(client);
}
