use chainlit as cl;

#[cl::step]
async fn search(#[step(hide)] query: String) -> usize {
    query.len()
}

fn main() {}
