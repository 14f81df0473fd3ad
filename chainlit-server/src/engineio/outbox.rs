use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Wake, Waker};
use std::time::Duration;

use chainlit_core::guard;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::packet::Payload;

/// How long a lazy packet may wait for others to be written with it.
const MERGE_WINDOW: Duration = Duration::from_millis(4);

/// Bytes that one flush carries at most, so that a long backlog is no long silence.
const BATCH_BYTES: usize = 64 * 1024;

/// Packets of the layer above that may wait. A client that provokes more without reading them is not
/// worth keeping.
const MAX_QUEUED: usize = 64;

/// Something that holds packets to be written, in order: the outbox drains it when its own few
/// packets are out.
pub(crate) trait Source: Send + Sync {
    /// Moves up to `max_bytes` of packets into `batch`, at least one if there is one. Returns
    /// whether more are left.
    fn pull(&self, max_bytes: usize, batch: &mut Vec<Payload>) -> bool;

    /// A ping was written behind everything that was pulled so far.
    fn ping_sent(&self);

    /// The client has answered that ping: it has everything that was pulled before it.
    fn pong_received(&self);
}

/// What one connection is to write.
///
/// The layer above pushes packets of its own and attaches a [`Source`]; the transport takes
/// batches. It holds a handful of packets at most: everything of any length stays in the source.
#[derive(Default)]
pub(crate) struct Outbox {
    state: Mutex<State>,
    changed: Arc<Changed>,
}

/// Tells the transport that there is something to write.
#[derive(Default)]
struct Changed(Notify);

impl Changed {
    fn notify(&self) {
        self.0.notify_one();
    }
}

impl Wake for Changed {
    fn wake(self: Arc<Self>) {
        self.notify();
    }
}

#[derive(Default)]
struct State {
    queue: VecDeque<Payload>,
    source: Option<Arc<dyn Source>>,
    waiting: Waiting,
    last_flush: Option<Instant>,
    /// Closing begins when the source has nothing more.
    is_finishing: bool,
    is_closing: bool,
    is_aborted: bool,
}

/// Whether the source has packets, and how soon they are to be written.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Waiting {
    #[default]
    Nothing,
    Lazy,
    Urgent,
}

impl Outbox {
    /// Adds a packet before anything of the source. Closes the connection when too many wait.
    pub(crate) fn push(&self, payload: impl Into<Payload>) {
        let mut state = self.state.lock();
        if state.queue.len() >= MAX_QUEUED {
            drop(state);
            return self.abort();
        }
        if !state.is_closing {
            state.queue.push_back(payload.into());
        }
        drop(state);
        self.changed.notify();
    }

    /// Ends the connection at once: its client does not read what it provokes.
    pub(crate) fn abort(&self) {
        let mut state = self.state.lock();
        state.queue.clear();
        state.source = None;
        state.is_closing = true;
        state.is_aborted = true;
        drop(state);
        self.changed.notify();
    }

    /// Whether the connection is to be ended without reading on.
    pub(crate) fn is_aborted(&self) -> bool {
        self.state.lock().is_aborted
    }

    /// Attaches the source that is drained from now on.
    pub(crate) fn attach(&self, source: Arc<dyn Source>) {
        let mut state = self.state.lock();
        if state.is_closing {
            return;
        }
        state.source = Some(source);
        state.waiting = Waiting::Urgent;
        drop(state);
        self.changed.notify();
    }

    /// Drains no source any more.
    pub(crate) fn detach(&self) {
        self.state.lock().source = None;
    }

    /// The source has something new. A lazy one may wait a few milliseconds for company, if the
    /// last flush was just now.
    pub(crate) fn wake(&self, is_lazy: bool) {
        let new = if is_lazy { Waiting::Lazy } else { Waiting::Urgent };
        let mut state = self.state.lock();
        if state.waiting < new {
            state.waiting = new;
            drop(state);
            // A handler that blocks its thread afterwards must not keep the packet.
            guard::wake_after_poll(Waker::from(Arc::clone(&self.changed)));
        }
    }

