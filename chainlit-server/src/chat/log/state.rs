use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use chainlit_core::AudioConnection;
use chainlit_core::wire::ServerEvent;
use serde_json::Value;
use tokio::sync::oneshot;

use super::LogLimits;
use super::frame::Frame;
use super::opening::{Opened, Opening};
use super::window::Window;
use crate::chat::hidden::Seen;
use crate::chat::recovery::Recovery;
use crate::chat::transcript::{Fold, Transcript};
use crate::engineio::{Outbox, Payload};
use crate::recorder::Tape;

/// Bytes that wait for a reader before its tokens are joined: each frame costs a browser the same,
/// whatever it holds. A reader that keeps up sees each token by itself.
const JOIN_BYTES: usize = 10 * 1024;

/// What a session log knows, under its lock.
pub(super) struct State {
    pub(super) limits: LogLimits,
    pub(super) transcript: Transcript,
    /// What is to be written down, if anything is.
    pub(super) tape: Option<Tape>,
    /// The stored conversation that the client opens, until it is shown.
    pub(super) opening: Option<Opening>,
    pub(super) window: Window,
    /// The steps that the connection is still to be shown.
    replay: Option<Replay>,
    /// Set when the client of the last CONNECT speaks connection state recovery.
    pub(super) recovery: Option<Recovery>,
    /// Whether events that the transcript holds go into the window, too.
    pub(super) is_recording: bool,
    pub(super) outbox: Option<Arc<Outbox>>,
    /// Number of the connection that reads, or read last.
    pub(super) connection: u64,
    /// Whether the last client said goodbye: what it was sent, it had.
    pub(super) has_left: bool,
    /// Events that wait for an answer, oldest first.
    pub(super) requests: BTreeMap<u64, Request>,
    pub(super) last_request: u64,
    pub(super) running: usize,
    /// The client that reads was told to record.
    pub(super) is_audio_on: bool,
    pub(super) is_closed: bool,
}

/// An event that wants an answer.
pub(super) struct Request {
    pub(super) answer: oneshot::Sender<Value>,
    pub(super) frame: Frame,
    /// Where it was queued last; zero when it was not.
    pub(super) position: u64,
    /// The step that asks.
    pub(super) step_id: String,
    /// The step was removed: it is not shown again.
    pub(super) is_withdrawn: bool,
}

/// The way through the transcript's steps for a client that has to be shown all.
///
/// Steps are encoded when the connection takes them, so that a long conversation is not held twice.
/// For the client all of them are one event, with one position.
pub(super) struct Replay {
    pub(super) position: u64,
    /// The stored conversation that comes first, instead of its steps.
    thread: Option<Box<Opened>>,
    /// Numbers of the steps that are still to be shown. What happens to one of them meanwhile is
    /// shown with it.
    steps: Range<u64>,
}

impl State {
    pub(super) fn new(limits: LogLimits) -> Self {
        Self {
            limits,
            transcript: Transcript::default(),
            tape: None,
            opening: None,
            window: Window::new(limits.recovery_bytes),
            replay: None,
            recovery: None,
            is_recording: false,
            outbox: None,
            connection: 0,
            has_left: false,
            requests: BTreeMap::new(),
            last_request: 0,
            running: 0,
            is_audio_on: false,
            is_closed: false,
        }
    }

    /// Whether handlers may send more.
    pub(super) fn has_room(&self) -> bool {
        self.outbox.is_none() || self.window.waiting_bytes() <= self.limits.backlog_bytes
    }

    pub(super) fn is_read_by(&self, outbox: &Arc<Outbox>) -> bool {
        self.outbox.as_ref().is_some_and(|current| Arc::ptr_eq(current, outbox))
    }

    /// Folds an event into the transcript and queues it for the client.
    pub(super) fn append(&mut self, event: &ServerEvent<'_>) {
        if self.is_closed {
            return;
        }
        self.note(event);
        if self.limits.hides_steps {
            match Seen::of(event, &self.transcript) {
                Seen::All => self.append_seen(event),
                Seen::Stub(name, step) => self.append_seen(&name.event(&step)),
                Seen::Nothing => {}
            }
        } else {
            self.append_seen(event);
        }
    }

    /// Notes an event to be written down.
    pub(super) fn note(&mut self, event: &ServerEvent<'_>) {
        if let Some(tape) = &mut self.tape {
            tape.note(event, &self.transcript);
        }
    }

