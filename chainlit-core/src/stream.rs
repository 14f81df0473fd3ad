//! Text that comes piece by piece.

use std::borrow::Cow;
use std::sync::Arc;

use crate::action::Action;
use crate::error::BoxError;
use crate::session::Session;
use crate::wire::{AnyStep, MessageDict, ServerEvent};

/// One item of a stream of text: a string, or a result of one.
///
/// ```
/// use chainlit::StreamItem;
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
    /// The message as it was opened.
    opened: Arc<MessageDict>,
    actions: Vec<Action>,
    /// The text so far, where the emitter does not have it.
    text: Option<String>,
}

impl OpenStream {
    /// Opens the message in the page.
    pub(crate) fn open(&mut self, session: &Session, dict: MessageDict, actions: Vec<Action>) {
        let emitter = session.emitter();
        let opened = Arc::new(dict);
        emitter.emit(&ServerEvent::StreamStart(AnyStep::Message(&opened)));
        let text = emitter.shown(&opened.id).is_none().then(|| opened.output.clone());
        self.0 = Some(Box::new(State { session: session.clone(), opened, actions, text }));
    }

    /// Whether the message is open in the page.
    pub(crate) fn is_open(&self) -> bool {
        self.0.is_some()
    }

    /// Appends or replaces; false when no stream is open.
    pub(crate) fn push(&mut self, piece: &str, is_sequence: bool) -> bool {
        let Some(state) = &mut self.0 else { return false };
        if let Some(text) = &mut state.text {
            if is_sequence {
                text.clear();
            }
            text.push_str(piece);
        }
        let id = &state.opened.id;
        let token = ServerEvent::StreamToken { id, token: piece, is_sequence, is_input: false };
        state.session.emitter().emit(&token);
        true
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
        let Some(state) = self.0.take() else { return };
        let State { session, opened, actions, text } = *state;
        let dict = match text {
            Some(output) => MessageDict { output, ..MessageDict::clone(&opened) },
            // Somebody has removed it.
            None => match session.emitter().shown(&opened.id) {
                Some(dict) => Arc::unwrap_or_clone(dict),
                None => return,
            },
        };
        let dict = Arc::new(MessageDict { streaming: false, ..dict });
        session.keep_in_chat_context(Arc::clone(&dict), actions);
        session.emitter().emit(&ServerEvent::UpdateMessage(AnyStep::Message(&dict)));
    }
}
