//! An attribute on a function without a body.

use chainlit as cl;

trait Bot {
    #[cl::on_message]
    async fn reply(message: cl::Message);
}

fn main() {}
