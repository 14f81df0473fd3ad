//! Server.

pub mod config;
mod translations;
