//! Writes down what happens in the chats, for those who come back: off the handlers' path, in order,
//! many changes at once.
//!
//! Each chat's log has a [`Tape`], which notes what has changed since it was read last. One task
//! reads the tapes of all chats and writes what they give ([`writer`]). While the database is away the
//! tapes note on: a step that changes a hundred times is written once.

mod contents;
mod facts;
mod stored;
mod tape;
mod writer;

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use chainlit_core::{DataError, DataResult, Failure, Record, StepRange, Thread, guard};
use parking_lot::Mutex;
use tokio::sync::{Notify, oneshot};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use contents::{Content, Contents};
pub(crate) use facts::facts;
pub(crate) use stored::{Stored, session_hash};
pub(crate) use tape::Tape;

use crate::chat::Dispatcher;
use crate::config::Limits;
use crate::persistence::Persistence;
use crate::root_path::RootPath;
use crate::storage::Storage;

/// How long `/health` waits for the database, and how long it believes what it heard.
const HEALTH_PATIENCE: Duration = Duration::from_secs(2);
const HEALTH_AGE: Duration = Duration::from_secs(5);

/// How long reading a thread may take.
const READ_PATIENCE: Duration = Duration::from_secs(10);

/// Keys of values that can't be kept, of which the log is told.
const MAX_TOLD_KEYS: usize = 1_000;

/// The numbers that the recorder obeys.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RecorderSettings {
    /// How long after a change it is written at the latest, while the database keeps up.
    interval: Duration,
    /// Bytes of memory that may wait to be written before handlers wait.
    bytes: usize,
    /// How long the database may be away before the application is told.
    patience: Duration,
}

impl RecorderSettings {
    pub(crate) fn of(limits: &Limits) -> Self {
        Self {
            interval: limits.record_after,
            bytes: limits.record_bytes,
            patience: limits.record_patience,
        }
    }
}

/// What writes conversations down: cheap to clone.
#[derive(Clone)]
pub(crate) struct Recorder(Arc<Inner>);

struct Inner {
    settings: RecorderSettings,
    persistence: Persistence,
    dispatcher: Dispatcher,
    queue: Mutex<Queue>,
    /// There is something to do now, or earlier than was known.
    wake: Notify,
    /// Something was written.
    room: Notify,
    /// Bytes of memory that wait to be written, roughly.
    bytes: AtomicUsize,
    is_started: AtomicBool,
    closing: CancellationToken,
    ended: CancellationToken,
    trouble: Mutex<Option<Trouble>>,
    health: tokio::sync::Mutex<Option<(Instant, bool)>>,
    told_keys: Mutex<HashSet<String>>,
    storage: Storage,
    /// Where this server's pages are: the addresses of contents begin with it.
    root_path: RootPath,
    contents: Mutex<Contents>,
    /// There is something to do in the storage.
    has_tasks: Notify,
}

#[derive(Default)]
struct Queue {
    /// What is to be done now.
    jobs: VecDeque<Job>,
    /// Tapes that are to be read, and when, the first one first. One that was read before its time
    /// gives what it has noted since.
    tapes: VecDeque<(Instant, Weak<dyn Source>)>,
    /// Who waits until everything is written that was noted before.
    settling: Vec<oneshot::Sender<()>>,
    /// When everything must have been written.
    deadline: Option<Instant>,
}

/// Something to do, after everything of the same thread that was queued before.
enum Job {
    /// Write what the tape has noted.
    Tape(Weak<dyn Source>),
    /// Write what a chat has left behind.
    Records(Taken),
    /// Write an element whose content is kept now, or never will be.
    Element(Arc<Content>, bool),
    /// Remove a thread.
    DeleteThread { id: String, answer: oneshot::Sender<DataResult<()>> },
}

/// Where a tape is.
pub(crate) trait Source: Send + Sync {
    /// What was noted since the last time.
    fn take(&self) -> Taken;
}

/// What is to be written.
#[derive(Default)]
pub(crate) struct Taken {
    pub(crate) records: Vec<Record>,
    /// Elements that are written when the storage has their content.
    pub(crate) contents: Vec<Arc<Content>>,
    /// What it was counted with among the bytes that wait.
    pub(crate) bytes: usize,
}

/// The database does not take anything.
struct Trouble {
    since: Instant,
    is_told: bool,
}

impl Recorder {
    pub(crate) fn new(
        settings: RecorderSettings,
        persistence: Persistence,
        dispatcher: Dispatcher,
        storage: Storage,
        root_path: RootPath,
    ) -> Self {
        Self(Arc::new(Inner {
            settings,
            persistence,
            dispatcher,
            queue: Mutex::default(),
            wake: Notify::new(),
            room: Notify::new(),
            bytes: AtomicUsize::new(0),
            is_started: AtomicBool::new(false),
            closing: CancellationToken::new(),
            ended: CancellationToken::new(),
            trouble: Mutex::new(None),
            health: tokio::sync::Mutex::default(),
            told_keys: Mutex::default(),
            storage,
            root_path,
            contents: Mutex::default(),
            has_tasks: Notify::new(),
        }))
    }

