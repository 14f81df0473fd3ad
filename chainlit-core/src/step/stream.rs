//! Input and output of a step that grow piece by piece.

use super::{Step, room};
use crate::error::Error;

impl Step {
    /// Appends a piece of text to the output; the first piece begins a stream in the page.
    ///
    /// Empty pieces do nothing. Waits while the browser is too slow to take more. The stream ends
    /// with the step, or with [`update`](Self::update).
    ///
    /// ```
    /// # use chainlit as cl;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
    /// let step = cl::Step::new("think").start().await?;
    /// step.stream_input("2 + 2").await?;
    /// step.stream_token("fo").await?;
    /// step.stream_token("ur").await?;
    /// step.end().await?;
    /// assert_eq!((step.input().as_str(), step.output().as_str()), ("2 + 2", "four"));
    /// # Ok::<_, cl::BoxError>(()) }).await.unwrap();
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, the piece was not appended.
    pub async fn stream_token(&self, token: impl AsRef<str>) -> Result<(), Error> {
        self.stream_piece(token.as_ref(), false, false).await
    }

    /// Replaces the whole output of a stream.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, the output is what it was.
    pub async fn stream_sequence(&self, content: impl AsRef<str>) -> Result<(), Error> {
        self.stream_piece(content.as_ref(), true, false).await
    }

    /// Appends a piece of text to the input, as [`stream_token`](Self::stream_token) does to the
    /// output.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, the piece was not appended.
    pub async fn stream_input(&self, token: impl AsRef<str>) -> Result<(), Error> {
        self.stream_piece(token.as_ref(), false, true).await
    }

    /// Replaces the whole input of a stream.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, the input is what it was.
    pub async fn stream_input_sequence(&self, content: impl AsRef<str>) -> Result<(), Error> {
        self.stream_piece(content.as_ref(), true, true).await
    }

    async fn stream_piece(
        &self,
        piece: &str,
        is_sequence: bool,
        is_input: bool,
    ) -> Result<(), Error> {
        if piece.is_empty() && !is_sequence {
            return Ok(());
        }
        self.introduce().await;
        room().await?;
        self.0.0.lock().stream(piece, is_sequence, is_input);
        Ok(())
    }
}
