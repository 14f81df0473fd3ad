//! The crate under another path.

mod vendor {
    pub use ::chainlit as chat;
}

use vendor::chat as cl;

#[cl::on_message(crate = cl)]
async fn reply(message: cl::Message) {
    drop(message);
}

#[cl::action_callback("approve", crate = crate::vendor::chat)]
async fn approve() -> u8 {
    1
}

fn main() {}
