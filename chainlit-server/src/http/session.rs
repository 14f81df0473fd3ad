//! Who sends a request.

use http::{HeaderMap, StatusCode};

use super::{AppState, HttpError};
use crate::chat::Caller;

/// Who sends a request with these headers: 401 for nobody where a login is required.
pub(super) async fn caller(state: &AppState, headers: &HeaderMap) -> Result<Caller, HttpError> {
    let user = state.chats().login().user(headers).await;
    let refused = |error: crate::login::LoginError| {
        HttpError::new(StatusCode::UNAUTHORIZED, error.to_string())
    };
    Ok(Caller::new(user.map_err(refused)?, headers))
}

/// The same, where nobody is welcome too.
pub(super) async fn anybody(state: &AppState, headers: &HeaderMap) -> Caller {
    let user = state.chats().login().user(headers).await.unwrap_or_default();
    Caller::new(user, headers)
}
