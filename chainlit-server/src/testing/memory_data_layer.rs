use std::collections::BTreeMap;
use std::sync::Arc;

use chainlit_core::wire::{AnyStep, ElementDict, Facts, MessageDict};
use chainlit_core::{
    DataError, DataLayer, DataResult, Feedback, PersistedUser, StepRange, Thread, ThreadPage,
    ThreadQuery, ThreadStep, ThreadSummary, ThreadUpdate, Timestamp, User,
};
use parking_lot::Mutex;
use serde_json::{Map, Value};
use uuid::Uuid;

/// Keeps users and conversations in memory, for tests: a copy sees what another one was given, so that
/// an application can be started anew on what the one before it has kept.
///
/// ```
/// use chainlit::{self as cl, App, testing::{MemoryDataLayer, TestApp}};
///
/// async fn reply(message: cl::Message) -> cl::Result {
///     cl::Message::new(message.content).send().await?;
///     Ok(())
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let kept = MemoryDataLayer::new();
/// let app = TestApp::start(App::new().on_message(reply).data_layer(kept.clone())).await;
/// # app.shutdown().await;
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryDataLayer(Arc<Mutex<Tables>>);

#[derive(Debug, Default)]
struct Tables {
    users: Vec<PersistedUser>,
    threads: BTreeMap<String, Kept>,
    /// Grows with each write, so that threads have an order.
    writes: i64,
}

#[derive(Debug, Default)]
struct Kept {
    thread: Thread,
    written: i64,
}

impl MemoryDataLayer {
    /// Keeps nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// All threads as they are, the oldest first.
    #[must_use]
    pub fn threads(&self) -> Vec<Thread> {
        let tables = self.0.lock();
        let mut kept: Vec<&Kept> = tables.threads.values().collect();
        kept.sort_by_key(|kept| kept.written);
        kept.into_iter().map(|kept| kept.thread.clone()).collect()
    }
}

impl Tables {
    /// The thread, which is made if there is none; it has been written to.
    fn write(&mut self, id: &str) -> &mut Thread {
        self.writes += 1;
        let kept = self.threads.entry(id.to_owned()).or_insert_with(|| {
            let mut thread = Thread::default();
            thread.summary.id = id.to_owned();
            thread.summary.created_at = Some(Timestamp::now());
            Kept { thread, written: 0 }
        });
        kept.written = self.writes;
        kept.thread.summary.updated_at = Some(Timestamp::now());
        &mut kept.thread
    }

    /// Refuses what belongs to another thread than that one.
    fn owns(&self, thread_id: &str, has: impl Fn(&Thread) -> bool) -> DataResult<()> {
        let other = self.threads.values().find(|kept| has(&kept.thread));
        match other {
            Some(kept) if kept.thread.summary.id != thread_id => {
                Err(DataError::refused("the id belongs to another thread"))
            }
            _ => Ok(()),
        }
    }

    fn read(&self, id: &str) -> Option<&Thread> {
        self.threads.get(id).map(|kept| &kept.thread)
    }
}

impl DataLayer for MemoryDataLayer {
    async fn get_user(&self, identifier: &str) -> DataResult<Option<PersistedUser>> {
        let tables = self.0.lock();
        Ok(tables.users.iter().find(|known| known.user.identifier == identifier).cloned())
    }

    async fn create_user(&self, user: &User) -> DataResult<PersistedUser> {
        let mut tables = self.0.lock();
        let known = tables.users.iter_mut().find(|known| known.user.identifier == user.identifier);
        if let Some(known) = known {
            known.user = user.clone();
            return Ok(known.clone());
        }
        let mut new = PersistedUser::new(Uuid::new_v4().to_string(), user.clone());
        new.created_at = Some(Timestamp::now());
        tables.users.push(new.clone());
        Ok(new)
    }

    async fn upsert_feedback(&self, feedback: &Feedback) -> DataResult<String> {
        let mut tables = self.0.lock();
        let mut feedback = feedback.clone();
        let id = feedback.id.get_or_insert_with(|| Uuid::new_v4().to_string()).clone();
        let thread_id = feedback.thread_id.clone().unwrap_or_default();
        tables.owns(&thread_id, |thread| {
            thread.feedbacks.iter().any(|known| known.id.as_ref() == Some(&id))
        })?;
        let has_step =
            |thread: &Thread| thread.steps.iter().any(|step| **step.id() == *feedback.for_id);
        if !tables.read(&thread_id).is_some_and(has_step) {
            return Err(DataError::refused("the thread has no such step"));
        }
        let thread = tables.write(&thread_id);
        thread.feedbacks.retain(|known| known.for_id != feedback.for_id && known.id != feedback.id);
        thread.feedbacks.push(feedback);
        Ok(id)
    }

