use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use chainlit_core::wire::MessageDict;
use chainlit_core::{Message, Session, SessionSettings, TaskScope, Thread, guard};
use parking_lot::Mutex;
use serde_json::{Map, Value};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::audio::Talk;
use super::dispatch::Dispatcher;
use super::favorites::Favorites;
use super::lane::Lane;
use super::log::SessionLog;
use super::pace::{Pace, PaceLimits};
use super::window_message::WindowMessages;
use crate::config::Config;
use crate::engineio::Outbox;
use crate::files::{Disk, SessionFiles};
use crate::login::{LoggedIn, Login, LoginId};
use crate::persistence::Persistence;
use crate::recorder::{Recorder, RecorderSettings};
use crate::root_path::RootPath;
use crate::storage::Storage;

/// Messages and edits of a chat whose ids are kept, to know a second copy of one.
const MAX_KNOWN: usize = 128;

/// The numbers and switches that chats obey.
#[derive(Clone, Debug)]
pub(crate) struct ChatSettings {
    /// How long a chat without a connection is kept.
    pub(crate) session_timeout: Duration,
    /// Chats that may live at once, and chats that may be in their end at once.
    pub(crate) max_sessions: usize,
    /// Messages of one chat that may wait for the one that is handled.
    pub(crate) max_queued: usize,
    /// Bytes of text that may wait for a chat's handlers.
    pub(crate) max_queued_bytes: usize,
    /// Bytes of sound that may wait for a chat's handlers.
    pub(crate) max_audio_bytes: usize,
    /// How often a chat may be opened and spoken to.
    pub(crate) pace: PaceLimits,
    /// How long `on_chat_end` may take.
    pub(crate) chat_end: Duration,
    /// What is configured, where the chat's profile says nothing else.
    pub(crate) config: Arc<Config>,
    /// Whether the server runs with `--debug`, which shows the texts of errors to every user.
    pub(crate) is_debug: bool,
    /// Below which the pages' addresses are.
    pub(crate) root_path: RootPath,
    /// What each session knows of the application.
    pub(crate) session: Arc<SessionSettings>,
}

/// All chats of this server.
#[derive(Clone)]
pub(crate) struct Chats(pub(super) Arc<Inner>);

/// The same, for those whom the server does not outlive.
#[derive(Clone)]
pub(crate) struct WeakChats(Weak<Inner>);

impl WeakChats {
    pub(crate) fn upgrade(&self) -> Option<Chats> {
        self.0.upgrade().map(Chats)
    }
}

impl std::fmt::Debug for WeakChats {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WeakChats")
    }
}

pub(super) struct Inner {
    settings: ChatSettings,
    dispatcher: Dispatcher,
    disk: Disk,
    login: Login,
    persistence: Persistence,
    recorder: Option<Recorder>,
    storage: Storage,
    table: Mutex<Table>,
    /// Everything that runs for some chat.
    pub(super) tasks: TaskTracker,
    /// The application's functions that run for some chat.
    pub(super) handlers: TaskTracker,
    /// No chat and no message is taken any more.
    pub(super) closing: AtomicBool,
    /// Somebody looks after the users' logins.
    pub(super) is_watching: AtomicBool,
}

/// Locked after a chat's state, never before.
#[derive(Default)]
struct Table {
    live: HashMap<String, Arc<Chat>>,
    /// The chats without a connection, the one that is longest without first.
    alone: BTreeMap<u64, Weak<Chat>>,
    last_alone: u64,
    /// Chats that are forgotten and not yet through with their end.
    ending: usize,
}

/// One chat: the session that handlers see, its log, and what the server needs to know.
pub(crate) struct Chat {
    pub(crate) session: Session,
    /// The same as the session's, for what comes by HTTP.
    pub(crate) files: SessionFiles,
    pub(crate) log: SessionLog,
    /// What is configured for this chat: a profile may override it.
    pub(crate) config: Arc<Config>,
    pub(super) state: Mutex<ChatState>,
    /// The application's functions that run for some chat of this server.
    pub(super) handlers: TaskTracker,
    pub(super) pace: Pace,
    /// The connection has gone.
    pub(super) disconnected: Notify,
    /// A lane has run empty.
    #[cfg(feature = "testing")]
    pub(super) settled: Notify,
}

#[derive(Default)]
pub(super) struct ChatState {
    /// The connection that speaks for the user now.
    pub(super) connection: Option<Arc<Outbox>>,
    /// By which login it was opened.
    pub(super) login: Option<LoginId>,
    /// Place among the chats without a connection.
    pub(super) alone: Option<u64>,
    /// What is to be handled one after the other.
    pub(super) queue: Lane<Work>,
    /// Changes of the settings, to be handled one after the other, beside the queue: at most one that
    /// is final and one that is not.
    pub(super) settings: Lane<SettingsChange>,
    /// What the user says.
    pub(super) talk: Talk,
    /// What the user wants of their favourite messages.
    pub(super) favorites: Favorites,
    /// What the window around the page says.
    pub(super) window_messages: WindowMessages,
    /// The last messages and edits that were taken. The log may have forgotten them already.
    known: VecDeque<Uuid>,
    /// The stored conversation that it goes on with, until `on_chat_resume` is queued.
    pub(super) resumed: Option<Arc<Thread>>,
    /// `on_chat_start` or `on_chat_resume` was queued.
    pub(super) is_started: bool,
    /// The user said that they leave.
    pub(super) is_leaving: bool,
    pub(super) is_ended: bool,
    /// Where `on_stop` runs, while it runs: a second Stop does not reach it.
    pub(super) stopping: Option<TaskScope>,
    /// Stops the clock of a chat without a connection.
    pub(super) expiry: Option<CancellationToken>,
}

