//! The `[data]` table: whether users and conversations are kept, and where. Not a table of Chainlit.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Whether users and conversations are kept, and where. An application that brings a data layer of its
/// own does not need it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Data {
    /// Whether anything is kept. Absent means yes when somebody can log in, or when the database is
    /// named here.
    pub enabled: Option<bool>,
    /// The database: `sqlite://chat.db`, `postgres://user:password@host/database`. Absent means the
    /// file `.chainlit/chat.db` in the application's folder.
    pub database_url: Option<DatabaseUrl>,
    /// Where the content of elements is kept: a folder, `s3://bucket`, `gs://bucket` or `az://container`; absent means
    /// `.chainlit/storage` below the application's folder.
    pub storage_url: Option<String>,
    /// Whether browsers get the content from the bucket itself, by an address that is good for five minutes.
    pub storage_signed_urls: bool,
    /// `DATABASE_URL`, which says where and not whether: it may be there for something else.
    #[serde(skip)]
    pub(super) env_url: Option<DatabaseUrl>,
}

impl Data {
    /// Whether anything is kept by an application in which somebody can log in, or nobody.
    pub(crate) fn is_on(&self, has_login: bool) -> bool {
        self.enabled.unwrap_or(has_login || self.database_url.is_some())
    }

    /// The database's address, if anything names it.
    pub(crate) fn url(&self) -> Option<&DatabaseUrl> {
        self.env_url.as_ref().or(self.database_url.as_ref())
    }
}

/// The address of a database. `Debug` does not show it: it may hold a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The whole address, with its password.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for DatabaseUrl {
    fn from(url: T) -> Self {
        Self(url.into())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.0.split_once(':').map_or("", |(scheme, _)| scheme);
        write!(f, "DatabaseUrl({scheme}:...)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_on_for_those_who_want_it() {
        let unset = Data::default();
        assert!(unset.is_on(true) && !unset.is_on(false));
        let named = Data { database_url: Some("sqlite://x".into()), ..Data::default() };
        assert!(named.is_on(false));
        assert!(!Data { enabled: Some(false), ..named }.is_on(true));
        let elsewhere = Data { env_url: Some("sqlite://y".into()), ..Data::default() };
        assert!(!elsewhere.is_on(false));
    }

    #[test]
    fn the_environment_names_the_database_first() {
        let mut data = Data { database_url: Some("sqlite://x".into()), ..Data::default() };
        assert_eq!(data.url().map(DatabaseUrl::as_str), Some("sqlite://x"));
        data.env_url = Some("sqlite://y".into());
        assert_eq!(data.url().map(DatabaseUrl::as_str), Some("sqlite://y"));
    }

    #[test]
    fn debug_output_holds_no_password() {
        let url = DatabaseUrl::from("postgres://ada:secret@host/db");
        assert_eq!(format!("{url:?}"), "DatabaseUrl(postgres:...)");
    }
}
