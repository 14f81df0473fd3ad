use bytes::Bytes;
use tokio_tungstenite::tungstenite::Utf8Bytes;

/// A packet that waits for its attachments.
pub(super) struct Assembly {
    /// As it came; it is read once more when all is there.
    text: Utf8Bytes,
    attachments: Vec<Bytes>,
    expected: usize,
    /// Bytes that are still allowed.
    room: usize,
}

impl Assembly {
    pub(super) fn new(text: Utf8Bytes, expected: usize, max_bytes: usize) -> Self {
        Self { text, attachments: Vec::new(), expected, room: max_bytes }
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

    pub(super) fn into_parts(self) -> (Utf8Bytes, Vec<Bytes>) {
        (self.text, self.attachments)
    }
}
