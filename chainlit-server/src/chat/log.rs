use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use chainlit_core::wire::{ActionDict, AnyStep, ServerEvent};
use chainlit_core::{Emitter, Error};
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::{Notify, oneshot};

use super::transcript::Transcript;
use crate::engineio::{Outbox, Payload, Source};
use crate::socketio;

/// The numbers that bound a session log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogLimits {
    /// Bytes of memory that the transcript keeps; beyond, the oldest steps are forgotten.
    pub(crate) transcript_bytes: usize,
    /// Bytes that may wait for a connected reader before handlers wait for it.
    pub(crate) backlog_bytes: usize,
    /// Bytes of what was sent that are kept to be sent again after a short break.
    #[expect(dead_code, reason = "a client that comes back gets the whole transcript")]
    pub(crate) recovery_bytes: usize,
    /// How long a handler waits for a reader that takes nothing.
    pub(crate) patience: Duration,
}

/// A session's outgoing events, in order: what [`Emitter`] is for a session with a browser.
///
/// Each event is encoded once and gets an offset. The connection's outbox drains the entries that
/// were not written yet; all of them are also folded into a [`Transcript`], from which the state
/// of a client that comes back is rebuilt. While nobody is connected only the transcript grows,
/// and what it can't hold (a toast, say) waits in the log.
#[derive(Clone)]
pub(crate) struct SessionLog(Arc<Inner>);

struct Inner {
    limits: LogLimits,
    state: Mutex<State>,
    /// A reader took something, came or went.
    drained: Notify,
}

#[derive(Default)]
struct State {
    transcript: Transcript,
    /// Encoded events that the connection has not taken, oldest first.
    entries: VecDeque<Entry>,
    entries_bytes: usize,
    /// Offset of the next event.
    next_offset: u64,
    outbox: Option<Arc<Outbox>>,
    /// Events that wait for an answer, oldest first.
    requests: BTreeMap<u64, Request>,
    last_request: u64,
    running: usize,
    is_closed: bool,
}

/// An event that wants an answer.
struct Request {
    answer: oneshot::Sender<Value>,
    payload: Payload,
    /// The step that asks.
    step_id: String,
    /// The step was removed: it is not shown again.
    is_withdrawn: bool,
}

struct Entry {
    /// Position in the session's stream of events; never reused.
    offset: u64,
    payload: Payload,
    /// Whether the transcript holds what it says.
    is_folded: bool,
}

impl SessionLog {
    pub(crate) fn new(limits: LogLimits) -> Self {
        Self(Arc::new(Inner { limits, state: Mutex::default(), drained: Notify::new() }))
    }

    /// A handler begins: the browser shows that something runs.
    pub(crate) fn task_start(&self) {
        let mut state = self.0.state.lock();
        state.running += 1;
        self.0.append(&mut state, &ServerEvent::TaskStart);
    }

    /// A handler ended. The browser shows that nothing runs when it was the last one.
    pub(crate) fn task_end(&self) {
        let mut state = self.0.state.lock();
        state.running = state.running.saturating_sub(1);
        if state.running == 0 {
            self.0.append(&mut state, &ServerEvent::TaskEnd);
        }
    }

    /// A client listens from now on, and is brought to the session's present state. It has what it
    /// showed before, or nothing: nobody knows, so it gets everything in a form that can be merged.
    pub(crate) fn attach(&self, outbox: &Arc<Outbox>) {
        let mut state = self.0.state.lock();
        state.drop_folded();
        let notices = std::mem::take(&mut state.entries);
        state.entries_bytes = 0;
        state.outbox = Some(Arc::clone(outbox));
        for event in [ServerEvent::TaskEnd, ServerEvent::ClearAsk, ServerEvent::ClearCallFn] {
            self.0.encode(&mut state, &event, true);
        }
        let transcript = std::mem::take(&mut state.transcript);
        transcript.replay(|event| self.0.encode(&mut state, event, true));
        state.transcript = transcript;
        if state.running > 0 {
            self.0.encode(&mut state, &ServerEvent::TaskStart, true);
        }
        let open: Vec<Payload> = state.open_requests().cloned().collect();
        for payload in open {
            self.0.push(&mut state, payload, false, true);
        }
        for entry in notices {
            self.0.push(&mut state, entry.payload, false, false);
        }
        drop(state);
        self.0.drained.notify_waiters();
        outbox.attach(Arc::clone(&self.0) as Arc<dyn Source>);
    }

