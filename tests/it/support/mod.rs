mod client;
mod gate;
mod server;

pub(crate) use client::{Client, Event, Refused, user_message};
pub(crate) use gate::Gate;
pub(crate) use server::{TestServer, auth};
