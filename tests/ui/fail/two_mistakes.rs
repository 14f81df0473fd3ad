//! Several mistakes, all told at once.

use chainlit as cl;

#[cl::action_callback("", retries = 3)]
fn approve<T>(action: &cl::Action) {
    let _ = action;
}

fn main() {}
