//! Run with: cargo run --example ask_file
//!
//! The chat opens with a question for up to three text files of at most 1 MiB. What you give is
//! counted: lines and words of each.

use chainlit as cl;

#[cl::on_chat_start]
async fn count() -> cl::Result {
    let question = cl::AskFileMessage::new("Which texts shall I count?", ["text/*"])
        .max_files(3)
        .max_size_mb(1)
        .timeout(None);
    for file in question.send().await?.unwrap_or_default() {
        let text = String::from_utf8_lossy(&tokio::fs::read(&file.path).await?).into_owned();
        let (lines, words) = (text.lines().count(), text.split_whitespace().count());
        let report = format!("`{}`: {lines} lines, {words} words", file.name);
        cl::Message::new(report).send().await?;
    }
    Ok(())
}

#[cl::on_message]
async fn again(_: cl::Message) -> cl::Result {
    count().await
}

fn main() -> cl::Result {
    cl::run()
}
