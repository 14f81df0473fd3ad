//! A function in an `impl` block.

use chainlit as cl;

struct Bot;

impl Bot {
    #[cl::on_message]
    async fn reply(message: cl::Message) {
        let _ = message;
    }
}

fn main() {}
