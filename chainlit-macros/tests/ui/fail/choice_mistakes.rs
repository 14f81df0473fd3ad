use chainlit as cl;

#[derive(cl::Choice)]
enum Model {
    #[default]
    #[choice(value = "a")]
    Small(u8),
    #[default]
    #[choice(value = "a", lable = "Large")]
    Large,
}

#[derive(cl::Choice)]
struct NoEnum;

#[derive(cl::Choice)]
enum Nothing {}

fn main() {}
