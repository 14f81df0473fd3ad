use std::collections::VecDeque;

use super::frame::Frame;
use crate::engineio::Payload;

/// Bytes of memory that an event costs beside its text.
const ENTRY_BYTES: usize = 128;

/// The events that a client has not got, or not surely, in order.
///
/// They wait in a queue until the connection takes them. From then on they are kept until the client
/// has proved that it has them.
pub(super) struct Window {
    /// Taken by the connection, not known to have arrived.
    sent: Entries,
    /// Waiting for the connection.
    queue: Entries,
    /// What fell out of `sent` but can't be had from anywhere else.
    notices: Entries,
    /// Bytes that each of `sent` and `notices` may hold.
    limit: usize,
    /// Position of the next event.
    next: u64,
    /// Where the present count of events began.
    start: u64,
    /// All events from here on are in `sent` and `queue`.
    base: u64,
    /// The lowest position that a client may say it misses: before `base` if all that lies between
    /// has arrived but carries no offset.
    lowest: u64,
    taken: Taken,
    /// What was taken before the last ping: the client has it when it answers.
    pinged: Option<Taken>,
}

/// How far the connection has come.
#[derive(Clone, Copy)]
struct Taken {
    /// It has taken everything before this.
    to: u64,
    /// What a client that has all that was taken says it misses.
    named: u64,
}

/// An event at its place.
struct Entry {
    /// Place in the session's stream of events; never used again.
    position: u64,
    frame: Frame,
    /// Whether the transcript holds what it says.
    is_folded: bool,
    /// Bytes of memory that it costs.
    cost: usize,
}

/// Events, oldest first, and what they cost.
#[derive(Default)]
struct Entries {
    list: VecDeque<Entry>,
    cost: usize,
}

