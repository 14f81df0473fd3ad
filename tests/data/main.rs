//! What is kept in SQLite and in PostgreSQL: real files, a real server.

#![cfg(feature = "sqlite")]
// Clippy's leave to unwrap in tests ends at the functions that tests share.
#![allow(clippy::unwrap_used)]

mod conformance;
#[cfg(feature = "postgres")]
mod postgres;
mod start;

use tempfile::TempDir;

/// A folder, and the address of an SQLite file in it.
fn sqlite() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/chat.db", folder.path().display());
    (folder, url)
}
