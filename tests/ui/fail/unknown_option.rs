//! A misspelled option.

use chainlit as cl;

#[cl::on_message(crat = cl)]
async fn reply() {}

fn main() {}
