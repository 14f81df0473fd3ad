//! Conversations with Chainlit 2.12, recorded at its socket and replayed against this server: what
//! the client sent then is sent again, and what comes back is compared word for word.
//!
//! The recordings are in `tests/fixtures/traces/`. Each test is the small application of one
//! recording, written anew. Where this server answers otherwise on purpose, `differences.rs` says
//! so and why; anything else that differs is an error.

mod difference;
mod differences;
mod recording;
mod replay;
mod tokens;

mod actions;
mod asks;
mod audio;
mod conversations;
mod elements;
mod forms;
mod sessions;
mod steps;
mod stops;

use replay::Replay;
