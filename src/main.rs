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
    /// Prints a secret to sign logins with, for the file .env
    CreateSecret,
}

fn main() -> cl::Result {
    // All else is for the hello application, which reads the command line as every application does.
    if std::env::args_os().nth(1).is_none_or(|first| first != "new" && first != "create-secret") {
        return cl::run();
    }
    match Cli::parse().command {
        Command::New(new) => {
            if let Err(error) = new.run() {
                eprintln!("error: {error}");
                std::process::exit(1);
            }
        }
        Command::CreateSecret => println!(
            "Copy the following secret into your .env file. Once it is set, changing it will logout \
             all users with active sessions.\nCHAINLIT_AUTH_SECRET=\"{}\"",
            cl::create_secret()
        ),
    }
    Ok(())
}
