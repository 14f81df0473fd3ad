//! The two transport layers without the chat, for the test suites of their protocols, for our own tests and for
//! fuzzing. Not a part of the public interface.
//!
//! The suites of [Engine.IO](https://github.com/socketio/engine.io-protocol) and
//! [Socket.IO](https://github.com/socketio/socket.io-protocol) are written against small applications, which are these.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Utf8Bytes;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use warp::Filter;

use crate::addresses::Addresses;
use crate::engineio::{self, CloseReason, Handshake, Outbox, Payload};
use crate::http::OriginPolicy;
use crate::serve;
use crate::socket::SocketRoute;
use crate::socketio::{self, Accepted, Answer, Clients, Namespace, encode_event_with, values};

/// The numbers of the server; the default ones are those that the suites expect.
#[derive(Clone, Debug)]
pub struct Options {
    /// Time between two pings.
    pub ping_interval: Duration,
    /// Time that a client has to answer one.
    pub ping_timeout: Duration,
    /// Time that a client of Socket.IO has to ask for a namespace.
    pub connect_timeout: Duration,
    /// Bytes that a message, and the body of a request, may have.
    pub max_payload: usize,
    /// Connections that may poll at once, on each path.
    pub max_polling: usize,
    /// The origins whose pages may call.
    pub allow_origins: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_millis(300),
            ping_timeout: Duration::from_millis(200),
            connect_timeout: Duration::from_secs(2),
            max_payload: 1_000_000,
            max_polling: 1000,
            allow_origins: vec!["*".to_owned()],
        }
    }
}

/// Serves both applications, below `/engine.io/` and `/socket.io/`, until `shutdown` is done.
pub async fn serve(listener: TcpListener, options: Options, shutdown: impl Future<Output = ()>) {
    let sockets = TaskTracker::new();
    let close = CancellationToken::new();
    let settings = engineio::Settings {
        ping_interval: options.ping_interval,
        ping_timeout: options.ping_timeout,
        connect_timeout: options.connect_timeout,
        max_payload: options.max_payload,
        max_polling: options.max_polling,
        ..engineio::Settings::default()
    };
    let origins = OriginPolicy::new(&options.allow_origins);
    let engineio = SocketRoute {
        path: "/engine.io/".to_owned(),
        settings: settings.clone(),
        origins: origins.clone(),
        application: Echo,
        addresses: Addresses::new(0),
        cookie_path: "/".to_owned(),
        sockets: sockets.clone(),
        shutdown: close.clone(),
    };
    let socketio = SocketRoute {
        path: "/socket.io/".to_owned(),
        settings: settings.clone(),
        origins,
        application: Clients::new(Mirror, options.max_payload),
        addresses: Addresses::new(0),
        cookie_path: "/".to_owned(),
        sockets: sockets.clone(),
        shutdown: close.clone(),
    };
    let filter = engineio.filter().or(socketio.filter()).unify().boxed();
    serve::serve(listener, filter, Addresses::new(0), settings.write_timeout, shutdown, async {
        close.cancel();
        sockets.close();
        sockets.wait().await;
    })
    .await;
}

/// Sends back what comes.
#[derive(Clone)]
struct Echo;

struct EchoConnection(Arc<Outbox>);

impl engineio::Application for Echo {
    type Connection = EchoConnection;

    fn open(&self, _handshake: Handshake, outbox: &Arc<Outbox>) -> EchoConnection {
        EchoConnection(Arc::clone(outbox))
    }
}

impl engineio::Connection for EchoConnection {
    async fn message(&mut self, text: Utf8Bytes) {
        self.0.push(format!("4{text}"));
    }

    async fn binary(&mut self, bytes: Bytes) {
        self.0.push(Payload::Binary(bytes));
    }

    fn is_established(&self) -> bool {
        true
    }

    fn close(self, reason: CloseReason) {
        tracing::debug!(?reason, "an echo ended");
    }
}

/// Sends an event `auth` with what came with CONNECT, `message-back` for `message`, and the answer that
/// `message-with-ack` wants.
#[derive(Clone)]
struct Mirror;

struct MirrorSocket {
    namespace: &'static str,
    outbox: Arc<Outbox>,
}

impl Namespace for Mirror {
    type Socket = MirrorSocket;

    const NAMES: &'static [&'static str] = &["/", "/custom"];

    async fn connect(
        &self,
        _handshake: &Handshake,
        auth: Map<String, Value>,
        outbox: &Arc<Outbox>,
        accept: Accepted<'_>,
    ) -> Result<MirrorSocket, String> {
        let socket = MirrorSocket { namespace: accept.namespace(), outbox: Arc::clone(outbox) };
        accept.accept(None);
        socket.emit(&json!(["auth", auth]), Vec::new());
        Ok(socket)
    }
}

impl MirrorSocket {
    fn emit(&self, event: &Value, attachments: Vec<Bytes>) {
        match encode_event_with(self.namespace, None, event, attachments) {
            Ok(packet) => self.outbox.push(packet),
            Err(error) => tracing::error!(%error, "an event can't be encoded"),
        }
    }
}

impl socketio::Socket for MirrorSocket {
    fn event(&mut self, name: &str, args: &[&RawValue], attachments: Vec<Bytes>) -> Answer {
        let Ok(mut args) = values(args) else { return Answer::None };
        match name {
            "message" => {
                args.insert(0, "message-back".into());
                self.emit(&args.into(), attachments);
                Answer::Taken
            }
            "message-with-ack" => Answer::With(args, attachments),
            _ => Answer::None,
        }
    }

    fn ack(&mut self, id: u64, _args: &[&RawValue], _attachments: Vec<Bytes>) {
        tracing::debug!(id, "an answer that nobody waits for");
    }

    fn disconnect(self, reason: CloseReason) {
        tracing::debug!(?reason, self.namespace, "a mirror ended");
    }
}

/// The decoders that read what strangers send.
pub mod decode {
    use bytes::Bytes;

    /// An Engine.IO packet in a text frame; whether it is one.
    #[must_use]
    pub fn engineio_packet(text: &str) -> bool {
        crate::engineio::Packet::parse(text.into()).is_ok()
    }

    /// The body of a POST; how many packets it has.
    #[must_use]
    pub fn polling_payload(body: Vec<u8>) -> Option<usize> {
        let packets = crate::engineio::decode_payload(Bytes::from(body)).ok()?;
        packets.collect::<Result<Vec<_>, _>>().ok().map(|packets| packets.len())
    }

    /// A Socket.IO packet; how many attachments follow it.
    #[must_use]
    pub fn socketio_packet(text: &str) -> Option<usize> {
        match crate::socketio::Packet::parse(text).ok()? {
            crate::socketio::Packet::Message { attachments, .. } => Some(attachments),
            _ => Some(0),
        }
    }
}
