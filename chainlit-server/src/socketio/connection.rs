use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::assembly::Assembly;
use super::packet::{self, Message, Packet};
use crate::engineio::{self, CloseReason, Handshake, Outbox};

/// The application above Socket.IO.
pub(crate) trait Namespace: Clone + Send + Sync + 'static {
    /// One accepted client.
    type Socket: Socket;

    /// The namespaces that there are; whoever asks for another one is told that it is invalid.
    const NAMES: &'static [&'static str] = &["/"];

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
///
/// Arguments are JSON that was not read yet. Placeholders in it say where the attachments belong.
pub(crate) trait Socket: Send + 'static {
    /// An event.
    fn event(&mut self, name: &str, args: &[&RawValue], attachments: Vec<Bytes>) -> Answer;

    /// The answer to an event that wanted one.
    fn ack(&mut self, id: u64, args: &[&RawValue], attachments: Vec<Bytes>);

    /// How long nothing more of this client is to be read, after what has come last.
    fn pause(&mut self) -> Duration {
        Duration::ZERO
    }

    /// The client is gone. Called once.
    fn disconnect(self, reason: CloseReason);
}

/// What a client hears of an event for which it wants an answer.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    /// Nothing: the event was neither taken nor refused, it is to be sent again.
    None,
    /// That it came.
    Taken,
    /// These arguments and their attachments.
    With(Vec<Value>, Vec<Bytes>),
}

/// The right to accept a client.
pub(crate) struct Accepted<'a> {
    outbox: &'a Outbox,
    namespace: &'static str,
    sid: &'a str,
}

impl Accepted<'_> {
    /// The namespace that the client asks for.
    pub(crate) fn namespace(&self) -> &'static str {
        self.namespace
    }

    /// Tells the client that it is connected. `pid` is the private id with which a client that speaks
    /// [connection state recovery](https://socket.io/docs/v4/connection-state-recovery) comes back.
    pub(crate) fn accept(self, pid: Option<&str>) {
        self.outbox.push(packet::encode_connect(self.namespace, self.sid, pid));
    }
}

/// Bytes that the name of an unknown namespace may have in our answer.
const MAX_NAMESPACE: usize = 100;

/// Opens a [`Connection`] for each new client of the transport.
#[derive(Clone)]
pub(crate) struct Clients<N> {
    namespace: N,
    max_attachment_bytes: usize,
}

impl<N: Namespace> Clients<N> {
    /// The attachments of one event may have that many bytes together.
    pub(crate) fn new(namespace: N, max_attachment_bytes: usize) -> Self {
        Self { namespace, max_attachment_bytes }
    }
}

impl<N: Namespace> engineio::Application for Clients<N> {
    type Connection = Connection<N>;

    fn open(&self, handshake: Handshake, outbox: &Arc<Outbox>) -> Connection<N> {
        Connection {
            clients: self.clone(),
            handshake,
            outbox: Arc::clone(outbox),
            places: Vec::new(),
            assembly: None,
            is_broken: false,
        }
    }
}

/// One client, above Engine.IO.
pub(crate) struct Connection<N: Namespace> {
    clients: Clients<N>,
    handshake: Handshake,
    outbox: Arc<Outbox>,
    /// The namespaces that the client is or was connected to: one, mostly.
    places: Vec<Place<N::Socket>>,
    /// An event whose attachments are still to come.
    assembly: Option<Box<Assembly>>,
    /// The client did what it must not: what still comes is ignored.
    is_broken: bool,
}

/// What is to be done before the client's next message is read.
enum Next {
    Read,
    /// The client asks for a namespace.
    Connect(String, Option<Value>),
    Pause(Duration),
}

struct Place<S> {
    namespace: &'static str,
    /// None when the client has left: what still comes for it is ignored.
    socket: Option<S>,
}

impl<N: Namespace> Connection<N> {
    fn place(&mut self, namespace: &str) -> Option<&mut Place<N::Socket>> {
        self.places.iter_mut().find(|place| place.namespace == namespace)
    }

    /// The client asks to be connected.
    async fn connect(&mut self, namespace: &str, auth: Option<Value>) {
        let Some(namespace) = N::NAMES.iter().copied().find(|name| *name == namespace) else {
            if namespace.len() > MAX_NAMESPACE {
                self.break_off("a namespace with a long name");
            } else {
                self.refuse(namespace, "Invalid namespace");
            }
            return;
        };
        if self.place(namespace).is_some() {
            self.break_off("a second CONNECT");
            return;
        }
        // An own id: the transport's opens the transport.
        let sid = crate::random::random_id();
        let accept = Accepted { outbox: &self.outbox, namespace, sid: &sid };
        let auth = match auth {
            Some(Value::Object(auth)) => auth,
            _ => Map::new(),
        };
        match self.clients.namespace.connect(&self.handshake, auth, &self.outbox, accept).await {
            Ok(socket) => {
                self.places.reserve_exact(1);
                self.places.push(Place { namespace, socket: Some(socket) });
                if self.places.len() == N::NAMES.len() {
                    // Nobody reads them any more, and they would stay as long as the connection.
                    self.handshake.headers = http::HeaderMap::new();
                }
            }
            Err(reason) => self.refuse(namespace, &reason),
        }
    }

