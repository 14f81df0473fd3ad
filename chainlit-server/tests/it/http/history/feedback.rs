//! What users think of answers.

use std::sync::Arc;

use chainlit_core::Session;
use parking_lot::Mutex;
use serde_json::{Value, json};

use super::*;

fn feedback(value: u8) -> Value {
    json!({"forId": ANSWER, "threadId": THREAD, "value": value})
}

async fn give(history: &History, caller: &Caller, feedback: Value) -> Answer {
    history.send(caller, "PUT", "/feedback", json!({"feedback": feedback, "sessionId": "x"})).await
}

fn kept(history: &History) -> Vec<Feedback> {
    history.kept.threads().iter().flat_map(|thread| thread.feedbacks.clone()).collect()
}

#[tokio::test]
async fn a_feedback_is_changed_and_its_comment_goes() {
    let history = History::start().await;
    let ada = history.login("ada").await;
    let answer = give(
        &history,
        &ada,
        json!({
            "id": FEEDBACK, "forId": ANSWER, "threadId": THREAD, "value": 0, "comment": "no\0!",
        }),
    );
    assert_eq!(answer.await.json(), json!({"success": true, "feedbackId": FEEDBACK}));
    assert_eq!(kept(&history)[0].comment.as_deref(), Some("no!"));
    let mut without = feedback(0);
    without["id"] = json!(FEEDBACK);
    without["comment"] = Value::Null;
    give(&history, &ada, without).await;
    let [only] = <[Feedback; 1]>::try_from(kept(&history)).unwrap();
    assert_eq!((only.value, only.comment), (FeedbackValue::Negative, None));
}

#[tokio::test]
async fn a_step_has_one_feedback() {
    let history = History::start().await;
    let ada = history.login("ada").await;
    let ids: Vec<Value> = [
        give(&history, &ada, feedback(1)).await.json()["feedbackId"].clone(),
        give(&history, &ada, feedback(0)).await.json()["feedbackId"].clone(),
    ]
    .into();
    let [only] = <[Feedback; 1]>::try_from(kept(&history)).unwrap();
    assert_eq!(json!(only.id), ids[1]);
    let body = json!({"feedbackId": ids[1]});
    let answer = history.send(&ada, "DELETE", "/feedback", body.clone()).await;
    assert_eq!(answer.json(), json!({"success": true}));
    assert!(kept(&history).is_empty());
    assert_eq!(history.send(&ada, "DELETE", "/feedback", body).await.status, 404);
}

/// One's own thread opens no other one.
#[tokio::test]
async fn nobody_speaks_in_the_name_of_another() {
    let history = History::start().await;
    let bob = history.login("bob").await;
    let before = history.kept.threads();
    for (feedback, status) in [
        (json!({"forId": ANSWER, "threadId": BOBS, "value": 0}), 404),
        (json!({"id": FEEDBACK, "forId": BOBS_MESSAGE, "threadId": BOBS, "value": 0}), 404),
        (json!({"forId": ANSWER, "threadId": THREAD, "value": 0}), 401),
        (json!({"forId": ANSWER, "value": 0}), 404),
        (json!({"forId": BOBS_MESSAGE, "threadId": BOBS, "value": 2}), 422),
        (
            json!({"forId": BOBS_MESSAGE, "threadId": BOBS, "value": 1, "comment": "x".repeat(17_000)}),
            422,
        ),
    ] {
        let answer = give(&history, &bob, feedback.clone()).await;
        assert_eq!(answer.status, status, "{feedback}: {}", answer.text());
        assert_eq!(history.kept.threads(), before, "{feedback}");
    }
}

#[tokio::test]
async fn the_application_hears_of_it_with_its_user() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hears = {
        let heard = Arc::clone(&heard);
        move |feedback: Feedback, session: Session| {
            let heard = Arc::clone(&heard);
            async move {
                heard.lock().push((feedback.id, session.user().map(|user| user.identifier)));
                Err::<(), _>("the application fails")
            }
        }
    };
    let history = History::start_with("", |app| app.on_feedback(hears)).await;
    let ada = history.login("ada").await;
    // It is stored by then: that the application fails changes nothing.
    let answer = give(&history, &ada, feedback(0)).await.json();
    let id = answer["feedbackId"].as_str().unwrap().to_owned();
    assert_eq!(*heard.lock(), [(Some(id), Some("ada".to_owned()))]);
    assert_eq!(kept(&history).len(), 1);
}
