//! A wrong argument without an attribute.

use chainlit as cl;

async fn start(message: cl::Message) {
    let _ = message;
}

fn on_chat_start<Args>(handler: impl cl::IntoHandler<cl::OnChatStart, Args>) {
    let _ = handler.into_handler();
}

fn main() {
    on_chat_start(start);
}
