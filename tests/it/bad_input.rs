//! What strangers send: each gets its answer, the others notice nothing.

use std::sync::Arc;

use chainlit::{self as cl, App};
use serde_json::json;

use crate::support::{Client, Refused, TestServer, auth, user_message};

async fn echo(message: cl::Message) -> cl::Result {
    cl::Message::new(message.content).send().await?;
    Ok(())
}

async fn start() -> TestServer {
    TestServer::start(App::new().on_message(echo)).await
}

/// Chainlit never answers these, and says nothing but "Connection refused by server" to others.
#[tokio::test]
async fn a_refused_client_is_told_why() {
    let server = start().await;
    for (auth, reason) in [
        (json!({}), "`sessionId` is missing"),
        (json!({ "sessionId": 7 }), "`sessionId` in the auth object must be a string"),
        (json!({ "sessionId": "a" }), "`clientType` is missing"),
        (json!({ "sessionId": "../public", "clientType": "webapp" }), "`sessionId` must be"),
        (json!({ "sessionId": "a", "clientType": "webapp", "userEnv": "{" }), "`userEnv` must be"),
        (
            json!({ "sessionId": "a", "clientType": "webapp", "chatProfile": "%ff" }),
            "`chatProfile`",
        ),
    ] {
        let Err(Refused(message)) = server.connect(auth.clone()).await else {
            panic!("{auth} was accepted")
        };
        assert!(message.contains(reason), "{message}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_key_that_each_user_must_give_is_asked_for() {
    async fn tell(session: cl::Session) -> cl::Result {
        cl::Message::new(format!("{:?}", session.user_env())).send().await?;
        Ok(())
    }
    let app = App::new().on_message(tell);
    let server = TestServer::start_with(app, |config| {
        config.project.user_env = Some(vec!["KEY".to_owned()]);
    })
    .await;
    let refused = server.connect(auth("a")).await.err().unwrap();
    assert_eq!(refused, Refused("Missing user environment variable: KEY".to_owned()));
    let mut with_key = auth("a");
    with_key["userEnv"] = json!(r#"{"KEY":"k","OTHER":"o"}"#);
    let mut client = server.connect(with_key).await.unwrap();
    client.emit("connection_successful", None).await;
    client.until("clear_call_fn").await;
    client.say("tell").await;
    assert_eq!(client.answers().await, [r#"{"KEY": "k"}"#]);
    server.stop().await;
}

#[tokio::test]
async fn wrong_events_are_answered_and_the_chat_goes_on() {
    let server = start().await;
    let mut client = server.join().await;
    let mut bad_id = user_message("x");
    bad_id["id"] = json!("not-a-uuid");
    for (name, payload) in [
        ("client_message", json!({ "message": bad_id })),
        ("client_message", json!({ "message": { "output": "no id" } })),
        ("client_message", json!("text")),
        ("client_message", json!(null)),
        ("edit_message", json!({ "message": 7 })),
    ] {
        client.emit(name, payload).await;
        client.expect("task_start").await;
        let error = client.expect("new_message").await;
        assert_eq!(error.data["isError"], true);
        assert_eq!(error.data["name"], "Error");
        client.expect("task_end").await;
    }
    for name in ["no_such_event", "chat_settings_change", "audio_start", ""] {
        client.emit(name, json!({ "a": 1 })).await;
    }
    client.say("still here").await;
    assert_eq!(client.answers().await, ["still here"]);
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_packet_ends_that_connection_only() {
    let server = start().await;
    let mut other = server.join().await;
    let deep = format!("42[\"client_message\",{}", "[".repeat(100_000));
    let long = format!("42[\"client_message\",\"{}\"]", "x".repeat(1_100_000));
    for frame in ["hello", "7", "49", "42", "42{", "42[1]", "431", "40[]", "0{}", &deep, &long] {
        let mut client = server.join().await;
        client.send(frame).await;
        assert!(client.next().await.is_none(), "{:?}", &frame[..frame.len().min(40)]);
    }
    other.say("unmoved").await;
    assert_eq!(other.answers().await, ["unmoved"]);
    server.stop().await;
}

#[tokio::test]
async fn an_event_before_connect_ends_the_connection() {
    let server = start().await;
    let mut client = Client::open(server.address).await;
    client.say("let me in").await;
    assert!(client.next().await.is_none());
    server.stop().await;
}

/// A page whose own name was made to point here says what is true: it is of the server that it calls.
#[tokio::test]
async fn a_page_that_calls_by_a_wrong_name_is_refused() {
    let app = App::new().on_message(echo);
    let server = TestServer::start_with(app, |config| {
        config.project.allowed_hosts = vec!["chat.example".to_owned()];
    })
    .await;
    for (host, status) in [("evil.example:8000", 403), ("chat.example", 200), ("localhost", 200)] {
        for (method, path) in
            [("GET", "/ws/socket.io/?EIO=4&transport=polling"), ("POST", "/set-session-cookie")]
        {
            let body = r#"{"session_id":"3015b587-1f11-4c88-a931-cf5005b7483e"}"#;
            let request = format!(
                "{method} {path} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\n\
                 connection: close\r\ncontent-type: application/json\r\n\
                 content-length: {}\r\n\r\n{body}",
                body.len()
            );
            let answer = server.raw(request.as_bytes()).await;
            assert_eq!(answer.status, status, "{host} {path}: {}", answer.text());
        }
    }
    server.stop().await;
}

/// Chainlit never looks at the origin of a socket.
#[tokio::test]
async fn a_page_of_a_foreign_origin_opens_no_socket() {
    let app = App::new().on_message(echo);
    let server = TestServer::start_with(app, |config| {
        config.project.allow_origins = vec!["https://shop.example".to_owned()];
    })
    .await;
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        assert_eq!(
            Client::try_open(server.address, Some(origin)).await.err(),
            Some(403),
            "{origin}"
        );
    }
    let own = format!("http://{}", server.address);
    for origin in ["https://shop.example", own.as_str()] {
        assert!(Client::try_open(server.address, Some(origin)).await.is_ok(), "{origin}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_handshake_is_answered_as_the_protocol_says() {
    let server = start().await;
    for (query, code) in [
        ("EIO=4&transport=carrier-pigeon", 0),
        ("EIO=4&transport=websocket&sid=abc", 1),
        ("EIO=4&transport=websocket", 3),
    ] {
        let path = format!("/ws/socket.io/?{query}");
        let (status, body) = server.request("GET", &path, None).await;
        assert_eq!((status, &body["code"]), (400, &json!(code)), "{query}");
    }
    let (status, body) =
        server.request("GET", "/ws/socket.io/?EIO=3&transport=websocket", None).await;
    assert_eq!(status, 400);
    assert!(body.as_str().unwrap().contains("unsupported version"));
    server.stop().await;
}

#[tokio::test]
async fn a_full_queue_refuses_and_loses_nothing_that_was_taken() {
    async fn slow(
        message: cl::Message,
        cl::State(gate): cl::State<Arc<tokio::sync::Semaphore>>,
    ) -> cl::Result {
        gate.acquire().await?.forget();
        echo(message).await
    }
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let app = App::new().state(Arc::clone(&gate)).on_message(slow);
    let server = TestServer::start_with(app, |config| config.limits.inbound_queue_events = 2).await;
    let mut client = server.join().await;
    client.say("1").await;
    client.until("new_message").await;
    for text in ["2", "3", "4"] {
        client.say(text).await;
    }
    client.expect("task_start").await;
    let error = client.expect("new_message").await;
    assert!(error.output().contains("too many messages"), "{error:?}");
    gate.add_permits(3);
    let mut answers = Vec::new();
    while answers.len() < 3 {
        answers.extend(client.answers().await);
    }
    assert_eq!(answers, ["1", "2", "3"]);
    server.stop().await;
}

#[tokio::test]
async fn a_server_without_room_says_so() {
    let app = App::new().on_message(echo);
    let server = TestServer::start_with(app, |config| config.limits.sessions = 1).await;
    let _first = server.join().await;
    let refused = server.connect(auth("second")).await.err().unwrap();
    assert!(refused.0.contains("no room"), "{}", refused.0);
    server.stop().await;
}