    fn append_seen(&mut self, event: &ServerEvent<'_>) {
        let fold = self.transcript.apply(event);
        self.transcript.trim(self.limits.transcript_bytes);
        if let Some(opening) = &mut self.opening {
            opening.note(fold);
        }
        if let ServerEvent::AudioConnection(connection) = event {
            self.is_audio_on = *connection == AudioConnection::On && self.outbox.is_some();
        }
        if let ServerEvent::DeleteMessage(step) = event {
            for request in self.requests.values_mut().filter(|open| open.step_id == **step.id()) {
                request.is_withdrawn = true;
            }
        }
        if !self.is_shown_later(fold) {
            self.queue(event, fold != Fold::Not);
        }
        if matches!(event, ServerEvent::ClearAsk | ServerEvent::AskTimeout) {
            self.go_on_asking();
        }
    }

    /// The client forgets the question it shows; another one may still be open.
    fn go_on_asking(&mut self) {
        let open: Vec<u64> = self.open_requests(u64::MAX).copied().collect();
        for request in open.iter().filter_map(|id| self.requests.get(id)) {
            self.transcript.wait_for_answer(&request.step_id);
        }
        if let Some(id) = open.last() {
            self.ask(*id);
        }
    }

    /// Whether the client gets what the event said from the transcript.
    fn is_shown_later(&self, fold: Fold) -> bool {
        match (fold, &self.replay) {
            (Fold::Not, _) => false,
            _ if !self.is_recording => true,
            (Fold::Step(number), Some(replay)) => replay.steps.contains(&number),
            _ => false,
        }
    }

    /// Whether nothing waits for the connection, or there is none.
    #[cfg(feature = "testing")]
    pub(super) fn is_drained(&self) -> bool {
        self.outbox.is_none() || !self.has_more()
    }

    /// Queues an event for the client. Sound and the like is for nobody who is away; tokens that a
    /// reader is behind with, or that nobody reads now, are joined.
    pub(super) fn queue(&mut self, event: &ServerEvent<'_>, is_folded: bool) {
        if event.is_live() && self.outbox.is_none() {
            return;
        }
        let is_token = matches!(event, ServerEvent::StreamToken { .. });
        if let ServerEvent::StreamToken { id, token, is_sequence: false, is_input } = event
            && (self.outbox.is_none() || self.window.waiting_bytes() > JOIN_BYTES)
            && self.window.grow(id, token, *is_input, is_folded)
        {
            return self.fit();
        }
        let offset = self.recovery.as_ref();
        let offset = offset.map(|recovery| recovery.offset(self.window.next_position()));
        if let Some(frame) = Frame::event(event, offset) {
            self.push(frame, is_folded, is_token);
        }
    }

    pub(super) fn push(&mut self, frame: Frame, is_folded: bool, is_lazy: bool) {
        let waiting = self.window.waiting_bytes();
        self.window.push(frame, is_folded);
        match &self.outbox {
            // Handlers wait long before. What is beyond was provoked by a client that does not
            // read. It gets everything when it comes back.
            Some(_) if waiting > self.limits.transcript_bytes + 2 * self.limits.backlog_bytes => {
                self.cut_off();
            }
            Some(outbox) => outbox.wake(is_lazy),
            None => self.fit(),
        }
    }

    /// Keeps what waits for nobody within its bounds.
    fn fit(&mut self) {
        if self.outbox.is_some() {
            return;
        }
        if self.is_recording && !self.window.fit() {
            self.stop_recording();
        }
        if !self.is_recording {
            self.window.trim_queue(self.limits.backlog_bytes);
        }
    }

    /// Ends the connection: its client does not read.
    pub(super) fn cut_off(&mut self) {
        if let Some(outbox) = &self.outbox {
            outbox.abort();
        }
        self.lose_reader();
    }

    /// From now on nobody listens.
    pub(super) fn lose_reader(&mut self) {
        let Some(outbox) = self.outbox.take() else { return };
        outbox.detach();
        self.window.forget_live();
        if std::mem::take(&mut self.is_audio_on) {
            // A page that comes back may still record.
            self.queue(&ServerEvent::AudioConnection(AudioConnection::Off), false);
        }
        // Who was not shown everything has to be shown everything anew.
        let is_whole = self.replay.take().is_none();
        if self.recovery.is_none() || !is_whole {
            self.stop_recording();
        }
        self.fit();
    }

    /// Events go into the transcript alone, if it can hold them.
    pub(super) fn stop_recording(&mut self) {
        self.is_recording = false;
        self.window.forget_folded();
    }

