//! The server goes down: nothing is lost in silence.

use std::sync::Arc;
use std::time::Duration;

use chainlit::{self as cl, App, AppRoot, Config, State};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::support::{Client, TestServer, auth, user_message};

type Notes = UnboundedSender<&'static str>;

/// Streams a word, and another one when it gets a permit.
async fn stream(State(permits): State<Arc<Semaphore>>) -> cl::Result {
    let mut reply = cl::Message::new("");
    reply.stream_token("one").await?;
    permits.acquire().await?.forget();
    reply.stream_token(" two").await?;
    reply.update().await?;
    Ok(())
}

async fn ended(State(notes): State<Notes>) -> cl::Result {
    cl::Message::new("bye").send().await?;
    Ok(notes.send("end")?)
}

async fn down(State(notes): State<Notes>) -> cl::Result {
    Ok(notes.send("down")?)
}

/// A limit that is never reached.
fn patient(config: &mut Config) {
    config.limits.shutdown = Duration::from_secs(600);
}

/// What comes until the server ends the connection.
async fn rest(client: &mut Client) -> Vec<String> {
    let mut frames = Vec::new();
    while let Some(frame) = client.frame().await {
        frames.push(frame);
    }
    frames
}

#[tokio::test]
async fn what_runs_is_finished_and_what_comes_is_told() {
    let permits = Arc::new(Semaphore::new(0));
    let (notes, mut heard) = unbounded_channel();
    let app = App::new()
        .state(Arc::clone(&permits))
        .state::<Notes>(notes)
        .on_message(stream)
        .on_chat_end(ended)
        .on_app_shutdown(down);
    let server = TestServer::start_with(app, patient).await;
    let mut client = server.join().await;
    let mut latecomer = Client::open(server.address).await;
    client.say("go").await;
    client.until("stream_start").await;
    client.say("waits").await;
    // An answer to this shows that the message before it was taken.
    client.send("2").await;
    assert_eq!(client.frame().await.as_deref(), Some("3"));

    server.begin_stop();
    assert_eq!(client.expect("toast").await.data["type"], "warning");
    client.expect("task_start").await;
    let unanswered = client.expect("new_message").await;
    assert!(unanswered.output().contains("your last message is not answered"), "{unanswered:?}");
    // Who connects now is cut off: a refusal it would take for good.
    latecomer.send(format!("40{}", auth("latecomer"))).await;
    assert_eq!(latecomer.frame().await, None);
    // A new one is not taken: no acknowledgement, so the client sends it to the next server.
    let event = json!(["client_message", { "message": user_message("late") }]);
    client.send(format!("421{event}")).await;
    assert!(client.expect("toast").await.data["message"].as_str().unwrap().contains("no more"));

    permits.add_permits(1);
    let frames = rest(&mut client).await;
    let all = frames.join("\n");
    assert!(all.contains(" two") && all.contains("one two") && all.contains("bye"), "{all}");
    assert!(frames.iter().all(|frame| frame != "41" && !frame.starts_with("431")), "{all}");
    assert_eq!(client.close_code(), Some(1001));
    server.stop().await;
    assert_eq!((heard.recv().await, heard.recv().await), (Some("end"), Some("down")));
}

