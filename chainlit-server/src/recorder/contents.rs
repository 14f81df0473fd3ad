//! The content of elements on its way to the storage.
//!
//! It has a task of its own: while a bucket is slow or away, what is said is written. The row of an
//! element is written when its content is there.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chainlit_core::Record;
use chainlit_core::wire::ElementDict;
use tokio::time::{Instant, timeout};

use super::{Job, Recorder};
use crate::files::PinnedFile;
use crate::storage::{Storage, StorageError, Way};

/// How long the storage may take for one content. After that it counts as away.
const KEEP_PATIENCE: Duration = Duration::from_secs(10 * 60);

/// How long a content waits before it is tried again, at first and at last.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Bytes that a task weighs in memory beside the element.
const TASK_BYTES: usize = 200;

/// The content of an element that the storage does not have yet.
pub(crate) struct Content {
    element: Arc<ElementDict>,
    file: PinnedFile,
    /// Whether the element is still there, and has this content.
    is_wanted: AtomicBool,
}

/// What is to be done in the storage, in this order.
#[derive(Default)]
pub(super) struct Contents {
    tasks: VecDeque<Task>,
    /// Contents whose rows are not written yet.
    open: usize,
    /// What could not be done is tried since then.
    trouble: Option<Instant>,
    is_told: bool,
}

#[derive(Clone)]
enum Task {
    Keep(Arc<Content>),
    Remove { thread_id: Arc<str>, id: Arc<str> },
    RemoveThread(String),
}

impl Content {
    pub(super) fn new(element: Arc<ElementDict>, file: PinnedFile) -> Arc<Self> {
        Arc::new(Self { element, file, is_wanted: AtomicBool::new(true) })
    }

    pub(super) fn element(&self) -> &ElementDict {
        &self.element
    }

    /// The row without its content.
    fn bare(&self) -> Record {
        Record::Element(Arc::clone(&self.element))
    }

    fn is_wanted(&self) -> bool {
        self.is_wanted.load(Ordering::SeqCst)
    }
}

impl Task {
    fn weight(&self) -> usize {
        TASK_BYTES
            + match self {
                Self::Keep(content) => content.element.weight(),
                Self::Remove { .. } | Self::RemoveThread(_) => 0,
            }
    }
}

impl Recorder {
    /// The element as its row has it when the storage has its content.
    pub(super) fn with_address(&self, element: &ElementDict) -> ElementDict {
        let mut element = element.clone();
        if element.object_key.is_none() && element.chainlit_key.is_some() {
            element.object_key = Storage::key(&element.thread_id, &element.id);
        }
        Way::Own(None).address(&self.0.root_path, std::slice::from_mut(&mut element));
        element
    }

    /// Whether no row waits for its content.
    pub(super) fn has_all_contents(&self) -> bool {
        self.0.contents.lock().open == 0
    }

    /// Whether nothing is left to be done in the storage.
    pub(super) fn has_seen_to_contents(&self) -> bool {
        let contents = self.0.contents.lock();
        contents.open == 0 && contents.tasks.is_empty()
    }

    /// Has a content kept. One that the element had before is not wanted any more.
    pub(super) fn keep_content(&self, content: Arc<Content>) {
        let (thread_id, id) = (&content.element.thread_id, &content.element.id);
        self.forget_contents(|old| old.thread_id == *thread_id && old.id == *id);
        self.0.contents.lock().open += 1;
        self.push_task(Task::Keep(content));
    }

    /// An element is no more.
    pub(super) fn remove_content(&self, thread_id: &Arc<str>, id: &Arc<str>) {
        let (thread_id, id) = (Arc::clone(thread_id), Arc::clone(id));
        self.push_task(Task::Remove { thread_id, id });
    }

    /// A thread is no more.
    pub(super) fn remove_contents(&self, thread_id: &str) {
        self.forget_contents(|old| *old.thread_id == *thread_id);
        self.push_task(Task::RemoveThread(thread_id.to_owned()));
    }

    /// What is to be written of an element whose content was seen to.
    pub(super) fn settle_content(&self, content: &Content, is_kept: bool) -> Option<Record> {
        if !content.is_wanted.swap(false, Ordering::SeqCst) {
            return None;
        }
        self.0.contents.lock().open -= 1;
        Some(match is_kept {
            true => Record::Element(Arc::new(self.with_address(&content.element))),
            false => content.bare(),
        })
    }