    /// Sees to it that somebody writes. To be called on the runtime before anything is noted.
    pub(crate) fn start(&self) {
        if !self.0.is_started.swap(true, Ordering::Relaxed) {
            let recorder = self.clone();
            tokio::spawn(async move {
                let ended = recorder.0.ended.clone();
                ended.run_until_cancelled(recorder.see_to_contents()).await;
            });
            let recorder = self.clone();
            tokio::spawn(guard::deferring(async move {
                writer::run(recorder.clone()).await;
                recorder.0.ended.cancel();
                // Whoever came too late is told.
                *recorder.0.queue.lock() = Queue::default();
            }));
        }
    }

    /// Has a tape read before long.
    fn enqueue(&self, source: Weak<dyn Source>) {
        let due = Instant::now() + self.0.settings.interval;
        let mut queue = self.0.queue.lock();
        if self.0.ended.is_cancelled() {
            return;
        }
        queue.tapes.push_back((due, source));
        if queue.tapes.len() == 1 {
            self.0.wake.notify_one();
        }
    }

    /// Has a tape read now.
    fn hurry(&self, source: Weak<dyn Source>) {
        self.push(Job::Tape(source));
    }

    /// Has what a chat leaves behind written.
    fn leave(&self, taken: Taken) {
        self.push(Job::Records(taken));
    }

    fn push(&self, job: Job) {
        let mut queue = self.0.queue.lock();
        if !self.0.ended.is_cancelled() {
            queue.jobs.push_back(job);
            self.0.wake.notify_one();
        }
    }

    /// More waits to be written.
    fn add(&self, bytes: usize) {
        self.0.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// It was written, or will never be.
    fn release(&self, bytes: usize) {
        self.0.bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.0.room.notify_waiters();
    }

    /// Whether handlers are to wait.
    pub(crate) fn is_full(&self) -> bool {
        self.0.bytes.load(Ordering::Relaxed) >= self.0.settings.bytes
    }

    /// Waits while it is full.
    pub(crate) async fn wait_for_room(&self) {
        loop {
            let written = self.0.room.notified();
            tokio::pin!(written);
            written.as_mut().enable();
            if !self.is_full() {
                return;
            }
            written.await;
        }
    }

    /// Waits until everything that was noted before is written; at most that long.
    pub(crate) async fn settle(&self, limit: Duration) {
        let (done, settled) = oneshot::channel();
        self.start();
        self.0.queue.lock().settling.push(done);
        self.0.wake.notify_one();
        // Whoever reads then sees what there is.
        let _ = timeout(limit, settled).await;
    }

    /// A whole thread with all that was noted of it before; `None` when there is none, or it can't be
    /// read now.
    pub(crate) async fn thread(&self, id: &str) -> Option<Thread> {
        self.settle(READ_PATIENCE).await;
        let layer = self.0.persistence.layer().await.ok().flatten()?;
        let read = timeout(READ_PATIENCE, layer.get_thread(id, StepRange::All)).await.ok()?;
        read.inspect_err(|error| tracing::warn!(%error, "a conversation could not be read")).ok()?
    }

    /// Removes a thread, and the content of its elements, after everything that was noted before is
    /// written: nothing of it comes back. The chats that write to it must have been detached.
    pub(crate) async fn delete_thread(&self, id: String) -> DataResult<()> {
        let (answer, deleted) = oneshot::channel();
        self.start();
        self.push(Job::DeleteThread { id, answer });
        let gone = || Err(DataError::unavailable("the server is going down"));
        deleted.await.unwrap_or_else(|_| gone())
    }

    /// Whether conversations can be written down now.
    pub(crate) async fn is_healthy(&self) -> bool {
        if self.0.trouble.lock().is_some() || self.is_full() {
            return false;
        }
        // One question at a time, and not one for each who asks.
        let mut known = self.0.health.lock().await;
        if let Some((at, is_healthy)) = *known
            && at.elapsed() < HEALTH_AGE
        {
            return is_healthy;
        }
        let check = async {
            match self.0.persistence.layer().await {
                Ok(Some(layer)) => layer.check_health().await.is_ok(),
                Ok(None) => true,
                Err(_) => false,
            }
        };
        let is_healthy = timeout(HEALTH_PATIENCE, check).await.unwrap_or(false);
        *known = Some((Instant::now(), is_healthy));
        is_healthy
    }

    /// Tells the log once for each key that its values can't be kept.
    pub(crate) fn tell_lost(&self, lost: Vec<(String, String)>) {
        for (key, reason) in lost {
            let mut told = self.0.told_keys.lock();
            if told.len() < MAX_TOLD_KEYS && told.insert(key.clone()) {
                tracing::warn!(
                    key,
                    reason,
                    "a session value can't be kept with the conversation; use \
                     `SessionKey::persistent` for what serde knows, and `SessionKey::new` for what \
                     is for the memory only"
                );
            }
        }
    }

    /// Writes everything that waits, for at most `limit`, then ends.
    pub(crate) async fn close(&self, limit: Duration) {
        if !self.0.is_started.load(Ordering::Relaxed) {
            return;
        }
        self.0.queue.lock().deadline = Some(Instant::now() + limit);
        self.0.closing.cancel();
        self.0.wake.notify_one();
        self.0.ended.cancelled().await;
    }

    /// Tells the log and the application that something could not be written.
    fn tell(&self, what: &str, thread_id: Option<&str>) {
        let id = guard::ErrorId::new();
        tracing::error!(error_id = %id, thread = thread_id, "{what}");
        let mut failure = Failure::new(id.to_string(), "recorder", what);
        failure.thread_id = thread_id.map(str::to_owned);
        self.0.dispatcher.tell(failure);
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}