#[tokio::test]
async fn what_runs_for_too_long_is_dropped_and_the_chat_ends_all_the_same() {
    let permits = Arc::new(Semaphore::new(0));
    let (notes, mut heard) = unbounded_channel();
    let app = App::new().state(permits).state::<Notes>(notes).on_message(stream).on_chat_end(ended);
    let server = TestServer::start(app).await;
    let mut client = server.join().await;
    client.say("go").await;
    client.until("stream_start").await;
    server.stop().await;
    let all = rest(&mut client).await.join("\n");
    // What was streamed is closed, and what the end says is shown.
    assert!(all.contains(r#""streaming":false"#) && all.contains("bye"), "{all}");
    assert_eq!(client.close_code(), Some(1001));
    assert_eq!(heard.recv().await, Some("end"));
}

/// Nobody may ever answer. The files for it could not be uploaded any more.
#[tokio::test]
async fn open_questions_are_taken_back_and_their_handlers_go_on() {
    async fn ask() -> cl::Result {
        let question = cl::AskUserMessage::new("Your name?").timeout(None);
        let name = question.send().await?;
        let again = cl::AskFileMessage::new("Your picture?", ["*/*"]).timeout(None).send().await;
        let is_over = matches!(again, Err(cl::Error::ChatEnded));
        cl::Message::new(format!("{} {is_over}", name.is_none())).send().await?;
        let form = cl::AskElementMessage::new("?", cl::CustomElement::new("Form"));
        form.send::<serde_json::Value>().await?;
        Ok(())
    }
    let server = TestServer::start_with(App::new().on_message(ask), patient).await;
    let mut client = server.join().await;
    client.say("go").await;
    client.until("ask").await;
    // It ends although the limit is not over and nobody answers.
    server.stop().await;
    let frames = rest(&mut client).await;
    let all = frames.join("\n");
    assert!(all.contains(r#"["clear_ask""#) && all.contains("true true"), "{all}");
    assert!(all.contains("This could not be finished: the chat ends."), "{all}");
    assert_eq!(client.close_code(), Some(1001));
}

/// What a slow reader has not read yet is written before its socket closes.
#[tokio::test]
async fn what_was_sent_is_written_to_the_end() {
    async fn long() -> cl::Result {
        for n in 0..30 {
            cl::Message::new(format!("{n} {}", "x".repeat(50_000))).send().await?;
        }
        Ok(())
    }
    let server = TestServer::start_with(App::new().on_message(long), patient).await;
    let client = Client::open_narrow(server.address).await;
    let mut client = server.join_with(client, "slow").await;
    client.say("go").await;
    client.expect("task_start").await;
    server.begin_stop();
    // It speaks meanwhile: on a socket that nobody reads that would cost it what it has not got yet.
    let mut frames = Vec::new();
    while let Some(frame) = client.frame().await {
        frames.push(frame);
        client.try_send("3").await;
    }
    for n in 0..30 {
        assert!(frames.iter().any(|frame| frame.contains(&format!("\"{n} xxx"))), "{n}");
    }
    assert_eq!(client.close_code(), Some(1001));
    server.stop().await;
}

/// A socket without a chat is closed too.
#[tokio::test]
async fn who_has_said_nothing_is_closed_too() {
    let server = TestServer::start(App::new().on_message(async || {})).await;
    let mut client = Client::open(server.address).await;
    server.stop().await;
    assert_eq!(client.frame().await, None);
    assert_eq!(client.close_code(), Some(1001));
}

#[tokio::test]
async fn a_server_of_somebody_elses_ends_its_chats() {
    let root = tempfile::tempdir().unwrap();
    let (notes, mut heard) = unbounded_channel();
    let mut config = Config::default();
    patient(&mut config);
    let service = App::new()
        .config(config)
        .root(AppRoot::new(root.path()).unwrap())
        .state::<Notes>(notes)
        .on_message(async || {})
        .on_chat_end(ended)
        .into_service()
        .unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let served = service.clone();
    let server = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let connection = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), TowerToHyperService::new(served.clone()))
                .with_upgrades();
            tokio::spawn(connection);
        }
    });
    let mut client = Client::open(address).await;
    client.connect(auth("tab")).await.unwrap();
    client.emit("connection_successful", None).await;
    client.until("clear_call_fn").await;
    let action = json!({ "id": "1", "name": "none", "payload": {}, "label": "", "tooltip": "" });
    let body = json!({ "sessionId": "tab", "action": action }).to_string();
    let press = async |mut service: cl::ChainlitService| {
        let request = http::Request::post("/project/action")
            .header("content-type", "application/json")
            .body(http_body_util::Full::<bytes::Bytes>::from(body.clone()))
            .unwrap();
        tower_service::Service::call(&mut service, request).await.unwrap().status().as_u16()
    };
    assert_eq!(press(service.clone()).await, 404);
    service.shutdown().await;
    assert_eq!(heard.recv().await, Some("end"));
    assert_eq!(client.expect("toast").await.data["type"], "warning");
    assert!(rest(&mut client).await.iter().all(|frame| frame != "41"));
    assert_eq!(client.close_code(), Some(1001));
    assert_eq!(press(service.clone()).await, 503);
    // Once more does no harm.
    service.shutdown().await;
    server.abort();
}
