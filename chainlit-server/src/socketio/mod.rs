//! Socket.IO 5, server side: packets, the connection to namespaces, acknowledgements, attachments.
//!
//! Knows nothing of chat. Follows the
//! [Socket.IO protocol](https://socket.io/docs/v4/socket-io-protocol/), revision 5.

mod assembly;
mod connection;
mod packet;

pub(crate) use connection::{Accepted, Answer, Clients, Namespace, Socket, disconnect};
pub(crate) use packet::{
    Packet, attachment_index, encode_event, encode_event_with, encode_request, values,
};
