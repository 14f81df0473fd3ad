//! A conversation gets another title, goes into the archive, or goes for good.

use chainlit_core::{StepRange, ThreadUpdate, Timestamp};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use warp::reply::Response;

use super::access::{Own, enter, stored};
use super::list::wrong;
use crate::http::{AppState, HttpError, Request, reply};

/// Bytes that a title may have.
const MAX_NAME: usize = 1000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    thread_id: String,
    #[serde(default)]
    name: Option<String>,
    /// Into the archive or out of it. Not a key of Chainlit's.
    #[serde(default)]
    archived: Option<bool>,
    #[serde(default)]
    session_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Removal {
    thread_id: String,
    #[serde(default)]
    session_id: Option<String>,
}

/// `PUT /project/thread`.
pub(in crate::http) async fn change(
    state: &AppState,
    request: Request,
) -> Result<Response, HttpError> {
    let entered = enter(state, &request.headers).await?;
    let change: Change = request.json().await?;
    let own = Own::find(state, entered, &change.thread_id, change.session_id.as_deref()).await?;
    if change.name.is_none() && change.archived.is_none() {
        return Err(wrong("name", "Field required"));
    }
    // One line: it stands in lists, and in the name of an exported file.
    let name = change.name.map(|name| name.replace(char::is_control, " ").trim().to_owned());
    if name.as_ref().is_some_and(|name| name.len() > MAX_NAME) {
        return Err(wrong("name", "Input should have at most 1000 bytes"));
    }
    let archived_at = change.archived.map(|is_archived| is_archived.then(Timestamp::now));
    let update = ThreadUpdate { name, archived_at, ..own.update() };
    stored(own.layer.update_thread(&update).await)?;
    Ok(reply::json(&json!({"success": true})))
}

/// `DELETE /project/thread`: with all that was kept of it.
pub(in crate::http) async fn remove(
    state: &AppState,
    request: Request,
) -> Result<Response, HttpError> {
    let state = state.clone();
    // A page that closes must not leave half of a conversation.
    let removed = tokio::spawn(async move { remove_whole(&state, request).await }).await;
    removed.unwrap_or_else(|error| {
        tracing::error!(%error, "the task that removes a thread panicked");
        Err(HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong."))
    })
}

async fn remove_whole(state: &AppState, request: Request) -> Result<Response, HttpError> {
    let entered = enter(state, &request.headers).await?;
    let Removal { thread_id, session_id } = request.json().await?;
    let own = Own::find(state, entered, &thread_id, session_id.as_deref()).await?;
    // The files first: without the rows nobody would know of those that are left.
    let thread =
        stored(own.layer.get_thread(&thread_id, StepRange::All).await)?.unwrap_or_default();
    let keys = thread.elements.iter().filter_map(|element| element.object_key.as_deref());
    state.chats().storage().remove_thread(&thread_id, keys).await.map_err(|error| {
        tracing::error!(%error, "the files of a thread can't be removed");
        let detail = "The conversation's files can't be removed now, try again in a moment";
        HttpError::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    })?;
    // What was written meanwhile goes, too.
    stored(state.chats().delete_thread(&thread_id).await)?;
    Ok(reply::json(&json!({"success": true})))
}

impl Own<'_> {
    /// Changes nothing of the thread yet. The author goes with it: were the thread removed just now,
    /// the change would make one, and that must not be nobody's.
    pub(super) fn update(&self) -> ThreadUpdate {
        ThreadUpdate {
            user_id: self.thread.user_id.clone(),
            user_identifier: self.thread.user_identifier.clone(),
            ..ThreadUpdate::new(self.thread.id.as_str())
        }
    }
}
