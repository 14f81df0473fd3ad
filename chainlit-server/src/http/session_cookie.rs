//! The cookie by which a load balancer finds the process of a session. This server never reads it.

use http::header::SET_COOKIE;
use serde::Deserialize;
use serde_json::json;
use warp::reply::Response;

use super::{AppState, HttpError, Request, reply};
use crate::chat::is_session_id;

const COOKIE: &str = "X-Chainlit-Session-id";

/// What an id must look like: an opaque key that a cookie can hold as it is.
const ID_PATTERN: &str = "^[A-Za-z0-9_-]{1,128}$";

#[derive(Deserialize)]
struct Body {
    session_id: String,
}

/// `POST /set-session-cookie`.
pub(super) async fn set(state: &AppState, request: Request) -> Result<Response, HttpError> {
    let on_this_machine = request.peer.is_none_or(|peer| peer.ip().to_canonical().is_loopback());
    let Body { session_id } = request.json().await?;
    if !is_session_id(&session_id) {
        return Err(HttpError::pattern(["body", "session_id"], &json!(null), ID_PATTERN));
    }
    let path = match state.root_path().as_str() {
        "" => "/",
        root => root,
    };
    // A widget on another site's page needs the cookie too; browsers allow that over TLS only.
    let site = if on_this_machine { "SameSite=lax" } else { "SameSite=none; Secure" };
    let mut response = reply::json(&json!({"message": "Session cookie set"}));
    reply::set(
        &mut response,
        SET_COOKIE,
        &format!("{COOKIE}={session_id}; HttpOnly; Path={path}; {site}"),
    );
    Ok(response)
}
