//! An attribute on an `impl` block.

use chainlit as cl;

struct Bot;

#[cl::on_chat_start]
impl Bot {
    async fn start() {}
}

fn main() {}
