//! Features of Chainlit's that this server does not have: refused as Chainlit does where they are not set up.

use http::StatusCode;

use super::HttpError;

/// What a client of such a feature is told.
pub(super) fn refusal(segments: &[&str]) -> HttpError {
    let (status, detail) = match segments {
        ["auth", "oauth", ..] => (StatusCode::BAD_REQUEST, "No oauth_callback defined"),
        ["mcp"] => (StatusCode::BAD_REQUEST, "This app does not support MCP."),
        _ => (StatusCode::NOT_FOUND, "Not Found"),
    };
    HttpError::new(status, detail)
}
