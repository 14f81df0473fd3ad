//! The task that writes.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::Weak;
use std::time::Duration;

use chainlit_core::wire::ElementDict;
use chainlit_core::{DataError, DataResult, Record, SharedDataLayer};
use futures_util::FutureExt;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use super::{Job, Recorder, Source, Taken, Trouble};

/// Records and bytes that are written at once, roughly.
const BATCH_RECORDS: usize = 1_000;
const BATCH_BYTES: usize = 1024 * 1024;

/// How long the database may take for one batch. After that it counts as away, and the batch comes
/// again.
const WRITE_PATIENCE: Duration = Duration::from_secs(60);

/// How long a batch waits before it is tried again, at first and at last.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// What is to be done now.
struct Jobs {
    first: VecDeque<Job>,
    tapes: Vec<Weak<dyn Source>>,
    settling: Vec<oneshot::Sender<()>>,
}

/// Writes until the recorder is closed and nothing is left.
pub(super) async fn run(recorder: Recorder) {
    let mut settling = Vec::new();
    while let Some(jobs) = recorder.next_jobs().await {
        let mut batch = Taken::default();
        for job in jobs.first.into_iter().chain(jobs.tapes.into_iter().map(Job::Tape)) {
            match job {
                Job::Tape(source) => {
                    if let Some(source) = source.upgrade() {
                        recorder.collect(&mut batch, source.take());
                    }
                }
                Job::Records(taken) => recorder.collect(&mut batch, taken),
                Job::Element(content, is_kept) => {
                    batch.records.extend(recorder.settle_content(&content, is_kept));
                }
                Job::DeleteThread { id, answer } => {
                    recorder.write(std::mem::take(&mut batch)).await;
                    let deleted = recorder.delete(&id).await;
                    if deleted.is_ok() {
                        recorder.remove_contents(&id);
                    }
                    // Nobody may wait any more.
                    let _ = answer.send(deleted);
                }
            }
            if batch.records.len() >= BATCH_RECORDS || batch.bytes >= BATCH_BYTES {
                recorder.write(std::mem::take(&mut batch)).await;
            }
        }
        if recorder.is_overdue() {
            batch.records.extend(recorder.abandon_contents());
        }
        recorder.write(batch).await;
        // Whoever waits no more is gone.
        settling.retain(|done: &oneshot::Sender<()>| !done.is_closed());
        settling.extend(jobs.settling);
        if recorder.has_all_contents() {
            for done in settling.drain(..) {
                let _ = done.send(());
            }
        }
    }
}

impl Recorder {
    /// Adds to a batch. The content of what was removed is not waited for any more.
    fn collect(&self, batch: &mut Taken, more: Taken) {
        for record in &more.records {
            let is_gone = |element: &ElementDict| match record {
                Record::DeleteElement { thread_id, id } => {
                    element.thread_id == *thread_id && element.id == *id
                }
                Record::DeleteStep { thread_id, id } => {
                    element.thread_id == *thread_id && element.for_id == *id
                }
                _ => false,
            };
            if matches!(record, Record::DeleteElement { .. } | Record::DeleteStep { .. }) {
                batch.contents.retain(|content| !is_gone(content.element()));
                self.forget_contents(is_gone);
            }
        }
        batch.records.extend(more.records);
        batch.contents.extend(more.contents);
        batch.bytes += more.bytes;
    }

    /// Waits until something is to be done; `None` when it is closed and nothing is left.
    async fn next_jobs(&self) -> Option<Jobs> {
        loop {
            let woken = self.0.wake.notified();
            let due = {
                let queue = &mut *self.0.queue.lock();
                let is_closing = queue.deadline.is_some();
                let takes_all = is_closing || !queue.settling.is_empty();
                let now = Instant::now();
                let is_due = |(due, _): &(Instant, _)| takes_all || *due <= now;
                let due = queue.tapes.iter().take_while(|tape| is_due(tape)).count();
                if takes_all || due > 0 || !queue.jobs.is_empty() {
                    let jobs = Jobs {
                        first: std::mem::take(&mut queue.jobs),
                        tapes: queue.tapes.drain(..due).map(|(_, source)| source).collect(),
                        settling: std::mem::take(&mut queue.settling),
                    };
                    let is_empty =
                        jobs.first.is_empty() && jobs.tapes.is_empty() && jobs.settling.is_empty();
                    if !is_closing || !is_empty {
                        return Some(jobs);
                    }
                    if self.has_seen_to_contents() {
                        return None;
                    }
                    let overdue = queue.deadline.filter(|deadline| *deadline <= now);
                    if overdue.is_some() {
                        return Some(jobs);
                    }
                    queue.deadline
                } else {
                    queue.tapes.front().map(|(due, _)| *due)
                }
            };
            match due {
                // Whether it is time or woken: it is looked at again.
                Some(due) => drop(timeout_at(due, woken).await),
                None => woken.await,
            }
        }
    }

    /// Whether everything must have been written by now.
    fn is_overdue(&self) -> bool {
        self.deadline().is_some_and(|deadline| deadline <= Instant::now())
    }

    async fn delete(&self, id: &str) -> DataResult<()> {
        self.ask(async |layer| layer.delete_thread(id).await).await
    }

