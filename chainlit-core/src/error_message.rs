//! What went wrong, told to the user.

use crate::error::Error;
use crate::message::Message;

/// A message that is shown as an error.
///
/// ```
/// use chainlit as cl;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// cl::ErrorMessage::new("The search is down.").send().await?;
/// # Ok::<(), cl::BoxError>(()) }).await.unwrap();
/// # }
/// ```
///
/// Follows Chainlit's `cl.ErrorMessage`.
#[derive(Clone, Debug)]
#[must_use = "a message is shown by its `send`"]
pub struct ErrorMessage(Message);

impl ErrorMessage {
    /// An error with that text. Nothing is sent yet.
    pub fn new(content: impl Into<String>) -> Self {
        let mut message = Message::new(content);
        message.is_error = true;
        Self(message)
    }

    /// Sets the author; the assistant's name otherwise.
    pub fn author(self, author: impl Into<String>) -> Self {
        Self(self.0.author(author))
    }

    /// Id of the message.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The text.
    #[must_use]
    pub fn content(&self) -> &str {
        &self.0.content
    }

    /// Changes the text; [`update`](Self::update) shows it.
    pub fn set_content(&mut self, content: impl Into<String>) {
        self.0.content = content.into();
    }

    /// Shows it. See [`Message::send`].
    ///
    /// # Errors
    ///
    /// Those of [`Message::send`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent.
    pub async fn send(&mut self) -> Result<(), Error> {
        self.0.send().await
    }

    /// Shows its present text. See [`Message::update`].
    ///
    /// # Errors
    ///
    /// Those of [`Message::update`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent.
    pub async fn update(&mut self) -> Result<(), Error> {
        self.0.update().await
    }

    /// Removes it. See [`Message::remove`].
    ///
    /// # Errors
    ///
    /// Those of [`Message::remove`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was removed.
    pub async fn remove(&mut self) -> Result<(), Error> {
        self.0.remove().await
    }
}
