//! The crate's path in quotes.

use chainlit as cl;

#[cl::on_message(crate = "cl")]
async fn reply() {}

fn main() {}
