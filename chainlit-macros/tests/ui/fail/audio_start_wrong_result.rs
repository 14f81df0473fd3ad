//! A result that is not what the event wants.

use chainlit as cl;

#[cl::on_audio_start]
async fn answer() -> Option<bool> {
    None
}

fn main() {}