    /// A ping was written behind everything that was taken so far.
    pub(crate) fn ping_sent(&self) {
        if let Some(source) = self.source() {
            source.ping_sent();
        }
    }

    /// The client has answered the last ping.
    pub(crate) fn pong_received(&self) {
        if let Some(source) = self.source() {
            source.pong_received();
        }
    }

    /// The source wakes the outbox while it holds its own lock, so it is not called under this one.
    fn source(&self) -> Option<Arc<dyn Source>> {
        self.state.lock().source.clone()
    }

    /// Ends the connection after what is queued now was written.
    pub(crate) fn close(&self) {
        let mut state = self.state.lock();
        state.is_closing = true;
        state.source = None;
        drop(state);
        self.changed.notify();
    }

    /// Ends the connection after everything was written that the source holds too: the server goes
    /// down.
    pub(crate) fn finish(&self) {
        let mut state = self.state.lock();
        state.is_finishing = true;
        state.waiting = Waiting::Urgent;
        drop(state);
        self.changed.notify();
    }

    /// Whether the connection ends because the server goes down.
    pub(crate) fn is_finishing(&self) -> bool {
        self.state.lock().is_finishing
    }

    /// Waits for packets and moves them into `batch`. False when the connection is to be closed.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: what was moved is in `batch` only when this returns.
    pub(crate) async fn next(&self, batch: &mut Vec<Payload>) -> bool {
        loop {
            let deadline = match self.poll(batch) {
                Poll::Batch => return true,
                Poll::Closed => return false,
                Poll::Later(deadline) => deadline,
            };
            match deadline {
                None => self.changed.0.notified().await,
                Some(deadline) => {
                    // An urgent packet may come while a lazy one waits.
                    let _ = tokio::time::timeout_at(deadline, self.changed.0.notified()).await;
                }
            }
        }
    }

    fn poll(&self, batch: &mut Vec<Payload>) -> Poll {
        let mut state = self.state.lock();
        let now = Instant::now();
        if !state.queue.is_empty() {
            batch.extend(state.queue.drain(..));
        } else if state.is_closing {
            return Poll::Closed;
        } else if state.waiting == Waiting::Lazy
            && let Some(flushed) = state.last_flush
            && now < flushed + MERGE_WINDOW
        {
            return Poll::Later(Some(flushed + MERGE_WINDOW));
        }
        if state.waiting != Waiting::Nothing
            && let Some(source) = state.source.clone()
        {
            // The source wakes the outbox while it holds its own lock, so it must not be called
            // under this one; a `wake` during the pull stays.
            state.waiting = Waiting::Nothing;
            drop(state);
            let more = source.pull(BATCH_BYTES, batch);
            state = self.state.lock();
            if more {
                state.waiting = Waiting::Urgent;
            }
        }
        if batch.is_empty() {
            return if state.is_finishing { Poll::Closed } else { Poll::Later(None) };
        }
        state.last_flush = Some(now);
        Poll::Batch
    }
}

enum Poll {
    Batch,
    Closed,
    Later(Option<Instant>),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A source of numbered packets that says what was asked of it.
    #[derive(Default)]
    struct Numbers(Mutex<Vec<Payload>>);

    impl Numbers {
        fn of(texts: &[&'static str]) -> Arc<Self> {
            Arc::new(Self(Mutex::new(texts.iter().map(|text| Payload::from(*text)).collect())))
        }

        fn add(&self, text: &'static str) {
            self.0.lock().push(text.into());
        }
    }

    impl Source for Numbers {
        /// One at a time, whatever fits.
        fn pull(&self, _max_bytes: usize, batch: &mut Vec<Payload>) -> bool {
            let mut rest = self.0.lock();
            if !rest.is_empty() {
                batch.push(rest.remove(0));
            }
            !rest.is_empty()
        }

