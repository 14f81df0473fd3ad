//! The application's functions that a request calls: in whose session, and with which user.

use std::sync::Arc;

use chainlit as cl;
use chainlit::DataLayer;
use chainlit::testing::{MemoryDataLayer, TestApp, TestUser};
use serde_json::{Value, json};

fn app(kept: &MemoryDataLayer) -> cl::App {
    cl::App::new()
        .on_message(async || cl::Message::new("Yes").send().await)
        .on_feedback(async |feedback: cl::Feedback, user: Option<cl::User>| {
            let name = user.map_or("somebody".to_owned(), |user| user.identifier);
            let value = u8::from(feedback.value);
            cl::send_toast(format!("{name} says {value}"), cl::ToastKind::Info).await
        })
        .data_layer(kept.clone())
}

/// Writes the chat's last message down; gives it and its thread.
async fn store(kept: &MemoryDataLayer, user: &TestUser, name: Option<&str>) -> [String; 2] {
    let screen = user.screen();
    let dict = Value::Object(screen.entries.last().unwrap().dict.clone());
    let dict: chainlit_core::wire::MessageDict = serde_json::from_value(dict).unwrap();
    let ids = [dict.id.to_string(), dict.thread_id.to_string()];
    let mut update = cl::ThreadUpdate::new(ids[1].as_str());
    if let Some(name) = name {
        update.user_id = Some(kept.get_user(name).await.unwrap().unwrap().id);
        update.user_identifier = Some(name.to_owned());
    }
    kept.update_thread(&update).await.unwrap();
    kept.create_step(&cl::ThreadStep::Message(Arc::new(dict))).await.unwrap();
    ids
}

#[tokio::test]
async fn a_feedback_is_heard_in_the_session_that_it_names() {
    let kept = MemoryDataLayer::new();
    let app = app(&kept).password_auth_callback(async |credentials: cl::Credentials| {
        Some(cl::User::new(credentials.username))
    });
    let app = TestApp::start(app).await;
    let [ada, bob] = [app.login("ada", "x").await.unwrap(), app.login("bob", "x").await.unwrap()];
    ada.send("Hi").await;
    let [message, thread] = store(&kept, &ada, Some("ada")).await;
    let feedback = json!({"forId": message, "threadId": thread, "value": 1});
    let body = json!({"feedback": feedback, "sessionId": ada.session_id()});
    ada.call("PUT", "/feedback", &body).await.unwrap();
    let screen = ada.until(|screen| !screen.toasts.is_empty()).await;
    assert_eq!(screen.toasts[0].1, "ada says 1");

    // A session is no ticket to another's conversation, and another's session is not spoken in.
    assert_eq!(bob.call("PUT", "/feedback", &body).await.unwrap_err(), "Unauthorized");
    bob.send("Hi").await;
    let [message, thread] = store(&kept, &bob, Some("bob")).await;
    let feedback = json!({"forId": message, "threadId": thread, "value": 0});
    let body = json!({"feedback": feedback, "sessionId": ada.session_id()});
    bob.call("PUT", "/feedback", &body).await.unwrap();
    assert_eq!(ada.idle().await.toasts.len(), 1);
    app.shutdown().await;
}

/// Where nobody logs in, the live session is what opens its own conversation.
#[tokio::test]
async fn a_session_without_a_user_has_its_own_conversation() {
    let kept = MemoryDataLayer::new();
    let app = TestApp::start(app(&kept)).await;
    let [one, other] = [app.user("one").await, app.user("other").await];
    one.send("Hi").await;
    let [message, thread] = store(&kept, &one, None).await;
    let path = |session: &str| format!("/project/thread/{thread}?session_id={session}");
    let found = one.call("GET", &path(one.session_id()), &Value::Null).await.unwrap();
    let steps = found["steps"].as_array().unwrap();
    assert!(steps.iter().any(|step| step["output"] == "Yes"), "{steps:?}");
    for session in [other.session_id(), "unknown", ""] {
        let refused = other.call("GET", &path(session), &Value::Null).await;
        assert_eq!(refused.unwrap_err(), "Unauthorized", "{session}");
    }

    let feedback = json!({"forId": message, "value": 0});
    let body = |session: &str| json!({"feedback": feedback, "sessionId": session});
    other.call("PUT", "/feedback", &body(other.session_id())).await.unwrap_err();
    let given = one.call("PUT", "/feedback", &body(one.session_id())).await.unwrap();
    let screen = one.until(|screen| !screen.toasts.is_empty()).await;
    assert_eq!(screen.toasts[0].1, "somebody says 0");
    let body = json!({"feedbackId": given["feedbackId"]});
    one.call("DELETE", "/feedback", &body).await.unwrap();
    assert!(kept.threads().iter().all(|thread| thread.feedbacks.is_empty()));
    app.shutdown().await;
}
