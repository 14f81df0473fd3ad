//! Refusals, in the form that Chainlit's clients read.

use http::StatusCode;
use serde_json::{Value, json};
use warp::reply::Response;

use super::reply;

/// A refusal: a status and what the client is told, as `{"detail": …}`.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{status}: {detail}")]
pub(crate) struct HttpError {
    status: StatusCode,
    detail: Value,
}

impl HttpError {
    /// A refusal with a sentence.
    #[must_use]
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: Value::String(detail.into()) }
    }

    /// The refusal of a value: 422 with one entry `{"type", "loc", "msg", "input"}`.
    #[must_use]
    pub(crate) fn validation(problem: Value) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, detail: Value::Array(vec![problem]) }
    }

    /// The refusal of a text that has not the form of `pattern`.
    #[must_use]
    pub(crate) fn pattern(place: [&str; 2], input: &Value, pattern: &str) -> Self {
        Self::validation(json!({
            "type": "string_pattern_mismatch",
            "loc": place,
            "msg": format!("String should match pattern '{pattern}'"),
            "input": input,
            "ctx": {"pattern": pattern},
        }))
    }

    /// 404 for a file.
    pub(super) fn file_not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "File not found")
    }

    /// 404 for a path outside the root path.
    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found")
    }

    /// The status of the response.
    #[must_use]
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// The response that says it.
    #[must_use]
    pub(crate) fn into_response(self) -> Response {
        let mut response = reply::json(&json!({"detail": self.detail}));
        *response.status_mut() = self.status;
        response
    }
}
