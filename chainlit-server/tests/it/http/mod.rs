//! Everything that is answered over HTTP, the socket aside.

mod bodies;
pub(crate) mod client;
mod cors;
mod files;
mod history;
mod page;
mod project;
mod routes;
mod server;
mod traversal;
