//! The crate's path left out.

use chainlit as cl;

#[cl::on_message(crate)]
async fn reply() {}

fn main() {}
