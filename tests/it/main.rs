//! Behaviour at the public face: a real server on a free port, a real WebSocket.

mod support;

mod asks;
mod bad_input;
mod handlers;
mod lifecycle;
mod messages;
mod reconnect;
mod stop;
mod traces;
