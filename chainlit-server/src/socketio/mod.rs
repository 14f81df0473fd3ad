//! Socket.IO 5, server side: packets, the connection to a namespace, acknowledgements.
//!
//! Knows nothing of chat. Follows the
//! [Socket.IO protocol](https://socket.io/docs/v4/socket-io-protocol/), revision 5.

mod connection;
mod packet;

pub(crate) use connection::{Accepted, Connection, Namespace, Socket, disconnect};
pub(crate) use packet::{encode_event, encode_request};