    fn refuse(&self, namespace: &str, reason: &str) {
        tracing::debug!(reason, "a client was refused");
        self.outbox.push(packet::encode_connect_error(namespace, reason));
    }

    /// Takes a text message.
    fn take_text(&mut self, text: Utf8Bytes) -> Next {
        if self.is_broken {
            return Next::Read;
        }
        if self.assembly.is_some() {
            return self.break_off("a text where an attachment was to come");
        }
        match Packet::parse(&text) {
            Ok(Packet::Connect { namespace, auth }) => Next::Connect(namespace.to_owned(), auth),
            Ok(Packet::Disconnect { namespace }) => self.leave(namespace),
            Ok(Packet::Message { namespace, message, attachments }) => {
                if self.place(namespace).is_none() {
                    self.break_off("a packet for a namespace that the client is not connected to")
                } else if attachments == 0 {
                    self.deliver(namespace, message, Vec::new())
                } else {
                    let max_bytes = self.clients.max_attachment_bytes;
                    let assembly = Assembly::new(text.clone(), attachments, max_bytes);
                    self.assembly = Some(Box::new(assembly));
                    Next::Read
                }
            }
            Err(error) => self.break_off(&error.to_string()),
        }
    }

    /// Takes a binary message.
    fn take_attachment(&mut self, bytes: Bytes) -> Next {
        if self.is_broken {
            return Next::Read;
        }
        let Some(mut assembly) = self.assembly.take() else {
            return self.break_off("an attachment of nothing");
        };
        if !assembly.add(bytes) {
            return self.break_off("attachments that are too large");
        }
        if !assembly.is_complete() {
            self.assembly = Some(assembly);
            return Next::Read;
        }
        let (text, attachments) = assembly.into_parts();
        match Packet::parse(&text) {
            Ok(Packet::Message { namespace, message, .. }) => {
                self.deliver(namespace, message, attachments)
            }
            // It was read before.
            _ => Next::Read,
        }
    }

    /// Does what can't be done at once. In boxes: it is rare, and would otherwise have its place in
    /// each connection's memory all the time.
    async fn go_on(&mut self, next: Next) {
        match next {
            Next::Read => {}
            Next::Connect(namespace, auth) => Box::pin(self.connect(&namespace, auth)).await,
            Next::Pause(pause) => Box::pin(tokio::time::sleep(pause)).await,
        }
    }

    /// Takes an event or an answer.
    fn deliver(&mut self, namespace: &str, message: Message<'_>, attachments: Vec<Bytes>) -> Next {
        let Some(place) = self.place(namespace) else { return Next::Read };
        let (namespace, Some(socket)) = (place.namespace, &mut place.socket) else {
            return Next::Read;
        };
        let answered = match message {
            Message::Ack { id, args } => {
                socket.ack(id, &args, attachments);
                None
            }
            Message::Event { name, args, ack } => {
                let answer = socket.event(&name, &args, attachments);
                ack.map(|id| (id, answer))
            }
        };
        let pause = socket.pause();
        if let Some((id, answer)) = answered {
            self.answer(namespace, id, answer);
        }
        if pause.is_zero() { Next::Read } else { Next::Pause(pause) }
    }

    fn answer(&mut self, namespace: &str, id: u64, answer: Answer) {
        let (args, attachments) = match answer {
            Answer::None => return,
            Answer::Taken => (Vec::new(), Vec::new()),
            Answer::With(args, attachments) => (args, attachments),
        };
        match packet::encode_ack(namespace, id, &args, attachments) {
            Ok(packet) => self.outbox.push(packet),
            Err(error) => tracing::error!(%error, "an answer can't be encoded"),
        }
    }

    fn leave(&mut self, namespace: &str) -> Next {
        let Some(place) = self.place(namespace) else {
            return self.break_off("left a namespace that the client is not connected to");
        };
        if let Some(socket) = place.socket.take() {
            socket.disconnect(CloseReason::ClientClosed);
        }
        Next::Read
    }

    fn leave_all(&mut self, reason: CloseReason) {
        for place in &mut self.places {
            if let Some(socket) = place.socket.take() {
                socket.disconnect(reason);
            }
        }
    }

    fn break_off(&mut self, reason: &str) -> Next {
        tracing::debug!(reason, "closing a connection");
        self.is_broken = true;
        self.assembly = None;
        self.leave_all(CloseReason::ParseError);
        self.outbox.close();
        Next::Read
    }
}

impl<N: Namespace> engineio::Connection for Connection<N> {
    async fn message(&mut self, text: Utf8Bytes) {
        let next = self.take_text(text);
        self.go_on(next).await;
    }

    async fn binary(&mut self, bytes: Bytes) {
        let next = self.take_attachment(bytes);
        self.go_on(next).await;
    }

    fn is_established(&self) -> bool {
        self.places.iter().any(|place| place.socket.is_some())
    }

    fn close(mut self, reason: CloseReason) {
        tracing::debug!(?reason, "a connection ended");
        self.leave_all(reason);
    }
}

/// Ends a connection from this side: the client is told and does not come back by itself.
pub(crate) fn disconnect(outbox: &Outbox) {
    outbox.push(packet::encode_disconnect());
    outbox.close();
}
