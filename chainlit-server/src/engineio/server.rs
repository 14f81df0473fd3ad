use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, SEC_WEBSOCKET_ACCEPT,
    SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, SET_COOKIE, UPGRADE,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use hyper::upgrade::OnUpgrade;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use warp::reply::{Reply, Response};

use crate::addresses::Addresses;

use super::heartbeat::Heartbeat;
use super::identity::{Identity, browser_cookie};
use super::polling::{Polling, Stamp};
use super::registry::{Found, Registry};
use super::websocket::Socket;
use super::{Application, Handshake, Outbox, Refusal, Settings, upgrade, websocket};

/// Answers the requests of one Engine.IO path.
pub(crate) struct Server<A: Application>(Arc<Inner<A>>);

struct Inner<A: Application> {
    application: A,
    settings: Settings,
    registry: Registry<A::Connection>,
    /// Connections that poll, by address.
    addresses: Addresses,
    /// The path of the browser's cookie.
    cookie_path: String,
    /// All connections, whatever their transport, for shutdown to wait for.
    tasks: TaskTracker,
    /// Ends all connections.
    shutdown: CancellationToken,
}

/// A request without its body.
pub(crate) struct Head {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    /// What stands behind the question mark, still encoded.
    pub(crate) query: String,
    /// Where it comes from, when the listener tells.
    pub(crate) peer: Option<IpAddr>,
}

