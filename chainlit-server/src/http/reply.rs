//! Responses that several routes give.

use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use http::{HeaderName, StatusCode};
use serde::Serialize;
use warp::reply::{Reply, Response};

/// A value as JSON, not to be kept by caches.
#[must_use]
pub(crate) fn json(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => {
            let mut response = bytes(body, "application/json");
            set(&mut response, CACHE_CONTROL, "no-store");
            response
        }
        Err(error) => {
            tracing::error!("an answer cannot be written as JSON: {error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A body with its type and length.
pub(super) fn bytes(body: impl Into<bytes::Bytes>, content_type: &str) -> Response {
    let body = body.into();
    let length = body.len();
    let mut response = warp::http::Response::new(Vec::new()).map(|_: Vec<u8>| body.into());
    set(&mut response, CONTENT_TYPE, content_type);
    response.headers_mut().insert(CONTENT_LENGTH, length.into());
    response
}

/// Only a status.
pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = bytes(bytes::Bytes::new(), "text/plain; charset=utf-8");
    response.headers_mut().remove(CONTENT_TYPE);
    *response.status_mut() = status;
    response
}

/// Sets a header whose value is made of our own text.
///
/// A value that no header can hold is left out: it is never built from what a client sent without a check.
pub(super) fn set(response: &mut Response, name: HeaderName, value: &str) {
    match HeaderValue::from_str(value) {
        Ok(value) => {
            response.headers_mut().insert(name, value);
        }
        Err(_) => tracing::warn!("the header {name} cannot hold {value:?}"),
    }
}
