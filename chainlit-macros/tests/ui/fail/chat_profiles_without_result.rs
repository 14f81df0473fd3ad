//! A result that is not what the event wants.

use chainlit as cl;

#[cl::set_chat_profiles]
async fn answer() -> cl::Result {
    Ok(())
}

fn main() {}
