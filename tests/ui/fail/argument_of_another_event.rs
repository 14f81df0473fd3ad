//! A message before there is one.

use chainlit as cl;

#[cl::on_chat_start]
async fn start(session: cl::Session, message: cl::Message) {
    let _ = (session, message);
}

fn main() {}
