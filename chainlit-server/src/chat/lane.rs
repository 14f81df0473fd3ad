use std::collections::VecDeque;

/// Work beside the queue of messages, one piece after the other.
pub(super) struct Lane<T> {
    pub(super) waiting: VecDeque<T>,
    is_working: bool,
}

impl<T> Default for Lane<T> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), is_working: false }
    }
}

impl<T> Lane<T> {
    /// Whether somebody is to begin to work on it: there is work, and nobody does.
    pub(super) fn begin(&mut self) -> bool {
        !self.waiting.is_empty() && !std::mem::replace(&mut self.is_working, true)
    }

    /// The next work; whoever works on it must end when there is none.
    pub(super) fn next(&mut self) -> Option<T> {
        let work = self.waiting.pop_front();
        self.is_working = work.is_some();
        work
    }
}
