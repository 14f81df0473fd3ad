//! Engine.IO and Socket.IO, spoken byte by byte with the applications of the protocols' test suites.

mod attachments;
mod heartbeat;
mod identity;
mod namespaces;
mod origins;
mod polling;
mod server;
mod upgrade;
