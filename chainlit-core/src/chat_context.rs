//! The conversation so far, as a model wants to read it.
//!
//! Every message that is sent, and every message of the user, is kept here in order.
//!
//! ```
//! use chainlit as cl;
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() {
//! # cl::Context::new(cl::Session::http("s1").build()).scope(async {
//! cl::Message::new("Hello").send().await?;
//! let history = serde_json::to_value(cl::chat_context::to_openai())?;
//! assert_eq!(history, serde_json::json!([{ "role": "assistant", "content": "Hello" }]));
//! # Ok::<(), cl::BoxError>(()) }).await.unwrap();
//! # }
//! ```
//!
//! Follows [`cl.chat_context`](https://docs.chainlit.io/concepts/chat-lifecycle). Different from
//! there, it ends with the chat, is bounded
//! ([`SessionSettings::chat_context_bytes`](crate::SessionSettings)), and a message that was sent
//! twice is in it once.

use std::sync::Arc;

use serde::Serialize;

use crate::action::Action;
use crate::context::Context;
use crate::id_list::{IdList, Keyed, Known};
use crate::message::{Message, MessageType};
use crate::session::Session;
use crate::wire::{MessageDict, json_bytes};

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
        let mut messages: Vec<_> =
            self.history().lock().messages.iter().map(Kept::to_message).collect();
        self.fill_in_files(&mut messages);
        ChatContext(messages)
    }

    /// Adds a message to the conversation, or replaces the one with the same id.
    pub fn add_to_chat_context(&self, message: &Message) {
        let dict = message.dict_of(message.author.clone(), self);
        self.keep_in_chat_context(Arc::new(dict), message.actions.clone());
    }

    // For the server, which has what the page shows at hand.
    #[doc(hidden)]
    /// Adds a message as the page shows it, or replaces the one with the same id.
    pub fn keep_in_chat_context(&self, dict: Arc<MessageDict>, actions: Vec<Action>) {
        let limit = self.settings().chat_context_bytes;
        self.history().lock().upsert(dict, actions, limit);
    }

    // For the server, which has the whole conversation at hand.
    #[doc(hidden)]
    /// Makes these messages the conversation, oldest first.
    pub fn replace_chat_context(&self, messages: impl IntoIterator<Item = Arc<MessageDict>>) {
        let limit = self.settings().chat_context_bytes;
        let mut history = self.history().lock();
        history.clear();
        for dict in messages {
            history.upsert(dict, Vec::new(), limit);
        }
    }

    // For the server, which changes what the page shows.
    #[doc(hidden)]
    /// Replaces the message with that id, if there is one; its buttons stay.
    pub fn replace_in_chat_context(&self, dict: &Arc<MessageDict>) {
        self.history().lock().replace(dict);
    }

    // For the server, which takes no message twice.
    #[doc(hidden)]
    /// Whether there is a message with that id. The page may have forgotten it already.
    #[must_use]
    pub fn is_in_chat_context(&self, id: &str) -> bool {
        let history = self.history().lock();
        // The same UUID may be written in capitals.
        [id, &id.to_ascii_lowercase()].iter().any(|id| history.messages.number_of(id).is_some())
    }

    // For the server, which tells the page too.
    #[doc(hidden)]
    /// Cuts the conversation after the user's message with that id and gives that message and the
    /// later ones, oldest first; `None` when the user has sent none with that id.
    #[must_use]
    pub fn truncate_chat_context(&self, id: &str) -> Option<(Message, Vec<Arc<MessageDict>>)> {
        let (mut message, later) = self.history().lock().truncate_after(id)?;
        message.files = self.attached_files(id);
        for gone in later.iter().filter(|gone| gone.kind == MessageType::User) {
            self.detach_uploads(&gone.id);
        }
        Some((message, later))
    }
}

/// The kept messages and how many bytes of memory they take.
#[derive(Debug, Default)]
pub(crate) struct History {
    messages: IdList<Kept>,
    bytes: usize,
}

/// A message, shared with whoever else keeps it.
#[derive(Debug)]
struct Kept {
    dict: Arc<MessageDict>,
    actions: Vec<Action>,
    bytes: usize,
}

impl Keyed for Kept {
    fn id(&self) -> &Arc<str> {
        &self.dict.id
    }
}

impl Kept {
    fn to_message(&self) -> Message {
        Message::with_actions(&self.dict, self.actions.clone())
    }
}

impl History {
    fn upsert(&mut self, dict: Arc<MessageDict>, actions: Vec<Action>, limit: usize) {
        let bytes = weight(&dict, &actions);
        self.bytes += bytes;
        if let Err(Known { there, new, .. }) = self.messages.push(Kept { dict, actions, bytes }) {
            self.bytes -= there.bytes;
            *there = new;
        }
        while self.bytes > limit && self.messages.len() > 1 {
            if let Some(oldest) = self.messages.remove_first(|_| true) {
                self.bytes -= oldest.bytes;
            }
        }
    }

    fn replace(&mut self, dict: &Arc<MessageDict>) {
        if let Some((_, kept)) = self.messages.get_mut(&dict.id) {
            let bytes = weight(dict, &kept.actions);
            self.bytes = self.bytes - kept.bytes + bytes;
            (kept.dict, kept.bytes) = (Arc::clone(dict), bytes);
        }
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let removed = self.messages.remove(id);
        self.bytes -= removed.as_ref().map_or(0, |message| message.bytes);
        removed.is_some()
    }

    fn truncate_after(&mut self, id: &str) -> Option<(Message, Vec<Arc<MessageDict>>)> {
        let (number, message) = self.messages.get_mut(id)?;
        if message.dict.kind != MessageType::User {
            return None;
        }
        let message = message.to_message();
        let later = self.messages.cut_after(number, |_| false);
        self.bytes -= later.iter().map(|message| message.bytes).sum::<usize>();
        Some((message, later.into_iter().map(|message| message.dict).collect()))
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// Roughly the bytes of memory that a message holds with its buttons.
fn weight(message: &MessageDict, actions: &[Action]) -> usize {
    /// A message or a button without any text.
    const BARE: usize = 500;
    let tags: usize = message.tags.iter().flatten().map(String::len).sum();
    let actions: usize = actions.iter().map(|action| BARE + action.text_bytes()).sum();
    let facts = message.metadata.as_str().len() + json_bytes(&message.modes);
    BARE + message.output.len() + facts + tags + actions
}
