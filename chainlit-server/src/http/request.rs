//! A request as the handlers see it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use chainlit_core::guard::shortened;
use futures_util::{Stream, StreamExt};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use warp::Filter;

use super::HttpError;

/// The largest JSON body that is read where nothing of the application's is in it.
const MAX_JSON_BYTES: usize = 64 * 1024;

/// How long a client may take to send a JSON body, from its first to its last byte.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// A request's body as it arrives.
pub(super) type Body = Pin<Box<dyn Stream<Item = Result<Bytes, warp::Error>> + Send + Sync>>;

/// The address of the client, put among the extensions of a request by whoever accepts connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PeerAddr(
    /// As the listener saw it; a proxy's own address when there is one between.
    pub SocketAddr,
);

/// A request whose body is not read yet.
pub(crate) struct Request {
    /// GET, POST and so on.
    pub method: Method,
    /// As it came, still encoded, with the root path.
    pub raw_path: String,
    /// What stands behind the question mark, still encoded.
    pub query: String,
    /// All headers.
    pub headers: HeaderMap,
    /// Who asks, when the listener told.
    pub peer: Option<SocketAddr>,
    body: Body,
}

impl Request {
    /// Reads a small body as JSON.
    ///
    /// # Errors
    ///
    /// Those of [`json_up_to`](Self::json_up_to), with 64 KiB.
    ///
    /// # Cancel safety
    ///
    /// What was read is lost when the future is dropped.
    pub(crate) async fn json<T: DeserializeOwned>(self) -> Result<T, HttpError> {
        self.json_up_to(MAX_JSON_BYTES).await
    }

    /// Reads the body as JSON.
    ///
    /// # Errors
    ///
    /// - 415 when the body is not declared as JSON: a page of another site can send anything else without asking first.
    /// - 413 for more than `max_bytes`, 408 when it takes longer than ten seconds, 400 when the connection breaks.
    /// - 422 when it is not JSON or a field is missing or has a wrong type.
    ///
    /// # Cancel safety
    ///
    /// What was read is lost when the future is dropped.
    pub(crate) async fn json_up_to<T: DeserializeOwned>(
        self,
        max_bytes: usize,
    ) -> Result<T, HttpError> {
        if !self.declares_json() {
            return Err(HttpError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Expected Content-Type: application/json",
            ));
        }
        let bytes = self.bytes(max_bytes, BODY_TIMEOUT).await?;
        let value: Value = serde_json::from_slice(&bytes).map_err(|error| {
            HttpError::validation(json!({
                "type": "json_invalid",
                "loc": ["body", error.column()],
                "msg": "JSON decode error",
                "input": {},
                "ctx": {"error": error.to_string()},
            }))
        })?;
        serde_path_to_error::deserialize(value).map_err(|error| {
            let path = shortened(error.path());
            let mut loc = vec![json!("body")];
            if path != "." {
                loc.extend(path.split('.').map(|part| json!(part)));
            }
            HttpError::validation(json!({
                "type": "value_error",
                "loc": loc,
                "msg": shortened(error.inner()),
                "input": null,
            }))
        })
    }

    /// The same request without its body.
    #[cfg(feature = "oauth")]
    pub(super) fn head(&self) -> Self {
        Self {
            method: self.method.clone(),
            raw_path: self.raw_path.clone(),
            query: self.query.clone(),
            headers: self.headers.clone(),
            peer: self.peer,
            body: Box::pin(futures_util::stream::empty()),
        }
    }

    /// The body as it arrives.
    pub(super) fn into_body(self) -> Body {
        self.body
    }

    fn declares_json(&self) -> bool {
        let declared = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let mime = declared.and_then(|value| value.split(';').next()).unwrap_or_default();
        mime.trim().eq_ignore_ascii_case("application/json")
    }

    /// Reads the body.
    ///
    /// # Errors
    ///
    /// 413 for more than `max_bytes`, 408 when it takes longer than `patience`, 400 when the connection breaks.
    ///
    /// # Cancel safety
    ///
    /// What was read is lost when the future is dropped.
    pub(crate) async fn bytes(
        mut self,
        max_bytes: usize,
        patience: Duration,
    ) -> Result<Bytes, HttpError> {
        let too_large = || HttpError::new(StatusCode::PAYLOAD_TOO_LARGE, "Request body too large");
        let declared = self.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        // A declared length saves the reading; that nothing is declared, or too little, is found while reading.
        if declared
            .and_then(|text| text.parse().ok())
            .is_some_and(|length: usize| length > max_bytes)
        {
            return Err(too_large());
        }
        let read = async {
            let mut all = BytesMut::new();
            while let Some(chunk) = self.body.next().await {
                let chunk = chunk.map_err(|_| {
                    HttpError::new(StatusCode::BAD_REQUEST, "The request's body is incomplete")
                })?;
                if all.len() + chunk.len() > max_bytes {
                    return Err(too_large());
                }
                all.extend_from_slice(&chunk);
            }
            Ok(all.freeze())
        };
        tokio::time::timeout(patience, read).await.unwrap_or_else(|_| {
            Err(HttpError::new(StatusCode::REQUEST_TIMEOUT, "The request's body took too long"))
        })
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("raw_path", &self.raw_path)
            .finish_non_exhaustive()
    }
}

/// Takes a request of any method and path.
pub(crate) fn filter()
-> impl Filter<Extract = (Request,), Error = Infallible> + Clone + Send + Sync + 'static {
    warp::method()
        .and(warp::path::full())
        .and(warp::query::raw().or_else(|_| async { Ok::<_, Infallible>((String::new(),)) }))
        .and(warp::header::headers_cloned())
        .and(warp::addr::remote())
        .and(warp::filters::ext::optional::<PeerAddr>())
        .and(body())
        .map(
            |method,
             path: warp::path::FullPath,
             query,
             headers,
             remote,
             peer: Option<PeerAddr>,
             body| Request {
                method,
                raw_path: path.as_str().to_owned(),
                query,
                headers,
                peer: peer.map(|PeerAddr(address)| address).or(remote),
                body,
            },
        )
}

fn body() -> impl Filter<Extract = (Body,), Error = Infallible> + Clone + Send + Sync + 'static {
    warp::body::stream().map(boxed).or_else(|_| async {
        // An earlier filter took the body and then rejected: there is none left to read.
        Ok::<_, Infallible>((Box::pin(futures_util::stream::empty()) as Body,))
    })
}

fn boxed(
    stream: impl Stream<Item = Result<impl Buf, warp::Error>> + Send + Sync + 'static,
) -> Body {
    Box::pin(stream.map(|chunk| chunk.map(|mut data| data.copy_to_bytes(data.remaining()))))
}
