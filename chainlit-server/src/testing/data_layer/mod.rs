//! What the server expects of a data layer, as checks that anyone can run on theirs.

mod lists;
mod records;
mod steps;
mod threads;
mod users;

use std::sync::Arc;

use chainlit_core::wire::{ElementDict, MessageDict, StepDict};
use chainlit_core::{
    DataLayer, ElementType, MessageType, PersistedUser, SharedDataLayer, StepType, ThreadStep,
    ThreadUpdate, Timestamp, User,
};
use uuid::Uuid;

/// Checks that a data layer does what the server expects, with users and threads of its own: the database may
/// have others.
///
/// ```
/// use chainlit::testing::{MemoryDataLayer, check_data_layer};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// check_data_layer(MemoryDataLayer::new()).await;
/// # }
/// ```
///
/// # Panics
///
/// At the first thing that is otherwise, with its name.
pub async fn check_data_layer(layer: impl DataLayer) {
    let layer = &SharedDataLayer::from(layer);
    users::check(layer).await;
    threads::check(layer).await;
    steps::check(layer).await;
    lists::check(layer).await;
    records::check(layer).await;
    layer.check_health().await.expect("a healthy data layer says so");
}

fn id() -> Arc<str> {
    Uuid::new_v4().to_string().into()
}

/// A user whom nobody else has made.
async fn new_user(layer: &SharedDataLayer) -> PersistedUser {
    let user = User::new(format!("check-{}", Uuid::new_v4()));
    layer.create_user(&user).await.expect("a new user is stored")
}

/// A thread of that user; gives its id.
async fn new_thread(layer: &SharedDataLayer, user: &PersistedUser, name: &str) -> Arc<str> {
    let thread = id();
    let update = ThreadUpdate {
        name: Some(name.to_owned()),
        user_id: Some(user.id.clone()),
        user_identifier: Some(user.user.identifier.clone()),
        ..ThreadUpdate::new(Arc::clone(&thread))
    };
    layer.update_thread(&update).await.expect("a new thread is stored");
    thread
}

/// A message of that thread, written as the `place`-th of it.
fn message(thread: &Arc<str>, place: i64, text: &str) -> MessageDict {
    let time = Some(time(place));
    MessageDict {
        id: id(),
        thread_id: Arc::clone(thread),
        parent_id: None,
        created_at: time,
        command: None,
        modes: None,
        start: time,
        end: time,
        output: text.to_owned(),
        name: "Assistant".to_owned(),
        kind: MessageType::Assistant,
        language: None,
        streaming: false,
        is_error: false,
        wait_for_answer: false,
        metadata: chainlit_core::wire::Facts::default(),
        tags: None,
    }
}

fn step(thread: &Arc<str>, place: i64) -> StepDict {
    let mut step = StepDict::new(id(), Arc::clone(thread), "search", StepType::Tool);
    step.created_at = Some(time(place));
    step
}

fn element(thread: &Arc<str>, of: &Arc<str>) -> ElementDict {
    let mut element = ElementDict::new(id(), Arc::clone(thread), ElementType::Text, "notes");
    element.for_id = Arc::clone(of);
    element
}

/// A whole second, to find out whether such are put in order rightly.
fn time(place: i64) -> Timestamp {
    Timestamp::from_micros(1_760_000_000_000_000 + place * 500_000)
}

/// Writes the message; gives its id.
async fn put(layer: &SharedDataLayer, message: MessageDict) -> Arc<str> {
    let id = Arc::clone(&message.id);
    let step = ThreadStep::Message(message.into());
    layer.create_step(&step).await.expect("a message is stored");
    id
}
