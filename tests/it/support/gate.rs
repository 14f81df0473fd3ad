use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex};
use std::time::Duration;

/// Longer than a test waits for anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// Blocks threads until it is opened.
#[derive(Default)]
pub(crate) struct Gate {
    is_open: Mutex<bool>,
    was_given_up: AtomicBool,
    opened: Condvar,
}

impl Gate {
    /// Blocks the calling thread; not for ever, so that a test that fails ends.
    pub(crate) fn pass(&self) {
        let is_open = self.is_open.lock().unwrap();
        let (is_open, waited) =
            self.opened.wait_timeout_while(is_open, PATIENCE, |is_open| !*is_open).unwrap();
        drop(is_open);
        if waited.timed_out() {
            self.was_given_up.store(true, Ordering::SeqCst);
        }
    }

    pub(crate) fn open(&self) {
        assert!(!self.was_given_up.load(Ordering::SeqCst), "something waited for what it blocks");
        *self.is_open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}
