//! Watches the polls of application code: what one of them wakes must not wait until it is done,
//! and one that keeps its thread is told.

use std::collections::HashSet;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::task::{Context, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use pin_project_lite::pin_project;
use tokio::runtime::{Handle, RuntimeFlavor};

/// How often running polls are looked at, while there are any.
const TICK: Duration = Duration::from_millis(5);

/// Ticks without a poll after which the watch sleeps.
const QUIET_TICKS: u32 = 200;

/// A poll that takes longer is told.
const LONG_POLL: Duration = Duration::from_secs(1);

/// Where a piece of application code stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CodePlace {
    /// The function's path, or what is done there.
    pub function: &'static str,
    /// The file and line.
    pub location: &'static Location<'static>,
}

impl fmt::Display for CodePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}:{})", self.function, self.location.file(), self.location.line())
    }
}

/// What one thread polls now.
struct Slot {
    state: Mutex<SlotState>,
    /// The runtime that this thread works for.
    runtime: Option<Handle>,
}

#[derive(Default)]
struct SlotState {
    running: Option<Running>,
    /// Polls so far.
    count: u64,
}

struct Running {
    since: Instant,
    place: Option<CodePlace>,
    /// Whether wake-ups are held back until the poll is done.
    defers: bool,
    held: Option<Waker>,
    is_told: bool,
    /// Another worker was asked to look after the sockets.
    is_relieved: bool,
}

thread_local! {
    static SLOT: Arc<Slot> = register();
}

/// The watching thread and what it looks at.
struct Watch {
    slots: Arc<Mutex<Vec<Weak<Slot>>>>,
    is_awake: Arc<AtomicBool>,
    thread: Option<Thread>,
}

static WATCH: OnceLock<Watch> = OnceLock::new();

fn register() -> Arc<Slot> {
    let slot = Arc::new(Slot { state: Mutex::default(), runtime: Handle::try_current().ok() });
    WATCH.get_or_init(Watch::start).slots.lock().push(Arc::downgrade(&slot));
    slot
}

/// The time of one poll; ends with its drop.
pub(crate) struct Poll {
    slot: Arc<Slot>,
    /// What the poll around this one said of itself.
    outer: Option<(Option<CodePlace>, bool)>,
}

impl Poll {
    /// A poll begins on this thread, maybe inside another one. What it wakes by
    /// [`wake_after_poll`] is woken when the outermost is done.
    pub(crate) fn begin(place: Option<CodePlace>, defers: bool) -> Self {
        let slot = SLOT.with(Arc::clone);
        let mut state = slot.state.lock();
        let outer = match &mut state.running {
            Some(running) => {
                let outer = (running.place, running.defers);
                running.place = place.or(running.place);
                Some(outer)
            }
            none => {
                let since = Instant::now();
                *none = Some(Running {
                    since,
                    place,
                    defers,
                    held: None,
                    is_told: false,
                    is_relieved: false,
                });
                state.count += 1;
                None
            }
        };
        drop(state);
        if let Some(watch) = WATCH.get()
            && !watch.is_awake.load(Ordering::SeqCst)
        {
            watch.rouse();
        }
        Self { slot, outer }
    }

    /// This poll goes on where its thread holds nothing up: wake-ups need not wait.
    pub(crate) fn stop_deferring(&self) {
        let held = match &mut self.slot.state.lock().running {
            Some(running) => {
                running.defers = false;
                running.held.take()
            }
            None => None,
        };
        if let Some(waker) = held {
            waker.wake();
        }
    }
}

impl Drop for Poll {
    fn drop(&mut self) {
        let mut state = self.slot.state.lock();
        let held = match (&mut state.running, self.outer) {
            (Some(running), Some((place, defers))) => {
                (running.place, running.defers) = (place, defers);
                None
            }
            (running, _) => running.take().and_then(|running| running.held),
        };
        drop(state);
        if let Some(waker) = held {
            waker.wake();
        }
    }
}

/// Wakes a task when the poll that runs on this thread is done, or has taken some milliseconds; at
/// once outside of such a poll.
///
/// The runtime runs a woken task on the thread that woke it, after the poll, and no other thread
/// can take it over. Would a handler block after it has sent a message, the message would wait with
/// it. A wake-up from another thread has no such fate.
pub fn wake_after_poll(waker: Waker) {
    let due = SLOT.with(|slot| match &mut slot.state.lock().running {
        Some(running) if running.defers => match &running.held {
            Some(held) if held.will_wake(&waker) => None,
            _ => running.held.replace(waker),
        },
        _ => Some(waker),
    });
    if let Some(waker) = due {
        waker.wake();
    }
}

/// Runs a future whose own wake-ups by [`wake_after_poll`] are held back while it is polled: for
/// what surrounds application code in one task.
pub fn deferring<F: Future>(future: F) -> Deferring<F> {
    // Where one thread does everything, nobody else could take the woken task.
    Deferring { future, defers: is_multi_threaded() }
}

pin_project! {
    /// What [`deferring`] gives. No `async fn`: that would have room for its argument twice.
    pub struct Deferring<F> {
        #[pin]
        future: F,
        defers: bool,
    }
}

impl<F: Future> Future for Deferring<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> std::task::Poll<F::Output> {
        let this = self.project();
        let _poll = Poll::begin(None, *this.defers);
        this.future.poll(cx)
    }
}

/// Whether other threads than this one run the runtime's tasks.
pub(crate) fn is_multi_threaded() -> bool {
    Handle::try_current()
        .is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread)
}

