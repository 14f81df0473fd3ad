//! A stored conversation on its way to the client that opens it.

use chainlit_core::wire::{ActionDict, ServerEvent, ThreadDict};

use super::frame::Frame;
use super::state::State;
use crate::chat::transcript::Fold;
use crate::engineio::Payload;

/// A stored conversation as a client is shown it.
pub(crate) struct Opened {
    pub(crate) thread: ThreadDict,
    /// The buttons of its steps.
    pub(crate) actions: Vec<ActionDict>,
}

/// What the client is to be shown when it is ready.
pub(super) struct Opening {
    opened: Box<Opened>,
    /// Steps of the transcript with lower numbers are in it.
    next: u64,
    /// Something in it has changed since.
    is_stale: bool,
}

impl Opening {
    /// An event was folded into the transcript.
    pub(super) fn note(&mut self, fold: Fold) {
        self.is_stale |= match fold {
            Fold::Not => false,
            Fold::Step(number) => number < self.next,
            Fold::Whole => true,
        };
    }
}

impl State {
    /// Takes a stored conversation up. Nothing of it is recorded: it is there.
    pub(super) fn restore(&mut self, opened: Opened) {
        for step in &opened.thread.steps {
            self.transcript.apply(&ServerEvent::NewMessage(step.step.as_any()));
        }
        for element in &opened.thread.elements {
            // Without its step it would stand beside the conversation.
            if self.transcript.number_of(&element.for_id).is_some() {
                self.transcript.apply(&ServerEvent::Element(element));
            }
        }
        for action in &opened.actions {
            self.transcript.apply(&ServerEvent::Action(action));
        }
        self.transcript.trim(self.limits.transcript_bytes);
        let next = self.transcript.next_number();
        self.opening = Some(Opening { opened: Box::new(opened), next, is_stale: false });
    }

    /// What the client that begins is shown as a stored conversation, and the number of the first
    /// step that it is shown by itself.
    pub(super) fn open(&mut self) -> (Option<Box<Opened>>, u64) {
        let Some(Opening { opened, next, is_stale }) = self.opening.take() else {
            return (None, 0);
        };
        let thread_id = &opened.thread.id;
        let event = ServerEvent::FirstInteraction { interaction: "resume", thread_id };
        self.queue(&event, false);
        // What has changed since is merged into what the client shows.
        if is_stale { (None, 0) } else { (Some(opened), next) }
    }

    /// Moves a stored conversation into `batch`; gives its bytes.
    pub(super) fn take_thread(&self, opened: &Opened, batch: &mut Vec<Payload>) -> usize {
        let thread = std::iter::once(ServerEvent::ResumeThread(&opened.thread));
        let mut bytes = 0;
        for event in thread.chain(opened.actions.iter().map(ServerEvent::Action)) {
            if let Some(frame) = Frame::event(&event, None) {
                let payload = frame.into_payload();
                bytes += payload.len();
                batch.push(payload);
            }
        }
        bytes
    }
}
