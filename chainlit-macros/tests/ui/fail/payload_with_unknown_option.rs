//! An option that a payload does not have.

use chainlit as cl;

#[derive(serde::Serialize, serde::Deserialize, cl::ActionPayload)]
#[action(label = "Approve")]
struct Approval {
    order: u32,
}

fn main() {}
