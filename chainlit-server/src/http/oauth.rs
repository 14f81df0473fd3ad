//! `/auth/oauth/…`: to a provider's page and back.

use std::time::Duration;

use http::header::{CACHE_CONTROL, LOCATION};
use http::{Method, StatusCode};
use warp::reply::Response;

use super::{AppState, HttpError, Request, login, query, reply};
use crate::login::oauth::{Arrival, OAuth, OAuthError};

/// Bytes that the form from a provider's page may have: an ID token is the largest part.
const MAX_FORM: usize = 64 * 1024;

/// How long a client may take to send it.
const PATIENCE: Duration = Duration::from_secs(10);

/// `GET /auth/oauth/{provider}`.
pub(super) fn begin(state: &AppState, request: &Request, id: &str) -> Result<Response, HttpError> {
    let (oauth, by_form) = provider(state, id)?;
    let login = state.chats().login();
    let (headers, is_tls) = (&request.headers, login.is_tls(request.peer, &request.headers));
    let browser = login.cookie().read_oauth_state(by_form, headers);
    match oauth.begin(id, browser, headers, is_tls) {
        Ok(Some(departure)) => {
            let mut response = redirect(StatusCode::TEMPORARY_REDIRECT, &departure.location);
            let (browser, lifetime) = (&departure.browser, departure.lifetime);
            let cookie = login.cookie().set_oauth_state(by_form, browser, lifetime, is_tls);
            login::add_cookies(&mut response, vec![cookie]);
            Ok(response)
        }
        Ok(None) => Err(not_found(id)),
        Err(error) => Ok(failed(oauth, id, StatusCode::FOUND, &error)),
    }
}

/// `GET /auth/oauth/{provider}/callback`.
pub(super) async fn finish(
    state: &AppState,
    request: &Request,
    id: &str,
) -> Result<Response, HttpError> {
    let (oauth, by_form) = provider(state, id)?;
    if request.method != Method::GET {
        // Whoever only looks whether something is there uses nothing up.
        return Ok(reply::empty(StatusCode::NO_CONTENT));
    }
    let value = |name| query::value(&request.query, name).filter(|value| !value.is_empty());
    let arrival = Arrival {
        code: value("code"),
        state: value("state"),
        id_token: None,
        issuer: value("iss"),
        error: value("error"),
    };
    // What belongs into a form is not taken from an address.
    if by_form {
        let error = arrival.error.map_or(OAuthError::Incomplete, OAuthError::Refused);
        return Ok(failed(oauth, id, StatusCode::FOUND, &error));
    }
    Ok(arrive(state, oauth, request, id, by_form, &arrival).await)
}

/// `POST /auth/oauth/azure-ad-hybrid/callback`.
pub(super) async fn finish_form(
    state: &AppState,
    request: Request,
    id: &str,
) -> Result<Response, HttpError> {
    let (oauth, by_form) = provider(state, id)?;
    let asked = request.head();
    let body = request.bytes(MAX_FORM, PATIENCE).await?;
    let mut arrival = Arrival { error: query::value(&asked.query, "error"), ..Arrival::default() };
    for (name, value) in form_urlencoded::parse(&body) {
        let place = match &*name {
            "code" => &mut arrival.code,
            "state" => &mut arrival.state,
            "id_token" => &mut arrival.id_token,
            "iss" => &mut arrival.issuer,
            "error" => &mut arrival.error,
            _ => continue,
        };
        *place = Some(value.into_owned()).filter(|value| !value.is_empty());
    }
    Ok(arrive(state, oauth, &asked, id, by_form, &arrival).await)
}

async fn arrive(
    state: &AppState,
    oauth: &OAuth,
    request: &Request,
    id: &str,
    by_form: bool,
    arrival: &Arrival,
) -> Response {
    let login = state.chats().login();
    // A browser that follows asks by GET then.
    let status = if by_form { StatusCode::SEE_OTHER } else { StatusCode::FOUND };
    let (headers, is_tls) = (&request.headers, login.is_tls(request.peer, &request.headers));
    let browser = login.cookie().read_oauth_state(by_form, headers);
    let found = match oauth.finish(id, browser, headers, is_tls, arrival).await {
        Ok(found) => found,
        Err(error) => return failed(oauth, id, status, &error),
    };
    let refused = || redirect(status, &format!("{}/login?error=oauthSignin", oauth.prefix()));
    // Why is in the log.
    let Ok(user) = login.by_oauth(found).await else { return refused() };
    let Ok(token) = login.admit(user).await else { return refused() };
    match login.cookie().set(&token, is_tls, headers) {
        Ok(cookies) => {
            let target = format!("{}/login/callback?success=True", oauth.prefix());
            let mut response = redirect(status, &target);
            login::add_cookies(&mut response, cookies);
            response
        }
        Err(error) => {
            tracing::error!(provider = id, "nobody can be logged in with that: {error}");
            refused()
        }
    }
}

/// The application's providers, and whether this one sends a form.
fn provider<'a>(state: &'a AppState, id: &str) -> Result<(&'a OAuth, bool), HttpError> {
    let oauth = state.chats().login().oauth();
    let oauth = oauth
        .ok_or_else(|| HttpError::new(StatusCode::BAD_REQUEST, "No oauth_callback defined"))?;
    let by_form = oauth.comes_by_form(id).ok_or_else(|| not_found(id))?;
    Ok((oauth, by_form))
}

fn not_found(id: &str) -> HttpError {
    HttpError::new(StatusCode::NOT_FOUND, format!("Provider {id} not found"))
}

fn failed(oauth: &OAuth, id: &str, status: StatusCode, error: &OAuthError) -> Response {
    tracing::warn!(provider = id, "a login by OAuth failed: {error}");
    redirect(status, &format!("{}/login?error=oauthSignin", oauth.prefix()))
}

fn redirect(status: StatusCode, target: &str) -> Response {
    let mut response = reply::empty(status);
    reply::set(&mut response, LOCATION, target);
    reply::set(&mut response, CACHE_CONTROL, "no-store");
    response
}
