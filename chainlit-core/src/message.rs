//! What the user and the application say to each other.

use std::sync::Arc;

use futures_util::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::action::Action;
use crate::context::Context;
use crate::element::Element;
use crate::error::Error;
use crate::files::SessionFile;
use crate::into_list::IntoList;
use crate::session::Session;
use crate::stream::{OpenStream, StreamItem};
use crate::time::Timestamp;
use crate::wire::{AnyStep, ClientStep, Facts, MessageDict, ServerEvent, json_bytes};

/// Bytes of JSON that a client may send along with a message's text.
const MAX_CLIENT_FACTS: usize = 16 * 1024;

/// Who speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum MessageType {
    /// The person at the browser.
    #[serde(rename = "user_message")]
    User,
    /// The application.
    #[default]
    #[serde(rename = "assistant_message")]
    Assistant,
    /// A notice that neither said.
    #[serde(rename = "system_message")]
    System,
}

/// A message: what a handler receives, and what it sends.
///
/// ```
/// use chainlit as cl;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// let mut reply = cl::Message::new("").author("bot");
/// reply.stream_token("Hel").await?;
/// reply.stream_token("lo").await?;
/// reply.update().await?;
/// assert_eq!(reply.content, "Hello");
/// # Ok::<(), cl::BoxError>(()) }).await.unwrap();
/// # }
/// ```
///
/// A stream that a handler leaves open, because it was stopped, failed or forgot
/// [`update`](Self::update), is closed when the message is dropped: what was streamed stays in the
/// page and in the [`chat_context`](crate::chat_context).
///
/// Follows [`cl.Message`](https://docs.chainlit.io/api-reference/message); there, an open stream
/// is lost.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use = "a message is shown by its `send`"]
pub struct Message {
    /// UUID v4; survives a reconnect.
    pub id: String,
    /// The text, as Markdown.
    pub content: String,
    /// Who wrote it. Empty until sent: then the assistant's name (`UI.name`).
    pub author: String,
    /// Highlighting language when the whole content is code.
    pub language: Option<String>,
    /// Who speaks.
    pub kind: MessageType,
    /// Free-form facts; those of a user's message come from the browser.
    pub metadata: Map<String, Value>,
    /// Labels.
    pub tags: Option<Vec<String>>,
    /// The step it belongs to. When sent from inside a step, that step.
    pub parent_id: Option<String>,
    /// When it was sent.
    pub created_at: Option<Timestamp>,
    /// Id of the command the user chose.
    pub command: Option<String>,
    /// The modes the user chose, by mode id.
    pub modes: Option<Map<String, Value>>,
    /// The buttons under it.
    pub actions: Vec<Action>,
    /// What the user attached. The files are there as long as the message is part of the chat.
    pub files: Vec<SessionFile>,
    /// What it shows beside the text.
    pub elements: Vec<Element>,
    pub(crate) is_error: bool,
    /// It has its place in the conversation, whatever step runs when it changes.
    is_placed: bool,
    /// The author is the one that the page shows: `author_rename` is not asked again.
    is_introduced: bool,
    stream: OpenStream,
}

impl Message {
    /// A message of the assistant. Nothing is sent yet.
    pub fn new(content: impl Into<String>) -> Self {
        Self::with_id(Uuid::new_v4().to_string(), content.into())
    }

    fn with_id(id: String, content: String) -> Self {
        Self {
            id,
            content,
            author: String::new(),
            language: None,
            kind: MessageType::Assistant,
            metadata: Map::new(),
            tags: None,
            parent_id: None,
            created_at: None,
            command: None,
            modes: None,
            actions: Vec::new(),
            files: Vec::new(),
            elements: Vec::new(),
            is_error: false,
            is_placed: false,
            is_introduced: false,
            stream: OpenStream::default(),
        }
    }

    /// A message that shows a value as indented JSON.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] when the value can't be written as JSON.
    pub fn json(value: &impl Serialize) -> Result<Self, Error> {
        let mut bytes = Vec::new();
        let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
        let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
        value.serialize(&mut serializer).map_err(Error::Json)?;
        Ok(Self::new(String::from_utf8_lossy(&bytes)).language("json"))
    }

