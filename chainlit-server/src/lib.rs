//! Server.

mod assets;
pub mod cli;
pub mod config;
pub mod http;
mod markdown;
mod root_path;
mod translations;
mod ui;
