use chainlit as cl;

#[cl::step("tool")]
async fn search(query: String) -> String {
    query
}

fn main() {}
