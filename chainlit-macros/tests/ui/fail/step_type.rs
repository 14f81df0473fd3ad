//! Chainlit's name of an option.

use chainlit as cl;

#[cl::step(type = "tool")]
async fn search(query: String) -> String {
    query
}

fn main() {}
