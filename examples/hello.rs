//! Run with: cargo run --example hello
//!
//! A greeting appears, and every message that you write comes back: "You said: …".

use chainlit as cl;

#[cl::on_chat_start]
async fn greet() -> cl::Result {
    cl::Message::new("Hello! Write something and I will repeat it.").send().await?;
    Ok(())
}

#[cl::on_message]
async fn repeat(message: cl::Message) -> cl::Result {
    cl::Message::new(format!("You said: {}", message.content)).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
