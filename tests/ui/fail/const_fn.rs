//! A constant handler.

use chainlit as cl;

#[cl::on_message]
const fn reply() {}

fn main() {}
