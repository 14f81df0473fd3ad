mod frame;
mod reader;
mod state;
#[cfg(test)]
mod tests;
mod window;

use std::sync::Arc;
use std::time::Duration;

use chainlit_core::wire::{ActionDict, AnyStep, ElementDict, MessageDict, ServerEvent};
use chainlit_core::{Emitter, Error};
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::{Notify, oneshot};

use frame::Frame;
pub(crate) use reader::Beginning;
use state::{Request, State};

use crate::config::{ChainOfThought, Config};

/// The numbers that bound a session log, and what it keeps from its client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogLimits {
    /// Bytes of memory that the transcript keeps; beyond, the oldest steps are forgotten.
    pub(crate) transcript_bytes: usize,
    /// Bytes that may wait for a connected reader before handlers wait for it.
    pub(crate) backlog_bytes: usize,
    /// Bytes of memory for events that a client may lack when its connection breaks. A client that
    /// lacks more is shown the whole chat.
    pub(crate) recovery_bytes: usize,
    /// How long a handler waits for a reader that takes nothing.
    pub(crate) patience: Duration,
    /// Whether the client sees of a step only that it is there.
    pub(crate) hides_steps: bool,
}

impl LogLimits {
    /// What is configured for a chat.
    pub(super) fn of(config: &Config) -> Self {
        let limits = &config.limits;
        Self {
            transcript_bytes: limits.log_bytes,
            backlog_bytes: limits.backlog_bytes,
            recovery_bytes: limits.recovery_bytes,
            patience: limits.reader_patience,
            hides_steps: config.ui.cot == ChainOfThought::Hidden,
        }
    }
}

/// A session's outgoing events, in order: what [`Emitter`] is for a session with a browser.
///
/// Each event is encoded once and gets a position. It waits in a window until the connection's
/// outbox takes it, and stays there until a pong proves that the client has it, so that a client
/// whose connection breaks goes on where it was. All events are also folded into a transcript, from
/// which the state of a client is rebuilt that has nothing, or lacks more than the window holds.
/// Without such a client only the transcript grows, and what it can't hold (a toast, say) waits.
#[derive(Clone)]
pub(crate) struct SessionLog(Arc<Inner>);

struct Inner {
    limits: LogLimits,
    state: Mutex<State>,
    /// A reader took something, came or went.
    drained: Notify,
}

impl SessionLog {
    pub(crate) fn new(limits: LogLimits) -> Self {
        let state = Mutex::new(State::new(limits));
        Self(Arc::new(Inner { limits, state, drained: Notify::new() }))
    }

    /// A handler begins: the browser shows that something runs.
    pub(crate) fn task_start(&self) {
        let mut state = self.0.state.lock();
        state.running += 1;
        state.append(&ServerEvent::TaskStart);
    }

    /// A handler ended. The browser shows that nothing runs when it was the last one.
    pub(crate) fn task_end(&self) {
        let mut state = self.0.state.lock();
        state.running = state.running.saturating_sub(1);
        if state.running == 0 {
            state.append(&ServerEvent::TaskEnd);
        }
    }

    /// Hands the answer to whoever asked; false when nobody waits for it.
    pub(crate) fn answer(&self, id: u64, value: Value) -> bool {
        let Some(request) = self.0.state.lock().requests.remove(&id) else { return false };
        request.answer.send(value).is_ok()
    }

    /// Answers the question of the step with that id in the client's place; false when it does not
    /// wait for an answer now.
    pub(crate) fn answer_for(&self, step_id: &str, value: Value) -> bool {
        let mut state = self.0.state.lock();
        let open = state.requests.iter().find(|(_, request)| request.step_id == step_id);
        let Some(id) = open.map(|(id, _)| *id) else { return false };
        let Some(request) = state.requests.remove(&id) else { return false };
        request.answer.send(value).is_ok()
    }

    /// The action that a client may call by this one of its own. What was offered counts as it was
    /// offered: the client only names it. While the page shows a component of the application,
    /// which calls actions that nobody has offered, the client's own counts too.
    pub(crate) fn callable(&self, called: ActionDict) -> Option<ActionDict> {
        let transcript = &self.0.state.lock().transcript;
        match transcript.action(&called.id) {
            Some(offered) => (offered.name == called.name).then(|| offered.clone()),
            None if transcript.was_removed(&called.id) => None,
            None => transcript.has_custom_element().then_some(called),
        }
    }

