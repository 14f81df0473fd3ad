//! An action of a payload that belongs to none.

use chainlit as cl;

#[derive(serde::Serialize, serde::Deserialize)]
struct Approval {
    order: u32,
}

fn main() {
    let _ = cl::Action::of(&Approval { order: 7 });
}
