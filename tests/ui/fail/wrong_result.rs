//! A result that the event has no use for.

use chainlit as cl;

#[cl::on_message]
async fn reply(message: cl::Message) -> String {
    message.content
}

fn main() {}
