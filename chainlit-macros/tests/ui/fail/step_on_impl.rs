use chainlit as cl;

struct Tools;

#[cl::step(kind = "tool")]
impl Tools {
    async fn search(&self) {}
}

fn main() {}
