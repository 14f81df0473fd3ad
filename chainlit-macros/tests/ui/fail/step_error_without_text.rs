use chainlit as cl;

struct Broken;

#[cl::step(kind = "tool")]
async fn search() -> Result<u8, Broken> {
    Err(Broken)
}

fn main() {}
