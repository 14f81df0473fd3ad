//! `PUT` and `DELETE /feedback`: what the user thinks of an answer.

use std::sync::Arc;

use chainlit_core::{DataError, Feedback, OnFeedback, SharedDataLayer, StepRange};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use warp::reply::Response;

use super::threads::{is_id, layer, no_thread, stored, unauthorized};
use super::{AppState, HttpError, Request, reply, session};
use crate::chat::{Caller, Chat};

/// Bytes that a comment may have.
const MAX_COMMENT: usize = 16 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    feedback: Feedback,
    #[serde(default)]
    session_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Withdrawn {
    feedback_id: String,
}

/// Keeps a feedback, or changes it.
pub(super) async fn give(state: &AppState, request: Request) -> Result<Response, HttpError> {
    if !state.chats().persistence().is_on() {
        // The status is the original's, and its clients only look at the text.
        let detail = "Data persistence is not enabled";
        return Err(HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, detail));
    }
    let layer = layer(state).await?;
    let caller = session::caller(state, &request.headers).await?;
    let Given { mut feedback, session_id } = request.json().await?;
    if feedback.comment.as_ref().is_some_and(|comment| comment.len() > MAX_COMMENT) {
        let detail = format!("A comment may have {MAX_COMMENT} bytes");
        return Err(HttpError::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    if let Some(comment) = &mut feedback.comment {
        // No database keeps it.
        comment.retain(|c| c != '\0');
    }
    let chat = match &session_id {
        Some(id) => state.chats().get_own(id, &caller).ok().flatten(),
        None => None,
    };
    let thread_id = thread_of(&feedback, chat.as_deref())?;
    let wrong_ids = !is_id(&feedback.for_id) || feedback.id.as_deref().is_some_and(|id| !is_id(id));
    if wrong_ids {
        return Err(no_message());
    }
    // The answer may be so new that it is not written yet.
    state.chats().settle(&thread_id).await;
    may_speak(layer, &caller, chat.as_deref(), &thread_id).await?;
    if !has_step(layer, &thread_id, &feedback.for_id).await? {
        return Err(no_message());
    }
    feedback.thread_id = Some(thread_id);
    let id = match layer.upsert_feedback(&feedback).await {
        Err(DataError::Refused(reason)) => {
            tracing::debug!(%reason, "a feedback was refused");
            return Err(no_message());
        }
        kept => stored(kept)?,
    };
    feedback.id = Some(id.clone());
    tell(state, &caller, chat, feedback).await;
    Ok(reply::json(&json!({"success": true, "feedbackId": id})))
}

/// Takes a feedback back.
pub(super) async fn withdraw(state: &AppState, request: Request) -> Result<Response, HttpError> {
    let layer = layer(state).await?;
    let caller = session::caller(state, &request.headers).await?;
    let Withdrawn { feedback_id } = request.json().await?;
    let not_found = || HttpError::new(StatusCode::NOT_FOUND, "Feedback not found");
    if !is_id(&feedback_id) {
        return Err(not_found());
    }
    let feedback = stored(layer.get_feedback(&feedback_id).await)?.ok_or_else(not_found)?;
    let author = match &feedback.thread_id {
        Some(thread_id) => stored(layer.get_thread_author(thread_id).await)?,
        None => None,
    };
    // In a thread of nobody its id, which nobody else was told, is what opens it.
    if author.as_deref() != caller.user().map(|user| user.user.identifier.as_str()) {
        return Err(unauthorized());
    }
    stored(layer.delete_feedback(&feedback_id).await)?;
    Ok(reply::json(&json!({"success": true})))
}

/// The thread that a feedback is about: the one that it names, or else that of its session.
fn thread_of(feedback: &Feedback, chat: Option<&Chat>) -> Result<String, HttpError> {
    let named = feedback.thread_id.as_deref().filter(|id| !id.is_empty());
    let thread_id = named.or_else(|| chat.map(|chat| chat.session.thread_id()));
    thread_id.filter(|id| is_id(id)).map(str::to_owned).ok_or_else(no_thread)
}

/// 404 for a thread that is not there, 401 for another user's.
async fn may_speak(
    layer: &SharedDataLayer,
    caller: &Caller,
    chat: Option<&Chat>,
    thread_id: &str,
) -> Result<(), HttpError> {
    let thread = stored(layer.get_thread_summary(thread_id).await)?.ok_or_else(no_thread)?;
    let is_own = match (&thread.user_identifier, caller.user()) {
        (Some(author), Some(user)) => *author == user.user.identifier,
        (None, _) => chat.is_some_and(|chat| chat.session.thread_id() == thread_id),
        (Some(_), None) => false,
    };
    if is_own { Ok(()) } else { Err(unauthorized()) }
}

/// Whether the step is of that thread. A data layer has to see to it too; but one that does not would
/// let whoever has a thread speak in any other. That the chat shows it proves nothing: clients choose
/// the ids of their messages.
async fn has_step(layer: &SharedDataLayer, thread_id: &str, id: &str) -> Result<bool, HttpError> {
    let thread = stored(layer.get_thread(thread_id, StepRange::All).await)?;
    Ok(thread.is_some_and(|thread| thread.steps.iter().any(|step| **step.id() == *id)))
}

/// Tells the application, which can't refuse: the feedback is stored by now.
async fn tell(state: &AppState, caller: &Caller, chat: Option<Arc<Chat>>, feedback: Feedback) {
    state.chats().call::<OnFeedback>(caller, chat, feedback).await;
}

fn no_message() -> HttpError {
    HttpError::new(StatusCode::NOT_FOUND, "Message not found")
}
