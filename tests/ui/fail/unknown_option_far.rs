//! An option that does not exist.

use chainlit as cl;

#[cl::on_message(timeout = 30)]
async fn reply() {}

fn main() {}
