//! `POST /project/action`: a button of a message was pressed.

use chainlit_core::wire::ActionDict;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use warp::Filter;
use warp::filters::BoxedFilter;

use crate::chat::{ActionError, Chats};

/// Bytes that the request may have.
const MAX_BODY: u64 = 64 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CallAction {
    session_id: String,
    action: ActionDict,
}

/// The route below the root path.
pub(crate) fn route(chats: Chats) -> BoxedFilter<(warp::reply::Response,)> {
    warp::path!("project" / "action")
        .and(warp::post())
        .and(warp::body::content_length_limit(MAX_BODY))
        .and(warp::body::bytes())
        .then(move |body: bytes::Bytes| {
            let chats = chats.clone();
            async move {
                let (status, answer) = match call(&chats, &body).await {
                    Ok(answer) => (StatusCode::OK, json!({ "success": true, "response": answer })),
                    Err((status, detail)) => (status, json!({ "detail": detail })),
                };
                warp::reply::with_status(warp::reply::json(&answer), status)
            }
        })
        .map(|reply| warp::Reply::into_response(reply))
        .boxed()
}

async fn call(chats: &Chats, body: &[u8]) -> Result<Value, (StatusCode, String)> {
    let request: CallAction = serde_json::from_slice(body).map_err(|error| {
        (StatusCode::UNPROCESSABLE_ENTITY, format!("The request is no action: {error}"))
    })?;
    // The session's id is what opens it: an unknown one is no different from a foreign one.
    let chat = chats
        .get(&request.session_id)
        .ok_or((StatusCode::NOT_FOUND, "Session not found".to_owned()))?;
    if chats.dispatcher().registry().action(&request.action.name).is_none() {
        let error = ActionError::NoCallback(request.action.name);
        return Err((StatusCode::NOT_FOUND, error.to_string()));
    }
    // What runs is what was offered: the client's copy of the action only names it.
    let action = chat
        .log
        .action(&request.action.id)
        .filter(|action| action.name == request.action.name)
        .ok_or((StatusCode::NOT_FOUND, "The action is not offered any more".to_owned()))?;
    // The handler must not end with the request: a page that closes is no Stop.
    let chats = chats.clone();
    let answer = tokio::spawn(async move { chats.dispatcher().action(&chat, action).await });
    match answer.await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error @ ActionError::NoCallback(_))) => {
            Err((StatusCode::NOT_FOUND, error.to_string()))
        }
        Ok(Err(error @ ActionError::Cancelled)) => Err((StatusCode::CONFLICT, error.to_string())),
        Ok(Err(ActionError::Failed(text))) => Err((StatusCode::INTERNAL_SERVER_ERROR, text)),
        Err(error) => {
            tracing::error!(%error, "the task of an action panicked");
            Err((StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong.".to_owned()))
        }
    }
}