        fn ping_sent(&self) {
            self.add("ping");
        }

        fn pong_received(&self) {
            self.add("pong");
        }
    }

    async fn next(outbox: &Outbox) -> Option<Vec<Payload>> {
        let mut batch = Vec::new();
        outbox.next(&mut batch).await.then_some(batch)
    }

    fn batch(texts: &[&'static str]) -> Option<Vec<Payload>> {
        Some(texts.iter().map(|text| Payload::from(*text)).collect())
    }

    #[tokio::test]
    async fn own_packets_come_before_those_of_the_source() {
        let outbox = Outbox::default();
        outbox.attach(Numbers::of(&["s1", "s2"]));
        outbox.push("a");
        outbox.push("b");
        assert_eq!(next(&outbox).await, batch(&["a", "b", "s1"]));
        assert_eq!(next(&outbox).await, batch(&["s2"]));
    }

    #[tokio::test]
    async fn a_push_wakes_who_waits() {
        let outbox = Arc::new(Outbox::default());
        let waiting = tokio::spawn({
            let outbox = Arc::clone(&outbox);
            async move { next(&outbox).await }
        });
        tokio::task::yield_now().await;
        outbox.push("a");
        assert_eq!(waiting.await.unwrap(), batch(&["a"]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_lazy_packet_waits_for_company_after_a_flush() {
        let outbox = Outbox::default();
        let source = Numbers::of(&["1"]);
        outbox.attach(Arc::clone(&source) as Arc<dyn Source>);
        assert_eq!(next(&outbox).await, batch(&["1"]));
        let flushed = Instant::now();
        source.add("2");
        outbox.wake(true);
        assert_eq!(next(&outbox).await, batch(&["2"]));
        assert_eq!(flushed.elapsed().as_millis(), MERGE_WINDOW.as_millis());
        // An urgent one takes it along.
        let flushed = Instant::now();
        source.add("3");
        outbox.wake(true);
        outbox.wake(false);
        assert_eq!(next(&outbox).await, batch(&["3"]));
        // One that comes long after the last flush does not wait either.
        tokio::time::advance(2 * MERGE_WINDOW).await;
        source.add("4");
        outbox.wake(true);
        assert_eq!(next(&outbox).await, batch(&["4"]));
        assert_eq!(flushed.elapsed(), 2 * MERGE_WINDOW);
    }

    #[tokio::test]
    async fn what_was_queued_before_the_end_is_written() {
        let outbox = Outbox::default();
        outbox.attach(Numbers::of(&["lost"]));
        outbox.push("a");
        outbox.close();
        outbox.push("late");
        assert_eq!(next(&outbox).await, batch(&["a"]));
        assert_eq!(next(&outbox).await, None);
        assert!(!outbox.is_aborted());
    }

    #[tokio::test]
    async fn nothing_is_written_after_an_abort() {
        let outbox = Outbox::default();
        outbox.push("a");
        outbox.abort();
        outbox.attach(Numbers::of(&["b"]));
        assert_eq!(next(&outbox).await, None);
        assert!(outbox.is_aborted());
    }

    #[tokio::test]
    async fn too_many_packets_end_the_connection() {
        let outbox = Outbox::default();
        for _ in 0..MAX_QUEUED {
            outbox.push("a");
        }
        assert!(!outbox.is_aborted());
        outbox.push("one too many");
        assert!(outbox.is_aborted());
    }

    #[tokio::test]
    async fn the_source_hears_of_pings_until_it_is_detached() {
        let outbox = Outbox::default();
        let source = Numbers::of(&[]);
        outbox.attach(Arc::clone(&source) as Arc<dyn Source>);
        outbox.ping_sent();
        outbox.pong_received();
        outbox.detach();
        outbox.ping_sent();
        assert_eq!(*source.0.lock(), batch(&["ping", "pong"]).unwrap());
    }
}
