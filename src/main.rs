//! The `chainlit` command: the hello application, and the first files of one's own.

#[path = "../examples/hello.rs"]
#[expect(dead_code, reason = "as an example it has a `main` of its own")]
mod hello;
mod new;

use chainlit as cl;
use clap::{Parser, Subcommand};

/// Chat applications in Rust.
#[derive(Parser)]
#[command(name = "chainlit", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes the first files of an application, with a test
    New(new::New),
}

fn main() -> cl::Result {
    // All else is for the hello application, which reads the command line as every application does.
    if std::env::args_os().nth(1).is_none_or(|first| first != "new") {
        return cl::run();
    }
    let Command::New(new) = Cli::parse().command;
    if let Err(error) = new.run() {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
    Ok(())
}
