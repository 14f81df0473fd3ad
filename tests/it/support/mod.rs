mod client;
mod server;

pub(crate) use client::{Client, Event, Refused, user_message};
pub(crate) use server::{TestServer, auth};
