//! Values of the form that it does not have.

use serde_json::{Value, json};

use super::app::{everything, without_pace};
use super::{answered, complaints, nested_in};
use crate::support::{Client, TestServer};

/// The values that the application was told, and what the user was.
async fn sent(client: &mut Client, payload: &str) -> (Vec<Value>, Vec<String>) {
    client.send(format!("42[\"chat_settings_change\",{payload}]")).await;
    let events = answered(client).await;
    let told = complaints(&events).into_iter().map(str::to_owned).collect();
    let taken = events.iter().filter(|event| event.name == "window_message");
    (taken.map(|event| event.data["settings"].clone()).collect(), told)
}

#[tokio::test]
async fn what_is_no_value_is_refused() {
    let server = TestServer::start_with(everything(), without_pace).await;
    let mut client = server.join().await;
    client.until("task_end").await;
    let long = format!("{{\"text\":\"{}\"}}", "x".repeat(900_000));
    let deep = nested_in("tags", 1_000);
    let deeper = nested_in("text", 100);
    for wrong in [
        r#"{"heat":2.0000001}"#,
        r#"{"heat":-1e300}"#,
        r#"{"heat":1e999}"#,
        r#"{"heat":"NaN"}"#,
        r#"{"heat":true}"#,
        r#"{"number":"NaN"}"#,
        r#"{"number":"Infinity"}"#,
        r#"{"number":"-inf"}"#,
        r#"{"number":"1e999"}"#,
        r#"{"number":"0x10"}"#,
        r#"{"number":[1]}"#,
        r#"{"text":7}"#,
        r#"{"tags":["a",1]}"#,
        r#"{"tags":{"0":"a"}}"#,
        r#"{"switch":"true"}"#,
        r#"{"switch":1}"#,
        r#"{"select":"c"}"#,
        r#"{"select":["a"]}"#,
        r#"{"plan":"gold"}"#,
        r#"{"heat":1,"__proto__":{}}"#,
        r#"{"":1}"#,
        // A form's tab has an id, too.
        r#"{"heat":1,"tab":{"text":"a"}}"#,
        &long,
        &deep,
        &deeper,
    ] {
        let (taken, told) = sent(&mut client, wrong).await;
        assert_eq!((taken.len(), told.len()), (0, 1), "{wrong:.60} {told:?}");
    }
    let (taken, told) = sent(&mut client, r#"{"heat":0.5,"number":" 7 ","plan":"basic"}"#).await;
    let mut wanted = json!({ "heat": 0.5, "number": 7, "tags": [], "plan": "basic" });
    for (key, value) in taken[0].as_object().unwrap() {
        if let Some(wanted) = wanted.as_object_mut().unwrap().remove(key) {
            assert_eq!(*value, wanted, "{key}");
        }
    }
    assert_eq!((wanted, told), (json!({}), vec![]));
    server.stop().await;
}

/// Of what is edited only the last state matters; nothing piles up, nothing is kept.
#[tokio::test]
async fn a_flood_of_edits_ends_with_the_last() {
    let server = TestServer::start_with(everything(), without_pace).await;
    let mut client = server.join().await;
    client.until("task_end").await;
    for n in 0..2_000 {
        let text = format!("{n} {}", "x".repeat(1_000));
        client.emit("chat_settings_edit", json!({ "text": text })).await;
    }
    loop {
        let event = client.next().await.unwrap();
        let text = event.data["settings"]["text"].as_str().unwrap_or_default();
        if text.starts_with("1999 ") {
            break;
        }
    }
    let (taken, _) = sent(&mut client, r#"{"heat":0.5}"#).await;
    assert_eq!(taken.last().unwrap()["text"], Value::Null, "an edit is not kept");
    server.stop().await;
}
