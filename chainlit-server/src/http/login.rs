//! Coming and going: `/login`, `/logout`, `/auth/jwt`, `/auth/header` and `/user`.

use std::time::Duration;

use bytes::Bytes;
use chainlit_core::Credentials;
use futures_util::stream;
use http::header::{CONTENT_TYPE, RETRY_AFTER, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::{Value, json};
use warp::reply::Response;

use super::{AppState, HttpError, Request, reply};
use crate::login::{self, CallbackError, LoggedIn, TooMany};

/// Bytes that a form with name and password may have.
const MAX_FORM: usize = 16 * 1024;

/// Bytes of what a page says when it logs out.
const MAX_LOGOUT: usize = 4 * 1024;

/// How long a client may take to send either.
const PATIENCE: Duration = Duration::from_secs(10);

/// `GET /user`.
pub(super) async fn user(state: &AppState, request: &Request) -> Result<Response, HttpError> {
    let Some(LoggedIn { user, id, created_at, .. }) = state.user(request).await? else {
        return Ok(reply::json(&json!(null)));
    };
    let mut answer = json!({
        "identifier": user.identifier,
        "display_name": user.display_name,
        "metadata": user.metadata,
    });
    if let Some(id) = id {
        answer["id"] = json!(id);
        answer["createdAt"] = json!(created_at);
    }
    Ok(reply::json(&answer))
}

/// `POST /login`.
pub(super) async fn by_password(state: &AppState, request: Request) -> Result<Response, HttpError> {
    let login = state.chats().login();
    if !state.facts().login.password {
        return Err(refusal(CallbackError::NotDefined, "No auth_callback defined"));
    }
    let (peer, headers) = (request.peer, request.headers.clone());
    let credentials = credentials(request).await?;
    let user = match login.by_password(credentials, peer, &headers).await {
        Ok(user) => user,
        Err(CallbackError::TooMany(TooMany(wait))) => return Ok(too_many(wait)),
        Err(error) => return Err(refusal(error, "No auth_callback defined")),
    };
    let token = login.admit(user).await.map_err(unauthorized)?;
    with_token(state, &token, peer, &headers)
}

/// `POST /auth/header`.
pub(super) async fn by_headers(state: &AppState, request: Request) -> Result<Response, HttpError> {
    let login = state.chats().login();
    let user = login.by_headers(request.peer, &request.headers).await;
    let user = user.map_err(|error| refusal(error, "No header_auth_callback defined"))?;
    let token = login.admit(user).await.map_err(unauthorized)?;
    with_token(state, &token, request.peer, &request.headers)
}

/// `POST /auth/jwt`.
pub(super) async fn by_token(state: &AppState, request: Request) -> Result<Response, HttpError> {
    let login = state.chats().login();
    let token = login::bearer(&request.headers).map_err(unauthorized)?;
    let invalid = |_| unauthorized("Invalid token");
    let token = login.exchange(token).await.map_err(invalid)?;
    with_token(state, &token, request.peer, &request.headers)
}

/// `POST /logout`. Whoever has no login any more is out, too.
pub(super) async fn logout(state: &AppState, request: Request) -> Result<Response, HttpError> {
    let login = state.chats().login();
    let (peer, headers) = (request.peer, request.headers.clone());
    let user = login.user(&headers).await.ok().flatten();
    // Chainlit's page sends nothing, or anything.
    let body = request.bytes(MAX_LOGOUT, PATIENCE).await?;
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    if let Some(user) = &user {
        if body["everywhere"] == true {
            state.chats().end_all_logins(&user.user.identifier).await;
        } else {
            state.chats().end_login(user).await;
        }
    }
    let said = state.chats().on_logout(user, login::texts(&headers)).await;
    let mut response = reply::json(&said.unwrap_or_else(|| json!({"success": true})));
    let is_tls = login.is_tls(peer, &headers);
    add_cookies(&mut response, login.cookie().remove(is_tls, &headers));
    Ok(response)
}

fn with_token(
    state: &AppState,
    token: &str,
    peer: Option<std::net::SocketAddr>,
    headers: &HeaderMap,
) -> Result<Response, HttpError> {
    let login = state.chats().login();
    let cookies = login.cookie().set(token, login.is_tls(peer, headers), headers);
    let cookies = cookies.map_err(|error| {
        tracing::error!("nobody can be logged in with that: {error}");
        HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, "The login could not be kept")
    })?;
    let mut response = reply::json(&json!({"success": true}));
    add_cookies(&mut response, cookies);
    Ok(response)
}

pub(super) fn add_cookies(response: &mut Response, cookies: Vec<String>) {
    let values = cookies.into_iter().filter_map(|cookie| HeaderValue::try_from(cookie).ok());
    response.headers_mut().extend(values.map(|value| (SET_COOKIE, value)));
}

fn unauthorized(detail: impl ToString) -> HttpError {
    HttpError::new(StatusCode::UNAUTHORIZED, detail.to_string())
}

fn refusal(error: CallbackError, not_defined: &str) -> HttpError {
    match error {
        CallbackError::NotDefined => HttpError::new(StatusCode::BAD_REQUEST, not_defined),
        _ => unauthorized("credentialssignin"),
    }
}

fn too_many(wait: Duration) -> Response {
    let error = HttpError::new(StatusCode::TOO_MANY_REQUESTS, "Too many attempts, try again later");
    let mut response = error.into_response();
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    response.headers_mut().insert(RETRY_AFTER, seconds.into());
    response
}

/// Name and password of a form in either encoding.
async fn credentials(request: Request) -> Result<Credentials, HttpError> {
    let declared = request.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = declared.and_then(|text| multer::parse_boundary(text).ok());
    let body = request.bytes(MAX_FORM, PATIENCE).await?;
    let (mut username, mut password) = (None, None);
    match boundary {
        Some(boundary) => {
            let whole = stream::iter([Ok::<Bytes, std::convert::Infallible>(body)]);
            let mut form = multer::Multipart::new(whole, boundary);
            while let Ok(Some(field)) = form.next_field().await {
                let name = field.name().unwrap_or_default().to_owned();
                let Ok(text) = field.text().await else { break };
                match &*name {
                    "username" => username = Some(text),
                    "password" => password = Some(text),
                    _ => {}
                }
            }
        }
        None => {
            for (name, value) in form_urlencoded::parse(&body) {
                match &*name {
                    "username" => username = Some(value.into_owned()),
                    "password" => password = Some(value.into_owned()),
                    _ => {}
                }
            }
        }
    }
    let given = |name: &str, value: Option<String>| {
        value.filter(|text| !text.is_empty()).ok_or_else(|| {
            HttpError::validation(json!({
                "type": "missing",
                "loc": ["body", name],
                "msg": "Field required",
                "input": null,
            }))
        })
    };
    Ok(Credentials::new(given("username", username)?, given("password", password)?))
}
