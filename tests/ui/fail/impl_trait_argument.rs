//! An argument whose type nobody says.

use chainlit as cl;

#[cl::on_message]
async fn reply(message: impl Into<cl::Message>) {
    let _ = message;
}

fn main() {}
