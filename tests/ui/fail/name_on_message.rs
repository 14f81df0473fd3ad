//! A name where there is one function only.

use chainlit as cl;

#[cl::on_message("reply")]
async fn reply() {}

fn main() {}
