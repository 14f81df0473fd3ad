use std::future::Future;

use chainlit as cl;

#[cl::step]
fn search() -> impl Future<Output = u8> {
    async { 1 }
}

fn main() {}
