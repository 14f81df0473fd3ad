//! A `Result` with a value that the event has no use for.

use chainlit as cl;

#[cl::on_message]
async fn reply(message: cl::Message) -> Result<String, std::io::Error> {
    Ok(message.content)
}

fn main() {}
