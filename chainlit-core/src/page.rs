//! What an application tells the page beside messages: notices, counts, and the window around it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::event::{EventContext, OnWindowMessage};
use crate::extract::{FromEvent, misfit};
use crate::outcome::Json;
use crate::wire::ServerEvent;

/// What kind of notice a toast is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ToastKind {
    /// A piece of news.
    #[default]
    Info,
    /// Something went well.
    Success,
    /// Something may go wrong.
    Warning,
    /// Something went wrong.
    Error,
}

impl ToastKind {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Shows a short notice that goes away by itself.
///
/// It is no part of the conversation: a page that was reloaded does not show it again.
///
/// Chainlit's `cl.context.emitter.send_toast`.
///
/// ```
/// use chainlit as cl;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// cl::send_toast("Saved.", cl::ToastKind::Success).await?;
/// # Ok::<(), cl::BoxError>(()) }).await.unwrap();
/// # }
/// ```
///
/// # Errors
///
/// [`Error::ChatEnded`].
///
/// # Panics
///
/// Outside of a handler, like [`Context::current`]; so do the other functions here.
///
/// # Cancel safety
///
/// Dropped before it is ready, nothing was sent.
pub async fn send_toast(message: impl AsRef<str>, kind: ToastKind) -> Result<(), Error> {
    send(&ServerEvent::Toast { message: message.as_ref(), kind: kind.as_str() }).await
}

/// Says something to the window that the page is embedded in: there it is a `message` event with the
/// value as its `data`.
///
/// Chainlit's `cl.send_window_message`. The other direction is `on_window_message`.
///
/// ```
/// use chainlit as cl;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// cl::send_window_message(&serde_json::json!({ "height": 600 })).await?;
/// # Ok::<(), cl::BoxError>(()) }).await.unwrap();
/// # }
/// ```
///
/// # Errors
///
/// [`Error::Json`] when the value can't be written as JSON; [`Error::ChatEnded`].
///
/// # Cancel safety
///
/// Dropped before it is ready, nothing was sent.
pub async fn send_window_message(data: &impl Serialize) -> Result<(), Error> {
    let data = serde_json::to_value(data).map_err(Error::Json)?;
    send(&ServerEvent::WindowMessage(&data)).await
}

/// Adds to the number of tokens that the page counts.
///
/// Chainlit's `cl.context.emitter.update_token_count`. Pages that show no number ignore it.
///
/// ```
/// # use chainlit as cl;
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// cl::update_token_count(250).await?;
/// # Ok::<(), cl::BoxError>(()) }).await.unwrap();
/// # }
/// ```
///
/// # Errors
///
/// [`Error::ChatEnded`].
///
/// # Cancel safety
///
/// Dropped before it is ready, nothing was sent.
pub async fn update_token_count(count: u64) -> Result<(), Error> {
    send(&ServerEvent::TokenUsage(count)).await
}

async fn send(event: &ServerEvent<'_>) -> Result<(), Error> {
    let context = Context::current();
    context.room().await?;
    context.emitter().emit(event);
    Ok(())
}

impl FromEvent<OnWindowMessage> for Value {
    async fn from_event(event: &EventContext<OnWindowMessage>) -> Result<Self> {
        Ok(event.payload().clone())
    }
}

impl<T: DeserializeOwned> FromEvent<OnWindowMessage> for Json<T> {
    async fn from_event(event: &EventContext<OnWindowMessage>) -> Result<Self> {
        serde_path_to_error::deserialize(event.payload()).map(Json).map_err(|error| {
            let problem = misfit::<T>("the window's message", error);
            Error::Argument(format!("{problem}; send one of that shape, or take a `Value`")).into()
        })
    }
}
