//! A payload that can't be written.

use chainlit as cl;

#[derive(serde::Deserialize, cl::ActionPayload)]
struct Approval {
    order: u32,
}

fn main() {}
