//! Run with: cargo run --example streaming
//!
//! The greeting and each answer grow on the screen word by word. The greeting is a `Stream` that is
//! sent as it comes; the answers are written token by token.

use std::time::Duration;

use chainlit as cl;
use futures_util::{StreamExt, stream};

const GREETING: &str = "Hello! I repeat what you write, one word at a time.";
const PAUSE: Duration = Duration::from_millis(20);

#[cl::on_chat_start]
async fn greet() -> cl::Result {
    let words =
        stream::iter(GREETING.split_inclusive(' ').map(str::to_owned)).then(|word| async move {
            tokio::time::sleep(PAUSE).await;
            word
        });
    cl::Message::new("").stream(words).await
}

#[cl::on_message]
async fn repeat(message: cl::Message) -> cl::Result {
    let mut reply = cl::Message::new("");
    for word in message.content.split_inclusive(char::is_whitespace) {
        tokio::time::sleep(PAUSE).await;
        reply.stream_token(word).await?;
    }
    reply.update().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
