use bytes::Bytes;
use serde_json::Value;

/// What a packet says, without where it goes.
pub(super) enum Event {
    Event { name: String, args: Vec<Value>, ack: Option<u64> },
    Ack { id: u64, args: Vec<Value> },
}

/// An event that waits for its attachments.
pub(super) struct Assembly {
    namespace: &'static str,
    event: Event,
    attachments: Vec<Bytes>,
    expected: usize,
    /// Bytes that are still allowed.
    room: usize,
}

impl Assembly {
    pub(super) fn new(
        namespace: &'static str,
        event: Event,
        expected: usize,
        max_bytes: usize,
    ) -> Self {
        Self { namespace, event, attachments: Vec::new(), expected, room: max_bytes }
    }

    /// Takes the next attachment; false when all together are too large.
    #[must_use]
    pub(super) fn add(&mut self, bytes: Bytes) -> bool {
        let Some(room) = self.room.checked_sub(bytes.len()) else { return false };
        self.room = room;
        self.attachments.push(bytes);
        true
    }

    pub(super) fn is_complete(&self) -> bool {
        self.attachments.len() >= self.expected
    }

    pub(super) fn into_parts(self) -> (&'static str, Event, Vec<Bytes>) {
        (self.namespace, self.event, self.attachments)
    }
}
