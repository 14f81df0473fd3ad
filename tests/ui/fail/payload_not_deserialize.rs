//! An action with a payload that can't be read.

use chainlit as cl;

struct Approval {
    order: u32,
}

#[cl::action_callback("approve")]
async fn approve(action: cl::Action<Approval>) {
    let _ = action.payload.order;
}

fn main() {}