impl Head {
    fn parameter(&self, name: &str) -> Option<&str> {
        let mut pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

impl<A: Application> Clone for Server<A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<A: Application> Server<A> {
    /// Connections run on `tasks` and end when `shutdown` is cancelled.
    pub(crate) fn new(
        application: A,
        settings: Settings,
        addresses: Addresses,
        cookie_path: String,
        tasks: TaskTracker,
        shutdown: CancellationToken,
    ) -> Self {
        let registry = Registry::new(settings.max_polling);
        Self(Arc::new(Inner {
            application,
            settings,
            registry,
            addresses,
            cookie_path,
            tasks,
            shutdown,
        }))
    }

    /// Answers a request. `body` reads its body, and fails with the status to answer.
    ///
    /// # Cancel safety
    ///
    /// Dropping it is how a client that has gone away is noticed: its connection breaks.
    pub(crate) async fn handle<B>(
        &self,
        head: Head,
        body: impl FnOnce() -> B + Send,
        upgrade: Option<OnUpgrade>,
    ) -> Result<Response, Refusal>
    where
        B: Future<Output = Result<Bytes, StatusCode>> + Send,
    {
        if head.parameter("EIO") != Some("4") {
            return Err(Refusal::UnsupportedVersion);
        }
        let found = match head.parameter("sid") {
            Some(sid) => Some((sid.to_owned(), self.0.registry.find(sid, &head.headers)?)),
            None => None,
        };
        let stamp = head.parameter("t").and_then(Stamp::new);
        match (head.parameter("transport"), found) {
            (Some("websocket"), None) => self.open_socket(head, upgrade),
            (Some("websocket"), Some((sid, found))) => {
                self.move_to_socket(&head, sid, found, upgrade)
            }
            (Some("polling"), None) if head.method == Method::GET => self.open_polling(head),
            (Some("polling"), None) => Err(Refusal::BadMethod),
            (Some("polling"), Some((_, Found::Polling(polling)))) => match head.method {
                // In boxes: who opens a WebSocket does not need the room for this.
                Method::GET => {
                    let body = Box::pin(polling.poll(stamp)).await?;
                    let length = body.len();
                    let response = warp::reply::stream(body.into_stream()).into_response();
                    Ok(plain(response, length))
                }
                Method::POST => {
                    Box::pin(polling.push(stamp, body())).await?;
                    Ok(text("ok"))
                }
                _ => Err(Refusal::BadRequest),
            },
            (Some("polling"), Some((_, Found::Upgraded))) => Err(Refusal::BadRequest),
            _ => Err(Refusal::UnknownTransport),
        }
    }

    fn open_polling(&self, head: Head) -> Result<Response, Refusal> {
        let inner = &self.0;
        if inner.registry.is_full() || inner.shutdown.is_cancelled() {
            return Err(Refusal::Full);
        }
        let counted = match head.peer {
            Some(address) => Some(inner.addresses.admit(address).ok_or(Refusal::Full)?),
            None => None,
        };
        let mut identity = Identity::of(&head.headers, &inner.settings.login_cookie);
        let cookie = identity.offer().and_then(|id| browser_cookie(&id, &inner.cookie_path));
        let handshake = handshake(head);
        let sid = handshake.sid.clone();
        let open = handshake.open_packet(&["websocket"], &inner.settings);
        let outbox = Arc::new(Outbox::default());
        let connection = inner.application.open(handshake, &outbox);
        let polling = Arc::new(Polling::new(identity, outbox, connection, &inner.settings));
        inner.registry.insert(&sid, Arc::clone(&polling));
        let server = self.clone();
        inner.tasks.spawn(async move {
            let _counted = counted;
            if polling.keep(server.0.shutdown.clone()).await {
                server.0.registry.remove(&sid);
            }
        });
        let mut response = text(open);
        if let Some(cookie) = cookie {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(response)
    }

    fn open_socket(&self, head: Head, upgrade: Option<OnUpgrade>) -> Result<Response, Refusal> {
        let (upgrade, response) = switch(&head, upgrade)?;
        let server = self.clone();
        // In a box: the task has its place for as long as it runs.
        let handshake = Box::new(handshake(head));
        self.0.tasks.spawn(async move {
            let Some(socket) = server.socket(upgrade).await else { return };
            let Inner { application, settings, .. } = &*server.0;
            let outbox = Arc::new(Outbox::default());
            outbox.push(handshake.open_packet(&[], settings));
            let connection = application.open(*handshake, &outbox);
            server.run(socket, Heartbeat::new(settings), outbox, connection).await;
        });
        Ok(response)
    }

    fn move_to_socket(
        &self,
        head: &Head,
        sid: String,
        found: Found<A::Connection>,
        upgrade: Option<OnUpgrade>,
    ) -> Result<Response, Refusal> {
        let (upgrade, response) = switch(head, upgrade)?;
        // A connection moves once. A second socket is closed, not refused: that is how the protocol
        // tells it.
        let polling = match found {
            Found::Polling(polling) if polling.begin_upgrade() => Some(polling),
            _ => None,
        };
        let server = self.clone();
        self.0.tasks.spawn(async move {
            let socket = server.socket(upgrade).await;
            let Some(polling) = polling else {
                if let Some(socket) = socket {
                    websocket::close(socket).await;
                }
                return;
            };
            let Some(socket) = socket else { return polling.give_up_upgrade() };
            let settings = &server.0.settings;
            let taken = upgrade::take_over(socket, &polling, settings).await;
            let Some((socket, connection, heartbeat)) = taken else { return };
            server.0.registry.upgraded(&sid);
            let outbox = Arc::clone(&polling.outbox);
            drop(polling);
            server.run(socket, heartbeat, outbox, connection).await;
            server.0.registry.remove(&sid);
        });
        Ok(response)
    }

    async fn socket(&self, upgrade: OnUpgrade) -> Option<Socket> {
        match upgrade.await {
            Ok(io) => Some(websocket::socket(io, &self.0.settings).await),
            Err(error) => {
                tracing::debug!(%error, "an upgrade failed");
                None
            }
        }
    }

    fn run(
        &self,
        socket: Socket,
        heartbeat: Heartbeat,
        outbox: Arc<Outbox>,
        connection: A::Connection,
    ) -> impl Future<Output = ()> + Send + use<A> {
        let shutdown = self.0.shutdown.clone();
        websocket::run(socket, heartbeat, self.0.settings.linger, outbox, connection, shutdown)
    }
}

fn handshake(head: Head) -> Handshake {
    Handshake { sid: crate::random::random_id(), query: head.query, headers: head.headers }
}

/// Accepts a WebSocket.
fn switch(head: &Head, upgrade: Option<OnUpgrade>) -> Result<(OnUpgrade, Response), Refusal> {
    let headers = &head.headers;
    let key = headers.get(SEC_WEBSOCKET_KEY).ok_or(Refusal::BadRequest)?;
    let is_current = headers.get(SEC_WEBSOCKET_VERSION).is_some_and(|version| version == "13");
    let upgrade =
        upgrade.filter(|_| is_current && head.method == Method::GET).ok_or(Refusal::BadRequest)?;
    let accept = HeaderValue::try_from(derive_accept_key(key.as_bytes()))
        .map_err(|_| Refusal::BadRequest)?;
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    Ok((upgrade, response))
}

fn text(body: impl Into<Bytes>) -> Response {
    let body = body.into();
    let length = body.len();
    plain(http::Response::new(body.into()), length)
}

/// Says what all answers of polling are.
fn plain(mut response: Response, length: usize) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=UTF-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_LENGTH, length.into());
    response
}
