//! A conversation that was stored is taken up again.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use chainlit_core::wire::ThreadDict;
use chainlit_core::{
    Action, DataError, DataResult, MessageType, StepRange, Thread, ThreadStep, ThreadSummary,
    ThreadUpdate,
};

use super::hidden::conceal;
use super::log::Opened;
use super::sessions::{Chat, Chats};
use crate::login::LoggedIn;
use crate::recorder::{Stored, Tape, facts, session_hash};
use crate::storage::Way;

/// How long a client that opens a conversation waits for what is still to be written of it, and for
/// the database.
const SETTLE_PATIENCE: Duration = Duration::from_secs(5);
const READ_PATIENCE: Duration = Duration::from_secs(20);

/// What a client wants to open, and who it is.
pub(super) struct Wanted<'a> {
    pub(super) thread_id: &'a str,
    pub(super) session_id: &'a str,
    /// The identifier of the user who is logged in.
    pub(super) user: Option<&'a str>,
    /// It asks for earlier steps by itself.
    pub(super) takes_pages: bool,
}

/// Why a conversation can't be opened.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    /// There is none with that id for whoever asks.
    #[error("Thread not found.")]
    NotFound,
    /// It is somebody else's.
    #[error("You may not open this conversation.")]
    Foreign,
    /// The database is away: the client tries again.
    #[error("the conversation can't be read: {0}")]
    Away(String),
}

/// A conversation that is opened.
pub(super) struct Resumed {
    stored: Stored,
    takes_pages: bool,
}

impl Resumed {
    /// The profile that it was held with.
    pub(super) fn profile(&self) -> Option<&str> {
        self.stored.profile.as_deref()
    }

    pub(super) fn thread_id(&self) -> &str {
        self.stored.thread.id()
    }
}

impl Chats {
    /// Reads a conversation for somebody who may open it.
    pub(super) async fn open(&self, wanted: Wanted<'_>) -> Result<Resumed, OpenError> {
        let Some(recorder) = self.recorder() else { return Err(OpenError::NotFound) };
        let layer = self.persistence().layer().await;
        let layer = layer.map_err(|error| OpenError::Away(error.to_string()))?;
        let Some(layer) = layer else { return Err(OpenError::NotFound) };
        let is_live = self.lives_on(wanted.thread_id);
        if is_live {
            // It may be so new that it is not written yet.
            recorder.settle(SETTLE_PATIENCE).await;
        }
        let summary = read(layer.get_thread_summary(wanted.thread_id)).await?;
        let summary = summary.ok_or(OpenError::NotFound)?;
        may_open(&summary, &wanted)?;
        if !is_live {
            // A chat that has ended just now.
            recorder.settle(SETTLE_PATIENCE).await;
        }
        let range = match self.settings().config.limits.thread_page_steps {
            count if wanted.takes_pages => StepRange::Last(count),
            _ => StepRange::All,
        };
        let thread = read(layer.get_thread(wanted.thread_id, range)).await?;
        let thread = thread.ok_or(OpenError::NotFound)?;
        let mut stored = Stored::new(thread, is_live);
        // Where nobody logs in, the session is what opens its conversation.
        let way = Way::Own(wanted.user.is_none().then_some(wanted.session_id));
        way.address(&self.settings().root_path, &mut stored.thread.elements);
        Ok(Resumed { stored, takes_pages: wanted.takes_pages })
    }

    /// A stored conversation as everybody may see it who may open it.
    pub(crate) fn presentable(&self, thread: Thread) -> Thread {
        let is_live = self.lives_on(thread.id());
        Stored::new(thread, is_live).thread
    }

    /// Has what was said in a live conversation written: whoever reads it then sees that.
    pub(crate) async fn settle(&self, thread_id: &str) {
        if let Some(recorder) = self.recorder()
            && self.lives_on(thread_id)
        {
            recorder.settle(SETTLE_PATIENCE).await;
        }
    }

    /// Removes a conversation with the content of its elements, after what waits to be written of it.
    /// The chats that go on with it are recorded no more: nothing of it comes back.
    pub(crate) async fn delete_thread(&self, thread_id: &str) -> DataResult<()> {
        let Some(recorder) = self.recorder() else { return Ok(()) };
        for chat in self.writers_of(thread_id) {
            chat.log.detach_thread();
        }
        let deleted = recorder.delete_thread(thread_id.to_owned());
        let late = |_| Err(DataError::unavailable("the database does not answer"));
        tokio::time::timeout(READ_PATIENCE, deleted).await.unwrap_or_else(late)
    }
}

