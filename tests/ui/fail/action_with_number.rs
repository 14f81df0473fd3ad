//! An action with a number for a name.

use chainlit as cl;

#[cl::action_callback(7)]
async fn approve() {}

fn main() {}
