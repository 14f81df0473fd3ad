mod cable;
mod client;
mod files;
mod folder;
mod gate;
mod recovering;
mod server;
mod wire;

pub(crate) use cable::Length;
pub(crate) use client::{Client, Event, Refused, user_message};
pub(crate) use files::{Answer, files_below, form, form_end, form_head, post_head, read_answer};
pub(crate) use folder::Folder;
pub(crate) use gate::Gate;
pub(crate) use recovering::{Memory, Recovering};
pub(crate) use server::{TestServer, auth};
