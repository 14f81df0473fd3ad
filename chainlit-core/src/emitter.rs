//! The way out: what a session's events go through.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::error::Error;
use crate::wire::{AnyStep, ElementDict, MessageDict, ServerEvent};

/// Takes a session's events in order and brings them to whoever listens.
///
/// The server's session log implements it for sessions with a browser; [`NullEmitter`] is for
/// sessions without one. Handlers don't call it: [`Message`](crate::Message) and its relatives do.
pub trait Emitter: Send + Sync + 'static {
    /// Appends an event. It is accepted at once and never waits.
    fn emit(&self, event: &ServerEvent<'_>);

    /// Appends an event that wants an answer. The receiver fails when the chat ends first.
    fn request(&self, event: &ServerEvent<'_>) -> oneshot::Receiver<Value>;

    /// Keeps what the client shows already, for a client that comes back with nothing: a message
    /// that the user wrote, a form that the user has filled in.
    fn remember(&self, event: &ServerEvent<'_>);

    /// Keeps a step that the client wrote and shows already; false when there is or was one with its id, whose place it
    /// would take.
    fn take(&self, step: AnyStep<'_>) -> bool {
        self.remember(&ServerEvent::NewMessage(step));
        true
    }

    /// The element with that id as a client shows it now, if this keeps what it takes.
    fn element(&self, id: &str) -> Option<ElementDict> {
        let _ = id;
        None
    }

    /// The message with that id as a client shows it now, if this keeps what it takes.
    fn shown(&self, id: &str) -> Option<Arc<MessageDict>> {
        let _ = id;
        None
    }

    /// Ids of the files that belong to elements which were shown and are no more, each told once.
    fn take_forgotten(&self) -> Vec<String> {
        Vec::new()
    }

    /// A file is to be shown again: it is not forgotten after all.
    fn reclaim(&self, file: &str) {
        let _ = file;
    }

    /// `None` when there is room; otherwise waits until the reader has caught up, or was given up:
    /// then it gets everything when it comes back.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`] when nothing can be sent any more.
    fn ready(&self) -> Option<BoxFuture<'static, Result<(), Error>>>;
}

/// Drops every event: the emitter of a session that no browser listens to.
///
/// ```
/// use chainlit::{self as cl, Emitter};
///
/// cl::NullEmitter.emit(&cl::wire::ServerEvent::TaskStart);
/// assert!(cl::NullEmitter.ready().is_none());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct NullEmitter;

impl Emitter for NullEmitter {
    fn emit(&self, _event: &ServerEvent<'_>) {}

    fn request(&self, _event: &ServerEvent<'_>) -> oneshot::Receiver<Value> {
        oneshot::channel().1
    }

    fn remember(&self, _event: &ServerEvent<'_>) {}

    fn ready(&self) -> Option<BoxFuture<'static, Result<(), Error>>> {
        None
    }
}
