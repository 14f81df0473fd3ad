//! An argument by reference.

use chainlit as cl;

#[cl::on_message]
async fn reply(message: &cl::Message) {
    let _ = message;
}

fn main() {}
