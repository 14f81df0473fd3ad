use chainlit as cl;

#[cl::step(kind = "tol")]
async fn search(query: String) -> String {
    query
}

fn main() {}
