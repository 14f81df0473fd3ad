use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use super::question::{Kind, Question, TEXT_TIMEOUT, question_methods};
use crate::command::unknown_command;
use crate::error::Error;
use crate::message::{Message, MessageType};
use crate::session::Session;
use crate::wire::{AnyStep, AskKind, ClientStep};

/// A question that is answered by text.
///
/// ```no_run
/// # async fn ask() -> chainlit::Result {
/// use chainlit as cl;
///
/// if let Some(answer) = cl::AskUserMessage::new("What is your name?").send().await? {
///     cl::Message::new(format!("Hello {}!", answer.content)).send().await?;
/// }
/// # Ok(()) }
/// ```
///
/// The question is part of the session: it survives a dropped connection and a reload, is answered
/// once, and ends with Stop.
///
/// Follows [`cl.AskUserMessage`](https://docs.chainlit.io/api-reference/ask/ask-for-input). There
/// an ask always has a timeout, is lost with the connection, and one that is removed blocks its
/// handler until the timeout.
#[derive(Clone, Debug)]
#[must_use = "a question is asked by its `send`"]
pub struct AskUserMessage {
    question: Question,
}

impl AskUserMessage {
    /// A question that waits for 60 s.
    pub fn new(content: impl Into<String>) -> Self {
        Self { question: Question::new(content, TEXT_TIMEOUT) }
    }

    /// Sets who speaks.
    pub fn kind(mut self, kind: MessageType) -> Self {
        self.question.message.kind = kind;
        self
    }

    question_methods!();

    /// Asks, and waits for the answer: the user's message, or `None` when the time is over or the
    /// question was [removed](Self::remove), or the server goes down.
    ///
    /// # Errors
    ///
    /// [`Error::AskTimeout`] with [`raise_on_timeout`](Self::raise_on_timeout);
    /// [`Error::TooManyAsks`] when as many are open as the configuration allows
    /// (`limits.asks_per_session`); [`Error::ChatEnded`].
    ///
    /// # Panics
    ///
    /// Outside of a handler, like [`Context::current`](crate::Context::current).
    ///
    /// # Cancel safety
    ///
    /// Dropped while it waits, the question is withdrawn in the page.
    pub async fn send(&self) -> Result<Option<Message>, Error> {
        self.question.ask(Text).await
    }
}

struct Text;

impl Kind for Text {
    type Answer = Message;

    const IS_NOTED_LATE: bool = true;

    fn spec(&self) -> AskKind {
        AskKind::Text
    }

    /// The answer is a message of the user like any other.
    fn read(&mut self, session: &Session, value: Value) -> Result<Message, Error> {
        let step: ClientStep = serde_json::from_value(value)
            .map_err(|error| Error::Refused(format!("it is no message: {error}")))?;
        let modes = session.chosen_modes(step.modes)?;
        let command = step.command.filter(|id| !id.is_empty());
        if let Some(id) = command.as_deref().filter(|id| !session.offers_command(id)) {
            return Err(Error::Refused(unknown_command(id)));
        }
        let message = Message::from_client(session, ClientStep { command, modes, ..step })?;
        let dict = Arc::new(message.to_dict(session));
        let is_known = session.is_in_chat_context(&dict.id);
        if is_known || !session.emitter().take(AnyStep::Message(&dict)) {
            let text = "its `id` is that of something else in this conversation";
            return Err(Error::Refused(text.to_owned()));
        }
        session.keep_in_chat_context(Arc::clone(&dict), Vec::new());
        Ok(message)
    }

    fn interaction<'a>(&'a self, answer: &'a Message) -> Cow<'a, str> {
        Cow::Borrowed(&answer.content)
    }
}
