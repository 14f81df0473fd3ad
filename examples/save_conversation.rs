//! Run with: cargo run --example save_conversation
//!
//! Write something, then start a new chat: the folder `conversations` beside the program has one
//! more file, named after the session, with the conversation as JSON.

use chainlit as cl;

const FOLDER: &str = "conversations";

#[cl::on_message]
async fn note(message: cl::Message) -> cl::Result {
    cl::Message::new(format!("Noted: {}", message.content)).send().await?;
    Ok(())
}

#[cl::on_chat_end]
async fn save(session: cl::Session, conversation: cl::ChatContext) -> cl::Result {
    if conversation.messages().is_empty() {
        return Ok(());
    }
    // The session id is a UUID of the browser's making: never a path until it was looked at.
    let id: String = session.id().chars().filter(char::is_ascii_alphanumeric).collect();
    let json = serde_json::to_vec_pretty(&conversation.to_openai())?;
    cl::spawn_blocking(move || {
        std::fs::create_dir_all(FOLDER)?;
        std::fs::write(format!("{FOLDER}/{id}.json"), json)
    })
    .await??;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
