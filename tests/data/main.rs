//! What is kept in SQLite and in PostgreSQL: real files, a real server.

#![cfg(feature = "sqlite")]
// Clippy's leave to unwrap in tests ends at the functions that tests share.
#![allow(clippy::unwrap_used)]

mod conformance;
#[cfg(feature = "postgres")]
mod import;
mod migrations;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "postgres")]
mod python;
mod start;
mod trouble;

use std::process::Command;

use tempfile::TempDir;

/// A folder, and the address of an SQLite file in it.
fn sqlite() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/chat.db", folder.path().display());
    (folder, url)
}

/// Runs a statement with another program than ours.
fn execute(url: &str, statement: &str) {
    let mut command = match url.strip_prefix("sqlite://") {
        Some(path) => {
            let script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); \
                          c.executescript(sys.argv[2]); c.commit()";
            let mut command = Command::new("python3");
            command.args(["-c", script, path, statement]);
            command
        }
        None => {
            let mut command = Command::new("psql");
            command.args([url, "-q", "-v", "ON_ERROR_STOP=1", "-c", statement]);
            command
        }
    };
    let done = command.output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
