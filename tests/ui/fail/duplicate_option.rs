//! An option twice.

use chainlit as cl;

#[cl::on_message(crate = cl, crate = chainlit)]
async fn reply() {}

fn main() {}
