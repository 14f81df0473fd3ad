//! An attribute on a struct.

use chainlit as cl;

#[cl::on_message]
struct Reply;

fn main() {}
