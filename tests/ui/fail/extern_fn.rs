//! A handler with a foreign calling convention.

use chainlit as cl;

#[cl::on_message]
async extern "C" fn reply() {}

fn main() {}
