//! An action's error that is no error.

use chainlit as cl;

struct Oops;

#[cl::action_callback("ask")]
async fn ask() -> Result<u32, Oops> {
    Err(Oops)
}

fn main() {}
