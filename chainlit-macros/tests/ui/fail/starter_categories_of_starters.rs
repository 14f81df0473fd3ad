//! A result that is not what the event wants.

use chainlit as cl;

#[cl::set_starter_categories]
async fn answer() -> Vec<cl::Starter> {
    Vec::new()
}

fn main() {}
