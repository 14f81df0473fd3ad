//! A path that is not the crate.

use chainlit as cl;

#[cl::on_message(crate = ::chat)]
async fn reply() {}

fn main() {}
