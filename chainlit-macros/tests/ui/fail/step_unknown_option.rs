use chainlit as cl;

#[cl::step(knd = "tool")]
async fn search(query: String) -> String {
    query
}

fn main() {}
