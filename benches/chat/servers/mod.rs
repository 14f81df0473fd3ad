//! The servers that this program itself can be.

mod bare;
mod bare_frames;
mod command;
mod ours;
mod text;

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::Result;

/// Becomes that server; returns when it ends.
pub(crate) fn serve(which: &str) -> Result {
    match which {
        "ours" => ours::serve(),
        "bare" => bare::serve(),
        _ => Err(format!("no server is called {which}").into()),
    }
}

/// Nanoseconds of the clock that all processes of a machine share.
pub(crate) fn monotonic_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    (now.tv_sec as u64) * 1_000_000_000 + now.tv_nsec as u64
}

/// A schedule of tokens; each says when it was due.
struct Pace {
    start: tokio::time::Instant,
    start_ns: u64,
    left: std::ops::Range<u32>,
    per_second: u32,
}

impl Pace {
    fn new(tokens: u32, per_second: u32) -> Self {
        let start = tokio::time::Instant::now();
        Self { start, start_ns: monotonic_ns(), left: 0..tokens, per_second }
    }

    /// The next token, when its time has come.
    async fn next(&mut self) -> Option<String> {
        let due = Duration::from_secs(1) * self.left.next()? / self.per_second;
        tokio::time::sleep_until(self.start + due).await;
        Some(format!("@{};", self.start_ns + due.as_nanos() as u64))
    }
}
