//! An action named by a constant.

use chainlit as cl;

const NAME: &str = "approve";

#[cl::action_callback(NAME)]
async fn approve() {}

fn main() {}
