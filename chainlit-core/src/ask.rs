//! Questions to the user.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use crate::context::Context;
use crate::error::Error;
use crate::message::{Message, MessageType};
use crate::session::Session;
use crate::wire::{AnyStep, AskKind, AskMessage, AskSpec, ClientStep, MessageDict, ServerEvent};

/// Seconds that stand for "no timeout" on the wire: a hundred years.
const FOREVER_SECONDS: u64 = 100 * 365 * 24 * 60 * 60;

/// How long an ask waits when nothing else is said.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

/// A question that is answered by text.
///
/// ```no_run
/// # async fn ask() -> chainlit_core::Result {
/// use chainlit_core::{AskUserMessage, Message};
///
/// if let Some(answer) = AskUserMessage::new("What is your name?").send().await? {
///     Message::new(format!("Hello {}!", answer.content)).send().await?;
/// }
/// # Ok(()) }
/// ```
///
/// The question is part of the session: it survives a dropped connection, is answered once, and
/// ends with Stop.
///
/// Follows [`cl.AskUserMessage`](https://docs.chainlit.io/api-reference/ask/ask-for-input). There
/// an ask always has a timeout, is lost with the connection, and one that is removed blocks its
/// handler until the timeout.
#[derive(Clone, Debug)]
pub struct AskUserMessage {
    message: Message,
    timeout: Option<Duration>,
    raise_on_timeout: bool,
}

impl AskUserMessage {
    /// A question that waits for 60 s.
    #[must_use]
    pub fn new(content: impl Into<String>) -> Self {
        Self {
            message: Message::new(content),
            timeout: Some(DEFAULT_TIMEOUT),
            raise_on_timeout: false,
        }
    }

    /// Sets the author; the assistant's name otherwise.
    #[must_use]
    pub fn author(mut self, author: impl Into<String>) -> Self {
        self.message = self.message.author(author);
        self
    }

    /// Sets who speaks.
    #[must_use]
    pub fn kind(mut self, kind: MessageType) -> Self {
        self.message = self.message.kind(kind);
        self
    }

    /// Sets how long to wait for the answer. `None` waits as long as the chat lives.
    #[must_use]
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = timeout.into();
        self
    }

    /// Makes a missing answer an error instead of `None`.
    #[must_use]
    pub fn raise_on_timeout(mut self, raise: bool) -> Self {
        self.raise_on_timeout = raise;
        self
    }

    /// Id of the asking message.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.message.id
    }

    /// Asks, and waits for the answer: the user's message, or `None` when the time is over or the
    /// question was [removed](Self::remove).
    ///
    /// # Errors
    ///
    /// [`Error::AskTimeout`] with [`raise_on_timeout`](Self::raise_on_timeout);
    /// [`Error::TooManyAsks`] when as many are open as the configuration allows
    /// (`limits.asks_per_session`); [`Error::ChatEnded`].
    ///
    /// # Panics
    ///
    /// Outside of a handler, like [`Context::current`].
    ///
    /// # Cancel safety
    ///
    /// Dropped while it waits, the question is withdrawn in the page.
    pub async fn send(&self) -> Result<Option<Message>, Error> {
        let context = Context::current();
        context.room().await?;
        let mut message = self.message.clone();
        message.introduce(&context).await;
        let session = context.session();
        let dict = MessageDict { wait_for_answer: true, ..message.to_dict(session) };
        let ask = AskMessage {
            spec: AskSpec {
                timeout: self
                    .timeout
                    .map_or(FOREVER_SECONDS, |timeout| timeout.as_secs_f64().ceil() as u64),
                kind: AskKind::Text,
                step_id: Arc::clone(&dict.id),
            },
            msg: Arc::new(dict),
        };
        let mut open = session.asks().open(session, &ask)?;
        let answer = open.answer(&ask);
        let outcome = match self.timeout {
            Some(limit) => tokio::time::timeout(limit, answer).await.ok(),
            None => Some(answer.await),
        };
        match outcome {
            Some(Ok(Some(answer))) => {
                open.close(false);
                let emitter = session.emitter();
                emitter.emit(&ServerEvent::TaskEnd);
                emitter.emit(&ServerEvent::ClearAsk);
                session.note_interaction(&answer.content);
                emitter.emit(&ServerEvent::TaskStart);
                Ok(Some(answer))
            }
            Some(Ok(None)) => {
                open.close(false);
                Ok(None)
            }
            Some(Err(error)) => Err(error),
            None => {
                open.close(false);
                session.emitter().emit(&ServerEvent::AskTimeout);
                session.emitter().emit(&ServerEvent::TaskStart);
                match self.timeout {
                    Some(timeout) if self.raise_on_timeout => Err(Error::AskTimeout { timeout }),
                    _ => Ok(None),
                }
            }
        }
    }

    /// Takes the question back, also while [`send`](Self::send) waits elsewhere: it then gives
    /// `None`.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`].
    pub async fn remove(&self) -> Result<(), Error> {
        let context = Context::current();
        context.room().await?;
        let session = context.session();
        let asked = session.asks().remove(&self.message.id);
        let dict = asked.unwrap_or_else(|| Arc::new(self.message.to_dict(session)));
        session.emitter().emit(&ServerEvent::DeleteMessage(AnyStep::Message(&dict)));
        session.emitter().emit(&ServerEvent::ClearAsk);
        Ok(())
    }
}

