//! The `[limits]` table: what one visitor, and all of them, may cost. Not a table of Chainlit.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{milliseconds, seconds};

/// Bounds of what visitors may cost. `docs/limits.md` has what happens at each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Limits {
    /// The largest packet that a client may send, in bytes. The client is told, and does not send more.
    pub max_message_bytes: usize,
    /// How many events of one session may wait for its handlers.
    pub inbound_queue_events: usize,
    /// How much text of one session may wait for its handlers, in bytes.
    pub inbound_queue_bytes: usize,
    /// How much sound of one session may wait for its handlers, in bytes; beyond, the oldest is dropped.
    pub audio_queue_bytes: usize,
    /// How many events a session may send per second in the long run; 0 for any number.
    pub events_per_second: u32,
    /// How many events a session may send at once, beyond its rate.
    pub events_burst: u32,
    /// How many handlers, actions and tasks of one session may run when one more action begins.
    pub tasks_per_session: usize,
    /// How many questions of one session may wait for an answer at once.
    pub asks_per_session: usize,
    /// How much of a session's conversation is kept for models (`chat_context`), in bytes of memory.
    pub chat_context_bytes: usize,
    /// How much of what a session has sent is kept for a reader who is slow or away, in bytes.
    pub log_bytes: usize,
    /// How much may wait for a connected reader before handlers wait for it, in bytes.
    pub backlog_bytes: usize,
    /// How much of what was sent is kept to be sent again after a short break, in bytes.
    pub recovery_bytes: usize,
    /// How long handlers wait for a reader that takes nothing (seconds in the file).
    #[serde(rename = "reader_patience_seconds", with = "seconds")]
    pub reader_patience: Duration,
    /// How long a client may take nothing of what is written to it (seconds in the file).
    #[serde(rename = "write_timeout_seconds", with = "seconds")]
    pub write_timeout: Duration,
    /// How many files a session may keep: what its user uploads, and the content of elements.
    pub files_per_session: usize,
    /// How much a session's files may take on the disk, in bytes.
    pub file_bytes_per_session: u64,
    /// How much the files of all sessions may take on the disk, in bytes.
    pub file_bytes: u64,
    /// How many sessions this process keeps, and how many more may be in their `on_chat_end`.
    pub sessions: usize,
    /// How many times per minute a session may be opened, by a reload or a lost connection; 0 for any number.
    pub connects_per_minute: u32,
    /// How many connections one address may hold; 0 for any number.
    pub connections_per_address: usize,
    /// How many handlers may block a thread of their own at once.
    pub blocked_threads: usize,
    /// How long after a change it is recorded at the latest, while the database keeps up
    /// (milliseconds in the file).
    #[serde(rename = "record_after_milliseconds", with = "milliseconds")]
    pub record_after: Duration,
    /// How much may wait to be recorded before handlers wait, in bytes of memory.
    pub record_bytes: usize,
    /// How long nothing can be recorded before the application is told (seconds in the file).
    #[serde(rename = "record_patience_seconds", with = "seconds")]
    pub record_patience: Duration,
    /// How many steps of a long conversation a page is shown that asks for the earlier ones itself.
    pub thread_page_steps: usize,
    /// How long `on_chat_end` may take (seconds in the file).
    #[serde(rename = "chat_end_seconds", with = "seconds")]
    pub chat_end: Duration,
    /// How long running handlers may go on when the server goes down (seconds in the file).
    #[serde(rename = "shutdown_seconds", with = "seconds")]
    pub shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_message_bytes: 1_000_000,
            inbound_queue_events: 64,
            inbound_queue_bytes: 4 * 1024 * 1024,
            audio_queue_bytes: 512 * 1024,
            events_per_second: 100,
            events_burst: 200,
            tasks_per_session: 64,
            asks_per_session: 16,
            chat_context_bytes: 16 * 1024 * 1024,
            log_bytes: 4 * 1024 * 1024,
            backlog_bytes: 256 * 1024,
            recovery_bytes: 256 * 1024,
            reader_patience: Duration::from_secs(30),
            write_timeout: Duration::from_secs(20),
            files_per_session: 1_000,
            file_bytes_per_session: 2 * 1024 * 1024 * 1024,
            file_bytes: 20 * 1024 * 1024 * 1024,
            sessions: 100_000,
            connects_per_minute: 60,
            connections_per_address: 256,
            blocked_threads: 256,
            record_after: Duration::from_millis(500),
            record_bytes: 64 * 1024 * 1024,
            record_patience: Duration::from_secs(10),
            thread_page_steps: 200,
            chat_end: Duration::from_secs(60),
            shutdown: Duration::from_secs(10),
        }
    }
}

impl Limits {
    /// The first key whose value has no meaning, and what it must be.
    pub(super) fn problem(&self) -> Option<(&'static str, String)> {
        let counts = [
            ("limits.max_message_bytes", self.max_message_bytes, usize::MAX),
            ("limits.inbound_queue_events", self.inbound_queue_events, usize::MAX),
            ("limits.inbound_queue_bytes", self.inbound_queue_bytes, usize::MAX),
            ("limits.audio_queue_bytes", self.audio_queue_bytes, usize::MAX),
            ("limits.tasks_per_session", self.tasks_per_session, usize::MAX),
            ("limits.asks_per_session", self.asks_per_session, usize::MAX),
            ("limits.chat_context_bytes", self.chat_context_bytes, usize::MAX),
            ("limits.log_bytes", self.log_bytes, usize::MAX),
            ("limits.backlog_bytes", self.backlog_bytes, usize::MAX),
            ("limits.recovery_bytes", self.recovery_bytes, usize::MAX),
            ("limits.files_per_session", self.files_per_session, usize::MAX),
            ("limits.record_bytes", self.record_bytes, usize::MAX),
            ("limits.thread_page_steps", self.thread_page_steps, usize::MAX),
            ("limits.sessions", self.sessions, usize::MAX),
            // Each may be a thread.
            ("limits.blocked_threads", self.blocked_threads, 10_000),
        ];
        for (key, value, most) in counts {
            if value == 0 {
                return Some((key, "must be at least 1".to_owned()));
            }
            if value > most {
                return Some((key, format!("must be at most {most}")));
            }
        }
        let bytes = [
            ("limits.file_bytes_per_session", self.file_bytes_per_session),
            ("limits.file_bytes", self.file_bytes),
        ];
        if let Some((key, _)) = bytes.into_iter().find(|(_, bytes)| *bytes == 0) {
            return Some((key, "must be at least 1".to_owned()));
        }
        if self.events_per_second > 0 && self.events_burst == 0 {
            return Some(("limits.events_burst", "must be at least 1".to_owned()));
        }
        let times = [
            ("limits.reader_patience_seconds", self.reader_patience),
            ("limits.write_timeout_seconds", self.write_timeout),
            ("limits.chat_end_seconds", self.chat_end),
            ("limits.record_patience_seconds", self.record_patience),
            ("limits.record_after_milliseconds", self.record_after),
        ];
        for (key, value) in times {
            if value.is_zero() {
                return Some((key, "must be at least 1".to_owned()));
            }
        }
        let day = Duration::from_secs(24 * 60 * 60);
        let times = times.into_iter().chain([("limits.shutdown_seconds", self.shutdown)]);
        for (key, value) in times {
            if value > day {
                return Some((key, format!("must be at most {} (a day)", day.as_secs())));
            }
        }
        None
    }
}
