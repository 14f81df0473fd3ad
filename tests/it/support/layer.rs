//! A data layer that can be taken away, that refuses, and that counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use chainlit::testing::MemoryDataLayer;
use chainlit::wire::ElementDict;
use chainlit::{
    DataError, DataLayer, DataResult, Feedback, PersistedUser, Record, StepRange, Thread,
    ThreadPage, ThreadQuery, ThreadStep, ThreadSummary, ThreadUpdate, User,
};
use tokio::sync::watch;

/// Like [`MemoryDataLayer`], but for what the test does to it.
#[derive(Clone, Debug)]
pub(crate) struct TestLayer {
    pub(crate) kept: MemoryDataLayer,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    is_away: AtomicBool,
    /// Steps with this text are refused.
    refused: &'static str,
    batches: AtomicUsize,
    records: AtomicUsize,
    /// Tries, those that failed too.
    tries: watch::Sender<usize>,
    is_open: watch::Sender<bool>,
}

impl TestLayer {
    pub(crate) fn new() -> Self {
        Self::refusing("\0")
    }

    /// Refuses steps with that text.
    pub(crate) fn refusing(refused: &'static str) -> Self {
        let state = State {
            is_away: AtomicBool::new(false),
            refused,
            batches: AtomicUsize::new(0),
            records: AtomicUsize::new(0),
            tries: watch::Sender::new(0),
            is_open: watch::Sender::new(true),
        };
        Self { kept: MemoryDataLayer::new(), state: Arc::new(state) }
    }

    /// From now on nothing can be written, or everything can.
    pub(crate) fn set_away(&self, is_away: bool) {
        self.state.is_away.store(is_away, Ordering::SeqCst);
    }

    /// Writes wait from now on.
    pub(crate) fn block(&self) {
        self.state.is_open.send_replace(false);
    }

    /// Writes that waited go on.
    pub(crate) fn unblock(&self) {
        self.state.is_open.send_replace(true);
    }

    /// Batches and records that were written.
    pub(crate) fn written(&self) -> (usize, usize) {
        (self.state.batches.load(Ordering::SeqCst), self.state.records.load(Ordering::SeqCst))
    }

    /// Waits until somebody has tried to write that many times.
    pub(crate) async fn tried(&self, times: usize) {
        let mut tries = self.state.tries.subscribe();
        tries.wait_for(|tries| *tries >= times).await.unwrap();
    }

    /// The one thread that is kept.
    pub(crate) fn thread(&self) -> Thread {
        let mut threads = self.kept.threads();
        assert_eq!(threads.len(), 1, "{threads:#?}");
        let mut thread = threads.remove(0);
        thread.steps.sort_by_key(created_at);
        thread
    }

    /// What the thread says: names and texts of its messages.
    pub(crate) fn words(&self) -> Vec<String> {
        let thread = self.thread();
        thread.messages().map(|message| format!("{}: {}", message.name, message.output)).collect()
    }
}

fn created_at(step: &ThreadStep) -> Option<i64> {
    let time = match step {
        ThreadStep::Message(message) => message.created_at,
        ThreadStep::Step(step) => step.created_at,
    };
    time.map(chainlit::Timestamp::as_micros)
}

macro_rules! pass_on {
    ($($name:ident($($arg:ident: $type:ty),*) -> $out:ty;)*) => {$(
        async fn $name(&self, $($arg: $type),*) -> DataResult<$out> {
            if self.state.is_away.load(Ordering::SeqCst) {
                return Err(DataError::unavailable("it is away"));
            }
            self.kept.$name($($arg),*).await
        }
    )*};
}

impl DataLayer for TestLayer {
    pass_on! {
        get_user(identifier: &str) -> Option<PersistedUser>;
        create_user(user: &User) -> PersistedUser;
        upsert_feedback(feedback: &Feedback) -> String;
        delete_feedback(feedback_id: &str) -> bool;
        get_feedback(feedback_id: &str) -> Option<Feedback>;
        create_element(element: &ElementDict) -> ();
        get_element(thread_id: &str, element_id: &str) -> Option<ElementDict>;
        delete_element(thread_id: &str, element_id: &str) -> ();
        create_step(step: &ThreadStep) -> ();
        delete_step(thread_id: &str, step_id: &str) -> ();
        get_thread_summary(thread_id: &str) -> Option<ThreadSummary>;
        get_thread(thread_id: &str, range: StepRange<'_>) -> Option<Thread>;
        list_threads(query: &ThreadQuery) -> ThreadPage;
        update_thread(update: &ThreadUpdate) -> ();
        delete_thread(thread_id: &str) -> ();
        get_favorite_steps(user_id: &str) -> Vec<ThreadStep>;
        set_step_favorite(thread_id: &str, step_id: &str, is_favorite: bool) -> Option<ThreadStep>;
        check_health() -> ();
    }

    async fn record(&self, records: &[Record]) -> DataResult<()> {
        self.state.tries.send_modify(|tries| *tries += 1);
        let mut is_open = self.state.is_open.subscribe();
        is_open.wait_for(|is_open| *is_open).await.unwrap();
        if self.state.is_away.load(Ordering::SeqCst) {
            return Err(DataError::unavailable("it is away"));
        }
        let is_refused = |record: &Record| {
            matches!(
                record,
                Record::Step(ThreadStep::Message(message)) if message.output == self.state.refused
            )
        };
        let is_poison = |record: &Record| {
            matches!(
                record,
                Record::Step(ThreadStep::Message(message)) if message.output == "poison"
            )
        };
        assert!(!records.iter().any(is_poison), "the layer can't bear it");
        if records.iter().any(is_refused) {
            return Err(DataError::refused("it says a bad word"));
        }
        self.kept.record(records).await?;
        self.state.batches.fetch_add(1, Ordering::SeqCst);
        self.state.records.fetch_add(records.len(), Ordering::SeqCst);
        Ok(())
    }
}
