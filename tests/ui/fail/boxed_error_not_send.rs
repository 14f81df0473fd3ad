//! A boxed error that stays on its thread.

use chainlit as cl;

#[cl::on_stop]
async fn stopped() -> Result<(), Box<dyn std::error::Error>> {
    Ok(())
}

fn main() {}
