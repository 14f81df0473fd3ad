//! The whole application as one service.

use std::convert::Infallible;
use std::error::Error;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::Request;
use http_body_util::BodyExt;
use http_body_util::combinators::BoxBody;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use crate::shutdown::Running;

type BoxError = Box<dyn Error + Send + Sync>;

/// Everything the application answers, socket included: one warp filter that is also a
/// [`tower::Service`](tower_service::Service), to be mounted in any hyper or axum server.
///
/// The socket needs the server to support HTTP/1 upgrades.
#[derive(Clone)]
pub struct ChainlitService {
    filter: BoxedFilter<(Response,)>,
    running: Running,
}

impl ChainlitService {
    pub(crate) fn new(filter: BoxedFilter<(Response,)>, running: Running) -> Self {
        Self { filter, running }
    }

    /// Ends all chats; for a server of your own that stops.
    ///
    /// Users are told. Messages are not taken any more, those that wait are told to be unanswered,
    /// handlers that run go on for at most `limits.shutdown_seconds` and are dropped then. After that
    /// each chat's `on_chat_end` is called, what was sent is written, and all sockets are closed with
    /// 1001, which takes at most some 15 seconds more. Clients come back by themselves when there is
    /// a server again.
    ///
    /// Stop accepting connections before, or clients come back at once only to be cut off. Requests
    /// other than for chats are answered further on.
    ///
    /// # Cancel safety
    ///
    /// Dropped, it leaves chats that do not take anything and go on until they have run out; call it
    /// again to end them.
    pub async fn shutdown(&self) {
        self.running.shut_down().await;
    }

    /// The chats that it serves.
    #[cfg(feature = "testing")]
    pub(crate) fn chats(&self) -> &crate::chat::Chats {
        &self.running.chats
    }

    /// The warp filter, to be combined with others.
    #[must_use]
    pub fn into_filter(self) -> BoxedFilter<(Response,)> {
        self.filter
    }
}

impl<B> tower_service::Service<Request<B>> for ChainlitService
where
    B: http_body::Body<Data = Bytes> + Send + Sync + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        answer(&self.filter, request)
    }
}

/// Lets a filter answer a request, whatever carries its body.
pub(crate) fn answer<B>(
    filter: &BoxedFilter<(Response,)>,
    request: Request<B>,
) -> BoxFuture<'static, Result<Response, Infallible>>
where
    B: http_body::Body<Data = Bytes> + Send + Sync + 'static,
    B::Error: Into<BoxError>,
{
    let request = request.map(|body| BoxBody::new(body.map_err(Into::into)));
    let mut service = warp::service(filter.clone());
    Box::pin(async move { tower_service::Service::call(&mut service, request).await })
}

impl std::fmt::Debug for ChainlitService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ChainlitService").finish_non_exhaustive()
    }
}
