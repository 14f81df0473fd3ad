//! A connection breaks; nothing is lost.

use std::sync::Arc;

use chainlit::{self as cl, App, State};
use tokio::sync::Semaphore;

use crate::support::{Client, Event, TestServer, auth};

/// Streams a word per permit.
async fn words(State(permits): State<Semaphore>) -> cl::Result {
    let mut reply = cl::Message::new("");
    for n in 0..10 {
        permits.acquire().await?.forget();
        reply.stream_token(format!("{n} ")).await?;
    }
    reply.update().await?;
    Ok(())
}

/// What a client shows after those events: text by id, in order of appearance.
#[derive(Default)]
struct Screen(Vec<(String, String)>);

impl Screen {
    fn apply(&mut self, event: &Event) {
        let id = event.data["id"].as_str().unwrap_or_default().to_owned();
        match event.name.as_str() {
            "new_message" | "stream_start" | "update_message" if !event.is_run() => {
                let text = event.output().to_owned();
                match self.0.iter_mut().find(|(known, _)| *known == id) {
                    Some((_, shown)) => *shown = text,
                    None => self.0.push((id, text)),
                }
            }
            "stream_token" => {
                if let Some((_, shown)) = self.0.iter_mut().find(|(known, _)| *known == id) {
                    shown.push_str(event.data["token"].as_str().unwrap());
                }
            }
            _ => {}
        }
    }

    async fn follow(&mut self, client: &mut Client, last: &str) {
        for event in client.until(last).await {
            self.apply(&event);
        }
    }

    fn texts(&self) -> Vec<&str> {
        self.0.iter().map(|(_, text)| text.as_str()).collect()
    }
}

const ALL: &str = "0 1 2 3 4 5 6 7 8 9 ";

fn app(permits: &Arc<Semaphore>) -> App {
    async fn via(State(permits): State<Arc<Semaphore>>) -> cl::Result {
        words(State(Arc::clone(&permits))).await
    }
    App::new().state(Arc::clone(permits)).on_message(via)
}

#[tokio::test]
async fn a_stream_goes_on_where_the_client_comes_back() {
    let permits = Arc::new(Semaphore::new(3));
    let server = TestServer::start(app(&permits)).await;
    let mut screen = Screen::default();
    let mut client = server.join_as("tab").await;
    client.say("go").await;
    client.until("first_interaction").await;
    screen.follow(&mut client, "stream_start").await;
    client.cut();
    // These come while nobody listens.
    permits.add_permits(3);
    let mut client = server.join_as("tab").await;
    let events = client.until("task_start").await;
    events.iter().for_each(|event| screen.apply(event));
    permits.add_permits(4);
    screen.follow(&mut client, "task_end").await;
    let shown: Vec<_> = screen.texts().into_iter().filter(|text| *text != "go").collect();
    assert_eq!(shown, [ALL]);
    server.stop().await;
}

