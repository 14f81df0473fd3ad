//! The `chainlit` command: the hello application, and the first files of one's own.

#[path = "../examples/hello.rs"]
#[expect(dead_code, reason = "as an example it has a `main` of its own")]
mod hello;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod import;
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
    /// Copies the users and conversations of one database to another
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    Import(import::Import),
}

/// The first arguments that are for this command.
const COMMANDS: [&str; 3] = ["new", "create-secret", "import"];

fn main() -> cl::Result {
    // All else is for the hello application, which reads the command line as every application does.
    if std::env::args_os().nth(1).is_none_or(|first| COMMANDS.iter().all(|known| first != **known))
    {
        return cl::run();
    }
    let done = match Cli::parse().command {
        Command::New(new) => new.run(),
        Command::CreateSecret => {
            println!(
                "Copy the following secret into your .env file. Once it is set, changing it will \
                 logout all users with active sessions.\nCHAINLIT_AUTH_SECRET=\"{}\"",
                cl::create_secret()
            );
            Ok(())
        }
        #[cfg(any(feature = "sqlite", feature = "postgres"))]
        Command::Import(import) => import.run(),
    };
    if let Err(error) = done {
        eprintln!("error: {error}");
        std::process::exit(1);
    }
    Ok(())
}
