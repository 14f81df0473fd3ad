//! Features of Chainlit's that this server does not have: refused as Chainlit does where they are not set up.

use http::StatusCode;
use http::header::AUTHORIZATION;

use super::{HttpError, Request};

/// What a client of such a feature is told.
pub(super) fn refusal(request: &Request, segments: &[&str]) -> HttpError {
    let (status, detail) = match segments {
        ["login"] => (StatusCode::BAD_REQUEST, "No auth_callback defined"),
        ["auth", "header"] => (StatusCode::BAD_REQUEST, "No header_auth_callback defined"),
        ["auth", "oauth", ..] => (StatusCode::BAD_REQUEST, "No oauth_callback defined"),
        ["auth", "jwt"] if request.headers.contains_key(AUTHORIZATION) => {
            (StatusCode::UNAUTHORIZED, "Invalid token")
        }
        ["auth", "jwt"] => (StatusCode::UNAUTHORIZED, "Authorization header missing"),
        ["mcp"] => (StatusCode::BAD_REQUEST, "This app does not support MCP."),
        _ => (StatusCode::NOT_FOUND, "Not Found"),
    };
    HttpError::new(status, detail)
}
