use std::sync::Arc;

use chainlit_core::{
    Feedback, FeedbackValue, SharedDataLayer, StepRange, ThreadStep, ThreadUpdate, Timestamp,
};
use serde_json::json;

use super::{element, id, message, new_thread, new_user, put};

pub(super) async fn check(layer: &SharedDataLayer) {
    unknown_ids(layer).await;
    authors(layer).await;
    updates(layer).await;
    deletion(layer).await;
}

async fn unknown_ids(layer: &SharedDataLayer) {
    let nowhere = id();
    for unknown in [&*nowhere, "no id", "", "../x", "\0"] {
        let asked = "what is not there can be asked for";
        assert_eq!(layer.get_thread_summary(unknown).await.expect(asked), None);
        assert_eq!(layer.get_thread(unknown, StepRange::All).await.expect(asked), None);
        assert_eq!(layer.get_thread_author(unknown).await.expect(asked), None);
        assert_eq!(layer.get_element(unknown, unknown).await.expect(asked), None);
        assert_eq!(layer.get_feedback(unknown).await.expect(asked), None);
        assert!(!layer.delete_feedback(unknown).await.expect(asked));
        assert_eq!(layer.set_step_favorite(unknown, unknown, true).await.expect(asked), None);
        assert_eq!(layer.get_favorite_steps(unknown).await.expect(asked), []);
        layer.delete_thread(unknown).await.expect("what is not there can be removed");
    }
    layer.delete_step(&nowhere, &nowhere).await.expect("what is not there can be removed");
    layer.delete_element(&nowhere, &nowhere).await.expect("what is not there can be removed");
}

async fn authors(layer: &SharedDataLayer) {
    let (ada, bob) = (new_user(layer).await, new_user(layer).await);
    let thread = id();
    put(layer, message(&thread, 1, "Hi")).await;
    let summary = layer.get_thread_summary(&thread).await.expect("a thread is read");
    let summary = summary.expect("a message makes its thread");
    assert_eq!((&*summary.id, summary.user_id, summary.name), (&*thread, None, None));
    assert!(summary.created_at.is_some() && summary.updated_at.is_some(), "a thread has times");

    let mut update = ThreadUpdate::new(Arc::clone(&thread));
    update.user_id = Some(ada.id.clone());
    update.user_identifier = Some(ada.user.identifier.clone());
    layer.update_thread(&update).await.expect("a thread gets an author");
    update.user_id = Some(bob.id.clone());
    update.user_identifier = Some(bob.user.identifier.clone());
    layer.update_thread(&update).await.expect("another author is no error");
    let author = layer.get_thread_author(&thread).await.expect("an author is read");
    assert_eq!(author.as_ref(), Some(&ada.user.identifier), "an author stays");
    let summary = layer.get_thread_summary(&thread).await.expect("a thread is read");
    assert_eq!(summary.and_then(|thread| thread.user_id), Some(ada.id), "an author stays");
}

async fn updates(layer: &SharedDataLayer) {
    let ada = new_user(layer).await;
    let thread = new_thread(layer, &ada, "First").await;
    let change = |change: &dyn Fn(&mut ThreadUpdate)| {
        let mut update = ThreadUpdate::new(Arc::clone(&thread));
        change(&mut update);
        update
    };
    let object = |value: serde_json::Value| value.as_object().cloned();
    for update in [
        change(&|update| {
            update.name = Some("Second".to_owned());
            update.keeps_name = true;
            update.metadata = object(json!({"a": 1, "b": {"c": 2}, "gone": true}));
            update.tags = Some(vec!["x".to_owned(), "a \"b\", {c}\\".to_owned()]);
        }),
        change(&|update| update.metadata = object(json!({"b": {"d": "ä\n"}, "gone": null}))),
    ] {
        layer.update_thread(&update).await.expect("a thread is changed");
    }
    let summary = layer.get_thread_summary(&thread).await.expect("a thread is read");
    let summary = summary.expect("the thread is there");
    assert_eq!(summary.name.as_deref(), Some("First"), "`keeps_name` keeps the name");
    let metadata = object(json!({"a": 1, "b": {"d": "ä\n"}})).expect("an object");
    assert_eq!(summary.metadata, metadata, "metadata are merged one deep, and null takes away");
    assert_eq!(
        summary.tags.unwrap_or_default(),
        ["x", "a \"b\", {c}\\"],
        "tags are kept as they are"
    );
    assert_eq!(summary.archived_at, None);

    let time = Timestamp::from_micros(1_760_000_000_000_000);
    for (update, name, archived_at) in [
        (change(&|update| update.archived_at = Some(Some(time))), "First", Some(time)),
        (change(&|update| update.name = Some("Third".to_owned())), "Third", Some(time)),
        (change(&|update| update.archived_at = Some(None)), "Third", None),
    ] {
        layer.update_thread(&update).await.expect("a thread is changed");
        let summary = layer.get_thread_summary(&thread).await.expect("a thread is read");
        let summary = summary.expect("the thread is there");
        assert_eq!((summary.name.as_deref(), summary.archived_at), (Some(name), archived_at));
        assert_eq!(summary.metadata, metadata, "what is not given stays");
        assert_eq!(summary.user_id.as_ref(), Some(&ada.id), "what is not given stays");
    }
}

async fn deletion(layer: &SharedDataLayer) {
    let ada = new_user(layer).await;
    let thread = new_thread(layer, &ada, "Gone").await;
    let kept = new_thread(layer, &ada, "Kept").await;
    let other = put(layer, message(&kept, 1, "Stays")).await;
    let said = put(layer, message(&thread, 1, "Goes")).await;
    let shown = element(&thread, &said);
    layer.create_element(&shown).await.expect("an element is stored");
    let feedback = Feedback {
        id: None,
        for_id: said.to_string(),
        thread_id: Some(thread.to_string()),
        value: FeedbackValue::Positive,
        comment: None,
    };
    let feedback = layer.upsert_feedback(&feedback).await.expect("feedback is stored");
    layer.delete_thread(&thread).await.expect("a thread is removed");
    let read = "what is gone can be asked for";
    assert_eq!(layer.get_thread(&thread, StepRange::All).await.expect(read), None);
    assert_eq!(layer.get_element(&thread, &shown.id).await.expect(read), None);
    assert_eq!(layer.get_feedback(&feedback).await.expect(read), None);
    let kept = layer.get_thread(&kept, StepRange::All).await.expect(read).expect("it stays");
    assert_eq!(kept.steps.iter().map(ThreadStep::id).collect::<Vec<_>>(), [&other]);
}
