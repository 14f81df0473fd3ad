//! A user when the whole application stops.

use chainlit as cl;

#[cl::on_app_shutdown]
async fn goodbye(user: Option<cl::User>) {
    let _ = user;
}

fn main() {}
