//! A result that is not what the event wants.

use chainlit as cl;

#[cl::author_rename]
async fn answer() {}

fn main() {}
