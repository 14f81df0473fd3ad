//! What happens at each limit of the configuration.

use std::sync::Arc;
use std::time::Duration;

use chainlit::{self as cl, App, State};
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use crate::support::{Client, TestServer, auth};

async fn echo(message: cl::Message) -> cl::Result {
    cl::Message::new(message.content).send().await?;
    Ok(())
}

/// Answers when it gets a permit.
async fn wait(message: cl::Message, State(permits): State<Arc<Semaphore>>) -> cl::Result {
    permits.acquire().await?.forget();
    echo(message).await
}

#[tokio::test]
async fn max_message_bytes() {
    let app = App::new().on_message(echo);
    let server = TestServer::start_with(app, |config| config.limits.max_message_bytes = 2000).await;
    let mut client = server.join().await;
    client.say("short").await;
    assert_eq!(client.answers().await, ["short"]);
    client.say(&"long".repeat(1000)).await;
    assert_eq!(client.next().await, None);
    server.stop().await;
}

#[tokio::test]
async fn inbound_queue() {
    for is_by_bytes in [false, true] {
        let permits = Arc::new(Semaphore::new(0));
        let app = App::new().state(Arc::clone(&permits)).on_message(wait);
        let server = TestServer::start_with(app, |config| {
            if is_by_bytes {
                config.limits.inbound_queue_bytes = 7;
            } else {
                config.limits.inbound_queue_events = 1;
            }
        })
        .await;
        let mut client = server.join().await;
        client.say("1 runs").await;
        client.until("new_message").await;
        client.say("2 waits").await;
        client.say("3").await;
        client.until("task_start").await;
        let refusal = client.expect("new_message").await;
        assert!(refusal.output().contains("too many messages are waiting"), "{refusal:?}");
        permits.add_permits(2);
        let mut answers = Vec::new();
        while answers.last().is_none_or(|last| last != "2 waits") {
            let event = client.until("new_message").await.pop().unwrap();
            if !event.is_run() {
                answers.push(event.output().to_owned());
            }
        }
        assert_eq!(answers, ["1 runs", "2 waits"]);
        server.stop().await;
    }
}

#[tokio::test]
async fn events_per_second() {
    let server = TestServer::start_with(App::new().on_message(echo), |config| {
        config.limits.events_per_second = 50;
        config.limits.events_burst = 3;
    })
    .await;
    let mut client = server.join().await;
    let said: Vec<_> = (0..10).map(|n| n.to_string()).collect();
    for text in &said {
        client.say(text).await;
    }
    let (mut answers, mut told) = (Vec::new(), 0);
    while answers.len() < said.len() {
        let event = client.next().await.unwrap();
        match event.name.as_str() {
            "new_message" if !event.is_run() => answers.push(event.output().to_owned()),
            "toast" => told += 1,
            _ => {}
        }
    }
    // Nothing is dropped, and the user is not flooded with warnings in turn.
    assert_eq!((answers, told), (said, 1));
    server.stop().await;
}

#[tokio::test]
async fn tasks_per_session() {
    async fn offer() -> cl::Result {
        let action = cl::Action::new("act", json!({}));
        cl::Message::new("Shall I?").action(action).send().await?;
        Ok(())
    }
    let permits = Arc::new(Semaphore::new(0));
    let app = App::new()
        .state(Arc::clone(&permits))
        .on_chat_start(offer)
        .on_message(wait)
        .action_callback("act", async || {});
    let server = TestServer::start_with(app, |config| config.limits.tasks_per_session = 1).await;
    let mut client = server.join_as("tab").await;
    let events = client.until("task_end").await;
    let action = &events.iter().find(|event| event.name == "action").unwrap().data;
    let body = json!({ "sessionId": "tab", "action": action });
    client.say("hold").await;
    client.until("new_message").await;
    let (status, answer) = server.request("POST", "/project/action", Some(body.clone())).await;
    assert_eq!(status, 429, "{answer}");
    permits.add_permits(1);
    client.until("task_end").await;
    assert_eq!(server.request("POST", "/project/action", Some(body)).await.0, 200);
    server.stop().await;
}

#[tokio::test]
async fn asks_per_session() {
    async fn ask_twice(State(permits): State<Arc<Semaphore>>) -> cl::Result {
        let first = cl::spawn(async { cl::AskUserMessage::new("first?").send().await });
        permits.acquire().await?.forget();
        let refused = cl::AskUserMessage::new("second?").send().await.unwrap_err();
        cl::Message::new(refused.to_string()).send().await?;
        first.abort();
        Ok(())
    }
    let permits = Arc::new(Semaphore::new(0));
    let app = App::new().state(Arc::clone(&permits)).on_chat_start(ask_twice).on_message(echo);
    let server = TestServer::start_with(app, |config| config.limits.asks_per_session = 1).await;
    let mut client = server.join().await;
    client.until("ask").await;
    permits.add_permits(1);
    let events = client.until("task_end").await;
    let told = events
        .iter()
        .rfind(|event| event.name == "new_message" && !event.is_run())
        .map(|event| event.output().to_owned());
    assert!(told.unwrap().starts_with("1 questions of this chat wait"), "{events:?}");
    server.stop().await;
}

#[tokio::test]
async fn chat_context_bytes() {
    async fn count(history: cl::ChatContext) -> cl::Result {
        cl::Message::new(history.messages().len().to_string()).send().await?;
        Ok(())
    }
    let app = App::new().on_message(count);
    let server = TestServer::start_with(app, |config| {
        config.limits.chat_context_bytes = 4000;
    })
    .await;
    let mut client = server.join().await;
    let mut seen: Vec<usize> = Vec::new();
    for _ in 0..10 {
        client.say(&"x".repeat(100)).await;
        seen.push(client.answers().await[0].parse().unwrap());
    }
    assert!(seen[0] == 1 && seen.iter().all(|count| (1..=6).contains(count)), "{seen:?}");
    server.stop().await;
}

