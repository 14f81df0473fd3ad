//! What a page asks for by HTTP beside its socket: changes of elements, actions, files.

use serde_json::{Value, json};

use super::app::{everything, without_pace};
use super::{answered, complaints, nested, values};
use crate::support::{Client, Event, TestServer};

/// A chat that shows a component and a button.
async fn with_component(server: &TestServer, session: &str) -> (Client, Value, Value) {
    let mut client = server.join_as(session).await;
    client.until("task_end").await;
    client.say("component").await;
    let events = client.until("task_end").await;
    let find = |name: &str| events.iter().find(|event| event.name == name).unwrap().data.clone();
    (client, find("element"), find("action"))
}

/// Sends a body that the server may refuse before it has read it.
async fn ask(server: &TestServer, method: &str, path: &str, body: &str) -> (u16, String) {
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    let answer = server.raw(&[head.as_bytes(), body.as_bytes()].concat()).await;
    (answer.status, answer.text())
}

fn changes(events: &[Event]) -> Vec<&Event> {
    let names = ["element", "remove_element", "remove_action"];
    events.iter().filter(|event| names.contains(&&*event.name)).collect()
}

#[tokio::test]
async fn bodies_of_any_shape_change_nothing() {
    let server = TestServer::start_with(everything(), without_pace).await;
    let (mut client, element, action) = with_component(&server, "tab").await;
    let id = element["id"].as_str().unwrap();
    let mut bodies = vec![
        String::new(),
        "{".to_owned(),
        nested(1_000),
        nested(30_000),
        "\"\\ud800\"".to_owned(),
        format!("{{\"sessionId\":\"tab\",\"element\":{{\"id\":\"{id}\",\"type\":\"custom\",\"props\":{{\"a\":{}}}}}}}", nested(1_000)),
        format!("{{\"sessionId\":\"tab\",\"action\":{{\"name\":\"call\",\"payload\":{}}}}}", nested(1_000)),
        json!({ "sessionId": "tab", "element": element, "action": action, "x": "x".repeat(1_000_001) }).to_string(),
    ];
    for value in values() {
        bodies.push(value.to_string());
        bodies
            .push(json!({ "sessionId": value, "element": element, "action": action }).to_string());
        bodies.push(json!({ "sessionId": "tab", "element": value, "action": value }).to_string());
        // The right names are left out: they would be right.
        for key in ["id", "type"] {
            let mut element = element.clone();
            element[key] = value.clone();
            bodies.push(json!({ "sessionId": "tab", "element": element }).to_string());
        }
        let mut action = action.clone();
        action["name"] = value;
        bodies.push(json!({ "sessionId": "tab", "action": action }).to_string());
    }
    for body in &bodies {
        for (method, path) in [
            ("PUT", "/project/element"),
            ("DELETE", "/project/element"),
            ("POST", "/project/action"),
        ] {
            let (status, answer) = ask(&server, method, path, body).await;
            let is_refused = (400..500).contains(&status) || answer == r#"{"success":false}"#;
            assert!(is_refused, "{status} {answer:.300} to {method} {body:.300}");
            assert!(answer.len() < 1_000, "{} bytes to {method} {body:.300}", answer.len());
        }
    }
    let events = answered(&mut client).await;
    assert_eq!((changes(&events), complaints(&events)), (vec![], vec![]));
    server.stop().await;
}

/// Who knows nothing but his own session's id reaches nothing of another one.
#[tokio::test]
async fn nothing_of_another_session_is_reached() {
    let server = TestServer::start_with(everything(), without_pace).await;
    let (mut owner, element, action) = with_component(&server, "owner").await;
    let (mut thief, own, own_action) = with_component(&server, "thief").await;
    let key = element["chainlitKey"].as_str().unwrap();
    assert_eq!(server.get_file("owner", key, "").await.status, 200);
    assert_eq!(server.get_file("thief", key, "").await.status, 404);
    let mut dressed = own.clone();
    for (key, value) in element.as_object().unwrap() {
        if key != "id" {
            dressed[key] = value.clone();
        }
    }
    dressed["props"] = json!({ "stolen": true });
    let put = json!({ "sessionId": "thief", "element": element });
    assert_eq!(server.request("PUT", "/project/element", Some(put.clone())).await.0, 404);
    assert_eq!(server.request("DELETE", "/project/element", Some(put)).await.0, 404);
    let put = json!({ "sessionId": "thief", "element": dressed });
    assert_eq!(server.request("PUT", "/project/element", Some(put)).await.0, 200);
    let shown = thief.until("element").await.pop().unwrap().data;
    assert_eq!((&shown["forId"], &shown["threadId"]), (&own["forId"], &own["threadId"]));

    // A component's page may call; what it gets is its own.
    let call = json!({ "sessionId": "thief", "action": action });
    let (status, answer) = server.request("POST", "/project/action", Some(call)).await;
    assert_eq!((status, &answer["response"]), (200, &json!([{ "by": 1 }, action["forId"]])));
    let mut forged = own_action.clone();
    forged["payload"] = json!({ "by": 1_000 });
    forged["forId"] = action["forId"].clone();
    let call = json!({ "sessionId": "thief", "action": forged });
    let (_, answer) = server.request("POST", "/project/action", Some(call)).await;
    assert_eq!(answer["response"], json!([{ "by": 1 }, own_action["forId"]]), "as it was offered");

    let events = answered(&mut owner).await;
    assert_eq!((changes(&events), complaints(&events)), (vec![], vec![]));
    assert_eq!(complaints(&answered(&mut thief).await), [""; 0]);
    server.stop().await;
}

/// A component that changes its props all the time is read more slowly, and what it writes is bounded.
#[tokio::test]
async fn changes_without_end_keep_few_files() {
    let server = TestServer::start_with(everything(), without_pace).await;
    let (mut client, mut element, _) = with_component(&server, "tab").await;
    for n in 0..100 {
        element["props"] = json!({ "n": n, "x": "x".repeat(50_000) });
        let body = json!({ "sessionId": "tab", "element": element });
        assert_eq!(server.request("PUT", "/project/element", Some(body)).await.0, 200);
        client.until("element").await;
    }
    let kept = server.kept_files().len();
    assert!(kept < 20, "{kept} files");
    answered(&mut client).await;
    server.stop().await;
}
