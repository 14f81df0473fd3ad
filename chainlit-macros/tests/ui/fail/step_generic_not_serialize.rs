use chainlit as cl;

#[cl::step]
async fn search<Q: Send>(query: Q) {
    drop(query);
}

fn main() {}
