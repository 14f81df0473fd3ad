//! Conversations that are opened by their link.

use chainlit_core::{DataLayer, SharedThreadView};
use serde_json::{Map, Value, json};

use super::*;

const ALLOWED: &str = "[features]\nallow_thread_sharing = true\n";

fn path() -> String {
    format!("/project/share/{THREAD}")
}

/// Writes what the thread's metadata say of its link.
async fn mark(kept: &MemoryDataLayer, facts: Value) {
    let Value::Object(metadata) = facts else { panic!("{facts} is no object") };
    let update = ThreadUpdate { metadata: Some(metadata), ..ThreadUpdate::new(THREAD) };
    kept.update_thread(&update).await.unwrap();
}

/// The statuses for its author, for another user, and for nobody.
async fn statuses(history: &History) -> [u16; 3] {
    let [ada, bob] = [history.login("ada").await, history.login("bob").await];
    let mut statuses = [0; 3];
    for (status, caller) in statuses.iter_mut().zip([&ada, &bob, &NOBODY]) {
        *status = history.get(caller, &path()).await.status;
        let content = format!("{}/element/{ELEMENT}/content", path());
        assert_eq!(history.get(caller, &content).await.status, *status);
    }
    statuses
}

async fn start(config: &str, change: impl FnOnce(App) -> App) -> History {
    let file = format!(".chainlit/storage/threads/{THREAD}/files/{ELEMENT}");
    let setup = Setup::default().config(config).file(&file, "bytes");
    History::start_setup(setup, change).await
}

#[tokio::test]
async fn a_link_opens_as_long_as_its_author_wants() {
    let history = start(ALLOWED, |app| app).await;
    assert_eq!(statuses(&history).await, [404; 3]);
    for (facts, status) in [
        (json!({"is_shared": true}), 200),
        (json!({"is_shared": true, "share_expires_at": "2999-01-01T00:00:00Z"}), 200),
        (json!({"is_shared": true, "share_expires_at": "2020-01-01T00:00:00Z"}), 404),
        (json!({"is_shared": true, "share_expires_at": "some day"}), 404),
        (json!({"is_shared": "yes", "share_expires_at": null}), 404),
        (json!({"is_shared": false}), 404),
    ] {
        mark(&history.kept, facts.clone()).await;
        assert_eq!(statuses(&history).await, [status; 3], "{facts}");
    }
}

#[tokio::test]
async fn the_author_shares_and_takes_back() {
    let history = start(ALLOWED, |app| app).await;
    let ada = history.login("ada").await;
    let share = async |body: Value| history.send(&ada, "PUT", "/project/thread/share", body).await;
    let metadata = || {
        history
            .kept
            .threads()
            .iter()
            .find(|thread| thread.id() == THREAD)
            .unwrap()
            .summary
            .metadata
            .clone()
    };

    let end = "2999-01-01T00:00:00Z";
    let body = json!({"threadId": THREAD, "isShared": true, "expiresAt": end});
    assert_eq!(share(body).await.json(), json!({"success": true}));
    assert_eq!(metadata()["is_shared"], true);
    assert_eq!(metadata()["share_expires_at"], end);
    metadata()["shared_at"].as_str().unwrap().parse::<Timestamp>().unwrap();
    assert_eq!(statuses(&history).await, [200; 3]);

    share(json!({"threadId": THREAD, "isShared": true})).await;
    assert!(!metadata().contains_key("share_expires_at"));
    share(json!({"threadId": THREAD, "isShared": false})).await;
    assert_eq!(metadata()["is_shared"], false);
    assert!(!metadata().contains_key("shared_at"));
    assert_eq!(statuses(&history).await, [404; 3]);

    for end in ["2020-01-01T00:00:00Z", "tomorrow"] {
        let body = json!({"threadId": THREAD, "isShared": true, "expiresAt": end});
        assert_eq!(share(body).await.status, 422, "{end}");
    }
    assert_eq!(metadata()["is_shared"], false);
}

#[tokio::test]
async fn where_sharing_is_off_no_link_opens() {
    let history = start("", |app| app).await;
    mark(&history.kept, json!({"is_shared": true})).await;
    assert_eq!(statuses(&history).await, [404; 3]);
    let ada = history.login("ada").await;
    let body = json!({"threadId": THREAD, "isShared": true});
    assert_eq!(history.send(&ada, "PUT", "/project/thread/share", body).await.status, 403);
    let body = json!({"threadId": THREAD, "isShared": false});
    assert_eq!(history.send(&ada, "PUT", "/project/thread/share", body).await.status, 200);
}

#[tokio::test]
async fn the_applications_word_is_final() {
    // Only Bob, whatever the author wants.
    let only_bob = async |view: SharedThreadView, viewer: Option<User>| {
        assert_eq!(view.thread.steps.len(), 3);
        viewer.is_some_and(|viewer| viewer.identifier == "bob")
    };
    let history = start(ALLOWED, |app| app.on_shared_thread_view(only_bob)).await;
    assert_eq!(statuses(&history).await, [404, 200, 404]);
    mark(&history.kept, json!({"is_shared": true})).await;
    assert_eq!(statuses(&history).await, [404, 200, 404]);

    let shared = async |view: SharedThreadView| view.is_shared;
    let history = start(ALLOWED, |app| app.on_shared_thread_view(shared)).await;
    assert_eq!(statuses(&history).await, [404; 3]);
    mark(&history.kept, json!({"is_shared": true})).await;
    assert_eq!(statuses(&history).await, [200; 3]);
    mark(&history.kept, json!({"share_expires_at": "2020-01-01T00:00:00Z"})).await;
    assert_eq!(statuses(&history).await, [404; 3]);
}

#[tokio::test]
async fn an_application_that_fails_allows_nothing() {
    async fn fails() -> Result<bool, String> {
        Err("no database".to_owned())
    }
    async fn panics() -> bool {
        panic!("no luck")
    }
    let failing = start(ALLOWED, |app| app.on_shared_thread_view(fails)).await;
    let panicking = start(ALLOWED, |app| app.on_shared_thread_view(panics)).await;
    for history in [failing, panicking] {
        mark(&history.kept, json!({"is_shared": true})).await;
        assert_eq!(statuses(&history).await, [404; 3]);
    }
}

#[tokio::test]
async fn a_viewer_sees_the_conversation_and_no_more() {
    let history = start(ALLOWED, |app| app).await;
    let facts = json!({"is_shared": true, "chat_profile": "p", "env": {"KEY": "k"}, "x": "secret"});
    mark(&history.kept, facts).await;
    let answer = history.get(&NOBODY, &path()).await;
    let thread = answer.json();
    assert_eq!(thread["name"], "Ada's");
    assert_eq!(thread["steps"].as_array().unwrap().len(), 3);
    assert_eq!(
        thread["metadata"],
        Value::Object(Map::from_iter([("is_shared".to_owned(), json!(true))]))
    );
    assert_eq!(thread["steps"][2]["feedback"], Value::Null);
    let url = thread["elements"][0]["url"].as_str().unwrap();
    assert_eq!(history.get(&NOBODY, url).await.body, b"bytes");
    // The link leads to what it is for, and nowhere else.
    let author_only = url.replace("/share/", "/thread/");
    assert_eq!(history.get(&NOBODY, &author_only).await.status, 401);
    let foreign = url.replace(ELEMENT, BOBS_MESSAGE);
    assert_eq!(history.get(&NOBODY, &foreign).await.status, 404);
}
