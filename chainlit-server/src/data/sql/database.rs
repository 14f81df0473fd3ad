//! The connections to a database.

use std::path::Path;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool, Executor, Transaction};

use super::dialect::Dialect;
use super::failure::Outcome;
use super::official;
use crate::data::OpenError;
use crate::data::target::Target;

/// How long a request waits for a connection before it counts as a trouble of the database.
const ACQUIRE: Duration = Duration::from_secs(5);
/// How many connections a PostgreSQL server is asked for at most.
const POSTGRES_CONNECTIONS: u32 = 16;
/// How many read an SQLite file at once.
const SQLITE_READERS: u32 = 4;

/// What each connection to an SQLite file is told. `FULL` makes a commit wait until the disk has it: with
/// `NORMAL` a power cut would take the last words, which the user saw as kept. Recording is done in batches, so it
/// is one such wait for many. The write-ahead log is cut back to 64 MiB after a burst.
const SQLITE_SETUP: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA journal_size_limit = 67108864;
";

/// What a path may have in an address as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');

/// An open database.
#[derive(Clone, Debug)]
pub(super) struct Database {
    pub(super) dialect: Dialect,
    readers: AnyPool,
    /// For SQLite the one connection that writes, so that writers queue here, in order, and not in the
    /// file's lock, where whoever is lucky comes next. For PostgreSQL the same pool.
    writer: AnyPool,
}

impl Database {
    /// Connects, and says what is wrong with the file or the server.
    pub(super) async fn connect(target: &Target) -> Result<Self, OpenError> {
        if !is_built(target) {
            return Err(OpenError::NotBuilt(target.feature()));
        }
        sqlx::any::install_default_drivers();
        match target {
            Target::Sqlite(path) => Self::connect_sqlite(path).await,
            Target::Postgres(url) => Self::connect_postgres(url).await,
        }
    }

    async fn connect_sqlite(path: &Path) -> Result<Self, OpenError> {
        let refuse = |source: std::io::Error| OpenError::File {
            path: path.to_owned(),
            source: source.into(),
        };
        let file = prepare_file(path).map_err(refuse)?;
        let text =
            file.to_str().ok_or_else(|| refuse(std::io::Error::other("the path is not UTF-8")))?;
        let url = format!("sqlite://{}", utf8_percent_encode(text, PATH));
        let options: AnyConnectOptions =
            url.parse().map_err(|error: sqlx::Error| sqlite_error(path, error))?;
        // The first connection is made here: a pool goes on trying for long, and then tells that it did.
        let check = async {
            let mut connection = sqlx::ConnectOptions::connect(&options).await?;
            connection.execute(SQLITE_SETUP).await?;
            connection.execute("SELECT count(*) FROM sqlite_schema").await?;
            sqlx::Connection::close(connection).await
        };
        check.await.map_err(|error| sqlite_error(path, error))?;
        let pool = |connections, setup: &'static str| {
            AnyPoolOptions::new()
                .acquire_timeout(ACQUIRE)
                .max_connections(connections)
                // A file does not hang up.
                .test_before_acquire(false)
                .after_connect(move |connection, _| {
                    Box::pin(async move { connection.execute(setup).await.map(drop) })
                })
                .connect_lazy_with(options.clone())
        };
        let writer = pool(1, SQLITE_SETUP);
        let readers = pool(SQLITE_READERS, SQLITE_READER_SETUP);
        Ok(Self { dialect: Dialect::Sqlite, readers, writer })
    }

    async fn connect_postgres(url: &str) -> Result<Self, OpenError> {
        let options: AnyConnectOptions =
            url.parse().map_err(|error: sqlx::Error| OpenError::Url(plain(&error)))?;
        let first = sqlx::ConnectOptions::connect(&options);
        let mut first = match tokio::time::timeout(ACQUIRE, first).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(sqlx::Error::Configuration(error))) => {
                return Err(OpenError::Url(error.to_string()));
            }
            Ok(Err(error)) => return Err(OpenError::Connect(error.into())),
            Err(_) => return Err(OpenError::Connect("no answer".into())),
        };
        let is_official = official::is_here(&mut first).await.unwrap_or_default();
        let dialect = if is_official { Dialect::Official } else { Dialect::Postgres };
        // It has told what it was to tell; whether it says goodbye is all the same.
        let _ = sqlx::Connection::close(first).await;
        let pool = AnyPoolOptions::new()
            .acquire_timeout(ACQUIRE)
            .max_connections(POSTGRES_CONNECTIONS)
            .connect_lazy_with(options);
        Ok(Self { dialect, readers: pool.clone(), writer: pool })
    }

    /// A connection to read from.
    pub(super) async fn read(&self) -> Outcome<PoolConnection<Any>> {
        Ok(self.readers.acquire().await?)
    }

    /// A transaction to write in. Dropped, nothing of it is written.
    pub(super) async fn begin(&self) -> Outcome<Transaction<'static, Any>> {
        Ok(match self.dialect {
            // Takes the file's lock at once, instead of failing halfway when another process has it.
            Dialect::Sqlite => self.writer.begin_with("BEGIN IMMEDIATE").await?,
            Dialect::Postgres | Dialect::Official => self.writer.begin().await?,
        })
    }

    /// Waits for what is being written, and hangs up. An SQLite file is whole by itself afterwards, without a log beside it.
    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// The same for those that must not write.
const SQLITE_READER_SETUP: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA query_only = ON;
";

fn is_built(target: &Target) -> bool {
    match target {
        Target::Sqlite(_) => cfg!(feature = "sqlite"),
        Target::Postgres(_) => cfg!(feature = "postgres"),
    }
}

/// Makes the file and its folder if need be, readable for this user only: it holds what people wrote in
/// confidence. Gives its path without `..`.
fn prepare_file(path: &Path) -> std::io::Result<std::path::PathBuf> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    path.canonicalize()
}

fn sqlite_error(path: &Path, error: sqlx::Error) -> OpenError {
    const CORRUPT: &str = "11";
    const NOT_A_DATABASE: &str = "26";
    let code = error.as_database_error().and_then(|error| error.code().map(String::from));
    match code.as_deref() {
        Some(CORRUPT | NOT_A_DATABASE) => {
            OpenError::Corrupt { path: path.to_owned(), source: plain(&error).into() }
        }
        _ => OpenError::File { path: path.to_owned(), source: plain(&error).into() },
    }
}

/// What the database itself said.
fn plain(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Configuration(error) => error.to_string(),
        other => other.to_string(),
    }
}
