use crate::error::BoxError;

/// What a data layer's function gives.
pub type DataResult<T> = Result<T, DataError>;

/// Why a data layer can't do what it was asked for. The two kinds tell the server what to do about
/// it.
///
/// ```
/// use chainlit as cl;
///
/// let away = cl::DataError::unavailable(std::io::Error::other("connection refused"));
/// assert!(away.is_transient());
/// assert!(!cl::DataError::refused("the step belongs to another thread").is_transient());
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// The database can't be reached, is locked, is full: the same may work later. A write is tried
    /// again.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] BoxError),
    /// It will never work. A write is given up, and told to the application.
    #[error("the database refuses it: {0}")]
    Refused(#[source] BoxError),
}

impl DataError {
    /// May work later.
    pub fn unavailable(source: impl Into<BoxError>) -> Self {
        Self::Unavailable(source.into())
    }

    /// Never works.
    pub fn refused(source: impl Into<BoxError>) -> Self {
        Self::Refused(source.into())
    }

    /// Whether the same may work later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}