#[tokio::test]
async fn a_reloaded_page_gets_the_whole_conversation_even_if_the_stream_ended_meanwhile() {
    let permits = Arc::new(Semaphore::new(1));
    let server = TestServer::start(app(&permits)).await;
    let mut client = server.join_as("tab").await;
    client.say("go").await;
    client.until("stream_start").await;
    client.cut();
    permits.add_permits(9);
    let mut screen = Screen::default();
    // The page comes back with nothing, again and again, until the answer is complete.
    while screen.texts() != ["go", ALL] {
        screen = Screen::default();
        let mut client = server.connect(auth("tab")).await.unwrap();
        client.emit("connection_successful", None).await;
        screen.follow(&mut client, "clear_call_fn").await;
        while screen.0.len() < 2 {
            screen.apply(&client.next().await.unwrap());
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn the_newer_connection_speaks_for_the_session_and_the_older_is_told() {
    async fn echo(message: cl::Message) -> cl::Result {
        cl::Message::new(message.content).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(echo)).await;
    let mut old = server.join_as("tab").await;
    let mut new = server.join_as("tab").await;
    assert!(old.next().await.is_none());
    new.say("hi").await;
    assert_eq!(new.answers().await, ["hi"]);
    drop(old);
    new.say("hi again").await;
    assert_eq!(new.answers().await, ["hi again"]);
    server.stop().await;
}

/// A client whose connection broke can't know whether its message came, and sends it again.
#[tokio::test]
async fn a_message_that_is_sent_twice_is_answered_once() {
    async fn echo(message: cl::Message) -> cl::Result {
        cl::Message::new(message.content).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(echo)).await;
    let mut client = server.join_as("tab").await;
    let message = serde_json::json!({ "message": crate::support::user_message("once") });
    client.emit("client_message", message.clone()).await;
    client.cut();
    let mut client = server.join_as("tab").await;
    client.emit("client_message", message.clone()).await;
    client.emit("client_message", message).await;
    client.say("last").await;
    let events = client.until("task_end").await;
    let mut events = events;
    while !events.iter().any(|event| event.name == "new_message" && event.data["output"] == "last")
    {
        events.extend(client.until("task_end").await);
    }
    let answers = events.iter().filter(|event| {
        event.name == "new_message"
            && event.data["output"] == "once"
            && event.data["type"] == "assistant_message"
    });
    let ids: std::collections::HashSet<_> = answers.map(|event| event.data["id"].clone()).collect();
    assert_eq!(ids.len(), 1);
    server.stop().await;
}

/// Also when the log has forgotten it meanwhile.
#[tokio::test]
async fn a_message_that_was_forgotten_is_not_answered_again() {
    async fn answer(message: cl::Message) -> cl::Result {
        cl::Message::new(format!("to {}", message.content)).send().await?;
        for _ in 0..3 {
            cl::Message::new("x".repeat(20_000)).send().await?;
        }
        Ok(())
    }
    let app = App::new().on_message(answer);
    let server = TestServer::start_with(app, |config| config.limits.log_bytes = 30_000).await;
    let mut client = server.join().await;
    let message = serde_json::json!({ "message": crate::support::user_message("once") });
    client.emit("client_message", message.clone()).await;
    client.until("task_end").await;
    client.emit("client_message", message).await;
    client.say("last").await;
    assert_eq!(client.answers().await[0], "to last");
    server.stop().await;
}

/// An edit cuts what came after it: a second copy must not cut the answer to the first.
#[tokio::test]
async fn an_edit_that_is_sent_twice_is_answered_once() {
    async fn echo(message: cl::Message) -> cl::Result {
        cl::Message::new(message.content).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(echo)).await;
    let mut client = server.join_as("tab").await;
    let id = client.say("first").await;
    client.until("task_end").await;
    let edit = |text: &str, edit_id: &str| {
        let message = serde_json::json!({ "id": id, "output": text });
        serde_json::json!({ "message": message, "editId": edit_id })
    };
    let one = edit("second", "0c1a3b52-7a14-4f0e-9a4b-6f1f0c2d7e55");
    client.send(format!("421{}", serde_json::json!(["edit_message", one]))).await;
    assert_eq!(client.frame().await.as_deref(), Some("431[]"));
    client.until("task_end").await;
    client.cut();
    // It can't know whether the edit came. The acknowledgement comes all the same.
    let mut client = server.join_as("tab").await;
    client.send(format!("422{}", serde_json::json!(["edit_message", one]))).await;
    client.emit("edit_message", edit("third", "5a8f0a0e-6f0f-4c39-8b57-0d7c6f2f7a11")).await;
    let mut acknowledged = false;
    let mut answers = Vec::new();
    while let Some(frame) = client.frame().await {
        acknowledged |= frame == "432[]";
        if frame.starts_with("42[\"update_message\"") && frame.contains("user_message") {
            answers.push(frame.contains("third"));
        }
        if frame.starts_with("42[\"task_end\"") && !answers.is_empty() {
            break;
        }
    }
    assert!(acknowledged);
    assert_eq!(answers, [true], "only the new edit changes the message");
    server.stop().await;
}

#[tokio::test]
async fn removed_messages_and_buttons_do_not_come_back() {
    async fn three(message: cl::Message) -> cl::Result {
        if message.content != "go" {
            return Ok(());
        }
        let button = || cl::Action::new("a", serde_json::json!({})).label("A");
        let mut gone = cl::Message::new("gone");
        gone.send().await?;
        let mut plain = cl::Message::new("plain").action(button());
        plain.send().await?;
        plain.remove_actions().await?;
        cl::Message::new("button").action(button()).send().await?;
        gone.remove().await?;
        Ok(())
    }
    async fn pressed() {}
    let app = App::new().on_message(three).action_callback("a", pressed);
    let server = TestServer::start(app).await;
    let mut client = server.join_as("tab").await;
    client.say("go").await;
    client.until("task_end").await;
    client.leave().await;
    let mut client = server.join_as("tab").await;
    client.say("now").await;
    let events = client.until("task_start").await;
    let seen: Vec<_> = events
        .iter()
        .filter(|event| !event.is_run())
        .map(|event| match event.name.as_str() {
            "new_message" => event.output().to_owned(),
            name => name.to_owned(),
        })
        .collect();
    // First what a client that merges is to forget: the button of "plain", and "gone".
    let removed = ["remove_action", "delete_message"];
    let shown = ["go", "plain", "button", "remove_action", "action", "task_start"];
    assert_eq!(seen, [&removed[..], &shown[..]].concat());
    server.stop().await;
}
