//! Behaviour at the public face: a real server on a free port, a real WebSocket.

// Clippy's leave to unwrap in tests ends at the functions that tests share.
#![allow(clippy::unwrap_used)]

mod support;

mod actions;
mod asks;
mod asks_action;
mod asks_element;
mod asks_file;
mod audio;
mod bad_input;
mod blocking;
mod bounds;
mod commands;
mod contents;
mod conversations;
mod cuts;
mod days;
mod elements;
mod extras;
mod favorites;
mod freed_files;
mod handlers;
mod hostile;
mod http_sessions;
mod lifecycle;
mod limits;
mod login;
mod messages;
mod polling;
mod profiles;
mod program;
mod reconnect;
mod recorder;
mod recovery;
mod resume;
mod service;
mod settings;
mod shown_again;
mod shutdown;
mod slow_reader;
mod span_steps;
mod step_elements;
mod steps;
mod stop;
mod testing;
mod traces;
mod uploads;