/// The questions that wait for an answer, by the asking message's id.
#[derive(Debug, Default)]
pub(crate) struct OpenAsks(Mutex<HashMap<Arc<str>, Waiting>>);

/// What is known of a question while it waits.
#[derive(Debug)]
struct Waiting {
    /// Ends the waiting.
    removed: CancellationToken,
    /// The message as the page shows it.
    asked: Arc<MessageDict>,
}

impl OpenAsks {
    fn open(&self, session: &Session, ask: &AskMessage) -> Result<OpenAsk, Error> {
        let removed = CancellationToken::new();
        let waiting = Waiting { removed: removed.clone(), asked: Arc::clone(&ask.msg) };
        let mut open = self.0.lock();
        if open.len() >= session.settings().open_asks && !open.contains_key(&ask.msg.id) {
            return Err(Error::TooManyAsks { open: open.len() });
        }
        open.insert(Arc::clone(&ask.msg.id), waiting);
        drop(open);
        let id = Arc::clone(&ask.msg.id);
        Ok(OpenAsk { session: session.clone(), id, removed, is_open: true })
    }

    /// Wakes the code that waits for the answer; gives the message that it has shown.
    fn remove(&self, id: &str) -> Option<Arc<MessageDict>> {
        let waiting = self.0.lock().remove(id)?;
        waiting.removed.cancel();
        Some(waiting.asked)
    }
}

/// One question that waits; withdraws it in the page when it is dropped while open.
struct OpenAsk {
    session: Session,
    id: Arc<str>,
    removed: CancellationToken,
    is_open: bool,
}

impl OpenAsk {
    /// The user's answer; `None` when the question was removed.
    async fn answer(&mut self, ask: &AskMessage) -> Result<Option<Message>, Error> {
        let event = ServerEvent::Ask(ask);
        loop {
            let answer = self.session.emitter().request(&event);
            let Some(answer) = self.removed.run_until_cancelled(answer).await else {
                return Ok(None);
            };
            let value = answer.map_err(|_| Error::ChatEnded)?;
            let message = serde_json::from_value::<ClientStep>(value)
                .map_err(Error::from)
                .and_then(|step| Message::from_client(&self.session, step));
            match message {
                Ok(message) => {
                    let dict = Arc::new(message.to_dict(&self.session));
                    self.session.keep_in_chat_context(Arc::clone(&dict), Vec::new());
                    self.session
                        .emitter()
                        .remember(&ServerEvent::NewMessage(AnyStep::Message(&dict)));
                    return Ok(Some(message));
                }
                Err(error) => {
                    // The client is at fault and has used up its acknowledgement: ask again.
                    tracing::debug!(%error, "an ask was answered with no message");
                    let text = format!("That answer could not be read: {error}");
                    self.session
                        .emitter()
                        .emit(&ServerEvent::Toast { message: &text, kind: "error" });
                }
            }
        }
    }

    fn close(&mut self, withdraw: bool) {
        if std::mem::take(&mut self.is_open) {
            self.session.asks().0.lock().remove(&self.id);
            if withdraw {
                self.session.emitter().emit(&ServerEvent::ClearAsk);
            }
        }
    }
}

impl Drop for OpenAsk {
    fn drop(&mut self) {
        self.close(true);
    }
}
