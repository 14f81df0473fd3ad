//! An answer that can't be written as JSON.

use chainlit as cl;

struct Answer;

#[cl::action_callback("ask")]
async fn ask() -> Answer {
    Answer
}

fn main() {}
