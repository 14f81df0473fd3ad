//! Why a database can't be opened, each in one line with its remedy.

use std::path::PathBuf;

use chainlit_core::BoxError;

/// Why a database can't be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The address is none.
    #[error(
        "`data.database_url` (DATABASE_URL): {0}; write it like `sqlite://chat.db` or \
         `postgres://user:password@host/database`"
    )]
    Url(String),
    /// The engine is not in this program.
    #[error(
        "`data.database_url` (DATABASE_URL) needs the feature `{0}`, which this program was built without; \
         add it to `chainlit` in Cargo.toml, or set `data.enabled = false`"
    )]
    NotBuilt(&'static str),
    /// The file can't be opened or made.
    #[error(
        "{}: can't be opened or made ({source}); let this user write to the file and its folder, or name \
         another file with `data.database_url`", path.display()
    )]
    File {
        /// The database.
        path: PathBuf,
        /// What the system said.
        source: BoxError,
    },
    /// The file holds something else, or is damaged.
    #[error(
        "{}: is damaged, or no SQLite database ({source}); put a backup in its place or move it away, or \
         name another file with `data.database_url`", path.display()
    )]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        source: BoxError,
    },
    /// The server does not answer, or lets nobody in.
    #[error(
        "the database of `data.database_url` (DATABASE_URL) can't be reached ({0}); start it, or correct \
         the address"
    )]
    Connect(#[source] BoxError),
    /// A table of that name is something else.
    #[error(
        "the database of `data.database_url` (DATABASE_URL) has a table `{table}` without the column \
         `{column}`, so it is no table of Chainlit; give Chainlit a database of its own"
    )]
    ForeignTable {
        /// The table.
        table: &'static str,
        /// What it lacks.
        column: &'static str,
    },
    /// A later version has changed the tables.
    #[error(
        "the database of `data.database_url` (DATABASE_URL) was changed by a later version of this \
         program (its tables are at {found}, this program knows {known}); run that version, or name \
         another database"
    )]
    Newer {
        /// What the database has.
        found: i64,
        /// What this program can do.
        known: i64,
    },
    /// The tables can't be made or changed.
    #[error(
        "the tables in the database of `data.database_url` (DATABASE_URL) can't be brought to version \
         {version} ({source}); nothing of it was changed: let its user create tables, indexes and \
         triggers, then start again"
    )]
    Migration {
        /// What they were to be brought to.
        version: i64,
        /// What the database said.
        source: BoxError,
    },
}
