use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chainlit_core::{Message, Session, SessionSettings, TaskScope};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::dispatch::Dispatcher;
use super::log::{LogLimits, SessionLog};
use crate::engineio::Outbox;

/// The numbers and switches that chats obey.
#[derive(Clone, Debug)]
pub(crate) struct ChatSettings {
    /// How long a chat without a connection is kept.
    pub(crate) session_timeout: Duration,
    /// Chats that may live at once.
    pub(crate) max_sessions: usize,
    /// Messages of one chat that may wait for the one that is handled.
    pub(crate) max_queued: usize,
    /// Keys that each user must give when connecting.
    pub(crate) user_env: Vec<String>,
    /// Whether a user may edit a message.
    pub(crate) edit_message: bool,
    /// Bounds of each chat's log.
    pub(crate) log: LogLimits,
    /// What each session knows of the application.
    pub(crate) session: Arc<SessionSettings>,
}

/// All chats of this server.
#[derive(Clone)]
pub(crate) struct Chats(Arc<Inner>);

struct Inner {
    settings: ChatSettings,
    dispatcher: Dispatcher,
    chats: Mutex<HashMap<String, Arc<Chat>>>,
    /// Everything that runs for some chat.
    tasks: TaskTracker,
    /// No chat is taken any more.
    closing: CancellationToken,
}

/// One chat: the session that handlers see, its log, and what the server needs to know.
pub(crate) struct Chat {
    pub(crate) session: Session,
    pub(crate) log: SessionLog,
    pub(super) state: Mutex<ChatState>,
}

#[derive(Default)]
pub(super) struct ChatState {
    /// The connection that speaks for the user now.
    pub(super) connection: Option<Arc<Outbox>>,
    /// What is to be handled one after the other.
    pub(super) queue: std::collections::VecDeque<Work>,
    pub(super) is_working: bool,
    /// `on_chat_start` was queued.
    pub(super) is_started: bool,
    /// The user said that they leave.
    pub(super) is_leaving: bool,
    pub(super) is_ended: bool,
    /// Where `on_stop` runs, while it runs: a second Stop does not reach it.
    pub(super) stopping: Option<TaskScope>,
    /// Stops the clock of a chat without a connection.
    pub(super) expiry: Option<CancellationToken>,
}

/// One entry of a chat's queue.
pub(super) enum Work {
    Start,
    Message(Message),
    Edit(chainlit_core::wire::ClientStep),
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
    pub(crate) fn new(settings: ChatSettings, dispatcher: Dispatcher) -> Self {
        Self(Arc::new(Inner {
            settings,
            dispatcher,
            chats: Mutex::default(),
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
        }))
    }

    pub(crate) fn settings(&self) -> &ChatSettings {
        &self.0.settings
    }

    pub(crate) fn dispatcher(&self) -> &Dispatcher {
        &self.0.dispatcher
    }

    /// The live chat with that session id.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Chat>> {
        self.0.chats.lock().get(id).cloned()
    }

    /// The live chat with that session id, or else this one from now on.
    pub(super) fn get_or_insert(&self, id: &str, new: Arc<Chat>) -> Result<Arc<Chat>, ChatsError> {
        let mut chats = self.0.chats.lock();
        if self.0.closing.is_cancelled() {
            return Err(ChatsError::Closing);
        }
        if let Some(chat) = chats.get(id) {
            return Ok(Arc::clone(chat));
        }
        if chats.len() >= self.0.settings.max_sessions {
            return Err(ChatsError::Full);
        }
        chats.insert(id.to_owned(), Arc::clone(&new));
        Ok(new)
    }

    /// Forgets a chat, unless another one has its id by now.
    pub(super) fn forget(&self, chat: &Arc<Chat>) {
        let mut chats = self.0.chats.lock();
        if chats.get(chat.session.id()).is_some_and(|known| Arc::ptr_eq(known, chat)) {
            chats.remove(chat.session.id());
        }
    }

    /// Starts a task that belongs to some chat; the server waits for it when it goes down.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.tasks.spawn(task);
    }

    /// Ends all chats: at most `limit` for what runs, then the same for their `on_chat_end`.
    pub(crate) async fn close(&self, limit: Duration) {
        self.0.closing.cancel();
        let chats: Vec<Arc<Chat>> = self.0.chats.lock().values().cloned().collect();
        for chat in &chats {
            self.end(chat);
        }
        self.0.tasks.close();
        if tokio::time::timeout(2 * limit, self.0.tasks.wait()).await.is_err() {
            tracing::warn!(left = self.0.tasks.len(), "some handlers did not end in time");
        }
    }
}

impl Work {
    /// Bytes of text that wait with it.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Start => 0,
            Self::Message(message) => message.content.len(),
            Self::Edit(step) => step.output.len(),
        }
    }
}

impl Chat {
    pub(super) fn new(session: Session, log: SessionLog) -> Arc<Self> {
        Arc::new(Self { session, log, state: Mutex::default() })
    }

    /// Ids of the messages that wait to be answered.
    pub(super) fn waiting_ids(&self) -> Vec<String> {
        let state = self.state.lock();
        let ids = state.queue.iter().filter_map(|work| match work {
            Work::Message(message) => Some(message.id.clone()),
            _ => None,
        });
        ids.collect()
    }
}
