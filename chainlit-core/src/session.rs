//! One user's chat: what belongs to it and how its parts are reached.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};

use parking_lot::{Mutex, RwLock};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::ask::OpenAsks;
use crate::author::AuthorRenamer;
use crate::blocking_guard::BlockedThreads;
use crate::chat_context::History;
use crate::chat_settings::Form;
use crate::command::Command;
use crate::emitter::{Emitter, NullEmitter};
use crate::files::{FileStore, NoFiles};
use crate::mode::Mode;
use crate::scope::TaskScope;
use crate::session_values::{KeptValues, Values};
use crate::time::Timestamp;
use crate::upload::Uploads;
use crate::user::User;
use crate::wire::ServerEvent;

/// Events that a handler may send before others that want its thread have a turn.
const EVENTS_PER_TURN: u32 = 64;

/// Facts about the application that every session needs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SessionSettings {
    /// Author of messages that name none: `UI.name` of the configuration.
    pub assistant_name: String,
    /// Bytes of memory that the chat context keeps; beyond, the oldest messages are forgotten.
    pub chat_context_bytes: usize,
    /// Questions that may wait for an answer at once; one more fails.
    pub open_asks: usize,
    /// Whether users may read the texts of errors: `UI.show_errors` of the configuration.
    pub show_errors: bool,
    /// Names of the actions that the application has functions for; `None` when nobody knows. An
    /// action of another name is not sent.
    pub action_names: Option<BTreeSet<String>>,
    /// The application's function for authors.
    #[doc(hidden)]
    pub author_rename: Option<AuthorRenamer>,
    /// Threads that handlers may block.
    #[doc(hidden)]
    pub blocked_threads: BlockedThreads,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            assistant_name: "Assistant".to_owned(),
            chat_context_bytes: 16 * 1024 * 1024,
            open_asks: 16,
            show_errors: false,
            action_names: None,
            author_rename: None,
            blocked_threads: BlockedThreads::default(),
        }
    }
}

/// What the page offers to the user now, and what can be taken from it therefore.
///
/// Locked before the session's emitter, never after.
#[derive(Debug, Default)]
pub(crate) struct Offers {
    pub(crate) form: Option<Form>,
    pub(crate) commands: Vec<Command>,
    pub(crate) modes: Vec<Mode>,
}

/// How a session's user reaches the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionKind {
    /// A browser or another client holds a socket.
    WebSocket,
    /// Events come by single requests; what is sent goes nowhere.
    Http,
}

/// One user's chat: cheap to clone, shared by everything that happens in it.
///
/// As a handler's argument it is the session of the event. Its values live in
/// [`user_session`](crate::user_session) and behind [`SessionKey`](crate::SessionKey).
///
/// Follows Chainlit's `context.session`; the ids are opaque and never become paths.
///
/// ```
/// use chainlit as cl;
///
/// let session = cl::Session::http("s1").user(cl::User::new("ada")).build();
/// assert_eq!(session.id(), "s1");
/// assert_eq!(session.user().unwrap().identifier, "ada");
/// ```
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    id: String,
    thread_id: Arc<str>,
    kind: SessionKind,
    client_type: String,
    language: String,
    user: RwLock<Option<User>>,
    user_id: Option<String>,
    user_env: BTreeMap<String, String>,
    chat_profile: RwLock<Option<String>>,
    chat_settings: RwLock<Map<String, Value>>,
    offers: Mutex<Offers>,
    metadata: RwLock<Map<String, Value>>,
    files: Option<Arc<dyn FileStore>>,
    uploads: Uploads,
    values: Values,
    history: Mutex<History>,
    asks: OpenAsks,
    emitter: Arc<dyn Emitter>,
    settings: Arc<SessionSettings>,
    had_interaction: AtomicBool,
    last_time: AtomicI64,
    /// Events that handlers have sent.
    sent: AtomicU32,
    scope: Mutex<TaskScope>,
}

