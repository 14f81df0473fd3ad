//! The conversation so far, as a model wants to read it.
//!
//! Every message that is sent, and every message of the user, is kept here in order.
//!
//! ```
//! use chainlit_core::{Context, Message, Session, chat_context};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! Context::new(Session::http("s1").build())
//!     .scope(async {
//!         Message::new("Hello").send().await?;
//!         let history = serde_json::to_value(chat_context::to_openai())?;
//!         assert_eq!(history, serde_json::json!([{ "role": "assistant", "content": "Hello" }]));
//!         Ok::<(), chainlit_core::BoxError>(())
//!     })
//!     .await
//!     .unwrap();
//! # }
//! ```
//!
//! Follows [`cl.chat_context`](https://docs.chainlit.io/concepts/chat-lifecycle). Different from
//! there, it ends with the chat, is bounded
//! ([`SessionSettings::chat_context_bytes`](crate::SessionSettings)), and a message that was sent
//! twice is in it once.

use std::collections::VecDeque;

use serde::Serialize;

use crate::context::Context;
use crate::message::{Message, MessageType};
use crate::session::Session;
use crate::wire::json_bytes;

/// The messages of the conversation, oldest first.
///
/// # Panics
///
/// Outside of a handler, like [`Context::current`]; so do the other functions here.
#[must_use]
#[track_caller]
pub fn get() -> Vec<Message> {
    Context::current().session().chat_context().into_messages()
}

/// Adds a message, or replaces the one with the same id.
#[track_caller]
pub fn add(message: &Message) {
    Context::current().session().add_to_chat_context(message);
}

/// Removes a message; says whether it was there.
#[track_caller]
pub fn remove(message: &Message) -> bool {
    Context::current().session().history().lock().remove(&message.id)
}

/// Forgets the conversation. The browser still shows it.
#[track_caller]
pub fn clear() {
    Context::current().session().history().lock().clear();
}

/// The conversation in the shape that OpenAI's chat API and its many relatives take.
#[must_use]
#[track_caller]
pub fn to_openai() -> Vec<OpenAiMessage> {
    Context::current().session().chat_context().to_openai()
}

/// The conversation at the time the event came, as an argument of a handler.
#[derive(Clone, Debug, Default)]
pub struct ChatContext(Vec<Message>);

impl ChatContext {
    /// The messages, oldest first.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.0
    }

    /// The messages, oldest first.
    #[must_use]
    pub fn into_messages(self) -> Vec<Message> {
        self.0
    }

    /// The conversation in the shape that OpenAI's chat API and its many relatives take.
    #[must_use]
    pub fn to_openai(&self) -> Vec<OpenAiMessage> {
        self.0
            .iter()
            .map(|message| OpenAiMessage {
                role: match message.kind {
                    MessageType::User => "user",
                    MessageType::Assistant => "assistant",
                    MessageType::System => "system",
                },
                content: message.content.clone(),
            })
            .collect()
    }
}

/// One message of [`to_openai`]: `{"role": "user", "content": "Hi"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OpenAiMessage {
    /// `user`, `assistant` or `system`.
    pub role: &'static str,
    /// The text.
    pub content: String,
}

impl Session {
    /// The conversation so far.
    #[must_use]
    pub fn chat_context(&self) -> ChatContext {
        ChatContext(self.history().lock().messages.iter().cloned().collect())
    }

    /// Adds a message to the conversation, or replaces the one with the same id.
    pub fn add_to_chat_context(&self, message: &Message) {
        let limit = self.settings().chat_context_bytes;
        self.history().lock().upsert(message.clone(), limit);
    }

    // For the server, which tells the page too.
    #[doc(hidden)]
    /// Cuts the conversation after the user's message with that id and gives that message and the
    /// later ones, oldest first; `None` when the user has sent none with that id.
    #[must_use]
    pub fn truncate_chat_context(&self, id: &str) -> Option<(Message, Vec<Message>)> {
        self.history().lock().truncate_after(id)
    }
}

/// The kept messages and how many bytes of text they hold.
#[derive(Debug, Default)]
pub(crate) struct History {
    messages: VecDeque<Message>,
    bytes: usize,
}

impl History {
    fn upsert(&mut self, message: Message, limit: usize) {
        self.bytes += weight(&message);
        match self.messages.iter_mut().rev().find(|known| known.id == message.id) {
            Some(known) => {
                self.bytes -= weight(known);
                *known = message;
            }
            None => self.messages.push_back(message),
        }
        while self.bytes > limit && self.messages.len() > 1 {
            if let Some(oldest) = self.messages.pop_front() {
                self.bytes -= weight(&oldest);
            }
        }
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let Some(index) = self.messages.iter().position(|message| message.id == id) else {
            return false;
        };
        if let Some(message) = self.messages.remove(index) {
            self.bytes -= weight(&message);
        }
        true
    }

    fn truncate_after(&mut self, id: &str) -> Option<(Message, Vec<Message>)> {
        let index = self
            .messages
            .iter()
            .position(|message| message.id == id && message.kind == MessageType::User)?;
        let later: Vec<Message> = self.messages.drain(index + 1..).collect();
        self.bytes -= later.iter().map(weight).sum::<usize>();
        Some((self.messages[index].clone(), later))
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Roughly the bytes of memory that a message holds.
fn weight(message: &Message) -> usize {
    500 + message.content.len() + 16 * json_bytes(&message.metadata)
}
