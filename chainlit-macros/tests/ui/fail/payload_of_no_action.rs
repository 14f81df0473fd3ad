//! A function without a name whose payload belongs to no action.

use chainlit as cl;

#[derive(serde::Serialize, serde::Deserialize)]
struct Approval {
    order: u32,
}

#[cl::action_callback]
async fn approve(action: cl::Action<Approval>) {
    let _ = action.payload.order;
}

fn main() {}
