//! Whose a thread is, asked before anything is read or changed.

use chainlit_core::{DataError, DataResult, SharedDataLayer, ThreadSummary};
use http::{HeaderMap, StatusCode};

use super::super::{AppState, HttpError, session};
use crate::chat::Caller;

/// Bytes that an id of a thread, a step, an element or a feedback may have.
const MAX_ID: usize = 128;

/// A thread that the caller may read and change.
pub(in crate::http) struct Own<'a> {
    pub(super) layer: &'a SharedDataLayer,
    pub(super) caller: Caller,
    pub(super) thread: ThreadSummary,
}

/// Whether a text can be an id. Databases of Chainlit's have UUIDs; others may have what they like.
pub(in crate::http) fn is_id(text: &str) -> bool {
    (1..=MAX_ID).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// What keeps the conversations: 400 where nothing does, which is told before anything else.
pub(in crate::http) async fn layer(state: &AppState) -> Result<&SharedDataLayer, HttpError> {
    match state.chats().persistence().layer().await {
        Ok(Some(layer)) => Ok(layer),
        Ok(None) => Err(HttpError::new(StatusCode::BAD_REQUEST, "Data persistence is not enabled")),
        Err(error) => {
            tracing::error!(%error, "the data layer can't be opened");
            Err(unavailable())
        }
    }
}

/// What a data layer gave: 503 while it is away, 500 when it refuses.
pub(in crate::http) fn stored<T>(given: DataResult<T>) -> Result<T, HttpError> {
    given.map_err(|error| {
        tracing::error!(%error, "a request failed");
        match error {
            DataError::Unavailable(_) => unavailable(),
            _ => {
                let detail = "The database refuses it; the server's log says why";
                HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
            }
        }
    })
}

fn unavailable() -> HttpError {
    let detail = "The database is not available, try again in a moment";
    HttpError::new(StatusCode::SERVICE_UNAVAILABLE, detail)
}

/// 404 for a thread.
pub(in crate::http) fn no_thread() -> HttpError {
    HttpError::new(StatusCode::NOT_FOUND, "Thread not found")
}

pub(in crate::http) fn unauthorized() -> HttpError {
    HttpError::new(StatusCode::UNAUTHORIZED, "Unauthorized")
}

/// The data layer, and who calls: 400, then 401 for nobody where a login is required.
pub(in crate::http) async fn enter<'a>(
    state: &'a AppState,
    headers: &HeaderMap,
) -> Result<(&'a SharedDataLayer, Caller), HttpError> {
    let layer = layer(state).await?;
    Ok((layer, session::caller(state, headers).await?))
}

impl<'a> Own<'a> {
    /// The thread with that id, if it is the caller's: 404 for none, 401 for another user's.
    ///
    /// A thread of nobody is open to the live session that writes it, and that session only.
    pub(super) async fn find(
        state: &AppState,
        (layer, caller): (&'a SharedDataLayer, Caller),
        id: &str,
        session_id: Option<&str>,
    ) -> Result<Self, HttpError> {
        let chat = session_id.and_then(|id| state.chats().get_own(id, &caller).ok().flatten());
        let writes = chat.is_some_and(|chat| chat.session.thread_id() == id);
        if caller.user().is_none() && !writes {
            return Err(unauthorized());
        }
        // What was said just now may not be written yet.
        state.chats().settle(id).await;
        let found = if is_id(id) { stored(layer.get_thread_summary(id).await)? } else { None };
        let thread = found.ok_or_else(no_thread)?;
        let caller_is = caller.user().map(|user| user.user.identifier.as_str());
        match thread.user_identifier.as_deref() {
            None if writes => {}
            None => return Err(no_thread()),
            author if author == caller_is => {}
            Some(_) => return Err(unauthorized()),
        }
        Ok(Self { layer, caller, thread })
    }
}
