//! What attackers and careless clients send to each part of a chat. Each gets a clear error or silence, and the chat
//! goes on.

mod app;
mod asks;
mod crossing;
mod elements;
mod events;
mod settings;
mod sound;
mod uploads;

use serde_json::Value;

use crate::support::{Client, Event};

/// Says something and waits for its answer; gives all that came until then.
async fn answered(client: &mut Client) -> Vec<Event> {
    let text = uuid::Uuid::new_v4().to_string();
    client.say(&text).await;
    let mut events = Vec::new();
    loop {
        let event = client.next().await.unwrap_or_else(|| panic!("the end after {events:?}"));
        // A page that edits is shown its own messages again, too.
        let is_said = event.data["type"] == "assistant_message" && event.data["output"] == text;
        let is_answer = event.name == "new_message" && is_said;
        events.push(event);
        if is_answer {
            events.extend(client.until("task_end").await);
            return events;
        }
    }
}

/// The texts of the errors and toasts among them.
fn complaints(events: &[Event]) -> Vec<&str> {
    let text = |event: &'_ Event| match event.name.as_str() {
        "toast" => true,
        "new_message" => event.data["isError"] == true,
        _ => false,
    };
    let told = events.iter().filter(|event| text(event));
    told.map(|event| {
        let key = if event.name == "toast" { "message" } else { "output" };
        event.data[key].as_str().unwrap()
    })
    .collect()
}

/// JSON that is nested so deep.
fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

/// The same in an object.
fn nested_in(key: &str, depth: usize) -> String {
    format!("{{\"{key}\":{}}}", nested(depth))
}

/// One value of each type, and some that are like nothing.
fn values() -> Vec<Value> {
    use serde_json::json;
    vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1.5),
        json!(u64::MAX),
        json!(1e308),
        json!(""),
        json!("NaN"),
        json!("\0\r\n\u{202e}"),
        json!("x".repeat(100_000)),
        json!([]),
        json!([[], {}, null]),
        json!({}),
        json!({ "": "", "__proto__": { "isError": false } }),
        json!({ "_placeholder": true, "num": 0 }),
    ]
}
