//! A method.

use chainlit as cl;

struct Bot;

impl Bot {
    #[cl::on_message]
    async fn reply(&self, message: cl::Message) {
        let _ = message;
    }
}

fn main() {}
