use chainlit as cl;

#[cl::step]
const fn one() -> u8 {
    1
}

fn main() {}
