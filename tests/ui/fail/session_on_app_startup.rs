//! A session before there is one.

use chainlit as cl;

#[cl::on_app_startup]
async fn warm_up(session: cl::Session) {
    let _ = session;
}

fn main() {}
