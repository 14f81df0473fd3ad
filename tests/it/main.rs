//! Behaviour at the public face: a real server on a free port, a real WebSocket.

// Clippy's leave to unwrap in tests ends at the functions that tests share.
#![allow(clippy::unwrap_used)]

mod support;

mod asks;
mod audio;
mod bad_input;
mod blocking;
mod bounds;
mod cuts;
mod extras;
mod handlers;
mod lifecycle;
mod limits;
mod messages;
mod polling;
mod program;
mod reconnect;
mod recovery;
mod service;
mod shutdown;
mod slow_reader;
mod span_steps;
mod stop;
mod testing;
mod traces;
