use chainlit as cl;

struct Hit;

#[cl::step(kind = "tool")]
async fn search() -> Vec<Hit> {
    vec![Hit]
}

#[cl::step(kind = "tool")]
fn first() -> cl::Result<Hit> {
    Ok(Hit)
}

fn main() {}
