//! A value that can't change its thread, kept across an await.

use chainlit as cl;

use std::rc::Rc;

#[cl::on_message]
async fn reply(message: cl::Message) -> cl::Result {
    let content = Rc::new(message.content);
    cl::Message::new("thinking").send().await?;
    drop(content);
    Ok(())
}

fn main() {}
