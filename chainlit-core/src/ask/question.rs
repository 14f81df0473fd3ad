//! What questions of every kind do: ask, wait, and tell the page how it ended.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use super::open::Ticket;
use crate::context::Context;
use crate::error::Error;
use crate::message::Message;
use crate::session::Session;
use crate::shortened::shortened;
use crate::wire::{AnyStep, AskKind, AskMessage, AskSpec, MessageDict, ServerEvent};

/// Seconds that stand for "no timeout" on the wire: a hundred years.
const FOREVER_SECONDS: u64 = 100 * 365 * 24 * 60 * 60;

/// How long a question for text waits when nothing else is said, as with Chainlit.
pub(super) const TEXT_TIMEOUT: Duration = Duration::from_secs(60);

/// The same of a question of any other kind.
pub(super) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(90);

/// What tells one kind of question from another.
pub(super) trait Kind {
    /// What the user's answer is to the application.
    type Answer;

    /// Whether the page hears of the first interaction only when the question is closed.
    const IS_NOTED_LATE: bool = false;

    /// The kind on the wire.
    fn spec(&self) -> AskKind;

    /// Shows what the answer is given by. `asked` is in no client yet.
    fn show(&mut self, context: &Context, asked: &Arc<MessageDict>) {
        let _ = (context, asked);
    }

    /// Takes away what [`show`](Self::show) has shown.
    fn hide(&self, session: &Session) {
        let _ = session;
    }

    /// Reads what the client answered; the error is told to the user, who may answer again.
    fn read(&mut self, session: &Session, value: serde_json::Value) -> Result<Self::Answer, Error>;

    /// What the user did, in a word.
    fn interaction<'a>(&'a self, answer: &'a Self::Answer) -> Cow<'a, str>;

    /// What the asking message says from now on; `None` when it stays. There is no answer when the
    /// time is over.
    fn conclusion(&self, answer: Option<&Self::Answer>) -> Option<String> {
        let _ = answer;
        None
    }
}

/// The asking message, and how long it waits.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) message: Message,
    pub(super) timeout: Option<Duration>,
    pub(super) raise_on_timeout: bool,
}

/// How a question ended.
enum End<A> {
    Answered(A),
    TimedOut,
    Removed,
    /// Nobody will answer: the server goes down.
    GivenUp,
}

impl Question {
    pub(super) fn new(content: impl Into<String>, timeout: Duration) -> Self {
        Self { message: Message::new(content), timeout: Some(timeout), raise_on_timeout: false }
    }

    /// Asks, and waits for the answer; `None` when there will be none.
    pub(super) async fn ask<K: Kind>(&self, kind: K) -> Result<Option<K::Answer>, Error> {
        let context = Context::current();
        context.room().await?;
        let mut message = self.message.clone();
        message.introduce(&context).await;
        let session = context.session();
        let dict = MessageDict { wait_for_answer: true, ..message.to_dict(session) };
        let spec = AskSpec {
            timeout: self
                .timeout
                .map_or(FOREVER_SECONDS, |timeout| timeout.as_secs_f64().ceil() as u64),
            kind: kind.spec(),
            step_id: Arc::clone(&dict.id),
        };
        let ask = Arc::new(AskMessage { spec, msg: Arc::new(dict) });
        let ticket = session.asks().open(&ask, session.settings().open_asks)?;
        let session = session.clone();
        let mut asking = Asking { session, ask, ticket, kind, is_open: true };
        asking.kind.show(&context, &asking.ask.msg);
        let answer = asking.answer();
        let end = match self.timeout {
            Some(limit) => match tokio::time::timeout(limit, answer).await {
                Ok(end) => end?,
                Err(_) => End::TimedOut,
            },
            None => answer.await?,
        };
        asking.finish(&end, message);
        match (end, self.timeout) {
            (End::Answered(answer), _) => Ok(Some(answer)),
            (End::TimedOut, Some(timeout)) if self.raise_on_timeout => {
                Err(Error::AskTimeout { timeout })
            }
            _ => Ok(None),
        }
    }

