//! Cookies of a browser: one by which a load balancer finds the process of a session, which this server never reads, and
//! one that tells the browser from others.

use http::header::{COOKIE, SET_COOKIE};
use serde::Deserialize;
use serde_json::json;
use warp::reply::Response;

use super::{AppState, HttpError, Request, reply};
use crate::chat::is_session_id;
use crate::engineio::{BROWSER_COOKIE, browser_cookie};
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
    let path = state.root_path().cookie_path();
    // A widget on another site's page needs the cookie too; browsers allow that over TLS only.
    let site = if on_this_machine { "SameSite=lax" } else { "SameSite=none; Secure" };
    let mut response = reply::json(&json!({"message": "Session cookie set"}));
    reply::set(
        &mut response,
        SET_COOKIE,
        &format!("{SESSION_COOKIE}={session_id}; HttpOnly; Path={path}; {site}"),
    );
    if !is_known {
        // A polling connection is bound to it.
        response
            .headers_mut()
            .extend(browser_cookie(&random_id(), path).map(|cookie| (SET_COOKIE, cookie)));
    }
    Ok(response)
}

fn has_cookie(request: &Request, name: &str) -> bool {
    let values = request.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = values.flat_map(|value| value.split(';')).filter_map(|one| one.split_once('='));
    pairs.any(|(key, value)| key.trim() == name && !value.trim().is_empty())
}
