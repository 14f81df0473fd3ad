use chainlit as cl;

trait Tool {
    #[cl::step]
    fn call(&self) -> u8;
}

fn main() {}
