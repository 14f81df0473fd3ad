use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::packet::{self, Packet};
use crate::engineio::{self, CloseReason, Handshake, Outbox};

/// The application above Socket.IO, in the default namespace.
pub(crate) trait Namespace: Clone + Send + Sync + 'static {
    /// One accepted client.
    type Socket: Socket;

    /// Decides whether the client may connect; the error is the reason that the client is told.
    ///
    /// When it may, `accept` is to be called before anything is attached to the outbox: it queues
    /// the answer.
    fn connect(
        &self,
        handshake: &Handshake,
        auth: Map<String, Value>,
        outbox: &Arc<Outbox>,
        accept: Accepted<'_>,
    ) -> impl Future<Output = Result<Self::Socket, String>> + Send;
}

/// One accepted client. The methods must return soon: nothing else of this client is read
/// meanwhile.
pub(crate) trait Socket: Send + 'static {
    /// An event. False when it was neither taken nor refused: it is to be sent again.
    fn event(&mut self, name: &str, args: Vec<Value>) -> bool;

    /// The answer to an event that wanted one.
    fn ack(&mut self, id: u64, args: Vec<Value>);

    /// How long nothing more of this client is to be read, after what has come last.
    fn pause(&mut self) -> Duration;

    /// The client is gone. Called once.
    fn disconnect(self, reason: CloseReason);
}

/// The right to accept a client.
pub(crate) struct Accepted<'a> {
    outbox: &'a Outbox,
    sid: &'a str,
}

impl Accepted<'_> {
    /// Tells the client that it is connected. `pid` is the private id with which a client that speaks
    /// [connection state recovery](https://socket.io/docs/v4/connection-state-recovery) comes back.
    pub(crate) fn accept(self, pid: Option<&str>) {
        self.outbox.push(packet::encode_connect("/", self.sid, pid));
    }
}

/// Bytes that the name of an unknown namespace may have in our answer.
const MAX_NAMESPACE: usize = 100;

/// One client, above Engine.IO.
pub(crate) struct Connection<N: Namespace> {
    namespace: N,
    handshake: Handshake,
    outbox: Arc<Outbox>,
    state: State<N::Socket>,
}

enum State<S> {
    /// Not connected yet, or refused: it may ask again.
    Open,
    Connected(S),
    /// Left or broken: what still comes is ignored.
    Ended,
}

impl<N: Namespace> Connection<N> {
    pub(crate) fn new(namespace: N, handshake: Handshake, outbox: Arc<Outbox>) -> Self {
        Self { namespace, handshake, outbox, state: State::Open }
    }

    /// The client asks to be connected.
    async fn connect(&mut self, auth: Option<Value>) {
        // An own id: the transport's opens the transport.
        let sid = crate::random::random_id();
        let accept = Accepted { outbox: &self.outbox, sid: &sid };
        let auth = match auth {
            Some(Value::Object(auth)) => auth,
            _ => Map::new(),
        };
        match self.namespace.connect(&self.handshake, auth, &self.outbox, accept).await {
            Ok(socket) => {
                self.state = State::Connected(socket);
                // They are read once, and would stay as long as the connection.
                self.handshake.headers = http::HeaderMap::new();
            }
            Err(reason) => {
                tracing::debug!(reason, "a client was refused");
                self.outbox.push(packet::encode_connect_error("/", &reason));
            }
        }
    }

    fn leave(&mut self, next: State<N::Socket>, reason: CloseReason) {
        if let State::Connected(socket) = std::mem::replace(&mut self.state, next) {
            socket.disconnect(reason);
        }
    }

    fn break_off(&mut self, reason: &str) {
        tracing::debug!(reason, "closing a connection");
        self.leave(State::Ended, CloseReason::ParseError);
        self.outbox.close();
    }
}

impl<N: Namespace> engineio::Connection for Connection<N> {
    async fn message(&mut self, text: Utf8Bytes) {
        let packet = match Packet::parse(&text) {
            Ok(packet) => packet,
            Err(error) => return self.break_off(&error.to_string()),
        };
        match (packet, &mut self.state) {
            (Packet::Connect { namespace: "/", auth }, State::Open) => self.connect(auth).await,
            (Packet::Connect { namespace, .. }, State::Open | State::Connected(_))
                if namespace != "/" && namespace.len() <= MAX_NAMESPACE =>
            {
                self.outbox.push(packet::encode_connect_error(namespace, "Invalid namespace"));
            }
            (Packet::Disconnect { namespace: "/" }, State::Connected(_)) => {
                self.leave(State::Ended, CloseReason::ClientClosed);
            }
            (Packet::Event { namespace: "/", name, args, ack }, State::Connected(socket)) => {
                let is_settled = socket.event(&name, args);
                if let Some(id) = ack.filter(|_| is_settled) {
                    self.outbox.push(packet::encode_ack(id));
                }
                rest(socket.pause()).await;
            }
            (Packet::Ack { namespace: "/", id, args }, State::Connected(socket)) => {
                socket.ack(id, args);
                rest(socket.pause()).await;
            }
            (Packet::Binary { attachments }, State::Connected(_)) => {
                tracing::debug!(attachments, "a binary event was ignored");
            }
            (_, State::Ended) => {}
            _ => self.break_off("a packet at the wrong time"),
        }
    }

    async fn binary(&mut self, _bytes: bytes::Bytes) {}

    fn is_established(&self) -> bool {
        matches!(self.state, State::Connected(_))
    }

    fn close(mut self, reason: CloseReason) {
        tracing::debug!(?reason, "a connection ended");
        self.leave(State::Ended, reason);
    }
}

async fn rest(pause: Duration) {
    if !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
}

/// Ends a connection from this side: the client is told and does not come back by itself.
pub(crate) fn disconnect(outbox: &Outbox) {
    outbox.push(packet::encode_disconnect());
    outbox.close();
}
