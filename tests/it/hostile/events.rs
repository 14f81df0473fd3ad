//! Each event with each type of payload.

use chainlit::{self as cl, App};
use serde_json::json;

use super::app::{everything, without_pace};
use super::{answered, complaints, nested, nested_in, values};
use crate::support::{Client, TestServer, auth, user_message};

/// All events that a client may send, and some that there are not.
const NAMES: [&str; 20] = [
    "connection_successful",
    "client_message",
    "edit_message",
    "chat_settings_change",
    "chat_settings_edit",
    "stop",
    "clear_session",
    "window_message",
    "audio_start",
    "audio_chunk",
    "audio_end",
    "fetch_favorites",
    "message_favorite",
    "message_feedback",
    "connect",
    "disconnect",
    "new_message",
    "constructor",
    "",
    "\\u0000\\n",
];

/// Payloads as they are written in a packet.
fn payloads() -> Vec<String> {
    let mut payloads: Vec<String> = values().iter().map(ToString::to_string).collect();
    for value in values() {
        let mut message = user_message("x");
        message["id"] = value.clone();
        payloads.push(json!({ "message": message }).to_string());
        for key in ["output", "metadata", "modes", "command", "language", "parentId"] {
            let mut message = user_message("x");
            message[key] = value.clone();
            payloads.push(json!({ "message": message, "fileReferences": value }).to_string());
        }
        payloads.push(json!({ "message": value, "editId": value }).to_string());
        let chunk =
            json!({ "isStart": value, "mimeType": value, "elapsedTime": value, "data": value });
        payloads.push(chunk.to_string());
        payloads.push(json!({ "heat": value, "text": value, "tags": value }).to_string());
    }
    payloads.extend([
        nested(120),
        nested(1_000),
        nested(100_000),
        nested_in("message", 1_000),
        nested_in("text", 1_000),
        r#""\ud800""#.to_owned(),
        r#"{"message":{"id":"\udfff"}}"#.to_owned(),
        r#"{"heat":1e999}"#.to_owned(),
        r#"{"heat":1,"heat":2}"#.to_owned(),
        // No payload, and more than one.
        String::new(),
        "null,null,{}".to_owned(),
    ]);
    payloads
}

#[tokio::test]
async fn any_event_with_any_payload_leaves_the_chat_as_it_was() {
    let server = TestServer::start_with(everything(), without_pace).await;
    let mut other = server.join().await;
    let payloads = payloads();
    for name in NAMES {
        let mut client = server.join().await;
        client.until("task_end").await;
        for (place, payload) in payloads.iter().enumerate() {
            let comma = if payload.is_empty() { "" } else { "," };
            client.send(format!("42[\"{name}\"{comma}{payload}]")).await;
            if place % 20 == 19 {
                answered(&mut client).await;
            }
        }
        let events = answered(&mut client).await;
        for complaint in complaints(&events) {
            assert!(complaint.len() < 500, "{} bytes: {complaint:.200}", complaint.len());
        }
    }
    let mut events = answered(&mut other).await;
    events.retain(|event| event.data["isError"] == true || event.name == "window_message");
    assert_eq!(events, []);
    server.stop().await;
}

/// Whatever is wrong, the client is not sent its own mistake back at length, nor is it kept.
#[tokio::test]
async fn a_complaint_is_short_however_long_the_mistake_is() {
    let server = TestServer::start_with(everything(), without_pace).await;
    let mut client = server.join_as("tab").await;
    client.until("task_end").await;
    let long = "x".repeat(900_000);
    let mut named = user_message("x");
    named["modes"] = json!({ &long: "small" });
    let mut typed = user_message("x");
    typed["metadata"] = json!(long);
    let mut referring = user_message("x");
    referring["id"] = json!(long);
    let files: Vec<_> = (0..10_000).map(|n| json!({ "id": n.to_string() })).collect();
    for (name, payload) in [
        ("client_message", json!(long)),
        ("client_message", json!({ "message": named })),
        ("client_message", json!({ "message": typed })),
        ("client_message", json!({ "message": referring })),
        ("client_message", json!({ "message": user_message("x"), "fileReferences": long })),
        (
            "client_message",
            json!({ "message": user_message("x"), "fileReferences": [{ "id": long }] }),
        ),
        ("client_message", json!({ "message": user_message("x"), "fileReferences": files })),
        ("edit_message", json!({ "message": long })),
        ("audio_chunk", json!({ "mimeType": "a", "data": long })),
        ("chat_settings_change", json!(long)),
        ("chat_settings_change", json!({ &long: 1 })),
        ("chat_settings_change", json!({ "heat": long })),
        ("chat_settings_change", json!({ "select": long })),
        ("chat_settings_edit", json!({ "tags": [long] })),
    ] {
        client.emit(name, payload).await;
        let events = answered(&mut client).await;
        let [complaint] = complaints(&events)[..] else { panic!("{name}: {}", events.len()) };
        assert!(complaint.len() < 500, "{name}: {} bytes", complaint.len());
    }
    client.cut();
    let mut client = server.join_as("tab").await;
    for event in answered(&mut client).await {
        assert!(event.data.to_string().len() < 10_000, "{}", event.name);
    }
    server.stop().await;
}

