//! A payload with a type parameter.

use chainlit as cl;

#[derive(serde::Serialize, serde::Deserialize, cl::ActionPayload)]
struct Approval<T> {
    order: T,
}

fn main() {}
