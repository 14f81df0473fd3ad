//! A payload of an action with an empty name.

use chainlit as cl;

#[derive(serde::Serialize, serde::Deserialize, cl::ActionPayload)]
#[action("")]
struct Approval {
    order: u32,
}

fn main() {}
