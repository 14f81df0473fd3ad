//! Engine.IO 4, server side: handshake, heartbeat, packets, long-polling, and the move from polling to
//! a WebSocket.
//!
//! Knows nothing of Socket.IO or chat. An [`Application`] is told of each new connection, gets an
//! [`Outbox`] to write to and gives a [`Connection`] that takes what the client sends. Neither notices
//! which transport is in use. Follows the
//! [Engine.IO protocol](https://socket.io/docs/v4/engine-io-protocol/), revision 4.

mod handshake;
mod heartbeat;
mod identity;
mod outbox;
mod packet;
mod payload;
mod polling;
mod registry;
mod server;
mod upgrade;
mod websocket;
mod when_woken;

pub(crate) use handshake::{Handshake, Refusal, Settings};
pub(crate) use identity::{BROWSER_COOKIE, browser_cookie};
pub(crate) use outbox::{Outbox, Source};
pub(crate) use packet::{Group, Packet, Payload};
pub(crate) use payload::decode as decode_payload;
pub(crate) use server::{Head, Server};

use std::sync::Arc;

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

/// What runs above Engine.IO.
pub(crate) trait Application: Clone + Send + Sync + 'static {
    /// One client of it.
    type Connection: Connection;

    /// Takes a new client; `outbox` is what it is to be told.
    fn open(&self, handshake: Handshake, outbox: &Arc<Outbox>) -> Self::Connection;
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

/// Handles a packet that is no pong; the error is why the connection is over.
async fn receive<C: Connection>(
    packet: Packet,
    connection: &mut C,
    outbox: &Outbox,
) -> Result<(), CloseReason> {
    match packet {
        Packet::Message(text) => connection.message(text).await,
        Packet::Ping { is_probe } => outbox.push(if is_probe { "3probe" } else { "3" }),
        Packet::Close => return Err(CloseReason::ClientClosed),
        Packet::Pong | Packet::Upgrade | Packet::Noop => {}
    }
    Ok(())
}