    /// The message a client wrote, with what the server decides itself: author, type and time.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] when the id is no UUID of version 4, or when `metadata` and the other
    /// facts are longer than 16 KiB.
    pub fn from_client(session: &Session, step: ClientStep) -> Result<Self, Error> {
        check_id(&step.id)?;
        let texts = [&step.command, &step.language, &step.parent_id];
        let facts = json_bytes(&step.metadata)
            + json_bytes(&step.modes)
            + texts.into_iter().flatten().map(String::len).sum::<usize>();
        if facts > MAX_CLIENT_FACTS {
            return Err(Error::Refused(format!(
                "the message's `metadata`, `modes`, `command` and `language` must not be longer than \
                 {MAX_CLIENT_FACTS} bytes together; send large content as text"
            )));
        }
        Ok(Self {
            author: session.author(),
            language: step.language,
            kind: MessageType::User,
            metadata: step.metadata.unwrap_or_default(),
            parent_id: step.parent_id,
            created_at: Some(session.now()),
            command: step.command,
            modes: step.modes,
            is_placed: true,
            is_introduced: true,
            ..Self::with_id(step.id, step.output)
        })
    }

    /// The message that is shown like that, without its buttons: to send it again, or to take up one
    /// that was stored.
    ///
    /// Chainlit's `Message.from_dict`. The other direction is [`to_dict`](Self::to_dict).
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let session = cl::Session::http("s1").build();
    /// let dict = cl::Message::new("Hello").author("bot").to_dict(&session);
    /// assert_eq!(cl::Message::from_dict(&dict).author, "bot");
    /// ```
    pub fn from_dict(dict: &MessageDict) -> Self {
        Self::with_actions(dict, Vec::new())
    }

    /// The message that was shown like that.
    pub(crate) fn with_actions(dict: &MessageDict, actions: Vec<Action>) -> Self {
        Self {
            author: dict.name.clone(),
            language: dict.language.clone(),
            kind: dict.kind,
            metadata: dict.metadata.to_map(),
            tags: dict.tags.clone(),
            parent_id: dict.parent_id.as_deref().map(str::to_owned),
            created_at: dict.created_at,
            command: dict.command.clone(),
            modes: dict.modes.clone(),
            actions,
            is_error: dict.is_error,
            is_placed: true,
            is_introduced: true,
            ..Self::with_id(dict.id.as_ref().to_owned(), dict.output.clone())
        }
    }

    /// Sets the author; the assistant's name otherwise.
    ///
    /// The page shows the picture `public/avatars/<author>.*` beside it, or that of another name
    /// that is in the metadata as `avatarName`.
    pub fn author(mut self, author: impl Into<String>) -> Self {
        self.author = author.into();
        self.is_introduced = false;
        self
    }

