//! An action where a message came.

use chainlit as cl;

#[cl::on_message]
async fn reply(action: cl::Action<Vec<String>>) {
    let _ = action;
}

fn main() {}
