//! A result that is not what the event wants.

use chainlit as cl;

#[cl::set_starters]
async fn answer() -> cl::Result<Vec<String>> {
    Ok(Vec::new())
}

fn main() {}
