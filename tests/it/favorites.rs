//! Messages that a user keeps at hand.

use std::sync::Arc;

use chainlit as cl;
use chainlit::DataLayer;
use chainlit::testing::{MemoryDataLayer, TestApp, TestUser};
use serde_json::Value;

async fn start(kept: &MemoryDataLayer, is_on: bool) -> TestApp {
    let app = cl::App::new()
        .password_auth_callback(async |credentials: cl::Credentials| {
            Some(cl::User::new(credentials.username))
        })
        .on_message(async || cl::Message::new("Yes").send().await)
        .data_layer(kept.clone());
    TestApp::start_with(app, |config| config.features.favorites = is_on).await
}

/// Writes a message of the user down; gives its thread.
async fn store(kept: &MemoryDataLayer, user: &mut TestUser, name: &str, id: &str) -> String {
    // Until then the page has of it no more than what was typed.
    user.reload().await;
    let screen = user.until(|screen| !screen.entries.is_empty()).await;
    let entry = screen.entries.iter().find(|entry| entry.id == id).unwrap();
    let dict: chainlit_core::wire::MessageDict =
        serde_json::from_value(Value::Object(entry.dict.clone())).unwrap();
    let thread_id = dict.thread_id.to_string();
    let update = cl::ThreadUpdate {
        user_id: Some(kept.get_user(name).await.unwrap().unwrap().id),
        user_identifier: Some(name.to_owned()),
        ..cl::ThreadUpdate::new(thread_id.as_str())
    };
    kept.update_thread(&update).await.unwrap();
    kept.create_step(&cl::ThreadStep::Message(Arc::new(dict))).await.unwrap();
    thread_id
}

fn mark(user: &TestUser, id: &str) -> Value {
    let screen = user.screen();
    let entry = screen.entries.iter().find(|entry| entry.id == id).unwrap();
    entry.dict["metadata"]["favorite"].clone()
}

fn names(screen: &cl::testing::Screen) -> Vec<&str> {
    screen.favorites.iter().map(|step| step["output"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_favourite_is_there_in_each_chat_until_it_is_unmarked() {
    let kept = MemoryDataLayer::new();
    let app = start(&kept, true).await;
    let mut ada = app.login("ada", "x").await.unwrap();
    ada.send("Hi").await;
    let said = ada.screen().entries[0].id.clone();
    let thread = store(&kept, &mut ada, "ada", &said).await;

    ada.mark_favorite("", &said, true).await;
    ada.until(|screen| names(screen) == ["Hi"]).await;
    assert_eq!(mark(&ada, &said), true);

    // Another chat lists it, and takes the mark away by its thread.
    ada.new_chat().await;
    ada.until(|screen| names(screen) == ["Hi"]).await;
    ada.mark_favorite(&thread, &said, false).await;
    ada.until(|screen| names(screen).is_empty()).await;
    let user_id = kept.get_user("ada").await.unwrap().unwrap().id;
    assert!(kept.get_favorite_steps(&user_id).await.unwrap().is_empty());
    app.shutdown().await;
}

/// The conversation that the application keeps would bring the old mark back.
#[tokio::test]
async fn an_edit_does_not_bring_a_mark_back() {
    let kept = MemoryDataLayer::new();
    let app = start(&kept, true).await;
    let mut ada = app.login("ada", "x").await.unwrap();
    ada.send("Hi").await;
    let said = ada.screen().entries[0].id.clone();
    store(&kept, &mut ada, "ada", &said).await;
    ada.mark_favorite("", &said, true).await;
    ada.until(|screen| names(screen) == ["Hi"]).await;
    ada.mark_favorite("", &said, false).await;
    ada.until(|screen| names(screen).is_empty()).await;
    ada.edit(&said, "Hello").await;
    assert_eq!(mark(&ada, &said), false);
    app.shutdown().await;
}

#[tokio::test]
async fn nobody_marks_what_is_anothers() {
    let kept = MemoryDataLayer::new();
    let app = start(&kept, true).await;
    let [mut ada, mut bob] =
        [app.login("ada", "x").await.unwrap(), app.login("bob", "x").await.unwrap()];
    ada.send("Hi").await;
    let said = ada.screen().entries[0].id.clone();
    let thread = store(&kept, &mut ada, "ada", &said).await;
    bob.send("Mine").await;
    let bobs = bob.screen().entries[0].id.clone();
    let bobs_thread = store(&kept, &mut bob, "bob", &bobs).await;
    let before: Vec<_> = kept.threads().into_iter().map(|thread| thread.steps).collect();
    // By her thread, and by his own.
    for (named, toasts) in [(&thread, 1), (&bobs_thread, 2)] {
        bob.mark_favorite(named, &said, true).await;
        let screen = bob.until(|screen| screen.toasts.len() == toasts).await;
        assert!(screen.toasts[toasts - 1].1.contains("not stored"), "{:?}", screen.toasts);
    }
    let after: Vec<_> = kept.threads().into_iter().map(|thread| thread.steps).collect();
    assert_eq!(before, after);
    assert!(bob.screen().favorites.is_empty() && ada.screen().favorites.is_empty());
    app.shutdown().await;
}

#[tokio::test]
async fn where_they_are_off_none_is_kept() {
    let kept = MemoryDataLayer::new();
    let app = start(&kept, false).await;
    let mut ada = app.login("ada", "x").await.unwrap();
    ada.send("Hi").await;
    let said = ada.screen().entries[0].id.clone();
    store(&kept, &mut ada, "ada", &said).await;
    ada.mark_favorite("", &said, true).await;
    let screen = ada.until(|screen| screen.toasts.len() == 1).await;
    assert_eq!(screen.toasts[0].1, "Favourites can't be kept here.");
    assert!(mark(&ada, &said).is_null());
    app.shutdown().await;
}
