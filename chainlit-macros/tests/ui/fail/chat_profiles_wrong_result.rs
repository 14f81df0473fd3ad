use chainlit as cl;

#[cl::set_chat_profiles]
async fn profiles() -> Vec<cl::Starter> {
    Vec::new()
}

fn main() {}
