//! The data layers that the server brings: SQLite and PostgreSQL.

mod error;
mod target;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;

use std::path::Path;

use chainlit_core::SharedDataLayer;

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use sql::{ImportReport, SqlDataLayer};

pub use error::OpenError;
use target::Target;

/// Where conversations are when nothing says where, relative to the application's folder.
const USUAL_FILE: &str = ".chainlit/chat.db";

/// Opens the database with that address, or the usual file. `folder` is what a file's path is relative to.
pub(crate) async fn open(url: Option<&str>, folder: &Path) -> Result<SharedDataLayer, OpenError> {
    let target = match url {
        Some(url) => Target::parse(url, folder)?,
        None => Target::Sqlite(folder.join(USUAL_FILE)),
    };
    open_target(target).await
}

#[cfg(any(feature = "sqlite", feature = "postgres"))]
async fn open_target(target: Target) -> Result<SharedDataLayer, OpenError> {
    SqlDataLayer::open_target(target).await.map(SharedDataLayer::from)
}

#[cfg(not(any(feature = "sqlite", feature = "postgres")))]
async fn open_target(target: Target) -> Result<SharedDataLayer, OpenError> {
    Err(OpenError::NotBuilt(target.feature()))
}
