use chainlit as cl;

struct Client;

#[cl::step(kind = "tool")]
async fn search(client: &Client, query: String) -> String {
    let _ = client;
    query
}

fn main() {}