impl Session {
    /// Begins a session whose user holds a socket; events go to `emitter`.
    pub fn web_socket(id: impl Into<String>, emitter: Arc<dyn Emitter>) -> SessionBuilder {
        SessionBuilder::new(id.into(), SessionKind::WebSocket, emitter)
    }

    /// Begins a session whose events come by single requests: what is sent goes nowhere, all the
    /// rest works. Also what a test or a background job needs.
    pub fn http(id: impl Into<String>) -> SessionBuilder {
        SessionBuilder::new(id.into(), SessionKind::Http, Arc::new(NullEmitter))
    }

    // For the server, which asks the application for what it offers.
    #[doc(hidden)]
    /// The same user and profile without the chat: what is sent goes nowhere.
    #[must_use]
    pub fn visitor(&self) -> Self {
        Self::http(Uuid::new_v4().to_string())
            .user(self.user())
            .language(self.language())
            .chat_profile(self.chat_profile())
            .settings(Arc::clone(&self.0.settings))
            .build()
    }

    /// The session's id, made by the client; survives a reconnect, not a new chat.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// Id of the thread that this session's messages belong to.
    #[must_use]
    pub fn thread_id(&self) -> &str {
        &self.0.thread_id
    }

    /// The same, to be kept without a copy.
    pub(crate) fn shared_thread_id(&self) -> Arc<str> {
        Arc::clone(&self.0.thread_id)
    }

    /// How the user reaches the application.
    #[must_use]
    pub fn kind(&self) -> SessionKind {
        self.0.kind
    }

    /// `webapp`, `copilot`, `slack`, `teams`, `discord`, or what the client calls itself.
    #[must_use]
    pub fn client_type(&self) -> &str {
        &self.0.client_type
    }

