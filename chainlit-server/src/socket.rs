//! The route of the socket: `<root path>/ws/socket.io/`.

use std::convert::Infallible;

use http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, UPGRADE};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use hyper::upgrade::OnUpgrade;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use warp::Filter;
use warp::filters::BoxedFilter;

use crate::chat::ChatNamespace;
use crate::engineio::{self, Handshake, HandshakeError, Outbox};
use crate::http::OriginPolicy;
use crate::socketio;

/// What the socket's route needs.
#[derive(Clone)]
pub(crate) struct SocketRoute {
    /// The whole path, with the root path.
    pub(crate) path: String,
    pub(crate) settings: engineio::Settings,
    /// Whose pages may open a socket. Browsers do not ask before a WebSocket as they do before other
    /// requests to foreign servers: any page could act with its visitor's cookies.
    pub(crate) origins: OriginPolicy,
    pub(crate) namespace: ChatNamespace,
    /// Open sockets, for shutdown to wait for.
    pub(crate) sockets: TaskTracker,
    /// Closes all sockets.
    pub(crate) shutdown: CancellationToken,
}

impl SocketRoute {
    /// The route as a filter; it rejects every other path.
    pub(crate) fn filter(self) -> BoxedFilter<(warp::reply::Response,)> {
        let path = self.path.clone();
        let is_ours = warp::path::full().and_then(move |full: warp::path::FullPath| {
            let found = full.as_str() == path;
            async move { if found { Ok(()) } else { Err(warp::reject::not_found()) } }
        });
        is_ours
            .untuple_one()
            .and(warp::method())
            .and(warp::header::headers_cloned())
            .and(warp::query::raw().or(warp::any().map(String::new)).unify())
            .and(warp::ext::optional::<OnUpgrade>())
            .and_then(move |method, headers, query: String, upgrade| {
                let route = self.clone();
                async move {
                    let reply = route.handle(&method, headers, &query, upgrade);
                    Ok::<_, Infallible>(reply.unwrap_or_else(refuse))
                }
            })
            .boxed()
    }

    fn handle(
        &self,
        method: &Method,
        headers: HeaderMap,
        query: &str,
        upgrade: Option<OnUpgrade>,
    ) -> Result<warp::reply::Response, HandshakeError> {
        let parameter = |name| {
            query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)
        };
        if parameter("EIO").is_none_or(|(_, version)| version != "4") {
            return Err(HandshakeError::UnsupportedVersion);
        }
        if parameter("transport").is_none_or(|(_, transport)| transport != "websocket") {
            return Err(HandshakeError::UnknownTransport);
        }
        if parameter("sid").is_some() {
            return Err(HandshakeError::UnknownSid);
        }
        if method != Method::GET {
            return Err(HandshakeError::BadRequest);
        }
        if !self.origins.admits(&headers) {
            return Err(HandshakeError::ForbiddenOrigin);
        }
        let key = headers.get(SEC_WEBSOCKET_KEY).ok_or(HandshakeError::BadRequest)?;
        let is_current = headers.get("sec-websocket-version").is_some_and(|v| v == "13");
        let upgrade = upgrade.filter(|_| is_current).ok_or(HandshakeError::BadRequest)?;
        let accept = HeaderValue::try_from(derive_accept_key(key.as_bytes()))
            .map_err(|_| HandshakeError::BadRequest)?;

        let handshake =
            Handshake { sid: crate::random::random_id(), query: query.to_owned(), headers };
        let route = self.clone();
        self.sockets.spawn(async move { route.run(upgrade, handshake).await });

        let mut response = Response::new(Default::default());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
        Ok(response)
    }

    async fn run(self, upgrade: OnUpgrade, handshake: Handshake) {
        let io = match upgrade.await {
            Ok(io) => io,
            Err(error) => return tracing::debug!(%error, "an upgrade failed"),
        };
        let outbox = std::sync::Arc::new(Outbox::default());
        let open = handshake.open_packet(&self.settings);
        let connection =
            socketio::Connection::new(self.namespace, handshake, std::sync::Arc::clone(&outbox));
        engineio::run_websocket(io, open, self.settings, outbox, connection, self.shutdown).await;
    }
}

fn refuse(error: HandshakeError) -> warp::reply::Response {
    let mut response = Response::new(error.body().into());
    *response.status_mut() = error.status();
    response
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
