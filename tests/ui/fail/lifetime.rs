//! A handler with a lifetime parameter.

use chainlit as cl;

#[cl::on_message]
async fn reply<'a>(message: cl::Message) {
    let _: &'a str = "";
    drop(message);
}

fn main() {}
