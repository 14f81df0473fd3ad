//! The frames that this framework sends, made with `format!`.

use uuid::Uuid;

/// No clock is asked: it would cost something.
const TIME: &str = "2026-11-21T02:25:26.335047Z";

pub(super) const OPEN: &str = r#"0{"sid":"YqE9-RhgNL7mXQ3oAAAC","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;
pub(super) const CONNECTED: &str = r#"40{"sid":"YqE9-RhgNL7mXQ3oAAAD"}"#;
pub(super) const TASK_START: &str = r#"42["task_start",{}]"#;
pub(super) const TASK_END: &str = r#"42["task_end",{}]"#;
pub(super) const GREETED: [&str; 3] =
    [TASK_END, r#"42["clear_ask",{}]"#, r#"42["clear_call_fn",{}]"#];

pub(super) fn id() -> String {
    Uuid::new_v4().to_string()
}

/// A message, in that event.
pub(super) fn message(event: &str, id: &str, thread: &str, run: &str, text: &str) -> String {
    let streaming = event == "stream_start";
    format!(
        r#"42["{event}",{{"id":"{id}","threadId":"{thread}","parentId":"{run}","createdAt":"{TIME}","command":null,"modes":null,"start":"{TIME}","end":"{TIME}","output":"{text}","name":"Assistant","type":"assistant_message","language":null,"streaming":{streaming},"isError":false,"waitForAnswer":false,"metadata":{{}},"tags":null}}]"#
    )
}

/// The step around a handler's run. `input` is known when it has ended.
pub(super) fn run(name: &str, id: &str, thread: &str, input: Option<&str>) -> String {
    let (event, end) = match input {
        Some(_) => ("update_message", format!("\"{TIME}\"")),
        None => ("new_message", "null".to_owned()),
    };
    let input = input.unwrap_or_default();
    format!(
        r#"42["{event}",{{"name":"{name}","type":"run","id":"{id}","threadId":"{thread}","parentId":null,"streaming":false,"metadata":{{}},"tags":null,"input":"{input}","isError":false,"output":"","createdAt":"{TIME}","start":"{TIME}","end":{end},"language":null,"defaultOpen":false,"autoCollapse":false,"showInput":"json","generation":null}}]"#
    )
}

pub(super) fn token(id: &str, text: &str) -> String {
    format!(
        r#"42["stream_token",{{"id":"{id}","token":"{text}","isSequence":false,"isInput":false}}]"#
    )
}

pub(super) fn first_interaction(thread: &str, text: &str) -> String {
    format!(r#"42["first_interaction",{{"interaction":"{text}","thread_id":"{thread}"}}]"#)
}
