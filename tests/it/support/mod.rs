mod cable;
mod client;
mod gate;
mod poller;
mod recovering;
mod server;

pub(crate) use cable::Length;
pub(crate) use client::{Client, Event, Refused, user_message};
pub(crate) use gate::Gate;
pub(crate) use poller::Poller;
pub(crate) use recovering::{Memory, Recovering};
pub(crate) use server::{TestServer, auth};
