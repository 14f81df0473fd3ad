//! Which handler answers which path, and what every response has.

use http::header::{ALLOW, LOCATION, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::json;
use warp::reply::Response;

#[cfg(feature = "oauth")]
use super::oauth;
use super::reply::set;
use super::{
    AppState, HttpError, OriginPolicy, Request, action, branding, cors, element, feedback, files,
    login, page, project, reply, session_cookie, session_file, threads, unavailable, upload,
};

/// A handler and the method it answers.
type Entry = (Method, Route);

/// Where a form comes from that another site's page sends.
const OAUTH_FORM: &[&str] = &["auth", "oauth", "azure-ad-hybrid", "callback"];

/// The handlers. A path's variable parts are read by the handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    Action,
    UpdateElement,
    RemoveElement,
    AuthConfig,
    User,
    Login,
    LoginByToken,
    LoginByHeaders,
    Logout,
    OAuth,
    OAuthCallback,
    OAuthForm,
    SetSessionCookie,
    Settings,
    Translations,
    Public,
    Assets,
    Favicon,
    Logo,
    Avatar,
    Health,
    Upload,
    SessionFile,
    GiveFeedback,
    WithdrawFeedback,
    Threads,
    Thread,
    ThreadSteps,
    ThreadElement,
    ThreadContent,
    ExportThread,
    ChangeThread,
    RemoveThread,
    ShareThread,
    SharedThread,
    SharedContent,
    /// A feature of Chainlit's that this server does not have.
    Unavailable,
}

/// The handlers of a path; none for paths that only have the page.
fn entries(segments: &[&str]) -> &'static [Entry] {
    use Route::{
        Action, Assets, AuthConfig, Avatar, ChangeThread, ExportThread, Favicon, GiveFeedback,
        Health, Login, LoginByHeaders, LoginByToken, Logo, Logout, OAuth, OAuthCallback, OAuthForm,
        Public, RemoveElement, RemoveThread, SessionFile, SetSessionCookie, Settings, ShareThread,
        SharedContent, SharedThread, Thread, ThreadContent, ThreadElement, ThreadSteps, Threads,
        Translations, Unavailable, UpdateElement, Upload, User, WithdrawFeedback,
    };
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const DELETE: Method = Method::DELETE;
    match segments {
        ["health"] => &[(GET, Health)],
        ["favicon"] => &[(GET, Favicon)],
        ["logo"] => &[(GET, Logo)],
        ["avatars", _] => &[(GET, Avatar)],
        ["public", _, ..] => &[(GET, Public)],
        ["assets", _, ..] => &[(GET, Assets)],
        ["auth", "config"] => &[(GET, AuthConfig)],
        ["user"] => &[(GET, User)],
        ["logout"] => &[(POST, Logout)],
        ["set-session-cookie"] => &[(POST, SetSessionCookie)],
        ["project", "settings"] => &[(GET, Settings)],
        ["project", "action"] => &[(POST, Action)],
        ["project", "element"] => &[(PUT, UpdateElement), (DELETE, RemoveElement)],
        ["project", "translations"] => &[(GET, Translations)],
        ["login"] => &[(POST, Login)],
        ["auth", "jwt"] => &[(POST, LoginByToken)],
        ["auth", "header"] => &[(POST, LoginByHeaders)],
        ["auth", "oauth", _] => &[(GET, OAuth)],
        OAUTH_FORM => &[(GET, OAuthCallback), (POST, OAuthForm)],
        ["auth", "oauth", _, "callback"] => &[(GET, OAuthCallback)],
        ["feedback"] => &[(PUT, GiveFeedback), (DELETE, WithdrawFeedback)],
        ["project", "threads"] => &[(POST, Threads)],
        ["project", "thread"] => &[(PUT, ChangeThread), (DELETE, RemoveThread)],
        ["project", "thread", "share"] => &[(GET, Thread), (PUT, ShareThread)],
        ["project", "thread", _] => &[(GET, Thread)],
        ["project", "thread", _, "steps"] => &[(GET, ThreadSteps)],
        ["project", "thread", _, "export"] => &[(GET, ExportThread)],
        ["project", "thread", _, "element", _] => &[(GET, ThreadElement)],
        ["project", "thread", _, "element", _, "content"] => &[(GET, ThreadContent)],
        ["project", "share", _] => &[(GET, SharedThread)],
        ["project", "share", _, "element", _, "content"] => &[(GET, SharedContent)],
        ["project", "file"] => &[(POST, Upload)],
        ["project", "file", _] => &[(GET, SessionFile)],
        ["mcp"] => &[(POST, Unavailable), (DELETE, Unavailable)],
        _ => &[],
    }
}

/// Answers a request, whatever it is.
pub(super) async fn answer(state: &AppState, request: Request) -> Response {
    let head = request.method == Method::HEAD;
    let origin = request.headers.get(ORIGIN).cloned();
    let mut response = if let Some(response) = cors::preflight(state.origins(), &request) {
        response
    } else {
        within_root(state, request).await.unwrap_or_else(HttpError::into_response)
    };
    add_common_headers(state.origins(), origin.as_ref(), &mut response);
    if head {
        let (parts, _) = response.into_parts();
        response = Response::from_parts(parts, bytes::Bytes::new().into());
    }
    response
}