/// A message of the user with another text. What else the client says of it is not kept: it is the
/// message that it was.
pub(super) struct Edit {
    pub(super) id: String,
    pub(super) text: String,
}

/// What the user did in the form with the chat's settings.
pub(super) struct SettingsChange {
    /// All values, with those that changed.
    pub(super) values: Map<String, Value>,
    /// Whether they were confirmed, or are still being edited.
    pub(super) is_final: bool,
}

/// One entry of a chat's queue.
pub(super) enum Work {
    Start,
    Resume(Arc<Thread>),
    Message {
        /// For the application's function.
        said: Arc<Message>,
        /// The same as the page shows it.
        shown: Arc<MessageDict>,
        /// Whether the composer offered its command, if it has one.
        is_offered: bool,
    },
    Edit(Edit),
}

/// Why a chat can't be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ChatsError {
    #[error("The server has no room for another session, try again later")]
    Full,
    #[error("The server is going down")]
    Closing,
}

impl Chats {
    pub(crate) fn new(
        settings: ChatSettings,
        dispatcher: Dispatcher,
        disk: Disk,
        login: Login,
        persistence: Persistence,
        storage: Storage,
    ) -> Self {
        let recorder = persistence.is_on().then(|| {
            Recorder::new(
                RecorderSettings::of(&settings.config.limits),
                persistence.clone(),
                dispatcher.clone(),
                storage.clone(),
                settings.root_path.clone(),
            )
        });
        Self(Arc::new(Inner {
            settings,
            dispatcher,
            disk,
            login,
            persistence,
            recorder,
            storage,
            table: Mutex::default(),
            tasks: TaskTracker::new(),
            handlers: TaskTracker::new(),
            closing: AtomicBool::new(false),
            is_watching: AtomicBool::new(false),
        }))
    }

    pub(crate) fn downgrade(&self) -> WeakChats {
        WeakChats(Arc::downgrade(&self.0))
    }

    pub(crate) fn settings(&self) -> &ChatSettings {
        &self.0.settings
    }

    pub(crate) fn dispatcher(&self) -> &Dispatcher {
        &self.0.dispatcher
    }

    /// Who may come.
    pub(crate) fn login(&self) -> &Login {
        &self.0.login
    }

    /// What keeps users and conversations.
    pub(crate) fn persistence(&self) -> &Persistence {
        &self.0.persistence
    }

    /// What writes conversations down, if they are kept.
    pub(crate) fn recorder(&self) -> Option<&Recorder> {
        self.0.recorder.as_ref()
    }

    /// Whether a chat goes on with that thread.
    pub(super) fn lives_on(&self, thread_id: &str) -> bool {
        let table = self.0.table.lock();
        table.live.values().any(|chat| chat.session.thread_id() == thread_id)
    }

    /// The live chats that go on with that thread.
    pub(super) fn writers_of(&self, thread_id: &str) -> Vec<Arc<Chat>> {
        let table = self.0.table.lock();
        let writes = |chat: &&Arc<Chat>| chat.session.thread_id() == thread_id;
        table.live.values().filter(writes).cloned().collect()
    }

    /// What keeps the content of elements beyond their session.
    pub(crate) fn storage(&self) -> &Storage {
        &self.0.storage
    }

    /// Where the files of the chats are.
    pub(crate) fn disk(&self) -> &Disk {
        &self.0.disk
    }

    /// A session of somebody who has no chat yet, for what the page asks before there is one.
    pub(crate) fn visitor(
        &self,
        language: &str,
        profile: Option<String>,
        user: Option<LoggedIn>,
    ) -> Session {
        let settings = Arc::clone(&self.0.settings.session);
        Session::http(Uuid::new_v4().to_string())
            .user_id(user.as_ref().and_then(|user| user.id.clone()))
            .user(user.map(|user| user.user))
            .language(language)
            .chat_profile(profile)
            .settings(settings)
            .build()
    }

    /// Whether the server goes down.
    pub(crate) fn is_closing(&self) -> bool {
        self.0.closing.load(Ordering::SeqCst)
    }

