//! An action's name with `name =` before it.

use chainlit as cl;

#[cl::action_callback(name = "approve")]
async fn approve() {}

fn main() {}
