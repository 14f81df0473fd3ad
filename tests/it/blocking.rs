//! Handlers that block their thread harm their own chat only.

use std::sync::Arc;

use chainlit::{self as cl, App, State};
use serde_json::json;

use crate::support::{Client, Gate, TestServer};

/// Says something, blocks its thread, says something again; but answers "hi" at once.
async fn block(message: cl::Message, State(gate): State<Arc<Gate>>) -> cl::Result {
    if message.content == "hi" {
        cl::Message::new("hello").send().await?;
        return Ok(());
    }
    cl::Message::new("blocking").send().await?;
    gate.pass();
    cl::Message::new("done").send().await?;
    Ok(())
}

/// The text of the next message that is no run.
async fn said(client: &mut Client) -> String {
    loop {
        let event = client.until("new_message").await.pop().unwrap();
        if !event.is_run() {
            return event.output().to_owned();
        }
    }
}

async fn is_served(server: &TestServer) {
    assert_eq!(server.request("GET", "/health", None).await.0, 200);
}

async fn pings(client: &mut Client) {
    client.send("2").await;
    assert_eq!(client.frame().await.as_deref(), Some("3"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_blocked_chats_leave_the_others_alone() {
    let gate = Arc::new(Gate::default());
    let server = TestServer::start(App::new().state(Arc::clone(&gate)).on_message(block)).await;
    let mut blocked = Vec::new();
    for _ in 0..50 {
        let mut client = server.join().await;
        client.say("block").await;
        blocked.push(client);
    }
    // What was sent before is not kept by what blocks.
    for client in &mut blocked {
        assert_eq!(said(client).await, "blocking");
    }
    let mut other = server.join().await;
    for _ in 0..20 {
        other.say("hi").await;
        assert_eq!(other.answers().await, ["hello"]);
    }
    is_served(&server).await;
    for client in &mut blocked {
        pings(client).await;
    }
    blocked[0].emit("stop", None).await;
    assert_eq!(said(&mut blocked[0]).await, "Task manually stopped.");
    gate.open();
    for client in &mut blocked[1..] {
        assert_eq!(client.answers().await, ["done"]);
    }
    server.stop().await;
}

/// More than there may be threads: they wait for each other, and for nothing else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_blocked_chats_than_threads_leave_the_server_alone() {
    let gate = Arc::new(Gate::default());
    let app = App::new().state(Arc::clone(&gate)).on_message(block);
    let server = TestServer::start_with(app, |config| {
        config.limits.blocked_threads = 3;
        config.limits.connections_per_address = 0;
    })
    .await;
    let mut blocked = Vec::new();
    for _ in 0..100 {
        let mut client = server.join().await;
        client.say("block").await;
        client.expect("task_start").await;
        blocked.push(client);
    }
    is_served(&server).await;
    let mut other = server.join().await;
    pings(&mut other).await;
    // Whether its handler blocks or waits for a thread.
    let mut stopped = blocked.pop().unwrap();
    stopped.emit("stop", None).await;
    while said(&mut stopped).await != "Task manually stopped." {}
    gate.open();
    for client in &mut blocked {
        assert_eq!(client.answers().await, ["blocking", "done"]);
    }
    other.say("hi").await;
    assert_eq!(other.answers().await, ["hello"]);
    server.stop().await;
}

/// A source of tokens that blocks: each token is on the screen before the next one is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_of_a_blocking_source_come_one_by_one() {
    type Gates = Arc<[Gate; 2]>;
    async fn tokens(State(gates): State<Gates>) -> cl::Result {
        let mut reply = cl::Message::new("");
        reply.stream_token("one").await?;
        gates[0].pass();
        reply.stream_token(" two").await?;
        gates[1].pass();
        reply.update().await?;
        Ok(())
    }
    let gates: Gates = Arc::default();
    let server = TestServer::start(App::new().state(Arc::clone(&gates)).on_message(tokens)).await;
    let mut client = server.join().await;
    client.say("go").await;
    assert_eq!(client.until("stream_start").await.pop().unwrap().output(), "one");
    gates[0].open();
    assert_eq!(client.expect("stream_token").await.data["token"], " two");
    gates[1].open();
    client.until("task_end").await;
    server.stop().await;
}

/// What a handler spawned, an action and `on_chat_end` may block too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_blocks_leaves_the_others_alone() {
    async fn start() -> cl::Result {
        let action = cl::Action::new("block", json!({}));
        cl::Message::new("Shall I?").action(action).send().await?;
        Ok(())
    }
    async fn spawn(message: cl::Message, State(gate): State<Arc<Gate>>) -> cl::Result {
        if message.content == "hi" {
            cl::Message::new("hello").send().await?;
            return Ok(());
        }
        let gate = Arc::clone(&gate);
        cl::spawn(async move {
            let sent = cl::Message::new("blocking").send().await;
            gate.pass();
            sent
        })
        .await??;
        Ok(())
    }
    async fn act(State(gate): State<Arc<Gate>>) -> cl::Result {
        cl::Message::new("acting").send().await?;
        gate.pass();
        Ok(())
    }
    async fn end(State(gate): State<Arc<Gate>>) {
        gate.pass();
    }
    let gate = Arc::new(Gate::default());
    let app = App::new()
        .state(Arc::clone(&gate))
        .on_chat_start(start)
        .on_message(spawn)
        .on_chat_end(end)
        .action_callback("block", act);
    let server = TestServer::start(app).await;
    for _ in 0..3 {
        let mut left = server.join().await;
        left.until("task_end").await;
        left.emit("clear_session", None).await;
        left.leave().await;
    }
    let mut spawned = Vec::new();
    for _ in 0..3 {
        let mut client = server.join().await;
        client.until("task_end").await;
        client.say("block").await;
        assert_eq!(said(&mut client).await, "blocking");
        spawned.push(client);
    }
    let mut acting = server.join_as("acting").await;
    let events = acting.until("task_end").await;
    let action = &events.iter().find(|event| event.name == "action").unwrap().data;
    let body = json!({ "sessionId": "acting", "action": action });
    let press = server.request("POST", "/project/action", Some(body));
    let meanwhile = async {
        assert_eq!(said(&mut acting).await, "acting");
        let mut other = server.join().await;
        other.until("task_end").await;
        other.say("hi").await;
        assert_eq!(other.answers().await, ["hello"]);
        is_served(&server).await;
        gate.open();
    };
    let ((status, _), ()) = tokio::join!(press, meanwhile);
    assert_eq!(status, 200);
    server.stop().await;
}
