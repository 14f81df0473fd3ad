use chainlit as cl;

#[cl::step(kind = "tool", kind = "llm")]
async fn search(query: String) -> String {
    query
}

fn main() {}
