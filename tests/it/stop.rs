//! Stop drops what runs, keeps what was streamed, then calls `on_stop`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chainlit::{self as cl, App};

use crate::support::TestServer;

/// Counts how many of the futures it was moved into are gone.
struct Dropped(Arc<AtomicUsize>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn stop_drops_handler_and_children_then_calls_on_stop() {
    let dropped = Arc::new(AtomicUsize::new(0));
    async fn work(cl::State(dropped): cl::State<Arc<AtomicUsize>>) -> cl::Result {
        let mut reply = cl::Message::new("");
        reply.stream_token("so far").await?;
        let child = Dropped(Arc::clone(&dropped));
        let _child = cl::spawn(async move {
            let _child = child;
            std::future::pending::<()>().await;
        });
        let _own = Dropped(Arc::clone(&dropped));
        std::future::pending::<()>().await;
        Ok(())
    }
    async fn stopped(cl::State(dropped): cl::State<Arc<AtomicUsize>>) -> cl::Result {
        let text = format!("dropped {}", dropped.load(Ordering::SeqCst));
        cl::Message::new(text).send().await?;
        Ok(())
    }
    let app = App::new().state(Arc::clone(&dropped)).on_message(work).on_stop(stopped);
    let server = TestServer::start(app).await;
    let mut client = server.join().await;
    client.say("go").await;
    client.until("stream_start").await;
    client.emit("stop", None).await;
    assert_eq!(client.expect("new_message").await.output(), "Task manually stopped.");
    let kept = client.expect("update_message").await;
    assert_eq!((kept.output(), kept.data["streaming"].as_bool()), ("so far", Some(false)));
    let run = client.expect("update_message").await;
    assert!(run.is_run());
    client.expect("task_end").await;
    assert_eq!(client.expect("new_message").await.output(), "dropped 2");

    // The chat goes on.
    client.say("again").await;
    client.until("stream_start").await;
    server.stop().await;
}

/// Chainlit says "Task manually stopped." even when nothing runs.
#[tokio::test]
async fn an_idle_stop_calls_on_stop_and_says_nothing_itself() {
    async fn stopped() -> cl::Result {
        cl::Message::new("stopped").send().await?;
        Ok(())
    }
    async fn ignore() {}
    let server = TestServer::start(App::new().on_message(ignore).on_stop(stopped)).await;
    let mut client = server.join().await;
    client.emit("stop", None).await;
    assert_eq!(client.expect("new_message").await.output(), "stopped");
    server.stop().await;
}

/// Chainlit can't stop an edited message's second run.
#[tokio::test]
async fn an_edited_message_can_be_stopped() {
    async fn hang_on_edit(message: cl::Message) -> cl::Result {
        cl::Message::new("begun").send().await?;
        if message.content == "edited" {
            std::future::pending::<()>().await;
        }
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(hang_on_edit)).await;
    let mut client = server.join().await;
    let id = client.say("first").await;
    client.until("task_end").await;
    let edited = serde_json::json!({ "message": { "id": id, "output": "edited" } });
    client.emit("edit_message", edited).await;
    client.until("new_message").await;
    client.until("new_message").await;
    client.emit("stop", None).await;
    client.until("task_end").await;
    server.stop().await;
}

/// Chainlit can't stop an action.
#[tokio::test]
async fn an_action_can_be_stopped() {
    async fn offer() -> cl::Result {
        let action = cl::Action::new("hang", serde_json::json!({}));
        cl::Message::new("Shall I?").action(action).send().await?;
        Ok(())
    }
    async fn hang() -> cl::Result {
        cl::Message::new("begun").send().await?;
        std::future::pending().await
    }
    async fn ignore() {}
    let app = App::new().on_chat_start(offer).on_message(ignore).action_callback("hang", hang);
    let server = TestServer::start(app).await;
    let mut client = server.join_as("tab").await;
    let events = client.until("task_end").await;
    let action = &events.iter().find(|event| event.name == "action").unwrap().data;
    let body = serde_json::json!({ "sessionId": "tab", "action": action });
    let press = server.request("POST", "/project/action", Some(body));
    let stop = async {
        client.until("new_message").await;
        client.emit("stop", None).await;
    };
    let ((status, answer), ()) = tokio::join!(press, stop);
    assert_eq!((status, &answer["detail"]), (409, &"The action was stopped".into()));
    server.stop().await;
}

/// What was said just before Stop is stopped too, whether its handler has begun or not.
#[tokio::test]
async fn stop_reaches_what_still_waits() {
    async fn count(history: cl::ChatContext) -> cl::Result {
        let said = history.messages().iter().filter(|said| said.kind == cl::MessageType::User);
        cl::Message::new(said.count().to_string()).send().await?;
        std::future::pending::<()>().await;
        Ok(())
    }
    async fn stopped() -> cl::Result {
        cl::Message::new("stopped").send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(count).on_stop(stopped)).await;
    let mut client = server.join().await;
    for text in ["one", "two", "three"] {
        client.say(text).await;
    }
    client.emit("stop", None).await;
    loop {
        let event = client.next().await.unwrap();
        if event.name == "new_message" && event.output() == "stopped" {
            break;
        }
    }
    // All three were said: the model sees them.
    client.say("four").await;
    let events = client.until("new_message").await;
    assert_eq!(events[0].name, "task_start");
    assert_eq!(client.expect("new_message").await.output(), "4");
    server.stop().await;
}

#[tokio::test]
async fn a_second_stop_does_not_stop_on_stop() {
    async fn hang() {
        std::future::pending::<()>().await;
    }
    async fn stopped() -> cl::Result {
        cl::Message::new("begun").send().await?;
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        cl::Message::new("done").send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(hang).on_stop(stopped)).await;
    let mut client = server.join().await;
    client.say("go").await;
    client.until("new_message").await;
    client.emit("stop", None).await;
    client.until("task_end").await;
    assert_eq!(client.expect("new_message").await.output(), "begun");
    client.emit("stop", None).await;
    assert_eq!(client.expect("new_message").await.output(), "done");
    server.stop().await;
}
