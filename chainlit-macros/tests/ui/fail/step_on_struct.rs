use chainlit as cl;

#[cl::step]
struct Tools;

fn main() {}
