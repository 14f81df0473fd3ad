//! Run with: cargo run --example secret
//!
//! `/remember something` keeps a secret in this chat's session, any other message makes the bot
//! tell it. It is forgotten when the chat ends: start a new one and ask again.

use chainlit as cl;

static SECRET: cl::SessionKey<String> = cl::SessionKey::new("secret");

#[cl::on_message]
async fn reply(message: cl::Message) -> cl::Result {
    let text = match message.content.strip_prefix("/remember ") {
        Some(secret) => {
            SECRET.set(secret.to_owned());
            "I will keep it until this chat ends.".to_owned()
        }
        None => match SECRET.get() {
            Some(secret) => format!("Your secret is: {secret}"),
            None => "I hold no secret of yours.".to_owned(),
        },
    };
    cl::Message::new(text).send().await?;
    Ok(())
}

#[cl::on_chat_end]
async fn forget() {
    SECRET.remove();
}

fn main() -> cl::Result {
    cl::run()
}