    /// The connection is gone. Does nothing when another one has taken its place.
    pub(crate) fn detach(&self, outbox: &Arc<Outbox>) {
        let mut state = self.0.state.lock();
        if state.outbox.as_ref().is_some_and(|current| Arc::ptr_eq(current, outbox)) {
            state.give_up_reader();
            drop(state);
            self.0.drained.notify_waiters();
        }
    }

    /// Hands the answer to whoever asked; false when nobody waits for it.
    pub(crate) fn answer(&self, id: u64, value: Value) -> bool {
        let Some(request) = self.0.state.lock().requests.remove(&id) else { return false };
        request.answer.send(value).is_ok()
    }

    /// The action with that id, as it was sent and not removed since.
    pub(crate) fn action(&self, id: &str) -> Option<ActionDict> {
        self.0.state.lock().transcript.action(id).cloned()
    }

    /// The chat has ended: nothing is accepted any more. A client that is still there is not told:
    /// it would take that for good, and is to come back when the server goes down for a moment.
    pub(crate) fn close(&self) {
        *self.0.state.lock() = State { is_closed: true, ..State::default() };
        self.0.drained.notify_waiters();
    }

    /// Keeps a step that the client wrote; false when it was there already.
    pub(crate) fn take(&self, step: AnyStep<'_>) -> bool {
        let mut state = self.0.state.lock();
        if state.transcript.contains(step.id()) {
            return false;
        }
        self.0.keep(&mut state, step);
        true
    }

    /// Shows the step with that id and everything after it once more, to a client that has cut its
    /// conversation there.
    pub(crate) fn show_from(&self, id: &str) {
        let mut state = self.0.state.lock();
        if state.outbox.is_some() {
            let transcript = std::mem::take(&mut state.transcript);
            transcript.replay_from(id, |event| self.0.encode(&mut state, event, true));
            state.transcript = transcript;
        }
    }

    /// Removes everything that came after the step with that id, but for the steps in `keep`.
    pub(crate) fn truncate_after(&self, id: &str, keep: &[String]) {
        self.0.state.lock().transcript.truncate_after(id, keep);
    }

    /// Undoes [`take`](Self::take): the step was not accepted after all.
    pub(crate) fn give_back(&self, id: &str) {
        self.0.state.lock().transcript.forget(id);
    }
}

impl State {
    /// From now on nobody listens.
    fn give_up_reader(&mut self) {
        if let Some(outbox) = self.outbox.take() {
            outbox.detach();
        }
        self.drop_folded();
    }

    /// The events that still wait for an answer, as they were sent.
    fn open_requests(&self) -> impl Iterator<Item = &Payload> {
        self.requests
            .values()
            .filter(|request| !request.is_withdrawn && !request.answer.is_closed())
            .map(|request| &request.payload)
    }

    /// Forgets what waits for a client and is in the transcript too.
    fn drop_folded(&mut self) {
        self.entries.retain(|entry| !entry.is_folded);
        self.entries_bytes = self.entries.iter().map(|entry| entry.payload.len()).sum();
    }
}

impl Inner {
    /// Folds an event into the transcript and queues it for the client.
    fn append(&self, state: &mut State, event: &ServerEvent<'_>) {
        if state.is_closed {
            return;
        }
        let is_folded = state.transcript.apply(event);
        state.transcript.trim(self.limits.transcript_bytes);
        if let ServerEvent::DeleteMessage(step) = event {
            for request in state.requests.values_mut().filter(|open| open.step_id == step.id()) {
                request.is_withdrawn = true;
            }
        }
        if is_folded && state.outbox.is_none() {
            state.next_offset += 1;
            return;
        }
        self.encode(state, event, is_folded);
        // The client forgets the question it shows; another one may still be open.
        if matches!(event, ServerEvent::ClearAsk | ServerEvent::AskTimeout)
            && let Some(payload) = state.open_requests().last().cloned()
        {
            self.push(state, payload, false, true);
        }
    }

    /// Keeps a step that the client wrote.
    fn keep(&self, state: &mut State, step: AnyStep<'_>) {
        state.transcript.upsert(step);
        state.transcript.trim(self.limits.transcript_bytes);
    }

    fn encode(&self, state: &mut State, event: &ServerEvent<'_>, is_folded: bool) {
        if let Some(payload) = encoded(event, socketio::encode_event(event)) {
            let is_lazy = matches!(event, ServerEvent::StreamToken { .. });
            self.push(state, payload, is_lazy, is_folded);
        }
    }