impl Chat {
    /// Everything that happens from now on is recorded.
    pub(super) fn record(&self, chats: &Chats, user: Option<&LoggedIn>, is_resumed: bool) {
        let Some(recorder) = chats.recorder() else { return };
        recorder.start();
        let session = &self.session;
        let head = ThreadUpdate {
            user_id: user.and_then(|user| user.id.clone()),
            user_identifier: user.map(|user| user.user.identifier.clone()),
            tags: session
                .chat_profile()
                .filter(|_| self.config.features.auto_tag_thread)
                .map(|profile| vec![profile]),
            ..ThreadUpdate::new(session.thread_id())
        };
        let hides_steps = self.log.hides_steps();
        let limit = self.config.limits.log_bytes;
        let hash = session_hash(session.id());
        let mut tape =
            Tape::new(recorder.clone(), self.files.clone(), head, hash, hides_steps, limit);
        let known = facts(session, &self.config).unwrap_or_default().values;
        if is_resumed {
            tape = tape.resumed(known);
        } else {
            tape.facts(known);
        }
        self.log.record(tape);
    }

    /// Notes what of the session is kept beside the conversation.
    pub(super) fn note_facts(&self) {
        let Some(recorder) = self.log.recorder() else { return };
        // Writing a value is the application's code.
        let facts =
            std::panic::catch_unwind(AssertUnwindSafe(|| facts(&self.session, &self.config)));
        match facts {
            Ok(Some(kept)) => {
                recorder.tell_lost(kept.lost);
                self.log.note_facts(kept.values);
            }
            Ok(None) => {}
            Err(_) => tracing::error!(session = ?self.session, "writing a session value panicked"),
        }
    }

    /// Goes back to a message of the user that was stored and is known here no more: of a long
    /// conversation memory holds only the end. False when there is none with that id.
    pub(super) async fn recall(&self, id: &str) -> bool {
        let Some(recorder) = self.log.recorder() else { return false };
        let Some(thread) = recorder.thread(self.session.thread_id()).await else { return false };
        let is_it = |step: &ThreadStep| match step {
            ThreadStep::Message(message) => *message.id == *id && message.kind == MessageType::User,
            ThreadStep::Step(_) => false,
        };
        let Some(place) = thread.steps.iter().position(is_it) else { return false };
        let Stored { mut thread, .. } = Stored::new(thread, true);
        let contents = |id: &str| {
            let own = thread.elements.iter().filter(|element| *element.for_id == *id);
            let own = own.filter(|element| element.object_key.is_some());
            own.map(|element| Arc::clone(&element.id)).collect()
        };
        let later = thread.steps[place + 1..].iter();
        let later: Vec<_> =
            later.map(|step| (Arc::clone(step.id()), contents(step.id()))).collect();
        thread.steps.truncate(place + 1);
        let said = thread.steps.iter().filter_map(|step| match step {
            ThreadStep::Message(message) if !message.is_error => Some(Arc::clone(message)),
            _ => None,
        });
        self.session.replace_chat_context(said);
        self.log.rewind(thread.steps[place].as_any(), &later, &self.waiting_ids());
        true
    }

    /// Goes on with a conversation; gives it as `on_chat_resume` gets it.
    pub(super) fn resume(&self, resumed: Resumed) -> Thread {
        let Resumed { stored, takes_pages } = resumed;
        let Stored { thread, mut actions, values, settings, last, .. } = stored;
        self.session.restore(values, settings, last);
        let mut buttons = Vec::new();
        for step in &thread.steps {
            let own = actions.remove(step.id()).unwrap_or_default();
            // What went wrong is no part of the conversation.
            if let ThreadStep::Message(message) = step
                && !message.is_error
            {
                let own = own.iter().cloned().map(Action::from).collect();
                self.session.keep_in_chat_context(Arc::clone(message), own);
            }
            buttons.extend(own);
        }
        let mut dict = match self.log.hides_steps() {
            true => {
                let mut shown = thread.clone();
                conceal(&mut shown);
                ThreadDict::new(&shown)
            }
            false => ThreadDict::new(&thread),
        };
        if takes_pages {
            dict = dict.with_pages(thread.has_earlier);
        }
        self.log.restore(Opened { thread: dict, actions: buttons });
        thread
    }
}

