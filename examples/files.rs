//! Run with: cargo run --example files
//!
//! Attach some text files: the answer counts the words of each. A file is there as long as its chat
//! lives, so a later message can ask for the sum of all.

use chainlit as cl;

/// Words of all files of this chat.
static WORDS: cl::SessionKey<usize> = cl::SessionKey::new("words");

#[cl::on_chat_start]
async fn greet() -> cl::Result {
    cl::Message::new("Attach text files, and I count their words.").send().await?;
    Ok(())
}

#[cl::on_message]
async fn count(message: cl::Message) -> cl::Result {
    let mut reply = String::new();
    for file in &message.files {
        // The page says what a file is; the server has looked whether that is true.
        if !file.mime.starts_with("text/") {
            reply.push_str(&format!("- {} is {}, no text\n", file.name, file.mime));
            continue;
        }
        let bytes = tokio::fs::read(&file.path).await?;
        let words = String::from_utf8_lossy(&bytes).split_whitespace().count();
        WORDS.update(|sum| *sum += words);
        reply.push_str(&format!("- {} has {words} words\n", file.name));
    }
    let sum = WORDS.get().unwrap_or_default();
    reply.push_str(&format!("\n{sum} words in all files so far."));
    cl::Message::new(reply).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
