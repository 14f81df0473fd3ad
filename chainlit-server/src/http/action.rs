//! `POST /project/action`: a button of a message was pressed, or a component of the application calls an action.

use chainlit_core::guard::{self, shortened};
use chainlit_core::wire::ActionDict;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
use warp::reply::Response;

use super::{AppState, HttpError, Request, reply};
use crate::chat::ActionError;

/// Chainlit's own words.
const FORBIDDEN: &str = "You are not authorized to upload files for this session";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    session_id: String,
    action: Called,
}

/// The action as a client calls it. A component of the application has nothing but name and
/// payload.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Called {
    name: String,
    payload: Value,
    #[serde(default)]
    label: String,
    #[serde(default)]
    tooltip: String,
    #[serde(default)]
    icon: Option<String>,
    #[serde(default)]
    for_id: Option<String>,
    #[serde(default)]
    id: Option<String>,
}

impl From<Called> for ActionDict {
    fn from(called: Called) -> Self {
        let Called { name, payload, label, tooltip, icon, for_id, id } = called;
        let id = id.unwrap_or_else(|| Uuid::new_v4().to_string());
        Self { name, payload, label, tooltip, icon, for_id, id }
    }
}

#[derive(Serialize)]
struct Answer {
    success: bool,
    response: Value,
}

/// Runs the action's function and answers with what it gave.
pub(super) async fn call(state: &AppState, request: Request) -> Result<Response, HttpError> {
    let user = state.user(&request).await?;
    let most = state.config().limits.max_message_bytes;
    let Body { session_id, action } = request.json_up_to(most).await?;
    let chats = state.chats();
    if chats.is_closing() {
        return Err(HttpError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            ActionError::Closing.to_string(),
        ));
    }
    let not_found = |detail: &str| HttpError::new(StatusCode::NOT_FOUND, detail);
    let chat =
        state.chat_of(user.as_ref(), &session_id, not_found("Session not found"), FORBIDDEN)?;
    if action.id.as_deref().is_some_and(|id| chat.session.is_asked(id)) {
        let detail = "The action answers a question, it is not called by itself";
        return Err(HttpError::new(StatusCode::CONFLICT, detail));
    }
    if chats.dispatcher().registry().action(&action.name).is_none() {
        return Err(not_found(&shortened(ActionError::NoCallback(action.name))));
    }
    let action = chat
        .log
        .callable(action.into())
        .ok_or_else(|| not_found("The action is not offered any more"))?;
    // The handler must not end with the request: a page that closes is no Stop.
    let dispatcher = chats.dispatcher().clone();
    let answer =
        tokio::spawn(guard::deferring(async move { dispatcher.action(&chat, action).await }));
    match answer.await {
        Ok(Ok(answer)) => Ok(reply::json(&Answer { success: true, response: answer })),
        Ok(Err(error)) => {
            let status = match error {
                ActionError::NoCallback(_) => StatusCode::NOT_FOUND,
                ActionError::Cancelled => StatusCode::CONFLICT,
                ActionError::Busy => StatusCode::TOO_MANY_REQUESTS,
                ActionError::Closing => StatusCode::SERVICE_UNAVAILABLE,
                ActionError::Payload(_) => StatusCode::UNPROCESSABLE_ENTITY,
                ActionError::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
            };
            Err(HttpError::new(status, error.to_string()))
        }
        Err(error) => {
            tracing::error!(%error, "the task of an action panicked");
            Err(HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong."))
        }
    }
}