    /// The live chat with that session id.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Chat>> {
        self.0.table.lock().live.get(id).cloned()
    }

    /// All live chats.
    pub(super) fn all(&self) -> Vec<Arc<Chat>> {
        self.0.table.lock().live.values().cloned().collect()
    }

    /// The live chat with that session id, or else this one from now on. Where there is no room, the
    /// chat ends that is longest without a connection.
    pub(super) fn get_or_insert(&self, id: &str, new: Arc<Chat>) -> Result<Arc<Chat>, ChatsError> {
        let limit = self.0.settings.max_sessions;
        loop {
            let longest_alone = {
                let mut table = self.0.table.lock();
                if self.is_closing() {
                    return Err(ChatsError::Closing);
                }
                if let Some(chat) = table.live.get(id) {
                    return Ok(Arc::clone(chat));
                }
                // An `on_chat_end` that hangs keeps its chat's memory.
                if table.ending >= limit {
                    return Err(ChatsError::Full);
                }
                if table.live.len() < limit {
                    table.live.insert(id.to_owned(), Arc::clone(&new));
                    return Ok(new);
                }
                table.alone.pop_first().ok_or(ChatsError::Full)?.1
            };
            if let Some(chat) = longest_alone.upgrade() {
                tracing::debug!(session = ?chat.session, "a chat makes room for a new one");
                self.end_if(&chat, |state| state.connection.is_none());
            }
        }
    }

    /// Puts a chat behind the others that have no connection; gives its place there.
    pub(super) fn stand_in_line(&self, chat: &Arc<Chat>) -> u64 {
        let mut table = self.0.table.lock();
        table.last_alone += 1;
        let place = table.last_alone;
        table.alone.insert(place, Arc::downgrade(chat));
        place
    }

    /// The chat with that place has a connection again, or is over.
    pub(super) fn leave_line(&self, place: Option<u64>) {
        if let Some(place) = place {
            self.0.table.lock().alone.remove(&place);
        }
    }

    /// Forgets a chat, unless another one has its id by now.
    pub(super) fn forget(&self, chat: &Arc<Chat>) {
        let live = &mut self.0.table.lock().live;
        if live.get(chat.session.id()).is_some_and(|known| Arc::ptr_eq(known, chat)) {
            live.remove(chat.session.id());
        }
    }

    /// Counts a chat that is in its end.
    pub(super) fn count_ending(&self) -> Ending {
        self.0.table.lock().ending += 1;
        Ending(self.clone())
    }

    /// Starts a task that belongs to some chat; the server waits for it when it goes down.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.tasks.spawn(guard::deferring(task));
    }
}

/// A chat that is in its end, until this is dropped.
pub(super) struct Ending(Chats);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.0.table.lock().ending -= 1;
    }
}

impl Work {
    /// Whether it begins the chat.
    pub(super) fn is_beginning(&self) -> bool {
        matches!(self, Self::Start | Self::Resume(_))
    }

    /// Bytes of text that wait with it.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Start | Self::Resume(_) => 0,
            Self::Message { shown, .. } => shown.output.len(),
            Self::Edit(edit) => edit.id.len() + edit.text.len(),
        }
    }
}

impl Chat {
    pub(super) fn new(
        chats: &Chats,
        session: Session,
        files: SessionFiles,
        log: SessionLog,
        config: Arc<Config>,
    ) -> Arc<Self> {
        Arc::new(Self {
            session,
            files,
            log,
            config,
            state: Mutex::default(),
            handlers: chats.0.handlers.clone(),
            pace: Pace::new(chats.settings().pace),
            disconnected: Notify::new(),
            #[cfg(feature = "testing")]
            settled: Notify::new(),
        })
    }

    /// How long a request of the page waits, so that it costs no more than an event; `None` when
    /// there are too many.
    pub(crate) fn pause_of_request(&self) -> Option<Duration> {
        self.pace.request()
    }

    /// Adds a user's message to the chat context.
    pub(super) fn remember(&self, said: &Arc<MessageDict>) {
        self.session.keep_in_chat_context(Arc::clone(said), Vec::new());
    }

    /// Keeps the messages among what is not handled any more: they were said, only not answered.
    pub(super) fn remember_unanswered(&self, waiting: &VecDeque<Work>) {
        for work in waiting {
            if let Work::Message { shown, .. } = work {
                self.remember(shown);
            }
        }
    }

    /// Shows the step with that id and everything after it once more, to a client that has cut its conversation there.
    /// One that asks for it all the time has to reload.
    pub(super) fn show_from(&self, id: &str) {
        if self.pace.shows_again() {
            self.log.show_from(id);
        }
    }

    /// Whether a message or an edit with that id was taken.
    pub(super) fn knows(&self, id: Uuid) -> bool {
        self.state.lock().known.contains(&id)
    }

    /// A message or an edit with that id was taken.
    pub(super) fn note(&self, id: Uuid) {
        let known = &mut self.state.lock().known;
        if known.len() == MAX_KNOWN {
            known.pop_front();
        }
        known.push_back(id);
    }

    /// Ids of the messages that wait to be answered.
    pub(super) fn waiting_ids(&self) -> Vec<Arc<str>> {
        let state = self.state.lock();
        let ids = state.queue.waiting.iter().filter_map(|work| match work {
            Work::Message { shown, .. } => Some(Arc::clone(&shown.id)),
            _ => None,
        });
        ids.collect()
    }
}
