use std::borrow::Cow;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::question::{DEFAULT_TIMEOUT, Kind, Question, question_methods};
use crate::action::Action;
use crate::context::Context;
use crate::error::Error;
use crate::session::Session;
use crate::wire::{AnyStep, AskKind, MessageDict, ServerEvent};

/// A question that is answered by a button.
///
/// ```no_run
/// # async fn ask() -> chainlit::Result {
/// use chainlit as cl;
/// use serde_json::json;
///
/// let question = cl::AskActionMessage::new(
///     "Delete all 214 files?",
///     [
///         cl::Action::new("delete", json!({})).label("Delete").icon("trash"),
///         cl::Action::new("keep", json!({})).label("Keep"),
///     ],
/// );
/// if question.send().await?.is_some_and(|chosen| chosen.name == "delete") {
///     cl::Message::new("Deleting.").send().await?;
/// }
/// # Ok(()) }
/// ```
///
/// The answer is one of the actions that were given here, with the payload that it has here: what
/// the browser sends only says which. The actions need no `action_callback`. When the question is
/// over its buttons go, and the message says what was chosen.
///
/// The question is part of the session: it survives a dropped connection and a reload with its
/// buttons, is answered once, and ends with Stop.
///
/// Follows [`cl.AskActionMessage`](https://docs.chainlit.io/api-reference/ask/ask-for-action).
/// There the browser's copy of the action is the answer, whatever it holds, and the buttons of a
/// question that ended with an error stay.
#[derive(Clone, Debug)]
#[must_use = "a question is asked by its `send`"]
pub struct AskActionMessage {
    question: Question,
    actions: Vec<Action>,
}

impl AskActionMessage {
    /// A question with these buttons that waits for 90 s.
    pub fn new(content: impl Into<String>, actions: impl IntoIterator<Item = Action>) -> Self {
        let question = Question::new(content, DEFAULT_TIMEOUT);
        Self { question, actions: actions.into_iter().collect() }
    }

    /// Adds a button.
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    /// Adds buttons.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let rooms = (1..=3).map(|room| cl::Action::new("room", room).label(format!("Room {room}")));
    /// let nowhere = cl::Action::new("nowhere", 0);
    /// let question = cl::AskActionMessage::new("Where?", [nowhere]).actions(rooms);
    /// # let _ = question;
    /// ```
    pub fn actions(mut self, actions: impl IntoIterator<Item = Action>) -> Self {
        self.actions.extend(actions);
        self
    }

    question_methods!();

    /// Asks, and waits for the answer: the chosen action, or `None` when the time is over or the
    /// question was [removed](Self::remove), or the server goes down.
    ///
    /// # Errors
    ///
    /// [`Error::AskTimeout`] with [`raise_on_timeout`](Self::raise_on_timeout);
    /// [`Error::TooManyAsks`] when as many are open as the configuration allows
    /// (`limits.asks_per_session`); [`Error::Definition`] when there is no action to choose;
    /// [`Error::ChatEnded`].
    ///
    /// # Panics
    ///
    /// Outside of a handler, like [`Context::current`].
    ///
    /// # Cancel safety
    ///
    /// Dropped while it waits, the question and its buttons are withdrawn in the page.
    pub async fn send(&self) -> Result<Option<Action>, Error> {
        self.send_as().await
    }

    /// The same with the payload as a type.
    ///
    /// ```no_run
    /// # async fn ask() -> chainlit::Result {
    /// use chainlit as cl;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// enum Size { Small, Large }
    ///
    /// let question = cl::AskActionMessage::new(
    ///     "Which size?",
    ///     [
    ///         cl::Action::typed("size", &Size::Small)?.label("Small"),
    ///         cl::Action::typed("size", &Size::Large)?.label("Large"),
    ///     ],
    /// );
    /// match question.send_as::<Size>().await?.map(|chosen| chosen.payload) {
    ///     Some(Size::Small) => { /* .. */ }
    ///     Some(Size::Large) => { /* .. */ }
    ///     None => { /* nobody answered */ }
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send); [`Error::Payload`] when a payload is no `T`: then nothing is
    /// asked.
    ///
    /// # Panics
    ///
    /// Outside of a handler, like [`Context::current`].
    ///
    /// # Cancel safety
    ///
    /// Dropped while it waits, the question and its buttons are withdrawn in the page.
    pub async fn send_as<T: DeserializeOwned>(&self) -> Result<Option<Action<T>>, Error> {
        if self.actions.is_empty() {
            return Err(Error::Definition {
                what: format!("question {:?}", self.question.message.content),
                field: "actions",
                problem: "must have at least one action to choose".to_owned(),
            });
        }
        let read = self.actions.iter().map(Action::read).collect::<Result<Vec<_>, _>>()?;
        self.question.ask(Choice { offered: self.actions.clone(), read }).await
    }
}

struct Choice<T> {
    /// The actions as the page gets them.
    offered: Vec<Action>,
    /// The same, in the same order, as the application gets them.
    read: Vec<Action<T>>,
}

impl<T> Kind for Choice<T> {
    type Answer = Action<T>;

    fn spec(&self) -> AskKind {
        AskKind::Action { keys: self.offered.iter().map(|action| action.id.clone()).collect() }
    }

    fn show(&mut self, context: &Context, asked: &Arc<MessageDict>) {
        // The message itself comes with the `ask`; a client that comes back in between needs it.
        context.emitter().remember(&ServerEvent::NewMessage(AnyStep::Message(asked)));
        for (shown, read) in self.offered.iter_mut().zip(&mut self.read) {
            shown.show(context, &asked.id);
            read.for_id.clone_from(&shown.for_id);
        }
    }

    fn hide(&self, session: &Session) {
        for action in &self.offered {
            session.emitter().emit(&ServerEvent::RemoveAction(&action.to_dict()));
        }
    }

    /// The client names the action; all else is the server's own copy.
    fn read(&mut self, _session: &Session, value: Value) -> Result<Action<T>, Error> {
        let id = value.get("id").and_then(Value::as_str);
        let place = self.read.iter().position(|action| id == Some(&action.id));
        match place {
            Some(place) => Ok(self.read.swap_remove(place)),
            None => Err(Error::Refused("it is none of the choices".to_owned())),
        }
    }

    fn interaction<'a>(&'a self, answer: &'a Action<T>) -> Cow<'a, str> {
        Cow::Borrowed(&answer.name)
    }

    fn conclusion(&self, answer: Option<&Action<T>>) -> Option<String> {
        Some(match answer {
            Some(action) if action.label.is_empty() => format!("**Selected:** {}", action.name),
            Some(action) => format!("**Selected:** {}", action.label),
            None => "Timed out: no action was taken".to_owned(),
        })
    }
}
