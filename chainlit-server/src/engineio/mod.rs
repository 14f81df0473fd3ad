//! Engine.IO 4, server side: handshake, heartbeat and packets over one transport.
//!
//! Knows nothing of Socket.IO or chat. Whoever opens a connection gets an [`Outbox`] to write to and
//! gives a [`Connection`] that takes what the client sends. Follows the
//! [Engine.IO protocol](https://socket.io/docs/v4/engine-io-protocol/), revision 4.

mod handshake;
mod outbox;
mod packet;
mod websocket;

pub(crate) use handshake::{Handshake, HandshakeError, Settings};
pub(crate) use outbox::{Outbox, Source};
pub(crate) use packet::Payload;
pub(crate) use websocket::run as run_websocket;

use tokio_tungstenite::tungstenite::Utf8Bytes;

/// Why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CloseReason {
    /// The client said goodbye.
    ClientClosed,
    /// The connection broke.
    TransportError,
    /// The client did not answer a ping in time.
    PingTimeout,
    /// The client sent what is no packet, or too big a one.
    ParseError,
    /// This side ended it.
    ServerClosed,
}

/// One client, above the transport.
pub(crate) trait Connection: Send + 'static {
    /// Takes a text message. Messages of one connection come one after the other, in order.
    fn message(&mut self, text: Utf8Bytes) -> impl Future<Output = ()> + Send;

    /// Takes a binary message.
    fn binary(&mut self, bytes: bytes::Bytes) -> impl Future<Output = ()> + Send;

    /// Whether the client has said who it is. One that never does is closed after a while.
    fn is_established(&self) -> bool;

    /// The connection is gone.
    fn close(self, reason: CloseReason);
}
