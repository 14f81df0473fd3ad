mod frame;
mod opening;
mod reader;
mod state;
#[cfg(test)]
mod tests;
mod window;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chainlit_core::wire::{ActionDict, AnyStep, ElementDict, MessageDict, ServerEvent};
use chainlit_core::{Emitter, Error};
use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use serde_json::{Map, Value};
use tokio::sync::{Notify, oneshot};

use frame::Frame;
pub(crate) use opening::Opened;
pub(crate) use reader::Beginning;
use state::{Request, State};

use crate::config::{ChainOfThought, Config};
use crate::recorder::{Recorder, Source, Taken, Tape};

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
    /// What writes the chat down, if anything does.
    recorder: OnceLock<Recorder>,
}

impl SessionLog {
    pub(crate) fn new(limits: LogLimits) -> Self {
        let state = Mutex::new(State::new(limits));
        let (drained, recorder) = (Notify::new(), OnceLock::new());
        Self(Arc::new(Inner { limits, state, drained, recorder }))
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

    /// Whether a connection has taken everything, or there is none.
    #[cfg(feature = "testing")]
    pub(crate) fn is_drained(&self) -> bool {
        self.0.state.lock().is_drained()
    }

    /// From now on everything that happens is recorded.
    pub(crate) fn record(&self, mut tape: Tape) {
        let inner: Arc<dyn Source> = Arc::<Inner>::clone(&self.0);
        tape.belongs_to(Arc::downgrade(&inner));
        let _ = self.0.recorder.set(tape.recorder().clone());
        self.0.state.lock().tape = Some(tape);
    }

    /// What writes the chat down, if anything does.
    pub(crate) fn recorder(&self) -> Option<&Recorder> {
        self.0.recorder.get()
    }

    /// Whether the client sees of a step only that it is there.
    pub(crate) fn hides_steps(&self) -> bool {
        self.0.limits.hides_steps
    }

    /// Has what was said written now.
    pub(crate) fn hurry(&self) {
        if let Some(tape) = &mut self.0.state.lock().tape {
            tape.hurry();
        }
    }

    /// The session is like this now.
    pub(crate) fn note_facts(&self, facts: Map<String, Value>) {
        if let Some(tape) = &mut self.0.state.lock().tape {
            tape.facts(facts);
        }
    }

    /// The thread was removed: nothing of this chat is recorded any more.
    pub(crate) fn detach_thread(&self) {
        if let Some(tape) = &mut self.0.state.lock().tape {
            tape.detach();
        }
    }

    /// Shows a conversation that was stored, to a client that opens it.
    pub(crate) fn restore(&self, opened: Opened) {
        self.0.state.lock().restore(opened);
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
        let old = std::mem::replace(&mut *state, State::new(self.0.limits));
        state.is_closed = true;
        if let Some(tape) = old.tape {
            tape.end(&old.transcript);
        }
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
        let mut state = self.0.state.lock();
        let gone = state.transcript.truncate_after(id, keep);
        if let Some(tape) = &mut state.tape {
            gone.iter().for_each(|(id, contents)| tape.delete(id, contents));
        }
    }

    /// Goes back to a step that the transcript has forgotten: everything else in it came later, and so
    /// did the steps in `later`, which come with their elements that have a content. Those in `keep`
    /// stay.
    pub(crate) fn rewind(
        &self,
        step: AnyStep<'_>,
        later: &[(Arc<str>, Vec<Arc<str>>)],
        keep: &[Arc<str>],
    ) {
        let state = &mut *self.0.state.lock();
        let shown = state.transcript.ids();
        let shown = shown.into_iter().map(|id| {
            let contents = state.transcript.contents_of(&id);
            (id, contents)
        });
        let shown: Vec<_> = shown.collect();
        let is_gone = |id: &Arc<str>| !keep.contains(id) && id != step.id();
        for (gone, contents) in shown.iter().chain(later).filter(|(id, _)| is_gone(id)) {
            state.transcript.forget(gone);
            if let Some(tape) = &mut state.tape {
                tape.delete(gone, contents);
            }
        }
        state.transcript.apply(&ServerEvent::NewMessage(step));
    }

    /// Undoes [`take`](Self::take): the step was not accepted after all.
    pub(crate) fn give_back(&self, id: &str) {
        let state = &mut *self.0.state.lock();
        if let (Some(tape), Some(id)) = (&mut state.tape, state.transcript.shared_id(id)) {
            tape.delete(id, &[]);
        }
        state.transcript.forget(id);
    }
}

impl Source for Inner {
    fn take(&self) -> Taken {
        let state = &mut *self.state.lock();
        match &mut state.tape {
            Some(tape) => tape.take(&state.transcript),
            None => Taken::default(),
        }
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
        state.note(event);
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
            let recorder = self.0.recorder.get();
            if state.has_room() && !recorder.is_some_and(Recorder::is_full) {
                return None;
            }
        }
        let log = self.clone();
        Some(Box::pin(async move {
            if let Some(recorder) = log.0.recorder.get() {
                recorder.wait_for_room().await;
            }
            log.wait_for_room().await
        }))
    }
}
