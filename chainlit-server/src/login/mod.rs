//! Who is at the other end of a request or a socket.

use std::sync::Arc;

use chainlit_core::{HeaderAuthCallback, OAuthCallback, PasswordAuthCallback, Registry, User};
use http::HeaderMap;

/// The application's logins: cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Login(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    is_required: bool,
}

/// Somebody who has logged in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LoggedIn {
    /// The user, as the database has it where there is one, but for the name to show.
    pub(crate) user: User,
    /// Its id in the database; `None` where nothing is kept.
    pub(crate) id: Option<String>,
}

/// Why a request has no user though one is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LoginError {
    /// No token, or one that is forged, expired or withdrawn.
    #[error("Invalid authentication token")]
    InvalidToken,
}

impl Login {
    /// What the application has functions for.
    pub(crate) fn new(registry: &Registry) -> Self {
        let is_required = registry.get::<PasswordAuthCallback>().is_some()
            || registry.get::<HeaderAuthCallback>().is_some()
            || registry.get::<OAuthCallback>().is_some();
        Self(Arc::new(Inner { is_required }))
    }

    /// Whether nobody gets in without.
    pub(crate) fn is_required(&self) -> bool {
        self.0.is_required
    }

    /// Who sends a request with these headers; `None` where no login is required.
    pub(crate) async fn user(&self, _headers: &HeaderMap) -> Result<Option<LoggedIn>, LoginError> {
        if self.is_required() { Err(LoginError::InvalidToken) } else { Ok(None) }
    }
}
