//! Run with: cargo run --example history
//!
//! Each answer is a numbered list of everything that you have said in this chat.

use chainlit as cl;

static HISTORY: cl::SessionKey<Vec<String>> = cl::SessionKey::new("history");

#[cl::on_message]
async fn reply(message: cl::Message) -> cl::Result {
    let history = HISTORY.update(|history| history.push(message.content));
    let mut list = String::from("So far you have said:\n");
    for (at, said) in history.iter().enumerate() {
        list.push_str(&format!("\n{}. {said}", at + 1));
    }
    cl::Message::new(list).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
