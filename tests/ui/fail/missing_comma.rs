//! Options without a comma.

use chainlit as cl;

#[cl::action_callback("approve" crate = cl)]
async fn approve() {}

fn main() {}