impl Watch {
    fn start() -> Self {
        let slots = Arc::new(Mutex::new(Vec::new()));
        let is_awake = Arc::new(AtomicBool::new(true));
        let rounds = Rounds {
            slots: Arc::clone(&slots),
            is_awake: Arc::clone(&is_awake),
            told: HashSet::new(),
        };
        let thread = std::thread::Builder::new()
            .name("chainlit-watch".to_owned())
            .spawn(move || rounds.run())
            .inspect_err(|error| tracing::warn!(%error, "blocked handlers can't be watched"))
            .ok()
            .map(|handle| handle.thread().clone());
        Self { slots, is_awake, thread }
    }

    fn rouse(&self) {
        self.is_awake.store(true, Ordering::SeqCst);
        if let Some(thread) = &self.thread {
            thread.unpark();
        }
    }
}

/// What the watching thread does.
struct Rounds {
    slots: Arc<Mutex<Vec<Weak<Slot>>>>,
    is_awake: Arc<AtomicBool>,
    /// Each place is told once.
    told: HashSet<CodePlace>,
}

impl Rounds {
    fn run(mut self) {
        let (mut quiet, mut last) = (0, 0);
        loop {
            if quiet < QUIET_TICKS {
                std::thread::park_timeout(TICK);
            } else {
                // Said before the last look: a poll that begins after the look sees it.
                self.is_awake.store(false, Ordering::SeqCst);
                if self.look(Instant::now()) == (last, false) {
                    std::thread::park();
                }
                self.is_awake.store(true, Ordering::SeqCst);
                quiet = 0;
            }
            let (count, is_busy) = self.look(Instant::now());
            quiet = if is_busy || count != last { 0 } else { quiet + 1 };
            last = count;
        }
    }

    /// Looks at all polls once. Gives how many there were so far, and whether one runs.
    fn look(&mut self, now: Instant) -> (u64, bool) {
        let slots: Vec<Arc<Slot>> = {
            let mut slots = self.slots.lock();
            slots.retain(|slot| slot.strong_count() > 0);
            slots.iter().filter_map(Weak::upgrade).collect()
        };
        let (mut count, mut is_busy) = (0, false);
        for slot in slots {
            let (held, relieves, long) = {
                let mut state = slot.state.lock();
                count += state.count;
                let Some(running) = &mut state.running else { continue };
                is_busy = true;
                let taken = now.saturating_duration_since(running.since);
                let held = if taken >= TICK { running.held.take() } else { None };
                let relieves = taken >= TICK && !std::mem::replace(&mut running.is_relieved, true);
                let is_long = taken >= LONG_POLL && !std::mem::replace(&mut running.is_told, true);
                (held, relieves, running.place.filter(|_| is_long))
            };
            if let Some(waker) = held {
                waker.wake();
            }
            // The thread may have been the one that waits for the sockets, and have left that to nobody:
            // the others sleep until there is a task.
            if let Some(runtime) = slot.runtime.as_ref().filter(|_| relieves) {
                runtime.spawn(std::future::ready(()));
            }
            if let Some(place) = long.filter(|place| self.told.insert(*place)) {
                tracing::warn!(
                    "{place} has kept its thread for more than a second without awaiting \
                     anything: its chat neither hears Stop nor goes on; do blocking work in \
                     `cl::spawn_blocking` (told once)"
                );
            }
        }
        (count, is_busy)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::task::Wake;

    use super::*;

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    impl Woken {
        fn times(&self) -> usize {
            self.0.load(Ordering::SeqCst)
        }
    }

    #[test]
    fn a_wake_up_waits_for_the_end_of_the_poll() {
        let woken = Arc::new(Woken::default());
        let wake = || wake_after_poll(Waker::from(Arc::clone(&woken)));
        wake();
        assert_eq!(woken.times(), 1);
        // Not one poll: the watch would be right to wake what waits for too long.
        let poll = Poll::begin(None, true);
        let inner = Poll::begin(None, true);
        wake();
        wake();
        drop(inner);
        drop(poll);
        assert!((2..=3).contains(&woken.times()));
    }

    #[test]
    fn what_a_blocked_poll_has_woken_is_woken_meanwhile() {
        let woken = Arc::new(Woken::default());
        let poll = Poll::begin(None, true);
        wake_after_poll(Waker::from(Arc::clone(&woken)));
        while woken.times() == 0 {
            std::thread::yield_now();
        }
        drop(poll);
        assert_eq!(woken.times(), 1);
    }

    #[test]
    fn who_does_not_defer_is_woken_at_once() {
        let (first, second) = (Arc::new(Woken::default()), Arc::new(Woken::default()));
        let poll = Poll::begin(None, true);
        wake_after_poll(Waker::from(Arc::clone(&first)));
        // There is one place: the wake-up before goes out.
        wake_after_poll(Waker::from(Arc::clone(&second)));
        assert_eq!(first.times(), 1);
        poll.stop_deferring();
        assert_eq!(second.times(), 1);
        wake_after_poll(Waker::from(Arc::clone(&second)));
        assert_eq!(second.times(), 2);
    }

    #[test]
    fn a_place_is_told_once() {
        let slot = Arc::new(Slot { state: Mutex::default(), runtime: None });
        let place = CodePlace { function: "reply", location: Location::caller() };
        let now = Instant::now();
        let mut rounds = Rounds {
            slots: Arc::new(Mutex::new(vec![Arc::downgrade(&slot)])),
            is_awake: Arc::default(),
            told: HashSet::new(),
        };
        slot.state.lock().running = Some(Running {
            since: now,
            place: Some(place),
            defers: false,
            held: None,
            is_told: false,
            is_relieved: false,
        });
        assert_eq!(rounds.look(now), (0, true));
        assert!(rounds.told.is_empty());
        rounds.look(now + LONG_POLL);
        assert!(rounds.told.contains(&place));
        assert!(place.to_string().contains("watch.rs:"), "{place}");
    }
}