    /// Whether the client was told to record.
    pub(crate) fn is_audio_on(&self) -> bool {
        self.0.state.lock().is_audio_on
    }

    /// The client records no more, and needs not be told.
    pub(crate) fn note_audio_end(&self) {
        self.0.state.lock().is_audio_on = false;
    }

    /// The elements of the step with that id, as they are shown.
    pub(crate) fn elements(&self, id: &str) -> Vec<ElementDict> {
        self.0.state.lock().transcript.elements_of(id).to_vec()
    }

    /// The chat has ended: nothing is accepted any more. A client that is still there is not told:
    /// it would take that for good, and is to come back when the server goes down for a moment.
    pub(crate) fn close(&self) {
        let mut state = self.0.state.lock();
        *state = State::new(self.0.limits);
        state.is_closed = true;
        drop(state);
        self.0.drained.notify_waiters();
    }

    /// Shows the step with that id and everything after it once more, to a client that has cut its
    /// conversation there.
    pub(crate) fn show_from(&self, id: &str) {
        self.0.state.lock().show_from(id);
    }

    /// Removes everything that came after the step with that id, but for the steps in `keep`.
    pub(crate) fn truncate_after(&self, id: &str, keep: &[Arc<str>]) {
        self.0.state.lock().transcript.truncate_after(id, keep);
    }

    /// Undoes [`take`](Self::take): the step was not accepted after all.
    pub(crate) fn give_back(&self, id: &str) {
        self.0.state.lock().transcript.forget(id);
    }
}

impl Emitter for SessionLog {
    fn emit(&self, event: &ServerEvent<'_>) {
        let mut state = self.0.state.lock();
        // After an ask the page shows that work goes on, if it does.
        if matches!(event, ServerEvent::TaskStart) && state.running == 0 {
            return;
        }
        state.append(event);
    }

    fn request(&self, event: &ServerEvent<'_>) -> oneshot::Receiver<Value> {
        let (sender, receiver) = oneshot::channel();
        let mut state = self.0.state.lock();
        if state.is_closed {
            return receiver;
        }
        state.requests.retain(|_, request| !request.answer.is_closed());
        state.last_request += 1;
        let id = state.last_request;
        state.transcript.apply(event);
        let Some(frame) = Frame::request(id, event) else { return receiver };
        let step_id = match event {
            ServerEvent::Ask(ask) => ask.msg.id.as_ref().to_owned(),
            _ => String::new(),
        };
        let request = Request { answer: sender, frame, position: 0, step_id, is_withdrawn: false };
        state.requests.insert(id, request);
        state.ask(id);
        receiver
    }

    fn remember(&self, event: &ServerEvent<'_>) {
        let mut state = self.0.state.lock();
        if !state.is_closed {
            state.keep(event);
        }
    }

    fn take(&self, step: AnyStep<'_>) -> bool {
        let mut state = self.0.state.lock();
        let id = step.id();
        // The same UUID may be written in capitals.
        let is_there = |id: &str| state.transcript.contains(id);
        if is_there(id) || is_there(&id.to_ascii_lowercase()) {
            return false;
        }
        state.keep(&ServerEvent::NewMessage(step));
        true
    }

    fn element(&self, id: &str) -> Option<ElementDict> {
        self.0.state.lock().transcript.element(id).cloned()
    }

    fn take_forgotten(&self) -> Vec<String> {
        self.0.state.lock().transcript.take_forgotten()
    }

    fn reclaim(&self, file: &str) {
        self.0.state.lock().transcript.reclaim(file);
    }

    fn shown(&self, id: &str) -> Option<Arc<MessageDict>> {
        self.0.state.lock().transcript.message(id).cloned()
    }

    fn ready(&self) -> Option<BoxFuture<'static, Result<(), Error>>> {
        {
            let state = self.0.state.lock();
            if state.is_closed {
                return Some(Box::pin(std::future::ready(Err(Error::ChatEnded))));
            }
            if state.has_room() {
                return None;
            }
        }
        let log = self.clone();
        Some(Box::pin(async move { log.wait_for_room().await }))
    }
}
