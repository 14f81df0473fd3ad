//! An argument that comes out of no event.

use chainlit as cl;

#[cl::on_message]
async fn reply(message: cl::Message, count: u32) {
    let _ = (message, count);
}

fn main() {}
