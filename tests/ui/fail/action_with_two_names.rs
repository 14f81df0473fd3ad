//! An action with two names.

use chainlit as cl;

#[cl::action_callback("approve", "reject")]
async fn decide() {}

fn main() {}
