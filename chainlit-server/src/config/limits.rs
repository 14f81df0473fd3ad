//! The `[limits]` table: what one visitor, and all of them, may cost. Not a table of Chainlit.

use serde::{Deserialize, Serialize};

/// Bounds of what is kept in memory for visitors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Limits {
    /// The largest packet that a client may send, in bytes. The client is told, and does not send more.
    pub max_message_bytes: usize,
    /// How many events of one session may wait for its handlers.
    pub inbound_queue_events: usize,
    /// How much of what a session has sent is kept for a reader who is slow or away, in bytes.
    pub log_bytes: usize,
    /// How many sessions this process keeps; a further visitor is refused.
    pub sessions: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_message_bytes: 1_000_000,
            inbound_queue_events: 64,
            log_bytes: 4 * 1024 * 1024,
            sessions: 100_000,
        }
    }
}