    /// Has the data layer do something. It may be the application's, and panic: that must not be the
    /// end of all recording.
    async fn ask(
        &self,
        what: impl AsyncFnOnce(&SharedDataLayer) -> DataResult<()>,
    ) -> DataResult<()> {
        let layer = match self.0.persistence.layer().await {
            Ok(Some(layer)) => layer,
            Ok(None) => return Ok(()),
            Err(error) => return Err(DataError::unavailable(error)),
        };
        let done = AssertUnwindSafe(what(layer)).catch_unwind().await;
        done.unwrap_or_else(|_| Err(DataError::refused("the data layer panicked")))
    }

    /// Writes a batch, however long the database is away.
    async fn write(&self, batch: Taken) {
        if !batch.records.is_empty() {
            self.write_or_split(&batch.records).await;
        }
        for record in &batch.records {
            if let Record::DeleteElement { thread_id, id } = record {
                self.remove_content(thread_id, id);
            }
        }
        // After what was removed: it may be there again.
        for content in batch.contents {
            self.keep_content(content);
        }
        self.release(batch.bytes);
    }

    /// Writes the records. When they are refused, those of each thread by themselves, then each by
    /// itself: what is wrong with one must not keep the others from being written.
    async fn write_or_split(&self, records: &[Record]) {
        let Err(reason) = self.insist(records).await else { return };
        match records {
            [] => {}
            [one] => {
                let what = format!("a record of a conversation was refused: {reason}");
                self.tell(&what, Some(thread_of(one)));
            }
            [first, ..] => {
                let is_one_thread = records.iter().all(|one| thread_of(one) == thread_of(first));
                let is_apart =
                    |a: &Record, b: &Record| !is_one_thread && thread_of(a) == thread_of(b);
                for part in records.chunk_by(is_apart) {
                    Box::pin(self.write_or_split(part)).await;
                }
            }
        }
    }

    /// Writes the records when the database is there; fails with the reason when it refuses them.
    async fn insist(&self, records: &[Record]) -> Result<(), String> {
        let mut pause = FIRST_PAUSE;
        loop {
            let begun = Instant::now();
            let away = match self.try_write(records, begun).await {
                Ok(()) => {
                    if let Some(trouble) = self.0.trouble.lock().take()
                        && trouble.is_told
                    {
                        tracing::info!("conversations are recorded again");
                    }
                    return Ok(());
                }
                Err(error) if !error.is_transient() => {
                    self.0.trouble.lock().take();
                    return Err(error.to_string());
                }
                Err(error) => error.to_string(),
            };
            self.note_trouble(begun, &away);
            if self.is_overdue() {
                let what = format!("{} records of conversations are lost: {away}", records.len());
                self.tell(&what, None);
                return Ok(());
            }
            self.wait(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Waits before the next try: not beyond the time when everything must have been written.
    async fn wait(&self, pause: Duration) {
        let until = Instant::now() + pause;
        if self.deadline().is_none() {
            tokio::select! {
                () = tokio::time::sleep_until(until) => {}
                () = self.0.closing.cancelled() => {}
            }
        } else {
            tokio::time::sleep_until(self.deadline().map_or(until, |end| end.min(until))).await;
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.0.queue.lock().deadline
    }

    /// Tries once; the application is told when that alone takes too long.
    async fn try_write(&self, records: &[Record], begun: Instant) -> DataResult<()> {
        let write = self.ask(async |layer| layer.record(records).await);
        tokio::pin!(write);
        let told_at = begun + self.0.settings.patience;
        let end = async {
            let end = tokio::time::sleep_until(begun + WRITE_PATIENCE);
            tokio::select! {
                () = end => return,
                () = self.0.closing.cancelled() => {}
            }
            tokio::time::sleep_until(self.deadline().unwrap_or(told_at)).await;
        };
        tokio::pin!(end);
        loop {
            tokio::select! {
                written = &mut write => return written,
                () = tokio::time::sleep_until(told_at), if !self.is_told() => {
                    self.note_trouble(begun, "it does not answer");
                }
                () = &mut end => {
                    return Err(DataError::unavailable("it does not answer"));
                }
            }
        }
    }

    fn is_told(&self) -> bool {
        self.0.trouble.lock().as_ref().is_some_and(|trouble| trouble.is_told)
    }

    /// The database takes nothing since `begun`, or longer. The application is told once.
    fn note_trouble(&self, begun: Instant, reason: &str) {
        let lasts = {
            let mut trouble = self.0.trouble.lock();
            let is_new = trouble.is_none();
            let trouble = trouble.get_or_insert(Trouble { since: begun, is_told: false });
            if is_new {
                tracing::warn!(reason, "conversations can't be recorded now; it is tried again");
            }
            let lasts = trouble.since.elapsed();
            let is_late = lasts >= self.0.settings.patience;
            if !is_late || std::mem::replace(&mut trouble.is_told, true) {
                return;
            }
            lasts
        };
        let seconds = lasts.as_secs();
        let what = format!("conversations could not be recorded for {seconds} s: {reason}");
        self.tell(&what, None);
    }
}

/// The thread that a record belongs to.
fn thread_of(record: &Record) -> &str {
    match record {
        Record::Thread(update) => &update.id,
        Record::Step(step) => step.thread_id(),
        Record::Element(element) => &element.thread_id,
        Record::DeleteStep { thread_id, .. } | Record::DeleteElement { thread_id, .. } => thread_id,
        _ => "",
    }
}