impl Window {
    /// A window that keeps what was sent in `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        let [sent, queue, notices] = Default::default();
        let taken = Taken { to: 1, named: 1 };
        Self {
            sent,
            queue,
            notices,
            limit,
            next: 1,
            start: 1,
            base: 1,
            lowest: 1,
            taken,
            pinged: None,
        }
    }

    /// The position of the next event.
    pub(super) fn next_position(&self) -> u64 {
        self.next
    }

    /// Where the present count of events began: what a client misses that has nothing.
    pub(super) fn start(&self) -> u64 {
        self.start
    }

    /// The position of the first event that waits; that of the next event when none does.
    pub(super) fn first_waiting(&self) -> u64 {
        self.queue.list.front().map_or(self.next, |entry| entry.position)
    }

    /// Bytes that wait for the connection.
    pub(super) fn waiting_bytes(&self) -> usize {
        self.queue.cost
    }

    /// Events that wait for the connection.
    pub(super) fn waiting(&self) -> usize {
        self.queue.list.len()
    }

    /// Events that are held.
    #[cfg(test)]
    pub(super) fn entries(&self) -> usize {
        self.sent.list.len() + self.queue.list.len() + self.notices.list.len()
    }

    /// Bytes of memory that they cost.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.sent.cost + self.queue.cost + self.notices.cost
    }

    /// Adds an event at the next position.
    pub(super) fn push(&mut self, frame: Frame, is_folded: bool) {
        let cost = frame.bytes() + ENTRY_BYTES;
        self.queue.push(Entry { position: self.next, frame, is_folded, cost });
        self.next += 1;
    }

    /// Adds a token to the last event, if that is one of the same text and nobody has taken it.
    pub(super) fn grow(&mut self, id: &str, token: &str, is_input: bool, is_folded: bool) -> bool {
        let Some(last) = self.queue.list.back_mut() else { return false };
        if last.is_folded != is_folded || !last.frame.grow(id, token, is_input) {
            return false;
        }
        let cost = last.frame.bytes() + ENTRY_BYTES;
        self.queue.cost = self.queue.cost - last.cost + cost;
        last.cost = cost;
        true
    }

    /// Takes a position for what is not kept here: a client that lacks it can't be brought further.
    pub(super) fn reserve(&mut self) -> u64 {
        let position = self.next;
        self.next += 1;
        self.base = self.next;
        self.lowest = self.next;
        position
    }

    /// The connection has taken what was reserved there; the client knows if `is_named`.
    pub(super) fn take_reserved(&mut self, position: u64, is_named: bool) {
        self.taken.to = position + 1;
        if is_named {
            self.taken.named = position + 1;
        }
    }

    /// Gives the next event to the connection, or nothing. It is kept, if the transcript holds it
    /// only when `keeps_all`, if it is for now never.
    pub(super) fn take(&mut self, keeps_all: bool) -> Option<Payload> {
        let mut entry = self.queue.pop()?;
        self.taken.to = entry.position + 1;
        if entry.frame.has_offset() {
            self.taken.named = entry.position + 1;
        }
        if entry.frame.is_live() || (!keeps_all && entry.is_folded) {
            return Some(entry.frame.into_payload());
        }
        let payload = entry.frame.share();
        // Its memory may be less now.
        entry.cost = entry.frame.bytes() + ENTRY_BYTES;
        self.sent.push(entry);
        self.trim_sent(self.limit);
        Some(payload)
    }

    /// A ping was written behind everything that was taken.
    pub(super) fn ping_sent(&mut self) {
        // The answer to an earlier ping may still come, and proves no more than that one was.
        if self.pinged.is_none() {
            self.pinged = Some(self.taken);
        }
    }

    /// The client has answered a ping.
    pub(super) fn pong_received(&mut self) {
        if let Some(pinged) = self.pinged.take() {
            self.arrived(pinged.to);
            self.lowest = self.lowest.max(pinged.named);
        }
    }

    /// The client has everything before that position.
    fn arrived(&mut self, position: u64) {
        self.sent.drop_before(position);
        self.notices.drop_before(position);
        self.base = self.base.max(position);
        if self.queue.list.is_empty() && self.sent.list.is_empty() {
            // An idle session keeps no memory for events.
            self.queue = Entries::default();
            self.sent = Entries::default();
            self.notices = Entries::default();
        }
    }

    /// Goes back to the event at `named`, the first that the client says it misses. False when that
    /// is not here any more, or was never taken.
    pub(super) fn resume(&mut self, named: u64) -> bool {
        if !(self.lowest..=self.taken.to).contains(&named) {
            return false;
        }
        let position = named.max(self.base);
        self.arrived(position);
        // It says the same again if nothing reaches it.
        self.lowest = named;
        while let Some(entry) = self.sent.list.pop_back() {
            self.sent.cost -= entry.cost;
            self.queue.cost += entry.cost;
            self.queue.list.push_front(entry);
        }
        self.taken = Taken { to: position, named };
        self.pinged = None;
        true
    }

    /// Forgets old events that were taken until everything is within the limit. False when it
    /// can't be: what waits alone is more.
    pub(super) fn fit(&mut self) -> bool {
        self.trim_sent(self.limit.saturating_sub(self.queue.cost));
        self.queue.cost <= self.limit
    }

    /// Forgets all that the transcript holds: nobody can be brought further from here.
    pub(super) fn forget_folded(&mut self) {
        self.trim_sent(0);
        self.queue.retain(|entry| !entry.is_folded);
        self.base = self.next;
        self.lowest = self.next;
    }

    /// Forgets what waits and is for now: nobody is there.
    pub(super) fn forget_live(&mut self) {
        self.queue.retain(|entry| !entry.frame.is_live());
    }

    /// Drops the oldest of what waits until it is within `limit`.
    pub(super) fn trim_queue(&mut self, limit: usize) {
        while self.queue.cost > limit
            && self.queue.list.len() > 1
            && let Some(oldest) = self.queue.pop()
        {
            tracing::debug!(position = oldest.position, "an old notice was dropped");
        }
    }

    /// Forgets what the transcript holds, and what the client has got: everything before `position`,
    /// or all that was taken. The rest waits.
    pub(super) fn settle(&mut self, position: Option<u64>) {
        self.forget_folded();
        let position = position.unwrap_or(self.taken.to);
        self.notices.drop_before(position);
        self.queue.drop_before(position);
        let waiting = std::mem::replace(&mut self.queue, std::mem::take(&mut self.notices));
        waiting.list.into_iter().for_each(|entry| self.queue.push(entry));
    }

    /// Begins a new count, and gives the events that waited.
    pub(super) fn begin(&mut self) -> impl Iterator<Item = Frame> + use<> {
        self.sent = Entries::default();
        self.notices = Entries::default();
        self.start = self.next;
        self.base = self.next;
        self.lowest = self.next;
        self.taken = Taken { to: self.next, named: self.next };
        self.pinged = None;
        std::mem::take(&mut self.queue).list.into_iter().map(|entry| entry.frame)
    }

    /// Forgets what was sent until it is within `limit`, but for what the transcript does not hold.
    fn trim_sent(&mut self, limit: usize) {
        while self.sent.cost > limit
            && let Some(entry) = self.sent.pop()
        {
            self.base = entry.position + 1;
            self.lowest = self.base;
            if !entry.is_folded {
                self.notices.push(entry);
            }
        }
        while self.notices.cost > self.limit
            && self.notices.list.len() > 1
            && let Some(oldest) = self.notices.pop()
        {
            tracing::debug!(position = oldest.position, "an old notice was dropped");
        }
    }
}

impl Entries {
    fn push(&mut self, entry: Entry) {
        self.cost += entry.cost;
        self.list.push_back(entry);
    }

    fn pop(&mut self) -> Option<Entry> {
        let entry = self.list.pop_front()?;
        self.cost -= entry.cost;
        Some(entry)
    }

    fn drop_before(&mut self, position: u64) {
        while self.list.front().is_some_and(|entry| entry.position < position) {
            self.pop();
        }
    }

    fn retain(&mut self, keep: impl FnMut(&Entry) -> bool) {
        self.list.retain(keep);
        self.cost = self.list.iter().map(|entry| entry.cost).sum();
    }
}