    fn push(&self, state: &mut State, payload: Payload, is_lazy: bool, is_folded: bool) {
        state.entries_bytes += payload.len();
        state.entries.push_back(Entry { offset: state.next_offset, payload, is_folded });
        state.next_offset += 1;
        match &state.outbox {
            // The replay of a whole transcript fits; what is beyond was provoked by a client that
            // does not read. It gets everything when it comes back.
            Some(outbox) if state.entries_bytes > 3 * self.limits.transcript_bytes => {
                outbox.abort();
                state.give_up_reader();
                self.drained.notify_waiters();
            }
            Some(outbox) => outbox.wake(is_lazy),
            // Nobody listens: the log keeps what the transcript can't, within its bound.
            None => {
                while state.entries_bytes > self.limits.backlog_bytes
                    && let Some(oldest) = state.entries.pop_front()
                {
                    state.entries_bytes -= oldest.payload.len();
                    tracing::debug!(offset = oldest.offset, "an old notice was dropped");
                }
            }
        }
    }
}

/// The event's packet; one that can't be written is only logged.
fn encoded(event: &ServerEvent<'_>, text: serde_json::Result<String>) -> Option<Payload> {
    text.map(Payload::from)
        .inspect_err(|error| {
            tracing::error!(%error, event = event.name(), "an event can't be encoded");
        })
        .ok()
}

impl Source for Inner {
    fn pull(&self, max_bytes: usize, batch: &mut Vec<Payload>) -> bool {
        let mut state = self.state.lock();
        let mut bytes = 0;
        while bytes < max_bytes
            && let Some(entry) = state.entries.pop_front()
        {
            bytes += entry.payload.len();
            batch.push(entry.payload);
        }
        state.entries_bytes -= bytes;
        let more = !state.entries.is_empty();
        let has_room = state.entries_bytes <= self.limits.backlog_bytes;
        drop(state);
        if has_room {
            self.drained.notify_waiters();
        }
        more
    }

    fn ping_sent(&self) {}

    fn pong_received(&self) {}
}

impl Emitter for SessionLog {
    fn emit(&self, event: &ServerEvent<'_>) {
        let mut state = self.0.state.lock();
        // After an ask the page shows that work goes on, if it does.
        if matches!(event, ServerEvent::TaskStart) && state.running == 0 {
            return;
        }
        self.0.append(&mut state, event);
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
        let Some(payload) = encoded(event, socketio::encode_request(id, event)) else {
            return receiver;
        };
        let step_id = match event {
            ServerEvent::Ask(ask) => ask.msg.id.clone(),
            _ => String::new(),
        };
        let request =
            Request { answer: sender, payload: payload.clone(), step_id, is_withdrawn: false };
        state.requests.insert(id, request);
        if state.outbox.is_some() {
            self.0.push(&mut state, payload, false, true);
        }
        receiver
    }

    fn remember(&self, step: AnyStep<'_>) {
        let mut state = self.0.state.lock();
        if !state.is_closed {
            self.0.keep(&mut state, step);
        }
    }

    fn ready(&self) -> Option<BoxFuture<'static, Result<(), Error>>> {
        {
            let state = self.0.state.lock();
            if state.is_closed {
                return Some(Box::pin(std::future::ready(Err(Error::ChatEnded))));
            }
            if state.outbox.is_none() || state.entries_bytes <= self.0.limits.backlog_bytes {
                return None;
            }
        }
        let log = self.clone();
        Some(Box::pin(async move { log.wait_for_room().await }))
    }
}

impl SessionLog {
    async fn wait_for_room(&self) -> Result<(), Error> {
        let limits = self.0.limits;
        let wait = async {
            loop {
                let drained = self.0.drained.notified();
                tokio::pin!(drained);
                drained.as_mut().enable();
                {
                    let state = self.0.state.lock();
                    if state.is_closed {
                        return Err(Error::ChatEnded);
                    }
                    if state.outbox.is_none() || state.entries_bytes <= limits.backlog_bytes {
                        return Ok(());
                    }
                }
                drained.await;
            }
        };
        if let Ok(done) = tokio::time::timeout(limits.patience, wait).await {
            return done;
        }
        // The reader takes nothing: it is cut off, and gets everything when it comes back.
        tracing::debug!("a connection that reads too slowly is given up");
        let mut state = self.0.state.lock();
        if let Some(outbox) = &state.outbox {
            outbox.abort();
        }
        state.give_up_reader();
        drop(state);
        self.0.drained.notify_waiters();
        Ok(())
    }
}