    /// Sets the highlighting language of the whole content.
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }

    /// Sets who speaks.
    pub fn kind(mut self, kind: MessageType) -> Self {
        self.kind = kind;
        self
    }

    /// Adds a free-form fact.
    pub fn metadata(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }

    /// Adds a label.
    pub fn tag(self, tag: impl Into<String>) -> Self {
        self.tags([tag])
    }

    /// Adds labels.
    pub fn tags<T: Into<String>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        self.tags.get_or_insert_default().extend(tags.into_iter().map(Into::into));
        self
    }

    /// Sets the step it belongs to, when sent from outside of a step.
    pub fn parent_id(mut self, id: impl Into<String>) -> Self {
        self.parent_id = Some(id.into());
        self
    }

    /// Sets the command that it belongs to, by its id.
    pub fn command(mut self, id: impl Into<String>) -> Self {
        self.command = Some(id.into());
        self
    }

    /// Sets the option of a mode, both by their ids.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let message = cl::Message::new("Think about it.").mode("model", "large");
    /// assert_eq!(message.chosen_mode("model"), Some("large"));
    /// ```
    pub fn mode(mut self, id: impl Into<String>, option: impl Into<String>) -> Self {
        self.modes.get_or_insert_default().insert(id.into(), Value::String(option.into()));
        self
    }

    /// Sets when it was written; otherwise that is when it is sent.
    pub fn created_at(mut self, time: Timestamp) -> Self {
        self.created_at = Some(time);
        self
    }

    /// Sets the id; a fresh UUID v4 otherwise.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
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
    /// let sizes = ["S", "M", "L"].map(|size| cl::Action::new("order", size).label(size));
    /// let message = cl::Message::new("Which size?").actions(sizes);
    /// assert_eq!(message.actions[2].label, "L");
    /// ```
    pub fn actions(mut self, actions: impl IntoIterator<Item = Action>) -> Self {
        self.actions.extend(actions);
        self
    }

    /// Adds something that is shown beside the text.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let message = cl::Message::new("My cat").element(cl::Image::path("cat.png").name("cat"));
    /// assert_eq!(message.elements.len(), 1);
    /// ```
    pub fn element(mut self, element: impl Into<Element>) -> Self {
        self.elements.push(element.into());
        self
    }

    /// Adds several such things; a tuple where they are of several kinds.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let log = cl::Text::new("3 files read").name("log");
    /// let message = cl::Message::new("Done").elements((log, cl::Image::path("chart.svg")));
    /// assert_eq!(message.elements.len(), 2);
    /// ```
    pub fn elements<Kind>(mut self, elements: impl IntoList<Element, Kind>) -> Self {
        self.elements.extend(elements.into_list());
        self
    }

    /// Shows the message and its elements; ends a stream into it.
    ///
    /// Waits until the elements' contents are kept, and while the browser is too slow to take more.
    ///
    /// # Errors
    ///
    /// [`Error::NoActionCallback`] when no function handles one of its actions, those of
    /// [`Element::send`] when an element can't be shown: nothing of the message is sent then.
    /// [`Error::ChatEnded`].
    ///
    /// # Panics
    ///
    /// Outside of a handler, like [`Context::current`]; so do the other methods that send.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent.
    pub async fn send(&mut self) -> Result<(), Error> {
        self.show(true).await
    }

    /// Shows the message's present state, and elements that were added since it was sent; ends a
    /// stream into it.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent.
    pub async fn update(&mut self) -> Result<(), Error> {
        self.show(false).await
    }

    /// Removes the message with its buttons and elements from the page, and the message from the
    /// chat context. [`send`](Self::send) shows all of it again.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was removed.
    pub async fn remove(&mut self) -> Result<(), Error> {
        let context = self.prepare().await?;
        self.stream.close();
        let dict = Arc::new(self.to_dict(context.session()));
        // Asked before the message goes: a copy of an element may stand somewhere else by now.
        let is_elsewhere = |element: &Element| {
            let shown = context.emitter().element(&element.id);
            shown.is_some_and(|shown| *shown.for_id != *self.id)
        };
        let elsewhere: Vec<bool> = self.elements.iter().map(is_elsewhere).collect();
        context.session().history().lock().remove(&self.id);
        context.emitter().emit(&ServerEvent::DeleteMessage(AnyStep::Message(&dict)));
        if self.kind == MessageType::User {
            context.session().detach_uploads(&self.id);
        }
        for action in &mut self.actions {
            if action.for_id.as_deref() == Some(&self.id) {
                // Clients keep a removed message's buttons, and would show one twice that comes again.
                action.take_away(&context);
                action.for_id = None;
            }
        }
        for (element, is_elsewhere) in self.elements.iter_mut().zip(elsewhere) {
            if element.for_id.as_deref() == Some(&self.id) {
                if !is_elsewhere {
                    element.take_away(context.session());
                }
                element.for_id = None;
            }
        }
        Ok(())
    }

    /// Appends a piece of text; the first one opens the message in the page.
    ///
    /// Empty pieces do nothing. Waits while the browser is too slow to take more.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, the piece was not appended.
    pub async fn stream_token(&mut self, token: impl AsRef<str>) -> Result<(), Error> {
        self.stream_piece(token.as_ref(), false).await
    }

    /// Replaces the whole text of a stream.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, the text is what it was.
    pub async fn stream_sequence(&mut self, content: impl AsRef<str>) -> Result<(), Error> {
        self.stream_piece(content.as_ref(), true).await
    }

    /// Streams all items of a stream, then updates the message.
    ///
    /// Items are strings, or results of strings: the first error ends the stream.
    ///
    /// ```
    /// # use chainlit as cl;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
    /// let mut reply = cl::Message::new("");
    /// reply.stream(futures_util::stream::iter(["Hel", "lo"])).await?;
    /// assert_eq!(reply.content, "Hello");
    /// # Ok::<(), cl::BoxError>(()) }).await.unwrap();
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The first error of the stream; [`Error::ChatEnded`]. What was
    /// streamed before stays.
    ///
    /// # Cancel safety
    ///
    /// Dropped in between, what was streamed so far stays.
    pub async fn stream<S>(&mut self, stream: S) -> crate::error::Result
    where
        S: Stream,
        S::Item: StreamItem,
    {
        let mut stream = std::pin::pin!(stream);
        while let Some(item) = stream.next().await {
            self.stream_token(item.into_token()?).await?;
        }
        self.update().await?;
        Ok(())
    }

    /// Takes all buttons away.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, no button was removed.
    pub async fn remove_actions(&mut self) -> Result<(), Error> {
        if self.actions.is_empty() {
            return Ok(());
        }
        let context = Context::current();
        context.room().await?;
        for action in self.actions.drain(..) {
            action.take_away(&context);
        }
        Ok(())
    }

    /// The message as the browser sees it.
    #[must_use]
    pub fn to_dict(&self, session: &Session) -> MessageDict {
        let name = if self.author.is_empty() {
            session.settings().assistant_name.clone()
        } else {
            self.author.clone()
        };
        self.dict_of(name, session)
    }

    /// The same, with that author.
    pub(crate) fn dict_of(&self, name: String, session: &Session) -> MessageDict {
        MessageDict {
            id: self.id.as_str().into(),
            thread_id: session.shared_thread_id(),
            parent_id: self.parent_id.as_deref().map(Into::into),
            created_at: self.created_at,
            command: self.command.clone(),
            modes: self.modes.clone(),
            start: self.created_at,
            end: self.created_at,
            output: self.content.clone(),
            name,
            kind: self.kind,
            language: self.language.clone(),
            streaming: false,
            is_error: self.is_error,
            wait_for_answer: false,
            metadata: Facts::from(&self.metadata),
            tags: self.tags.clone(),
        }
    }

    /// Ends a stream into the message and tells the page its present state.
    async fn show(&mut self, is_new: bool) -> Result<(), Error> {
        self.check_actions(&Context::current())?;
        if !self.elements.is_empty() {
            let context = Context::current();
            for element in &mut self.elements {
                if element.for_id.as_deref() != Some(&self.id) {
                    element.keep_content(context.session()).await?;
                }
            }
        }
        let context = self.prepare().await?;
        if is_new {
            self.introduce(&context).await;
        }
        self.stream.close();
        let dict = Arc::new(self.to_dict(context.session()));
        context.session().keep_in_chat_context(Arc::clone(&dict), self.actions.clone());
        let step = AnyStep::Message(&dict);
        context.emitter().emit(&if is_new {
            ServerEvent::NewMessage(step)
        } else {
            ServerEvent::UpdateMessage(step)
        });
        self.emit_actions(&context);
        for element in &mut self.elements {
            if element.for_id.as_deref() != Some(&self.id) {
                element.show(context.session(), &self.id);
            }
        }
        Ok(())
    }

    /// Waits for room, then fills in what sending decides.
    async fn prepare(&mut self) -> Result<Context, Error> {
        let context = Context::current();
        context.room().await?;
        self.fill_in(&context);
        Ok(context)
    }

    /// Fills in what sending decides, the author's name included.
    pub(crate) async fn introduce(&mut self, context: &Context) {
        self.fill_in(context);
        if !self.is_introduced {
            context.rename_author(&mut self.author).await;
            self.is_introduced = true;
        }
    }

    fn fill_in(&mut self, context: &Context) {
        if self.author.is_empty() {
            self.author.clone_from(&context.session().settings().assistant_name);
        }
        if !std::mem::replace(&mut self.is_placed, true)
            && let Some(step) = context.current_step_id()
            && self.parent_id.as_deref() != Some(step)
        {
            self.parent_id = Some(step.to_owned());
        }
        self.created_at.get_or_insert_with(|| context.session().now());
    }

    async fn stream_piece(&mut self, piece: &str, is_sequence: bool) -> Result<(), Error> {
        if piece.is_empty() && !is_sequence {
            return Ok(());
        }
        let context = Context::current();
        self.check_actions(&context)?;
        context.room().await?;
        if !self.stream.is_open() {
            self.introduce(&context).await;
        }
        if is_sequence {
            self.content.clear();
        }
        self.content.push_str(piece);
        if !self.stream.push(piece, is_sequence) {
            let session = context.session();
            let dict = MessageDict { streaming: true, ..self.to_dict(session) };
            self.stream.open(session, dict, self.actions.clone());
            session.end_turn();
        }
        Ok(())
    }

    /// Fails when a button would lead nowhere.
    fn check_actions(&self, context: &Context) -> Result<(), Error> {
        self.actions.iter().try_for_each(|action| action.check(context.session()))
    }

    fn emit_actions(&mut self, context: &Context) {
        for action in &mut self.actions {
            if action.for_id.as_deref() != Some(&self.id) {
                action.show(context, &self.id);
            }
        }
    }
}

fn check_id(id: &str) -> Result<(), Error> {
    match Uuid::try_parse(id) {
        Ok(uuid) if uuid.get_version_num() == 4 && id.len() == 36 => Ok(()),
        _ => Err(Error::Refused("the message's `id` must be a UUID of version 4".to_owned())),
    }
}

#[cfg(test)]
mod tests;