    async fn delete_feedback(&self, feedback_id: &str) -> DataResult<bool> {
        let mut tables = self.0.lock();
        let mut is_gone = false;
        for kept in tables.threads.values_mut() {
            kept.thread.feedbacks.retain(|known| {
                let is_it = known.id.as_deref() == Some(feedback_id);
                is_gone |= is_it;
                !is_it
            });
        }
        Ok(is_gone)
    }

    async fn get_feedback(&self, feedback_id: &str) -> DataResult<Option<Feedback>> {
        let tables = self.0.lock();
        let mut all = tables.threads.values().flat_map(|kept| &kept.thread.feedbacks);
        Ok(all.find(|known| known.id.as_deref() == Some(feedback_id)).cloned())
    }

    async fn create_element(&self, element: &ElementDict) -> DataResult<()> {
        let mut tables = self.0.lock();
        tables.owns(&element.thread_id, |thread| {
            thread.elements.iter().any(|known| known.id == element.id)
        })?;
        let thread = tables.write(&element.thread_id);
        match thread.elements.iter_mut().find(|known| known.id == element.id) {
            Some(known) => *known = element.clone(),
            None => thread.elements.push(element.clone()),
        }
        Ok(())
    }

    async fn get_element(
        &self,
        thread_id: &str,
        element_id: &str,
    ) -> DataResult<Option<ElementDict>> {
        let tables = self.0.lock();
        let Some(thread) = tables.read(thread_id) else { return Ok(None) };
        Ok(thread.elements.iter().find(|known| *known.id == *element_id).cloned())
    }

    async fn delete_element(&self, thread_id: &str, element_id: &str) -> DataResult<()> {
        if let Some(kept) = self.0.lock().threads.get_mut(thread_id) {
            kept.thread.elements.retain(|known| *known.id != *element_id);
        }
        Ok(())
    }

    async fn create_step(&self, step: &ThreadStep) -> DataResult<()> {
        let mut tables = self.0.lock();
        tables.owns(step.thread_id(), |thread| {
            thread.steps.iter().any(|known| known.id() == step.id())
        })?;
        let thread = tables.write(step.thread_id());
        match thread.steps.iter_mut().find(|known| known.id() == step.id()) {
            Some(known) => *known = step.clone(),
            None => thread.steps.push(step.clone()),
        }
        Ok(())
    }

    async fn delete_step(&self, thread_id: &str, step_id: &str) -> DataResult<()> {
        if let Some(kept) = self.0.lock().threads.get_mut(thread_id) {
            let thread = &mut kept.thread;
            thread.steps.retain(|known| **known.id() != *step_id);
            thread.elements.retain(|known| *known.for_id != *step_id);
            thread.feedbacks.retain(|known| known.for_id != step_id);
        }
        Ok(())
    }

    async fn get_thread_summary(&self, thread_id: &str) -> DataResult<Option<ThreadSummary>> {
        Ok(self.0.lock().read(thread_id).map(|thread| thread.summary.clone()))
    }

    async fn get_thread(
        &self,
        thread_id: &str,
        range: StepRange<'_>,
    ) -> DataResult<Option<Thread>> {
        let mut thread = match self.0.lock().read(thread_id) {
            Some(thread) => thread.clone(),
            None => return Ok(None),
        };
        thread.steps.sort_by_key(created_at);
        let (end, count) = match range {
            StepRange::Last(count) => (thread.steps.len(), count),
            StepRange::Before { id, count } => {
                let place = thread.steps.iter().position(|step| **step.id() == *id);
                (place.unwrap_or(0), count)
            }
            _ => (thread.steps.len(), usize::MAX),
        };
        let begin = end.saturating_sub(count);
        thread.has_earlier = begin > 0;
        thread.steps = thread.steps[begin..end].to_vec();
        let is_there = |id: &str| thread.steps.iter().any(|step| **step.id() == *id);
        thread.elements.retain(|element| is_there(&element.for_id));
        thread.feedbacks.retain(|feedback| is_there(&feedback.for_id));
        Ok(Some(thread))
    }

