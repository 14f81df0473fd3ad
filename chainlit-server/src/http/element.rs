//! `PUT` and `DELETE /project/element`: a component of the application changes its props, or takes
//! itself away.
//!
//! Of the element that a client sends, nothing is believed: it names one that its own session
//! shows, and brings props.

use std::sync::Arc;

use chainlit_core::Emitter;
use chainlit_core::wire::{ElementDict, ElementType, ServerEvent};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use warp::reply::Response;

use super::{AppState, HttpError, Request, reply};
use crate::chat::Chat;
use crate::login::LoggedIn;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    session_id: String,
    element: Named,
}

/// What is read of the element. Its content, address and place are the application's matter.
#[derive(Deserialize)]
struct Named {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    props: Option<Map<String, Value>>,
}

/// Shows the element with the client's props.
pub(super) async fn update(state: &AppState, request: Request) -> Result<Response, HttpError> {
    let (user, body) = read(state, request).await?;
    let forbidden = "You are not authorized to update elements for this session";
    let found = find(state, user.as_ref(), &body, forbidden).await?;
    let Some((chat, element)) = found else { return Ok(answer(false)) };
    let props = body.element.props.unwrap_or_default();
    match chat.session.set_element_props(&element.id, props).await {
        Ok(true) => Ok(answer(true)),
        Ok(false) => Err(not_found()),
        Err(error) => {
            tracing::warn!(session = ?chat.session, "the props of an element are not kept: {error}");
            let detail = "The element can't be changed now";
            Err(HttpError::new(StatusCode::INSUFFICIENT_STORAGE, detail))
        }
    }
}

/// Takes the element away. One that answers a question can't go without an answer, which is that the
/// user cancels: nobody could give another one.
pub(super) async fn remove(state: &AppState, request: Request) -> Result<Response, HttpError> {
    let (user, body) = read(state, request).await?;
    let forbidden = "You are not authorized to remove elements for this session";
    let found = find(state, user.as_ref(), &body, forbidden).await?;
    let Some((chat, element)) = found else { return Ok(answer(false)) };
    if let Some(asking) = chat.session.asked_by_element(&element.id) {
        if chat.log.answer_for(&asking, json!({ "submitted": false })) {
            return Ok(answer(true));
        }
        // Another answer came just now. Whether it fits, the question's own code knows.
        let detail = "The question of this element is being answered";
        return Err(HttpError::new(StatusCode::CONFLICT, detail));
    }
    chat.log.emit(&ServerEvent::RemoveElement { id: &element.id });
    if let Some(file) = &element.chainlit_key {
        chat.session.files().remove(file);
    }
    Ok(answer(true))
}

async fn read(state: &AppState, request: Request) -> Result<(Option<LoggedIn>, Body), HttpError> {
    let user = state.user(&request).await?;
    Ok((user, request.json_up_to(state.config().limits.max_message_bytes).await?))
}

fn answer(success: bool) -> Response {
    reply::json(&json!({ "success": success }))
}

fn not_found() -> HttpError {
    HttpError::new(StatusCode::NOT_FOUND, "Element not found")
}

/// The custom element that the body names, in its session; `None` when it is of another type.
async fn find(
    state: &AppState,
    user: Option<&LoggedIn>,
    body: &Body,
    forbidden: &str,
) -> Result<Option<(Arc<Chat>, ElementDict)>, HttpError> {
    let chats = state.chats();
    if chats.is_closing() {
        let detail = "The server is going down, try again in a moment";
        return Err(HttpError::new(StatusCode::SERVICE_UNAVAILABLE, detail));
    }
    let unknown = HttpError::new(StatusCode::NOT_FOUND, "Session not found");
    let chat = state.chat_of(user, &body.session_id, unknown, forbidden)?;
    // A component that changes its props without end is slowed down like a client that talks.
    let too_often = || HttpError::new(StatusCode::TOO_MANY_REQUESTS, "Too many changes at once");
    tokio::time::sleep(chat.pause_of_request().ok_or_else(too_often)?).await;
    if body.element.kind != "custom" {
        return Ok(None);
    }
    let element = chat.log.element(&body.element.id).ok_or_else(not_found)?;
    Ok((element.kind == ElementType::Custom).then_some((chat, element)))
}
