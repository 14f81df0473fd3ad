//! Text that comes piece by piece.

use std::borrow::Cow;
use std::sync::Arc;

use crate::error::BoxError;
use crate::message::Message;
use crate::session::Session;
use crate::wire::{AnyStep, ServerEvent};

/// One item of a stream of text: a string, or a result of one.
///
/// ```
/// use chainlit_core::StreamItem;
///
/// assert_eq!("Hi".into_token().unwrap().as_ref(), "Hi");
/// assert!(Err::<String, _>("out of memory").into_token().is_err());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no piece of text",
    label = "items must be strings or `Result<impl AsRef<str>, E>`",
    note = "map the stream first: `stream.map(|item| item.text)`"
)]
pub trait StreamItem {
    /// The text, or why there is none.
    ///
    /// # Errors
    ///
    /// The item's own error.
    fn into_token(self) -> Result<Cow<'static, str>, BoxError>;
}

impl StreamItem for String {
    fn into_token(self) -> Result<Cow<'static, str>, BoxError> {
        Ok(Cow::Owned(self))
    }
}

impl StreamItem for &str {
    fn into_token(self) -> Result<Cow<'static, str>, BoxError> {
        Ok(Cow::Owned(self.to_owned()))
    }
}

impl StreamItem for Cow<'static, str> {
    fn into_token(self) -> Result<Cow<'static, str>, BoxError> {
        Ok(self)
    }
}

impl StreamItem for Arc<str> {
    fn into_token(self) -> Result<Cow<'static, str>, BoxError> {
        Ok(Cow::Owned(self.as_ref().to_owned()))
    }
}

impl<T: AsRef<str>, E: Into<BoxError>> StreamItem for Result<T, E> {
    fn into_token(self) -> Result<Cow<'static, str>, BoxError> {
        self.map(|text| Cow::Owned(text.as_ref().to_owned())).map_err(Into::into)
    }
}

/// The open end of a streamed message.
///
/// Closes the message in the page when it is dropped while open: a handler that was stopped or
/// failed never gets to say so itself.
#[derive(Debug, Default)]
pub(crate) struct OpenStream(Option<Box<State>>);

#[derive(Debug)]
struct State {
    session: Session,
    message: Message,
}

impl OpenStream {
    /// Appends or replaces; false when no stream is open.
    pub(crate) fn push(&mut self, piece: &str, is_sequence: bool) -> bool {
        let Some(state) = &mut self.0 else { return false };
        if is_sequence {
            state.message.content.clear();
        }
        state.message.content.push_str(piece);
        true
    }

    pub(crate) fn open(&mut self, session: Session, message: Message) {
        self.0 = Some(Box::new(State { session, message }));
    }

    /// The message itself tells the page: nothing is left to do at the drop.
    pub(crate) fn close(&mut self) {
        self.0 = None;
    }
}

/// A copy of a message does not own its stream.
impl Clone for OpenStream {
    fn clone(&self) -> Self {
        Self(None)
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        if let Some(state) = self.0.take() {
            let State { session, message } = *state;
            session.add_to_chat_context(&message);
            let dict = message.to_dict(&session);
            session.emitter().emit(&ServerEvent::UpdateMessage(AnyStep::Message(&dict)));
        }
    }
}