/// A conversation belongs to its author, and without one to the session that made it.
fn may_open(summary: &ThreadSummary, wanted: &Wanted<'_>) -> Result<(), OpenError> {
    match (&summary.user_identifier, wanted.user) {
        (Some(author), Some(user)) if author == user => Ok(()),
        (Some(_), Some(_)) => Err(OpenError::Foreign),
        // Nobody learns from the answer that there is one.
        (Some(_), None) => Err(OpenError::NotFound),
        (None, _) => {
            let made_by = summary.metadata.get(Stored::MADE_BY).and_then(|hash| hash.as_str());
            // A hash says nothing by the time that it takes to compare it.
            match made_by == Some(session_hash(wanted.session_id).as_str()) {
                true => Ok(()),
                false => Err(OpenError::NotFound),
            }
        }
    }
}

async fn read<T>(reading: impl Future<Output = DataResult<T>>) -> Result<T, OpenError> {
    let away = |reason: &str| OpenError::Away(reason.to_owned());
    match tokio::time::timeout(READ_PATIENCE, reading).await {
        Err(_) => Err(away("the database does not answer")),
        Ok(Err(error @ DataError::Unavailable(_))) => Err(away(&error.to_string())),
        Ok(Err(error)) => {
            // An id that is none, for example.
            tracing::debug!(%error, "a conversation could not be read");
            Err(OpenError::NotFound)
        }
        Ok(Ok(value)) => Ok(value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn summary(author: Option<&str>, made_by: &str) -> ThreadSummary {
        let mut summary = ThreadSummary::default();
        summary.user_identifier = author.map(str::to_owned);
        let hash = Value::String(session_hash(made_by));
        summary.metadata.insert(Stored::MADE_BY.to_owned(), hash);
        summary
    }

    fn ask(author: Option<&str>, user: Option<&str>, session_id: &str) -> &'static str {
        let wanted = Wanted { thread_id: "t", session_id, user, takes_pages: false };
        match may_open(&summary(author, "s1"), &wanted) {
            Ok(()) => "opened",
            Err(OpenError::Foreign) => "foreign",
            Err(_) => "not found",
        }
    }

    #[test]
    fn a_thread_is_opened_by_its_author_or_else_by_the_session_that_made_it() {
        assert_eq!(ask(Some("ada"), Some("ada"), "s2"), "opened");
        assert_eq!(ask(Some("ada"), Some("bob"), "s1"), "foreign");
        assert_eq!(ask(Some("ada"), None, "s1"), "not found");
        assert_eq!(ask(None, None, "s1"), "opened");
        assert_eq!(ask(None, None, "s2"), "not found");
        assert_eq!(ask(None, Some("bob"), "s2"), "not found");
        // What has no hash was made by somebody else's program.
        let bare = ThreadSummary::default();
        let wanted = Wanted { thread_id: "t", session_id: "", user: None, takes_pages: false };
        assert!(may_open(&bare, &wanted).is_err());
    }
}

#[cfg(all(test, feature = "testing"))]
mod kit_tests {
    use std::time::Duration;

    use chainlit_core::{Message, Result};

    use crate::App;
    use crate::testing::{MemoryDataLayer, TestApp};

    async fn stream() -> Result {
        let mut answer = Message::new("");
        for _ in 0..10 {
            answer.stream_token("word ").await?;
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        answer.update().await?;
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn a_thread_that_is_removed_under_a_live_chat_does_not_come_back() {
        let layer = MemoryDataLayer::new();
        let app = TestApp::start(App::new().on_message(stream).data_layer(layer.clone())).await;
        let (ada, bob) = (app.user("ada").await, app.user("bob").await);
        ada.post("go").await;
        bob.post("go").await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(layer.threads().len(), 2);
        let thread_id = ada.screen().thread_id.unwrap();
        app.chats().delete_thread(&thread_id).await.unwrap();
        assert_eq!(layer.threads().len(), 1);
        ada.idle().await;
        ada.send("and again").await;
        app.shutdown().await;
        let threads = layer.threads();
        assert_eq!(threads.len(), 1);
        assert_eq!(Some(&threads[0].summary.id), bob.screen().thread_id.as_ref());
    }
}
