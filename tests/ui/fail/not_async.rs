//! A handler that is not async.

use chainlit as cl;

#[cl::on_message]
fn reply(message: cl::Message) {
    drop(message);
}

fn main() {}
