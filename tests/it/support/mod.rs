mod client;
mod poller;
mod server;

pub(crate) use client::{Client, Event, Refused, user_message};
pub(crate) use poller::Poller;
pub(crate) use server::{TestServer, auth};
