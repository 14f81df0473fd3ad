//! Commands and modes in the composer: what a message is meant as, and what answers it.
//!
//! Run with `cargo run --example commands`.

use chainlit as cl;

#[cl::on_chat_start]
async fn start() -> cl::Result {
    cl::set_commands([
        cl::Command::new("count", "Count the letters").icon("hash").button(true),
        cl::Command::new("shout", "Say it louder").icon("volume-2").persistent(true),
    ])
    .await?;
    let order = cl::Mode::new("order", "Order")
        .option(cl::ModeOption::new("as_is", "As it is").default(true))
        .option(cl::ModeOption::new("reversed", "Reversed").description("From the end"));
    cl::set_modes([order]).await?;
    Ok(())
}

#[cl::on_message]
async fn reply(message: cl::Message) -> cl::Result {
    let text = match message.chosen_mode("order") {
        Some("reversed") => message.content.chars().rev().collect(),
        _ => message.content.clone(),
    };
    let text = match message.command.as_deref() {
        Some("count") => format!("{} letters", text.chars().count()),
        Some("shout") => text.to_uppercase(),
        _ => text,
    };
    cl::Message::new(text).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
