//! An unsafe handler.

use chainlit as cl;

#[cl::on_message]
async unsafe fn reply() {}

fn main() {}
