//! The address of a database: which engine, and where.

use std::path::{Path, PathBuf};

use super::OpenError;

/// A database that can be opened.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A file.
    Sqlite(PathBuf),
    /// A server, by its address.
    Postgres(String),
}

impl Target {
    /// Reads an address, also those of Python's SQLAlchemy. A file's path is relative to `folder`.
    pub(super) fn parse(url: &str, folder: &Path) -> Result<Self, OpenError> {
        let url = url.trim();
        let wrong = |problem: &str| Err(OpenError::Url(problem.to_owned()));
        let Some((scheme, rest)) = url.split_once(':') else {
            return wrong("is no address");
        };
        match scheme {
            "sqlite" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                Self::file(path, folder)
            }
            // There three slashes stand before a relative path, and four before an absolute one.
            "sqlite+aiosqlite" | "sqlite+pysqlite" => match rest.strip_prefix("///") {
                Some(path) => Self::file(path, folder),
                None => wrong("has no path behind three slashes"),
            },
            "postgres" | "postgresql" | "postgresql+asyncpg" | "postgresql+psycopg" => {
                if rest.starts_with("//") {
                    Ok(Self::Postgres(format!("postgres:{rest}")))
                } else {
                    wrong("has no `//` behind `postgres:`")
                }
            }
            other => wrong(&format!("`{other}` is no engine that is known")),
        }
    }

    fn file(path: &str, folder: &Path) -> Result<Self, OpenError> {
        let wrong = |problem: &str| Err(OpenError::Url(problem.to_owned()));
        if path.is_empty() || path == "/" {
            return wrong("names no file");
        }
        if path.contains(":memory:") {
            return wrong("a database in memory keeps nothing: set `data.enabled = false`");
        }
        if path.contains(['?', '#']) {
            return wrong("an SQLite file takes no parameters");
        }
        match percent_encoding::percent_decode_str(path).decode_utf8() {
            Ok(path) => Ok(Self::Sqlite(folder.join(&*path))),
            Err(_) => wrong("the path is not UTF-8"),
        }
    }

    /// The Cargo feature that it needs.
    pub(super) fn feature(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(url: &str) -> String {
        match Target::parse(url, Path::new("/app")) {
            Ok(Target::Sqlite(path)) => path.display().to_string(),
            Ok(Target::Postgres(url)) => url,
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn files_are_relative_to_the_folder() {
        assert_eq!(path("sqlite:chat.db"), "/app/chat.db");
        assert_eq!(path("sqlite://data/chat.db"), "/app/data/chat.db");
        assert_eq!(path("sqlite:///data/chat.db"), "/data/chat.db");
        assert_eq!(path("sqlite:///a%20b%3F.db"), "/a b?.db");
        assert_eq!(path("sqlite+aiosqlite:///chat.db"), "/app/chat.db");
        assert_eq!(path("sqlite+aiosqlite:////data/chat.db"), "/data/chat.db");
    }

    #[test]
    fn servers_keep_their_address() {
        assert_eq!(path("postgresql+asyncpg://a:b@c/d"), "postgres://a:b@c/d");
        assert_eq!(
            path("postgresql://a:b@c/d?sslmode=require"),
            "postgres://a:b@c/d?sslmode=require"
        );
    }

    #[test]
    fn what_is_no_address_says_so_and_shows_no_password() {
        for url in
            ["chat", "mysql://ada:secret@host/db", "sqlite://", "sqlite::memory:", "postgres:x"]
        {
            let message = path(url);
            assert!(message.starts_with("`data.database_url` (DATABASE_URL): "), "{message}");
            assert!(!message.contains("secret"), "{message}");
        }
    }
}