    /// Takes the question back.
    pub(super) async fn remove(&self) -> Result<(), Error> {
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

/// One question that waits; withdraws it in the page when it is dropped while open.
struct Asking<K: Kind> {
    session: Session,
    ask: Arc<AskMessage>,
    ticket: Ticket,
    kind: K,
    is_open: bool,
}

impl<K: Kind> Asking<K> {
    /// Asks until there is an answer that can be read, or the question is taken back.
    async fn answer(&mut self) -> Result<End<K::Answer>, Error> {
        let event = ServerEvent::Ask(&self.ask);
        loop {
            let answer = self.session.emitter().request(&event);
            let Some(answer) = self.ticket.over.run_until_cancelled(answer).await else {
                let is_given_up = self.session.asks().is_closed();
                return Ok(if is_given_up { End::GivenUp } else { End::Removed });
            };
            let value = answer.map_err(|_| Error::ChatEnded)?;
            match self.kind.read(&self.session, value) {
                Ok(answer) => return Ok(End::Answered(answer)),
                Err(error) => {
                    // The client has used up its acknowledgement: it is asked again.
                    let text = shortened(format_args!("That answer can't be taken: {error}"));
                    tracing::debug!(text, "an ask was answered with something else");
                    let toast = ServerEvent::Toast { message: &text, kind: "error" };
                    self.session.emitter().emit(&toast);
                }
            }
        }
    }

    /// Tells the page how the question ended.
    fn finish(&mut self, end: &End<K::Answer>, mut message: Message) {
        self.close();
        let emitter = self.session.emitter();
        let answer = match end {
            End::Answered(answer) => {
                let interaction = self.kind.interaction(answer);
                emitter.emit(&ServerEvent::TaskEnd);
                if !K::IS_NOTED_LATE {
                    self.session.note_interaction(&interaction);
                }
                emitter.emit(&ServerEvent::ClearAsk);
                if K::IS_NOTED_LATE {
                    self.session.note_interaction(&interaction);
                }
                Some(answer)
            }
            End::TimedOut => {
                emitter.emit(&ServerEvent::AskTimeout);
                None
            }
            End::Removed => return self.kind.hide(&self.session),
            End::GivenUp => {
                emitter.emit(&ServerEvent::ClearAsk);
                emitter.emit(&ServerEvent::TaskStart);
                return self.kind.hide(&self.session);
            }
        };
        emitter.emit(&ServerEvent::TaskStart);
        self.kind.hide(&self.session);
        if let Some(content) = self.kind.conclusion(answer) {
            message.content = content;
            let dict = Arc::new(message.to_dict(&self.session));
            self.session.keep_in_chat_context(Arc::clone(&dict), Vec::new());
            emitter.emit(&ServerEvent::UpdateMessage(AnyStep::Message(&dict)));
        }
    }

    /// Forgets the question; true when it was open.
    fn close(&mut self) -> bool {
        self.session.asks().close(&self.ticket);
        std::mem::take(&mut self.is_open)
    }
}

impl<K: Kind> Drop for Asking<K> {
    fn drop(&mut self) {
        if self.close() {
            self.session.emitter().emit(&ServerEvent::ClearAsk);
            self.kind.hide(&self.session);
        }
    }
}

/// The methods that all questions have.
macro_rules! question_methods {
    () => {
        /// Sets the author; the assistant's name otherwise.
        pub fn author(mut self, author: impl Into<String>) -> Self {
            self.question.message = self.question.message.author(author);
            self
        }

        /// Sets how long to wait for the answer. `None` waits as long as the chat lives.
        pub fn timeout(mut self, timeout: impl Into<Option<std::time::Duration>>) -> Self {
            self.question.timeout = timeout.into();
            self
        }

        /// Makes a missing answer an error instead of `None`.
        pub fn raise_on_timeout(mut self, raise: bool) -> Self {
            self.question.raise_on_timeout = raise;
            self
        }

        /// Id of the asking message.
        #[must_use]
        pub fn id(&self) -> &str {
            &self.question.message.id
        }

        /// Takes the question back, also while it waits elsewhere: it then gives `None`.
        ///
        /// # Errors
        ///
        /// [`Error::ChatEnded`].
        ///
        /// # Cancel safety
        ///
        /// Dropped before it is ready, the question is still open.
        pub async fn remove(&self) -> Result<(), Error> {
            self.question.remove().await
        }
    };
}
pub(super) use question_methods;
