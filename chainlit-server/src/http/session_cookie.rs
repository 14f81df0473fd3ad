//! Cookies of a browser: one by which a load balancer finds the process of a session, which this server never reads, and
//! one that tells the browser from others.

use http::HeaderValue;
use http::header::{COOKIE, SET_COOKIE};
use serde::Deserialize;
use serde_json::json;
use warp::reply::Response;

use super::{AppState, HttpError, Request, reply};
use crate::chat::is_session_id;
use crate::engineio::BROWSER_COOKIE;
use crate::random::random_id;

const SESSION_COOKIE: &str = "X-Chainlit-Session-id";

/// What an id must look like: an opaque key that a cookie can hold as it is.
const ID_PATTERN: &str = "^[A-Za-z0-9_-]{1,128}$";

#[derive(Deserialize)]
struct Body {
    session_id: String,
}

/// `POST /set-session-cookie`.
pub(super) async fn set(state: &AppState, request: Request) -> Result<Response, HttpError> {
    let on_this_machine = request.peer.is_none_or(|peer| peer.ip().to_canonical().is_loopback());
    let is_known = has_cookie(&request, BROWSER_COOKIE);
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
        &format!("{SESSION_COOKIE}={session_id}; HttpOnly; Path={path}; {site}"),
    );
    if !is_known {
        let id = random_id();
        // Sent with this site's own requests only: a polling connection is bound to it.
        let cookie = format!("{BROWSER_COOKIE}={id}; HttpOnly; Path={path}; SameSite=Lax");
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    Ok(response)
}

fn has_cookie(request: &Request, name: &str) -> bool {
    let values = request.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = values.flat_map(|value| value.split(';')).filter_map(|one| one.split_once('='));
    pairs.any(|(key, value)| key.trim() == name && !value.trim().is_empty())
}
