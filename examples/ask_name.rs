//! Run with: cargo run --example ask_name
//!
//! The chat opens with a question and waits two minutes for the answer. What you answer is used in
//! every later reply; without an answer you are "friend".

use std::time::Duration;

use chainlit as cl;

static NAME: cl::SessionKey<String> = cl::SessionKey::with_default("name", || "friend".to_owned());

#[cl::on_chat_start]
async fn introduce() -> cl::Result {
    let question = cl::AskUserMessage::new("What is your name?").timeout(Duration::from_secs(120));
    let name = match question.send().await? {
        Some(answer) => answer.content,
        None => "friend".to_owned(),
    };
    cl::Message::new(format!("Nice to meet you, {name}!")).send().await?;
    NAME.set(name);
    Ok(())
}

#[cl::on_message]
async fn reply(message: cl::Message) -> cl::Result {
    let name = NAME.get().unwrap_or_default();
    cl::Message::new(format!("{name}, you said: {}", message.content)).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
