use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::question::{DEFAULT_TIMEOUT, Kind, Question, question_methods};
use crate::context::Context;
use crate::element::CustomElement;
use crate::error::Error;
use crate::session::Session;
use crate::shortened::shortened;
use crate::wire::{AnyStep, AskKind, MessageDict, ServerEvent};

/// What the user did with the element of an [`AskElementMessage`].
///
/// ```
/// use chainlit as cl;
///
/// assert_eq!(cl::ElementAnswer::Submitted(7).submitted(), Some(7));
/// assert_eq!(cl::ElementAnswer::<u8>::Cancelled.submitted(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElementAnswer<T> {
    /// Filled it in: the element's props as they were then, read as `T`.
    Submitted(T),
    /// Wants to give no answer.
    Cancelled,
}

impl<T> ElementAnswer<T> {
    /// What was filled in; `None` when the user cancelled.
    #[must_use]
    pub fn submitted(self) -> Option<T> {
        match self {
            Self::Submitted(value) => Some(value),
            Self::Cancelled => None,
        }
    }
}

/// A question that is answered by a [`CustomElement`]: a form of the application's own, in
/// `public/elements`. It submits what was filled in by `submitElement`, or calls `cancelElement`.
///
/// ```no_run
/// # async fn ask() -> chainlit::Result {
/// use chainlit as cl;
///
/// #[derive(serde::Deserialize)]
/// struct Ticket {
///     title: String,
///     urgent: bool,
/// }
///
/// let form = cl::CustomElement::new("TicketForm").prop("title", "").prop("urgent", false);
/// let question = cl::AskElementMessage::new("What happened?", form);
/// match question.send::<Ticket>().await? {
///     Some(cl::ElementAnswer::Submitted(ticket)) => cl::Message::new(ticket.title).send().await?,
///     Some(cl::ElementAnswer::Cancelled) => cl::Message::new("Another time.").send().await?,
///     None => cl::Message::new("The form is closed.").send().await?,
/// }
/// # Ok(()) }
/// ```
///
/// What the browser sends is read as the type that [`send`](Self::send) names; what does not fit is
/// not taken, the user is told and may answer again. When the question is over the element goes.
///
/// The question is part of the session: it survives a dropped connection and a reload with its
/// element, is answered once, and ends with Stop.
///
/// Follows [`cl.AskElementMessage`](https://docs.chainlit.io/api-reference/ask/ask-for-element).
/// There a cancelled form is the answer `{"submitted": false}`.
#[derive(Clone, Debug)]
#[must_use = "a question is asked by its `send`"]
pub struct AskElementMessage {
    question: Question,
    element: CustomElement,
}

impl AskElementMessage {
    /// A question with that element that waits for 90 s.
    pub fn new(content: impl Into<String>, element: CustomElement) -> Self {
        Self { question: Question::new(content, DEFAULT_TIMEOUT), element }
    }

    question_methods!();

    /// Asks, and waits for the answer; `None` when the time is over or the question was
    /// [removed](Self::remove), or the server goes down.
    ///
    /// # Errors
    ///
    /// [`Error::AskTimeout`] with [`raise_on_timeout`](Self::raise_on_timeout);
    /// [`Error::TooManyAsks`] when as many are open as the configuration allows
    /// (`limits.asks_per_session`); those of [`Element::send`](crate::Element::send) when the
    /// element can't be shown; [`Error::ChatEnded`].
    ///
    /// # Panics
    ///
    /// Outside of a handler, like [`Context::current`].
    ///
    /// # Cancel safety
    ///
    /// Dropped while it waits, the question and its element are withdrawn in the page.
    pub async fn send<T: DeserializeOwned>(&self) -> Result<Option<ElementAnswer<T>>, Error> {
        let session = Context::current().session().clone();
        let mut form = Form::<T> { session, element: self.element.clone(), answer: PhantomData };
        form.element.keep_content(&form.session).await?;
        self.question.ask(form).await
    }
}

struct Form<T> {
    session: Session,
    element: CustomElement,
    answer: PhantomData<fn() -> T>,
}

/// The content is there as long as it is asked for, or tried to.
impl<T> Drop for Form<T> {
    fn drop(&mut self) {
        self.element.drop_content(&self.session);
    }
}

impl<T: DeserializeOwned> Kind for Form<T> {
    type Answer = ElementAnswer<T>;

    fn spec(&self) -> AskKind {
        AskKind::Element { element_id: self.element.id.as_str().into() }
    }

    fn show(&mut self, context: &Context, asked: &Arc<MessageDict>) {
        // The message itself comes with the `ask`; a client that comes back in between needs it.
        context.emitter().remember(&ServerEvent::NewMessage(AnyStep::Message(asked)));
        self.element.show(context.session(), &asked.id);
    }

    fn hide(&self, session: &Session) {
        self.element.take_away(session);
    }

    fn read(&mut self, _session: &Session, mut value: Value) -> Result<Self::Answer, Error> {
        let submitted = value.as_object_mut().and_then(|props| props.remove("submitted"));
        match submitted {
            Some(Value::Bool(true)) => {}
            Some(Value::Bool(false)) => return Ok(ElementAnswer::Cancelled),
            _ => {
                let text = "it does not say whether the form was submitted".to_owned();
                return Err(Error::Refused(text));
            }
        }
        serde_path_to_error::deserialize(value).map(ElementAnswer::Submitted).map_err(|error| {
            // The component and the type disagree, or somebody tries things: who maintains the
            // application wants to know.
            let (element, error) = (&self.element.name, shortened(error));
            tracing::warn!(error, element, "what an element submitted does not fit");
            Error::Refused(error)
        })
    }

    fn interaction<'a>(&'a self, _answer: &'a Self::Answer) -> Cow<'a, str> {
        Cow::Borrowed("custom_element")
    }

    fn conclusion(&self, answer: Option<&Self::Answer>) -> Option<String> {
        let text = match answer {
            Some(ElementAnswer::Submitted(_)) => "Thanks for submitting",
            Some(ElementAnswer::Cancelled) => "Cancelled",
            None => "Timed out",
        };
        Some(text.to_owned())
    }
}
