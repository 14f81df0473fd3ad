//! A generic handler.

use chainlit as cl;

#[cl::on_message]
async fn reply<T: Default>(message: cl::Message) {
    let _ = (message, T::default());
}

fn main() {}