    /// The language the browser asked for, for example `en-US`.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.0.language
    }

    /// The logged-in user; `None` when the application has no login.
    #[must_use]
    pub fn user(&self) -> Option<User> {
        self.0.user.read().clone()
    }

    // For the server, which hears when their rights change.
    #[doc(hidden)]
    /// The same user, as they are now.
    pub fn replace_user(&self, user: User) {
        *self.0.user.write() = Some(user);
    }

    // For the server, which writes it beside the thread.
    #[doc(hidden)]
    /// The user's id in the database; `None` where nothing is kept.
    #[must_use]
    pub fn user_id(&self) -> Option<&str> {
        self.0.user_id.as_deref()
    }

    /// The author of what the user writes.
    pub(crate) fn author(&self) -> String {
        let user = self.0.user.read();
        user.as_ref().map_or("User", |user| user.identifier.as_str()).to_owned()
    }

    /// What the user gave for the keys of `project.user_env`, for example an API key.
    #[must_use]
    pub fn user_env(&self) -> &BTreeMap<String, String> {
        &self.0.user_env
    }

    /// The chosen chat profile.
    #[must_use]
    pub fn chat_profile(&self) -> Option<String> {
        self.0.chat_profile.read().clone()
    }

    /// The current values of the chat settings, by widget id.
    #[must_use]
    pub fn chat_settings(&self) -> Map<String, Value> {
        self.0.chat_settings.read().clone()
    }

    /// Free-form facts about the session.
    #[must_use]
    pub fn metadata(&self) -> Map<String, Value> {
        self.0.metadata.read().clone()
    }

    /// Sets one of the free-form facts.
    pub fn set_metadata(&self, key: impl Into<String>, value: impl Into<Value>) {
        self.0.metadata.write().insert(key.into(), value.into());
    }

    /// The files that belong to the session.
    #[must_use]
    pub fn files(&self) -> &dyn FileStore {
        self.0.files.as_deref().unwrap_or(&NoFiles)
    }

    /// Whether there is a place for files.
    pub(crate) fn keeps_files(&self) -> bool {
        self.0.files.is_some()
    }

    /// Whether somebody may see what is sent.
    pub(crate) fn has_browser(&self) -> bool {
        self.0.kind == SessionKind::WebSocket
    }

    /// Whether the action with that id is offered as the answer to an open question. It is then no
    /// call of its function.
    #[must_use]
    pub fn is_asked(&self, action_id: &str) -> bool {
        self.0.asks.offers(action_id)
    }

    /// The way to the session's browser.
    #[must_use]
    pub fn emitter(&self) -> &dyn Emitter {
        &*self.0.emitter
    }

    /// Facts about the application.
    #[must_use]
    pub fn settings(&self) -> &SessionSettings {
        &self.0.settings
    }

    /// What runs for this session now.
    #[must_use]
    pub fn task_scope(&self) -> TaskScope {
        self.0.scope.lock().clone()
    }

    // For the server, which decides when this is right.
    #[doc(hidden)]
    /// Takes what runs now, to cancel it; what starts from now on is in a fresh scope.
    #[must_use]
    pub fn replace_task_scope(&self) -> TaskScope {
        std::mem::take(&mut *self.0.scope.lock())
    }

    /// The current time, later than any this session gave before.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = Timestamp::now().as_micros();
        let last = &self.0.last_time;
        let mut seen = last.load(Ordering::Relaxed);
        loop {
            let time = now.max(seen + 1);
            match last.compare_exchange_weak(seen, time, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return Timestamp::from_micros(time),
                Err(other) => seen = other,
            }
        }
    }

    // For the server, which decides when this is right.
    #[doc(hidden)]
    /// Tells the browser of the user's first deed in this thread; later calls do nothing.
    pub fn note_interaction(&self, interaction: &str) {
        if !self.0.had_interaction.swap(true, Ordering::Relaxed) {
            self.emitter()
                .emit(&ServerEvent::FirstInteraction { interaction, thread_id: self.thread_id() });
        }
    }

    /// Whether the user has done something in this thread.
    #[must_use]
    pub fn has_first_interaction(&self) -> bool {
        self.0.had_interaction.load(Ordering::Relaxed)
    }

    // For the server, which keeps them with the conversation.
    #[doc(hidden)]
    /// What of the values can be kept; `None` while one of them is being changed.
    #[must_use]
    pub fn kept_values(&self) -> Option<KeptValues> {
        self.0.values.kept()
    }

    // For the server, which has read it with the conversation.
    #[doc(hidden)]
    /// Takes up a conversation that went on until `last`: what was kept of the values, and the
    /// settings. The user has done something in it already.
    pub fn restore(
        &self,
        values: Map<String, Value>,
        settings: Map<String, Value>,
        last: Option<Timestamp>,
    ) {
        self.0.values.restore(values);
        self.set_chat_settings(settings);
        self.0.had_interaction.store(true, Ordering::Relaxed);
        if let Some(last) = last {
            self.0.last_time.fetch_max(last.as_micros(), Ordering::Relaxed);
        }
    }

    // For the server, which decides when this is right.
    #[doc(hidden)]
    /// Forgets values, history, files and settings: the chat has ended.
    pub fn clear(&self) {
        self.0.values.clear();
        self.0.history.lock().clear();
        self.0.uploads.clear();
        self.files().clear();
        self.0.chat_settings.write().clear();
        *self.0.offers.lock() = Offers::default();
    }

    // For the server, which decides when this is right.
    #[doc(hidden)]
    /// Takes back all open questions, and lets nothing be asked any more: nobody will answer.
    pub fn end_asks(&self) {
        self.0.asks.end();
    }

    // For the server, which lets a component cancel its question.
    #[doc(hidden)]
    /// Id of the message whose open question is answered by the element with that id.
    pub fn asked_by_element(&self, id: &str) -> Option<Arc<str>> {
        self.0.asks.asked_by_element(id)
    }

    /// Counts an event that a handler sends. True when the handler has sent so many that others
    /// are to have a turn.
    pub(crate) fn is_turn_over(&self) -> bool {
        (self.0.sent.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(EVENTS_PER_TURN)
    }

    /// Lets others have a turn before the next event: what was sent is waited for.
    pub(crate) fn end_turn(&self) {
        self.0.sent.store(EVENTS_PER_TURN - 1, Ordering::Relaxed);
    }

    pub(crate) fn uploads(&self) -> &Uploads {
        &self.0.uploads
    }

    /// Replaces the values of the chat settings.
    pub(crate) fn set_chat_settings(&self, values: Map<String, Value>) {
        *self.0.chat_settings.write() = values;
    }

    /// What the page offers to the user.
    pub(crate) fn offers(&self) -> &Mutex<Offers> {
        &self.0.offers
    }

    pub(crate) fn values(&self) -> &Values {
        &self.0.values
    }

    pub(crate) fn history(&self) -> &Mutex<History> {
        &self.0.history
    }

    pub(crate) fn asks(&self) -> &OpenAsks {
        &self.0.asks
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The id opens the session to whoever knows it: a prefix tells sessions apart in a log.
        let id: String = self.0.id.chars().take(8).collect();
        f.debug_struct("Session")
            .field("id", &id)
            .field("kind", &self.0.kind)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Sets up a [`Session`].
#[must_use]
pub struct SessionBuilder(Inner);

impl SessionBuilder {
    fn new(id: String, kind: SessionKind, emitter: Arc<dyn Emitter>) -> Self {
        Self(Inner {
            id,
            thread_id: Uuid::new_v4().to_string().into(),
            kind,
            client_type: "webapp".to_owned(),
            language: "en-US".to_owned(),
            user: RwLock::default(),
            user_id: None,
            user_env: BTreeMap::new(),
            chat_profile: RwLock::default(),
            chat_settings: RwLock::default(),
            offers: Mutex::default(),
            metadata: RwLock::default(),
            files: None,
            uploads: Uploads::default(),
            values: Values::default(),
            history: Mutex::default(),
            asks: OpenAsks::default(),
            emitter,
            settings: Arc::default(),
            had_interaction: AtomicBool::new(false),
            last_time: AtomicI64::new(0),
            sent: AtomicU32::new(0),
            scope: Mutex::default(),
        })
    }

    /// Sets the thread; a fresh one otherwise.
    pub fn thread_id(mut self, id: impl Into<String>) -> Self {
        self.0.thread_id = id.into().into();
        self
    }

    /// Sets the logged-in user.
    pub fn user(mut self, user: impl Into<Option<User>>) -> Self {
        self.0.user = RwLock::new(user.into());
        self
    }

    #[doc(hidden)]
    /// Sets the user's id in the database.
    pub fn user_id(mut self, id: Option<String>) -> Self {
        self.0.user_id = id;
        self
    }

    /// Sets what the user gave for the keys of `project.user_env`.
    pub fn user_env(mut self, env: BTreeMap<String, String>) -> Self {
        self.0.user_env = env;
        self
    }

    /// Sets the chat profile.
    pub fn chat_profile(mut self, profile: impl Into<Option<String>>) -> Self {
        self.0.chat_profile = RwLock::new(profile.into());
        self
    }

    /// Sets what the client calls itself; `webapp` otherwise.
    pub fn client_type(mut self, client_type: impl Into<String>) -> Self {
        self.0.client_type = client_type.into();
        self
    }

    /// Sets the language; `en-US` otherwise.
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.0.language = language.into();
        self
    }

    /// Sets where the session's files are kept; nowhere otherwise.
    pub fn files(mut self, files: Arc<dyn FileStore>) -> Self {
        self.0.files = Some(files);
        self
    }

    /// Sets the facts about the application.
    pub fn settings(mut self, settings: Arc<SessionSettings>) -> Self {
        self.0.settings = settings;
        self
    }

    /// The session.
    #[must_use]
    pub fn build(self) -> Session {
        Session(Arc::new(self.0))
    }
}

impl fmt::Debug for SessionBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionBuilder").finish_non_exhaustive()
    }
}
