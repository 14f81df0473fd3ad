//! A payload's action with `name =` before it.

use chainlit as cl;

#[derive(serde::Serialize, serde::Deserialize, cl::ActionPayload)]
#[action(name = "approve")]
struct Approval {
    order: u32,
}

fn main() {}
