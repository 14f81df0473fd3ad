//! Run with: cargo run --example context
//!
//! Each answer tells where it runs: the session, the thread that the messages belong to, the user
//! (nobody, as this application has no login) and the names of the keys that the user entered.

use chainlit as cl;

#[cl::on_message]
async fn whereabouts(session: cl::Session, user: Option<cl::User>) -> cl::Result {
    let user = user.map_or("nobody".to_owned(), |user| user.identifier);
    cl::Message::new(format!(
        "- session: {}\n- thread: {}\n- user: {user}\n- environment: {}",
        session.id(),
        session.thread_id(),
        environment().join(", "),
    ))
    .send()
    .await?;
    Ok(())
}

/// Names only: the values are the user's own keys. Any function below a handler can ask for the
/// context, it need not be handed down.
fn environment() -> Vec<String> {
    let context = cl::Context::current();
    let keys: Vec<String> = context.session().user_env().keys().cloned().collect();
    if keys.is_empty() { vec!["empty".to_owned()] } else { keys }
}

fn main() -> cl::Result {
    cl::run()
}
