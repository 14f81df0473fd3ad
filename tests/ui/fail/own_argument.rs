//! A type of the application that does not say how it comes out of the event.

use chainlit as cl;

struct Tenant(String);

#[cl::on_chat_start]
async fn start(Tenant(name): Tenant) {
    let _ = name;
}

fn main() {}
