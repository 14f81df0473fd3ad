//! Server.

mod assets;
pub mod cli;
pub mod config;
mod translations;
mod ui;
