//! The hello application: `cargo run`, and talk to it at the address that it prints.

use chainlit as cl;

#[cl::on_chat_start]
async fn start() -> cl::Result {
    cl::Message::new("Hello! Say something, and I'll say it back.").send().await?;
    Ok(())
}

#[cl::on_message]
async fn reply(message: cl::Message) -> cl::Result {
    cl::Message::new(format!("You said: {}", message.content)).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
