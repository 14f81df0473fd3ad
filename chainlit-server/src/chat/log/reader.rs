//! The log's connections: who reads, from where, and who is too slow.

use std::sync::Arc;

use chainlit_core::Error;
use tokio::time::timeout;

use super::{Inner, SessionLog};
use crate::chat::recovery::{Dialect, Proof, Recovery};
use crate::engineio::{Outbox, Payload, Source};

/// How a connection begins.
pub(crate) struct Beginning {
    /// What a client that speaks connection state recovery is told to come back with.
    pub(crate) pid: Option<String>,
    /// Drained at once when the client goes on where it was. Otherwise it is shown the chat when it
    /// is ready.
    pub(crate) resumed: Option<Arc<dyn Source>>,
}

/// One connection that drains the log, until another one takes its place.
pub(super) struct Reader {
    pub(super) log: Arc<Inner>,
    pub(super) connection: u64,
}

impl SessionLog {
    /// A client connects. When it proves where it was, and everything since is still here, it goes
    /// on from there.
    pub(crate) fn connect(&self, outbox: &Arc<Outbox>, dialect: &Dialect) -> Beginning {
        let mut state = self.0.state.lock();
        state.lose_reader();
        let proof = match (&state.recovery, &dialect.claim) {
            (Some(recovery), Some(claim)) => recovery.check(claim),
            _ => Proof::Nothing,
        };
        let start = state.window.start();
        let misses = match proof {
            Proof::Nothing => None,
            Proof::HasNothing => Some(start),
            Proof::Has(position) => Some(position.saturating_add(1).max(start)),
        };
        if misses.is_some_and(|position| state.resume(position)) {
            let pid = state.recovery.as_ref().map(|recovery| recovery.pid().to_owned());
            let reader = self.read(&mut state, outbox);
            state.ask_again();
            drop(state);
            self.0.drained.notify_waiters();
            return Beginning { pid, resumed: Some(reader) };
        }
        // Whatever was written to a client that left in peace, it had. Of another one that says
        // nothing nobody knows.
        let has = misses.or((!state.has_left).then_some(0));
        state.is_recording = false;
        state.window.settle(has);
        // All that waits now waits for this client.
        state.has_left = false;
        state.recovery = dialect.speaks_recovery.then(Recovery::new);
        let pid = state.recovery.as_ref().map(|recovery| recovery.pid().to_owned());
        Beginning { pid, resumed: None }
    }

    /// The client listens from now on, and is brought to the session's present state. It has what
    /// it showed before, or nothing: nobody knows, so it gets everything in a form that can be
    /// merged. Does nothing for a client that went on where it was.
    pub(crate) fn attach(&self, outbox: &Arc<Outbox>) {
        let mut state = self.0.state.lock();
        if state.is_read_by(outbox) {
            return;
        }
        let reader = self.read(&mut state, outbox);
        state.begin();
        drop(state);
        self.0.drained.notify_waiters();
        outbox.attach(reader);
    }

    fn read(&self, state: &mut super::State, outbox: &Arc<Outbox>) -> Arc<dyn Source> {
        state.outbox = Some(Arc::clone(outbox));
        state.connection += 1;
        Arc::new(Reader { log: Arc::clone(&self.0), connection: state.connection })
    }

    /// The connection is gone. Does nothing when another one has taken its place.
    pub(crate) fn detach(&self, outbox: &Arc<Outbox>) {
        let mut state = self.0.state.lock();
        if state.is_read_by(outbox) {
            state.lose_reader();
            drop(state);
            self.0.drained.notify_waiters();
        }
    }

    /// The client says goodbye on that connection: it had what was written to it.
    pub(crate) fn take_leave(&self, outbox: &Arc<Outbox>) {
        let mut state = self.0.state.lock();
        if state.is_read_by(outbox) {
            state.has_left = true;
        }
    }

    /// Waits until there is room for more, or the reader was given up.
    pub(super) async fn wait_for_room(&self) -> Result<(), Error> {
        loop {
            let drained = self.0.drained.notified();
            tokio::pin!(drained);
            drained.as_mut().enable();
            let connection = {
                let state = self.0.state.lock();
                if state.is_closed {
                    return Err(Error::ChatEnded);
                }
                if state.has_room() {
                    return Ok(());
                }
                state.connection
            };
            // Each batch that is taken wakes this: who takes something is slow, not gone.
            if timeout(self.0.limits.patience, drained).await.is_err() {
                self.give_up(connection);
            }
        }
    }

    /// The reader takes nothing: it is cut off, and gets everything when it comes back. Another
    /// one may have come meanwhile.
    pub(super) fn give_up(&self, connection: u64) {
        let mut state = self.0.state.lock();
        if state.connection == connection && !state.has_room() {
            tracing::debug!("a connection that reads too slowly is given up");
            state.cut_off();
            drop(state);
            self.0.drained.notify_waiters();
        }
    }
}

impl Source for Reader {
    fn pull(&self, max_bytes: usize, batch: &mut Vec<Payload>) -> bool {
        let mut state = self.log.state.lock();
        // A writer that was replaced may still be on its way here.
        let more = state.connection == self.connection && state.take(max_bytes, batch);
        drop(state);
        self.log.drained.notify_waiters();
        more
    }

    fn ping_sent(&self) {
        let mut state = self.log.state.lock();
        if state.connection == self.connection {
            state.window.ping_sent();
        }
    }

    fn pong_received(&self) {
        let mut state = self.log.state.lock();
        if state.connection == self.connection {
            state.window.pong_received();
        }
    }
}
