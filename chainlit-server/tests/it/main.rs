//! The server at its public face: real listeners, raw requests.

#![allow(clippy::unwrap_used)] // the helpers are part of the tests

mod http;
mod socket;
