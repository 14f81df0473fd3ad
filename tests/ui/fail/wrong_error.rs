//! An error that is no error.

use chainlit as cl;

struct Oops;

#[cl::on_stop]
async fn stopped() -> Result<(), Oops> {
    Err(Oops)
}

fn main() {}