#[tokio::test]
async fn log_bytes() {
    let app = App::new().on_message(echo);
    let server = TestServer::start_with(app, |config| config.limits.log_bytes = 10_000).await;
    let mut client = server.join_as("tab").await;
    for n in 0..10 {
        client.say(&format!("{n} {}", "x".repeat(1000))).await;
        client.until("task_end").await;
    }
    client.cut();
    let mut client = server.join_as("tab").await;
    client.say("now").await;
    let events = client.until("task_start").await;
    let shown: Vec<_> =
        events.iter().filter(|event| event.name == "new_message").map(|e| e.output()).collect();
    // The newest are there, the oldest are not.
    assert!(shown.iter().any(|text| text.starts_with("9 x")), "{shown:?}");
    assert!(!shown.iter().any(|text| text.starts_with("0 x")), "{shown:?}");
    server.stop().await;
}

#[tokio::test]
async fn sessions() {
    async fn ended(session: cl::Session, State(ended): State<Ended>) -> cl::Result {
        Ok(ended.send(session.id().to_owned())?)
    }
    type Ended = tokio::sync::mpsc::UnboundedSender<String>;
    let (sender, mut ends) = tokio::sync::mpsc::unbounded_channel();
    let app = App::new().state::<Ended>(sender).on_message(echo).on_chat_end(ended);
    let server = TestServer::start_with(app, |config| config.limits.sessions = 2).await;
    let mut clients = Vec::new();
    for id in ["a", "b"] {
        let mut client = server.join_as(id).await;
        client.say("hi").await;
        client.until("task_end").await;
        clients.push(client);
    }
    // All are in use.
    let refused = server.connect(auth("c")).await.err().unwrap();
    assert!(refused.0.contains("no room for another session"), "{refused:?}");
    // The one that has been gone longest makes room.
    let mut a = clients.remove(0);
    let b = clients.remove(0);
    b.leave().await;
    a.say("still here").await;
    a.until("task_end").await;
    a.leave().await;
    let _c = server.connect(auth("c")).await.unwrap();
    assert_eq!(ends.recv().await.as_deref(), Some("b"));
    let mut a = server.join_as("a").await;
    a.say("and now").await;
    // The chat was kept: it is no new one.
    let events = a.until("task_end").await;
    assert!(events.iter().any(|event| event.name == "new_message" && event.output() == "hi"));
    server.stop().await;
}

/// A chat whose end hangs is still paid for.
#[tokio::test]
async fn sessions_that_are_ending() {
    async fn hang(State(permits): State<Arc<Semaphore>>) -> cl::Result {
        permits.acquire().await?.forget();
        Ok(())
    }
    for is_let_go in [true, false] {
        let permits = Arc::new(Semaphore::new(0));
        let app = App::new().state(Arc::clone(&permits)).on_message(echo).on_chat_end(hang);
        let server = TestServer::start_with(app, |config| {
            config.limits.sessions = 1;
            if !is_let_go {
                // Long enough to be seen once.
                config.limits.chat_end = Duration::from_millis(500);
            }
        })
        .await;
        let mut client = server.join_as("a").await;
        client.say("hi").await;
        client.until("task_end").await;
        client.emit("clear_session", None).await;
        client.leave().await;
        let refused = server.connect(auth("b")).await.err().unwrap();
        assert!(refused.0.contains("no room"), "{refused:?}");
        if is_let_go {
            permits.add_permits(1);
        }
        while server.connect(auth("b")).await.is_err() {}
        permits.close();
        server.stop().await;
    }
}

#[tokio::test]
async fn connects_per_minute() {
    let app = App::new().on_message(echo);
    let server = TestServer::start_with(app, |config| config.limits.connects_per_minute = 3).await;
    for _ in 0..3 {
        let mut client = server.join_as("tab").await;
        client.say("hi").await;
        client.until("task_end").await;
    }
    let refused = server.connect(auth("tab")).await.err().unwrap();
    assert!(refused.0.contains("opened too often"), "{refused:?}");
    // It is that chat's limit.
    server.join_as("another").await;
    server.stop().await;
}

#[tokio::test]
async fn connections_per_address() {
    let app = App::new().on_message(echo);
    let server =
        TestServer::start_with(app, |config| config.limits.connections_per_address = 2).await;
    let mut client = server.join().await;
    let idle = TcpStream::connect(server.address).await.unwrap();
    let mut refused = TcpStream::connect(server.address).await.unwrap();
    assert!(matches!(refused.read(&mut [0]).await, Ok(0) | Err(_)));
    // Those that it holds are not harmed, and who leaves makes room.
    client.say("hi").await;
    assert_eq!(client.answers().await, ["hi"]);
    drop(idle);
    loop {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let head = b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, head).await;
        let mut answer = String::new();
        if stream.read_to_string(&mut answer).await.is_ok() && answer.contains("200 OK") {
            break;
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn a_limit_of_zero_is_none() {
    let server = TestServer::start_with(App::new().on_message(echo), |config| {
        config.limits.events_per_second = 0;
        config.limits.connects_per_minute = 0;
        config.limits.connections_per_address = 0;
    })
    .await;
    for _ in 0..100 {
        drop::<Client>(server.join_as("tab").await);
    }
    let mut client = server.join_as("tab").await;
    for _ in 0..300 {
        client.say("hi").await;
        assert_eq!(client.answers().await, ["hi"]);
    }
    server.stop().await;
}