/// What every response has, whatever the request, which came from a page of that `origin`.
pub(crate) fn add_common_headers(
    policy: &OriginPolicy,
    origin: Option<&HeaderValue>,
    response: &mut Response,
) {
    cors::allow(policy, origin, response);
    set(response, X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(response, REFERRER_POLICY, "same-origin");
}

/// Takes the root path away. Below it, paths are decoded once and then split, so that `%2F` is a slash.
async fn within_root(state: &AppState, request: Request) -> Result<Response, HttpError> {
    let path = percent_decode_str(&request.raw_path).decode_utf8_lossy().into_owned();
    let below = state.root_path().strip(&path).ok_or_else(HttpError::not_found)?;
    let Some(below) = below.strip_prefix('/') else {
        return if below.is_empty() && !state.root_path().as_str().is_empty() {
            Ok(redirect_to_root(state, &request))
        } else {
            Err(HttpError::not_found()) // `*` and the like
        };
    };
    let segments: Vec<&str> = below.split('/').collect();
    // The form from a provider's page proves itself by its state.
    if segments != OAUTH_FORM && !cors::may_change(state.origins(), &request) {
        return Err(HttpError::new(StatusCode::FORBIDDEN, "Origin not allowed"));
    }
    dispatch(state, request, &segments).await
}

fn redirect_to_root(state: &AppState, request: &Request) -> Response {
    let mut target = format!("{}/", state.root_path());
    if !request.query.is_empty() {
        target.push('?');
        target.push_str(&request.query);
    }
    let mut response = reply::empty(StatusCode::TEMPORARY_REDIRECT);
    set(&mut response, LOCATION, &target);
    response
}

async fn dispatch(
    state: &AppState,
    request: Request,
    segments: &[&str],
) -> Result<Response, HttpError> {
    let entries = entries(segments);
    let method = match request.method {
        Method::HEAD => Method::GET,
        ref other => other.clone(),
    };
    match entries.iter().find(|(allowed, _)| *allowed == method) {
        Some((_, route)) => handle(*route, state, request, segments).await,
        None if method == Method::GET => page::index(state, &request).await,
        None => Ok(method_not_allowed(entries)),
    }
}

async fn handle(
    route: Route,
    state: &AppState,
    request: Request,
    segments: &[&str],
) -> Result<Response, HttpError> {
    match route {
        Route::Action => action::call(state, request).await,
        Route::UpdateElement => element::update(state, request).await,
        Route::RemoveElement => element::remove(state, request).await,
        Route::AuthConfig => Ok(project::auth_config(state)),
        Route::User => login::user(state, &request).await,
        Route::Login => login::by_password(state, request).await,
        Route::LoginByToken => login::by_token(state, request).await,
        Route::LoginByHeaders => login::by_headers(state, request).await,
        Route::Logout => login::logout(state, request).await,
        #[cfg(feature = "oauth")]
        Route::OAuth => oauth::begin(state, &request, segments[2]),
        #[cfg(feature = "oauth")]
        Route::OAuthCallback => oauth::finish(state, &request, segments[2]).await,
        #[cfg(feature = "oauth")]
        Route::OAuthForm => oauth::finish_form(state, request, segments[2]).await,
        #[cfg(not(feature = "oauth"))]
        Route::OAuth | Route::OAuthCallback | Route::OAuthForm => {
            Err(unavailable::refusal(&request, segments))
        }
        Route::SetSessionCookie => session_cookie::set(state, request).await,
        Route::Settings => project::settings(state, &request).await,
        Route::Translations => project::translations(state, &request).await,
        Route::Public => files::public(state, &request, &segments[1..]).await,
        Route::Assets => files::asset(state, &request, &segments[1..]).await,
        Route::Favicon => branding::favicon(state, &request).await,
        Route::Logo => branding::logo(state, &request).await,
        Route::Avatar => branding::avatar(state, &request, segments[1]).await,
        Route::Upload => upload::receive(state, request).await,
        Route::SessionFile => session_file::send(state, &request, segments[2]).await,
        Route::GiveFeedback => feedback::give(state, request).await,
        Route::WithdrawFeedback => feedback::withdraw(state, request).await,
        Route::Threads => threads::list(state, request).await,
        Route::Thread => threads::thread(state, &request, segments[2]).await,
        Route::ThreadSteps => threads::steps(state, &request, segments[2]).await,
        Route::ThreadElement => threads::element(state, &request, [segments[2], segments[4]]).await,
        Route::ThreadContent => threads::content(state, &request, [segments[2], segments[4]]).await,
        Route::ExportThread => threads::export(state, &request, segments[2]).await,
        Route::ChangeThread => threads::change(state, request).await,
        Route::RemoveThread => threads::remove(state, request).await,
        Route::ShareThread => threads::share(state, request).await,
        Route::SharedThread => threads::view(state, &request, segments[2]).await,
        Route::SharedContent => {
            threads::shared_content(state, &request, [segments[2], segments[4]]).await
        }
        Route::Health => Ok(health(state).await),
        Route::Unavailable => Err(unavailable::refusal(segments)),
    }
}

/// Whether all is well. It is answered with 200 in any case: whoever ends a process that says
/// otherwise would lose what waits in it to be written.
async fn health(state: &AppState) -> Response {
    let is_healthy = match state.chats().recorder() {
        Some(recorder) => recorder.is_healthy().await,
        None => true,
    };
    if is_healthy {
        reply::json(&json!({"status": "ok"}))
    } else {
        reply::json(&json!({"status": "degraded", "reason": "conversations can't be recorded"}))
    }
}

/// Every path answers GET, if only with the page.
fn method_not_allowed(entries: &[Entry]) -> Response {
    let mut allowed = vec!["GET", "HEAD"];
    allowed.extend(
        entries.iter().map(|(method, _)| method.as_str()).filter(|method| *method != "GET"),
    );
    let error = HttpError::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    let mut response = error.into_response();
    set(&mut response, ALLOW, &allowed.join(", "));
    response
}
