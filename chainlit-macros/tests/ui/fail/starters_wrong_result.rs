//! A result that is not what the event wants.

use chainlit as cl;

#[cl::set_starters]
async fn answer() -> Vec<cl::ChatProfile> {
    Vec::new()
}

fn main() {}