#[tokio::test]
async fn what_opens_a_chat_may_be_anything() {
    let server = TestServer::start(everything()).await;
    let long = "x".repeat(10_000);
    let mut odd = values();
    odd.extend([json!(long), json!("%"), json!("%ff%fe"), json!("%00"), json!("%252e%252e%2f")]);
    for key in ["sessionId", "clientType", "threadId", "userEnv", "chatProfile", "offset", "pid"] {
        for value in &odd {
            let mut auth = auth("fresh");
            auth[key] = value.clone();
            if let Err(refused) = server.connect(auth).await {
                assert!(refused.0.len() < 500, "{key}: {}", refused.0.len());
            }
        }
    }
    for auth in [String::new(), nested_in("sessionId", 100), nested_in("x", 1_000)] {
        let mut client = Client::open(server.address).await;
        client.send(format!("40{auth}")).await;
        let answer = client.frame().await;
        assert!(answer.is_none_or(|frame| frame.starts_with("44") && frame.len() < 500));
    }
    let mut client = server.join().await;
    client.until("task_end").await;
    answered(&mut client).await;
    server.stop().await;
}

/// Who edits what is not theirs to edit changes nothing, for nobody.
#[tokio::test]
async fn nobody_edits_what_another_has_said() {
    let server = TestServer::start_with(everything(), without_pace).await;
    let (mut client, mut other) = (server.join_as("tab").await, server.join().await);
    let foreign = other.say("the other's").await;
    other.until("task_end").await;
    client.until("task_end").await;
    client.say("mine").await;
    let events = client.until("task_end").await;
    let said = events.iter().filter(|event| event.name == "new_message");
    let mut ids: Vec<_> = said.map(|event| event.data["id"].clone()).collect();
    ids.push(json!(foreign));
    for id in ids {
        let mut message = user_message("planted");
        message["id"] = id;
        client.emit("edit_message", json!({ "message": message })).await;
        let events = answered(&mut client).await;
        let all = complaints(&events);
        // The page has cut its conversation, and is shown the rest again.
        assert_eq!(all.last(), Some(&"The message to edit is not part of this conversation."));
    }
    client.cut();
    let mut client = server.join_as("tab").await;
    for client in [&mut client, &mut other] {
        let events = answered(client).await;
        assert!(events.iter().all(|event| event.data["output"] != "planted"), "{events:?}");
    }
    server.stop().await;
}

/// A message with the id of what is there already is not taken: it would stand in its place.
#[tokio::test]
async fn a_message_takes_the_place_of_nothing() {
    let server = TestServer::start_with(everything(), without_pace).await;
    let mut client = server.join_as("tab").await;
    client.until("task_end").await;
    let said = client.say("mine").await;
    let events = client.until("task_end").await;
    let shown = events.iter().filter(|event| event.name == "new_message");
    let mut ids: Vec<String> =
        shown.map(|event| event.data["id"].as_str().unwrap().to_owned()).collect();
    ids.push(said);
    let upper: Vec<String> = ids.iter().map(|id| id.to_uppercase()).collect();
    for id in ids.iter().chain(&upper) {
        let mut message = user_message("planted");
        message["id"] = json!(id);
        client.emit("client_message", json!({ "message": message })).await;
    }
    let mut events = answered(&mut client).await;
    client.cut();
    let mut client = server.join_as("tab").await;
    events.extend(answered(&mut client).await);
    assert!(events.iter().all(|event| event.data["output"] != "planted"), "{events:?}");
    server.stop().await;
}

/// The same when the page has forgotten the oldest messages, and the models' context has not.
#[tokio::test]
async fn nothing_takes_the_place_of_what_only_models_still_read() {
    async fn answer(known: cl::ChatContext, message: cl::Message) -> cl::Result {
        let planted =
            known.messages().iter().filter(|message| message.content == "planted").count();
        cl::Message::new(format!("{} {planted}", message.content)).send().await?;
        Ok(())
    }
    let app = App::new().on_message(answer);
    let server = TestServer::start_with(app, |config| config.limits.log_bytes = 20_000).await;
    let mut client = server.join().await;
    client.say("first").await;
    let events = client.until("task_end").await;
    let shown = events.iter().find(|event| event.data["output"] == "first 0").unwrap();
    let id = shown.data["id"].clone();
    let long = "x".repeat(15_000);
    for _ in 0..3 {
        client.say(&long).await;
        client.until("task_end").await;
    }
    let mut message = user_message("planted");
    message["id"] = id;
    client.emit("client_message", json!({ "message": message })).await;
    client.say("last").await;
    assert_eq!(client.answers().await, ["last 0"]);
    server.stop().await;
}

/// Each refused edit has a part of the conversation shown again: as often as the chat may be opened, not more.
#[tokio::test]
async fn a_flood_of_edits_is_not_a_flood_of_conversations() {
    let server = TestServer::start_with(everything(), |config| {
        config.limits.events_per_second = 0;
        config.limits.connects_per_minute = 4;
    })
    .await;
    let mut client = server.join().await;
    client.until("task_end").await;
    client.say("shown again").await;
    let events = client.until("task_end").await;
    let answer = events.iter().find(|event| event.data["output"] == "shown again").unwrap();
    let mut edit = user_message("planted");
    edit["id"] = answer.data["id"].clone();
    for _ in 0..50 {
        client.emit("edit_message", json!({ "message": edit })).await;
    }
    let events = answered(&mut client).await;
    let again = events.iter().filter(|event| event.data["id"] == answer.data["id"]).count();
    assert_eq!(again, 3, "joining was the fourth");
    assert!(complaints(&events).len() >= 50);
    server.stop().await;
}
