use chainlit as cl;

#[cl::step]
async fn search(query: String) -> usize {
    query
}

fn main() {}
