//! Run with: cargo run --example counter
//!
//! Each answer says how many messages you have sent. Open a second browser window: it counts for
//! itself, because a `SessionKey` holds one value per chat.

use chainlit as cl;

static COUNT: cl::SessionKey<u32> = cl::SessionKey::new("message_count");

#[cl::on_chat_start]
async fn start() -> cl::Result {
    COUNT.set(0);
    cl::Message::new("Hi! I'll count how many messages you send.").send().await?;
    Ok(())
}

#[cl::on_message]
async fn reply(message: cl::Message) -> cl::Result {
    let n = COUNT.update(|n| *n += 1);
    cl::Message::new(format!("{}: you have sent {n} message(s)!", message.content)).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
