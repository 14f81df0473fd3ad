//! The questions of a session that wait for an answer.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use crate::error::Error;
use crate::upload::UploadRules;
use crate::wire::{AskKind, AskMessage, MessageDict};

/// Bytes of a MiB.
const MIB: u64 = 1024 * 1024;

/// The questions that wait for an answer.
#[derive(Debug, Default)]
pub(crate) struct OpenAsks(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    last_number: u64,
    /// Oldest first.
    waiting: Vec<Waiting>,
    /// Nothing is asked any more.
    is_closed: bool,
}

/// What is known of a question while it waits.
#[derive(Debug)]
struct Waiting {
    /// Tells it apart from another question by the same message.
    number: u64,
    ask: Arc<AskMessage>,
    /// Ends the waiting.
    over: CancellationToken,
}

/// One of them, to those who wait.
pub(super) struct Ticket {
    number: u64,
    /// Cancelled when the question is taken back, or nobody will answer any more.
    pub(super) over: CancellationToken,
}

impl OpenAsks {
    /// Adds a question, if there are fewer than `limit`.
    pub(super) fn open(&self, ask: &Arc<AskMessage>, limit: usize) -> Result<Ticket, Error> {
        let mut state = self.0.lock();
        if state.is_closed {
            return Err(Error::ChatEnded);
        }
        let open = state.waiting.len();
        if open >= limit {
            return Err(Error::TooManyAsks { open });
        }
        state.last_number += 1;
        let number = state.last_number;
        let over = CancellationToken::new();
        let waiting = Waiting { number, ask: Arc::clone(ask), over: over.clone() };
        state.waiting.push(waiting);
        Ok(Ticket { number, over })
    }

    /// Ends all questions: nobody will answer any more.
    pub(crate) fn end(&self) {
        let mut state = self.0.lock();
        state.is_closed = true;
        for waiting in state.waiting.drain(..) {
            waiting.over.cancel();
        }
    }

    /// Whether nothing is asked any more.
    pub(super) fn is_closed(&self) -> bool {
        self.0.lock().is_closed
    }

    /// The question is over.
    pub(super) fn close(&self, ticket: &Ticket) {
        self.0.lock().waiting.retain(|waiting| waiting.number != ticket.number);
    }

    /// Wakes the code that waits for the message's answer; gives the message as it was shown.
    pub(super) fn remove(&self, id: &str) -> Option<Arc<MessageDict>> {
        let mut asked = None;
        for waiting in self.0.lock().waiting.extract_if(.., |waiting| *waiting.ask.msg.id == *id) {
            waiting.over.cancel();
            asked = Some(Arc::clone(&waiting.ask.msg));
        }
        asked
    }

    /// Whether the action with that id is an answer to one of them.
    pub(crate) fn offers(&self, action_id: &str) -> bool {
        let state = self.0.lock();
        state.waiting.iter().any(|waiting| match &waiting.ask.spec.kind {
            AskKind::Action { keys } => keys.iter().any(|key| key == action_id),
            _ => false,
        })
    }

    /// Id of the message that asks by the element with that id.
    pub(crate) fn asked_by_element(&self, id: &str) -> Option<Arc<str>> {
        let state = self.0.lock();
        let asks = |waiting: &&Waiting| match &waiting.ask.spec.kind {
            AskKind::Element { element_id } => **element_id == *id,
            _ => false,
        };
        state.waiting.iter().find(asks).map(|waiting| Arc::clone(&waiting.ask.msg.id))
    }

    /// What may be uploaded for the question that was asked last, of those for files whose message
    /// has that id or that parent; of those without a parent when it is `None`.
    pub(crate) fn upload_rules(&self, parent_id: Option<&str>) -> Option<UploadRules> {
        let state = self.0.lock();
        state.waiting.iter().rev().find_map(|waiting| {
            let AskMessage { msg, spec } = &*waiting.ask;
            let is_meant = match parent_id {
                Some(id) => *msg.id == *id || msg.parent_id.as_deref() == Some(id),
                None => msg.parent_id.is_none(),
            };
            upload_rules(&spec.kind).filter(|_| is_meant)
        })
    }
}

/// What may be uploaded for such a question.
pub(super) fn upload_rules(kind: &AskKind) -> Option<UploadRules> {
    match kind {
        AskKind::File { accept, max_files, max_size_mb } => Some(UploadRules {
            accept: Some(accept.clone()),
            max_bytes: Some(max_size_mb.saturating_mul(MIB)),
            max_files: usize::try_from(*max_files).ok(),
        }),
        _ => None,
    }
}