    /// Gives up what is not kept: the rows that waited for it.
    pub(super) fn abandon_contents(&self) -> Vec<Record> {
        let tasks = std::mem::take(&mut self.0.contents.lock().tasks);
        self.release(tasks.iter().map(Task::weight).sum());
        let keeps = tasks.iter().filter_map(|task| match task {
            Task::Keep(content) => self.settle_content(content, false),
            _ => None,
        });
        let rows: Vec<Record> = keeps.collect();
        if !rows.is_empty() {
            let what = format!("the content of {} elements is lost", rows.len());
            self.tell(&what, None);
        }
        rows
    }

    /// Nothing of these elements is written any more.
    pub(super) fn forget_contents(&self, is_gone: impl Fn(&ElementDict) -> bool) {
        let contents = &mut *self.0.contents.lock();
        for task in &contents.tasks {
            if let Task::Keep(content) = task
                && is_gone(&content.element)
                && content.is_wanted.swap(false, Ordering::SeqCst)
            {
                contents.open -= 1;
            }
        }
    }

    fn push_task(&self, task: Task) {
        self.add(task.weight());
        self.0.contents.lock().tasks.push_back(task);
        self.0.has_tasks.notify_one();
    }

    /// Does what is to be done, until the recorder has ended.
    pub(super) async fn see_to_contents(&self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let task = self.0.contents.lock().tasks.front().cloned();
            let Some(task) = task else {
                self.0.has_tasks.notified().await;
                continue;
            };
            let done = match timeout(KEEP_PATIENCE, self.try_task(&task)).await {
                Err(_) => Err("it does not answer".to_owned()),
                Ok(Err(error)) if error.is_transient() => Err(error.to_string()),
                Ok(done) => Ok(done.map_err(|error| error.to_string())),
            };
            match done {
                Ok(done) => {
                    self.end_task(&task, done.err());
                    pause = FIRST_PAUSE;
                }
                Err(reason) => {
                    self.note_storage_trouble(&reason);
                    // Something may be wrong with this one alone.
                    if matches!(task, Task::Keep(_)) {
                        let tasks = &mut self.0.contents.lock().tasks;
                        let first = tasks.pop_front();
                        tasks.extend(first);
                    }
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    async fn try_task(&self, task: &Task) -> Result<(), StorageError> {
        let storage = &self.0.storage;
        match task {
            Task::Keep(content) if content.is_wanted() => {
                let ElementDict { thread_id, id, .. } = &*content.element;
                storage.keep(thread_id, id, content.file.file()).await.map(drop)
            }
            Task::Keep(_) => Ok(()),
            Task::Remove { thread_id, id } => storage.remove(thread_id, id).await,
            Task::RemoveThread(id) => storage.remove_thread(id, std::iter::empty()).await,
        }
    }

    /// A task was done, or will never be.
    fn end_task(&self, task: &Task, failed: Option<String>) {
        {
            let contents = &mut *self.0.contents.lock();
            // It stands first, unless everything was given up.
            if contents.tasks.pop_front().is_none() {
                return;
            }
            contents.trouble = None;
            if std::mem::take(&mut contents.is_told) {
                tracing::info!("the content of elements is kept again");
            }
        }
        self.release(task.weight());
        let is_kept = failed.is_none();
        match task {
            Task::Keep(content) => {
                if let Some(reason) = failed.filter(|_| content.is_wanted()) {
                    let what = format!("the content of an element can't be kept: {reason}");
                    self.tell(&what, Some(&content.element.thread_id));
                }
                self.push(Job::Element(Arc::clone(content), is_kept));
            }
            Task::Remove { .. } | Task::RemoveThread(_) => {
                if let Some(reason) = failed {
                    tracing::warn!(reason, "the content of an element can't be removed");
                }
                // Who closes waits for it.
                self.0.wake.notify_one();
            }
        }
    }

    /// The storage takes nothing. The application is told once.
    fn note_storage_trouble(&self, reason: &str) {
        let lasts = {
            let contents = &mut *self.0.contents.lock();
            if contents.trouble.is_none() {
                tracing::warn!(reason, "the storage is not available; it is tried again");
            }
            let lasts = contents.trouble.get_or_insert_with(Instant::now).elapsed();
            let is_late = lasts >= self.0.settings.patience;
            if !is_late || std::mem::replace(&mut contents.is_told, true) {
                return;
            }
            lasts
        };
        let seconds = lasts.as_secs();
        let what = format!("the content of elements could not be kept for {seconds} s: {reason}");
        self.tell(&what, None);
    }
}
