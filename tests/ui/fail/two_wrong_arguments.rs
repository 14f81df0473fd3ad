//! Each wrong type has its own message.

use chainlit as cl;

#[cl::on_chat_start]
async fn start(message: cl::Message, thread: cl::Thread) -> u8 {
    let _ = (message, thread);
    0
}

fn main() {}
