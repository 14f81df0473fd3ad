mod cable;
mod client;
mod files;
mod gate;
pub(crate) mod layer;
mod recovering;
mod server;
mod wire;

pub(crate) use cable::Length;
pub(crate) use client::{Client, Event, Refused, user_message};
pub(crate) use files::{Answer, files_below, form, form_end, form_head, post_head, read_answer};
pub(crate) use gate::Gate;
pub(crate) use recovering::{Memory, Recovering};
pub(crate) use server::{TestServer, auth};
