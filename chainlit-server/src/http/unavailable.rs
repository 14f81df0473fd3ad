//! Features of Chainlit's that this server does not have: refused as Chainlit does where they are not set up.

use http::{Method, StatusCode};

use super::{HttpError, Request};

/// What a client of such a feature is told.
pub(super) fn refusal(request: &Request, segments: &[&str]) -> HttpError {
    let (status, detail) = match segments {
        ["auth", "oauth", ..] => (StatusCode::BAD_REQUEST, "No oauth_callback defined"),
        ["mcp"] => (StatusCode::BAD_REQUEST, "This app does not support MCP."),
        // The status is the original's, and its clients only look at the text.
        ["feedback"] if request.method == Method::PUT => {
            (StatusCode::INTERNAL_SERVER_ERROR, "Data persistence is not enabled")
        }
        _ => (StatusCode::BAD_REQUEST, "Data persistence is not enabled"),
    };
    HttpError::new(status, detail)
}
