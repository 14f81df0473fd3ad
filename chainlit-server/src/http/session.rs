//! Who sends a request, as the application's functions see it.

use http::HeaderMap;

use super::{AppState, HttpError};
use crate::chat::Caller;

/// Who sends a request with these headers: 401 for nobody where a login is required.
pub(super) async fn caller(state: &AppState, headers: &HeaderMap) -> Result<Caller, HttpError> {
    let user = state.chats().login().user(headers).await?;
    Ok(Caller::of(user, headers))
}

/// The same, where nobody is welcome too.
pub(super) async fn anybody(state: &AppState, headers: &HeaderMap) -> Caller {
    let user = state.chats().login().user(headers).await.unwrap_or_default();
    Caller::of(user, headers)
}
