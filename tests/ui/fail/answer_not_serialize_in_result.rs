//! An answer in a `Result` that can't be written as JSON.

use chainlit as cl;

struct Answer;

#[cl::action_callback("ask")]
async fn ask() -> Result<Answer, String> {
    Ok(Answer)
}

fn main() {}
