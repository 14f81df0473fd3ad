//! Run with: cargo run --example resume
//!
//! A shopping list that is there again: log in with any name and the password `chainlit`, add
//! something, end the program and start it anew. The page comes back with its conversation, and the
//! list with it. Users and conversations are kept in the file `.chainlit/chat.db`.

use chainlit as cl;

/// What `persistent` names is kept with the conversation; what `new` names would be gone.
static LIST: cl::SessionKey<Vec<String>> = cl::SessionKey::persistent("list");

#[cl::password_auth_callback]
async fn log_in(credentials: cl::Credentials) -> Option<cl::User> {
    let is_right = credentials.password == "chainlit" && !credentials.username.is_empty();
    is_right.then(|| cl::User::new(credentials.username))
}

#[cl::on_chat_start]
async fn greet(user: cl::User) -> cl::Result {
    let welcome = format!("Hello, {}! What do you need?", user.identifier);
    cl::Message::new(welcome).send().await?;
    Ok(())
}

#[cl::on_chat_resume]
async fn welcome_back(thread: cl::Thread) -> cl::Result {
    let count = thread.messages().count();
    let things = LIST.get().map_or(0, |list| list.len());
    let text = format!("Welcome back: {count} messages, {things} things on your list.");
    cl::Message::new(text).send().await?;
    Ok(())
}

#[cl::on_message]
async fn add(message: cl::Message) -> cl::Result {
    let mut list = LIST.get().unwrap_or_default();
    list.push(message.content);
    let text: String = list.iter().map(|thing| format!("- {thing}\n")).collect();
    LIST.set(list);
    cl::Message::new(text).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
