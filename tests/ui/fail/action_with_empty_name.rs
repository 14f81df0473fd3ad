//! An action with an empty name.

use chainlit as cl;

#[cl::action_callback("")]
async fn approve() {}

fn main() {}