    /// The connection that reads is to be brought from nothing, or from anything, to the present
    /// state, in a form that can be merged.
    pub(super) fn begin(&mut self) {
        self.is_recording = true;
        self.has_left = false;
        let notices = self.window.begin();
        for event in [ServerEvent::TaskEnd, ServerEvent::ClearAsk, ServerEvent::ClearCallFn] {
            self.queue(&event, true);
        }
        let transcript = std::mem::take(&mut self.transcript);
        for event in transcript.beside_steps() {
            self.queue(&event, true);
        }
        self.transcript = transcript;
        let (thread, first) = self.open();
        let steps = first..self.transcript.next_number();
        let is_empty = thread.is_none() && self.transcript.steps(steps.clone()).next().is_none();
        self.replay =
            (!is_empty).then(|| Replay { position: self.window.reserve(), thread, steps });
        if self.running > 0 {
            self.queue(&ServerEvent::TaskStart, true);
        }
        self.ask_again();
        for notice in notices {
            let offset = self.recovery.as_ref();
            let offset = offset.map(|recovery| recovery.offset(self.window.next_position()));
            self.push(notice.moved_to(offset), false, false);
        }
    }

    /// Shows the step with that id and everything after it once more.
    pub(super) fn show_from(&mut self, id: &str) {
        let Some(first) = self.transcript.number_of(id).filter(|_| self.is_recording) else {
            return;
        };
        let end = match &self.replay {
            Some(replay) => replay.steps.start,
            None => self.transcript.next_number(),
        };
        let transcript = std::mem::take(&mut self.transcript);
        for event in transcript.steps(first..end).flat_map(|step| step.events()) {
            self.queue(&event, true);
        }
        self.transcript = transcript;
    }

    /// Keeps what the client shows already.
    pub(super) fn keep(&mut self, event: &ServerEvent<'_>) {
        self.note(event);
        self.transcript.apply(event);
        self.transcript.trim(self.limits.transcript_bytes);
    }

    /// Moves up to `max_bytes` into `batch`, at least one event if there is one; returns whether
    /// more are left.
    pub(super) fn take(&mut self, max_bytes: usize, batch: &mut Vec<Payload>) -> bool {
        let mut bytes = 0;
        while bytes < max_bytes {
            let is_turn = |replay: &Replay| replay.position < self.window.first_waiting();
            if self.replay.as_ref().is_some_and(is_turn) {
                bytes += self.take_step(batch);
            } else if let Some(payload) = self.window.take(self.recovery.is_some()) {
                bytes += payload.len();
                batch.push(payload);
            } else {
                break;
            }
        }
        self.has_more()
    }

    /// Whether something waits for the connection.
    fn has_more(&self) -> bool {
        self.replay.is_some() || self.window.waiting() > 0
    }

    /// Moves the next step of the replay into `batch`; gives its bytes.
    fn take_step(&mut self, batch: &mut Vec<Payload>) -> usize {
        let Some(replay) = &mut self.replay else { return 0 };
        if let Some(thread) = replay.thread.take() {
            return self.take_thread(&thread, batch);
        }
        let mut steps = self.transcript.steps(replay.steps.clone());
        let step = steps.next();
        let is_last = steps.next().is_none();
        let mut bytes = 0;
        if let Some(step) = step {
            replay.steps.start = step.number() + 1;
            let mut events = step.events().peekable();
            while let Some(event) = events.next() {
                // Who has the last one has them all.
                let is_end = is_last && events.peek().is_none();
                let recovery = self.recovery.as_ref().filter(|_| is_end);
                let offset = recovery.map(|recovery| recovery.offset(replay.position));
                if let Some(frame) = Frame::event(&event, offset) {
                    let payload = frame.into_payload();
                    bytes += payload.len();
                    batch.push(payload);
                }
            }
        }
        if is_last {
            let is_named = step.is_some() && self.recovery.is_some();
            self.window.take_reserved(replay.position, is_named);
            self.replay = None;
        }
        bytes
    }

    /// Goes on for a client that has everything before `position`; false when that can't be.
    pub(super) fn resume(&mut self, position: u64) -> bool {
        let can = self.is_recording && self.window.resume(position);
        self.has_left &= !can;
        can
    }

    /// Queues the open questions for the connection, but for those that wait in the queue already.
    /// The client may know them. It may also have lost an answer with its connection, and would
    /// never give it again.
    pub(super) fn ask_again(&mut self) {
        let open: Vec<u64> = self.open_requests(self.window.first_waiting()).copied().collect();
        for id in open {
            self.ask(id);
        }
    }

    /// Queues an event that wants an answer.
    pub(super) fn ask(&mut self, id: u64) {
        let position = self.window.next_position();
        if self.is_recording
            && let Some(request) = self.requests.get_mut(&id)
        {
            request.position = position;
            let frame = request.frame.moved_to(None);
            self.push(frame, true, false);
        }
    }

    /// The events that still wait for an answer, of those that were queued before `position`.
    fn open_requests(&self, position: u64) -> impl Iterator<Item = &u64> {
        let is_open = move |request: &Request| {
            !request.is_withdrawn && !request.answer.is_closed() && request.position < position
        };
        self.requests.iter().filter(move |(_, request)| is_open(request)).map(|(id, _)| id)
    }
}