    async fn list_threads(&self, query: &ThreadQuery) -> DataResult<ThreadPage> {
        let tables = self.0.lock();
        let mut kept: Vec<&Kept> =
            tables.threads.values().filter(|kept| fits(&kept.thread, query)).collect();
        kept.sort_by_key(|kept| std::cmp::Reverse(kept.written));
        let begin = match &query.cursor {
            Some(id) => kept
                .iter()
                .position(|kept| kept.thread.summary.id == *id)
                .map_or(kept.len(), |place| place + 1),
            None => 0,
        };
        let rest = &kept[begin..];
        let page = rest.iter().take(query.first).map(|kept| kept.thread.summary.clone());
        Ok(ThreadPage { threads: page.collect(), has_more: rest.len() > query.first })
    }

    async fn update_thread(&self, update: &ThreadUpdate) -> DataResult<()> {
        let mut tables = self.0.lock();
        let summary = &mut tables.write(&update.id).summary;
        if let Some(name) = &update.name
            && !(update.keeps_name && summary.name.is_some())
        {
            summary.name = Some(name.clone());
        }
        if summary.user_identifier.is_none() {
            summary.user_id.clone_from(&update.user_id);
            summary.user_identifier.clone_from(&update.user_identifier);
        }
        for (key, value) in update.metadata.iter().flatten() {
            match value {
                Value::Null => summary.metadata.remove(key),
                value => summary.metadata.insert(key.clone(), value.clone()),
            };
        }
        if update.tags.is_some() {
            summary.tags.clone_from(&update.tags);
        }
        if let Some(archived_at) = update.archived_at {
            summary.archived_at = archived_at;
        }
        Ok(())
    }

    async fn delete_thread(&self, thread_id: &str) -> DataResult<()> {
        self.0.lock().threads.remove(thread_id);
        Ok(())
    }

    async fn get_favorite_steps(&self, user_id: &str) -> DataResult<Vec<ThreadStep>> {
        let tables = self.0.lock();
        let threads = tables.threads.values().map(|kept| &kept.thread);
        let own = threads.filter(|thread| thread.summary.user_id.as_deref() == Some(user_id));
        let mut steps: Vec<ThreadStep> = own
            .flat_map(|thread| &thread.steps)
            .filter(|step| metadata(step).get("favorite") == Some(&Value::Bool(true)))
            .cloned()
            .collect();
        steps.sort_by_key(|step| std::cmp::Reverse(created_at(step)));
        Ok(steps)
    }

    async fn set_step_favorite(
        &self,
        thread_id: &str,
        step_id: &str,
        is_favorite: bool,
    ) -> DataResult<Option<ThreadStep>> {
        let mut tables = self.0.lock();
        let Some(kept) = tables.threads.get_mut(thread_id) else { return Ok(None) };
        let step = kept.thread.steps.iter_mut().find(|step| **step.id() == *step_id);
        let Some(ThreadStep::Message(message)) = step else { return Ok(None) };
        let message: &mut MessageDict = Arc::make_mut(message);
        let mut facts = message.metadata.to_map();
        facts.insert("favorite".to_owned(), Value::Bool(is_favorite));
        message.metadata = Facts::from(&facts);
        Ok(step.map(|step| step.clone()))
    }
}

fn created_at(step: &ThreadStep) -> Option<i64> {
    let time = match step.as_any() {
        AnyStep::Message(message) => message.created_at,
        AnyStep::Step(step) => step.created_at,
    };
    time.map(Timestamp::as_micros)
}

fn metadata(step: &ThreadStep) -> Map<String, Value> {
    match step.as_any() {
        AnyStep::Message(message) => message.metadata.to_map(),
        AnyStep::Step(step) => step.metadata.clone(),
    }
}

fn fits(thread: &Thread, query: &ThreadQuery) -> bool {
    let summary = &thread.summary;
    let has = |text: &str| {
        let search = query.search.as_deref().unwrap_or_default().to_lowercase();
        text.to_lowercase().contains(&search)
    };
    summary.user_id.as_deref() == Some(query.user_id.as_str())
        && summary.archived_at.is_some() == query.archived
        && (summary.name.as_deref().is_some_and(has)
            || thread.messages().any(|message| has(&message.output))
            || query.search.is_none())
        && query
            .feedback
            .is_none_or(|value| thread.feedbacks.iter().any(|known| known.value == value))
}
