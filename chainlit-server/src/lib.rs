//! Server.

mod assets;
pub mod cli;
pub mod config;
pub mod http;
mod markdown;
mod translations;
mod ui;
