use bytes::Bytes;
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};
use serde_json::Value;

use super::{AnyStep, AskMessage, ElementDict, SettingsItem, ThreadDict};
use crate::action::ActionDict;
use crate::audio::{AudioConnection, OutputAudioChunk};
use crate::command::Command;
use crate::mode::Mode;
use crate::thread::ThreadStep;

/// One event from the server to the browser.
///
/// Serialises to the array that Socket.IO carries: the event's name, then its payload.
///
/// ```
/// use chainlit as cl;
///
/// let json = serde_json::to_string(&cl::wire::ServerEvent::TaskEnd)?;
/// assert_eq!(json, r#"["task_end",{}]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ServerEvent<'a> {
    /// A handler began: the page shows that work is going on.
    TaskStart,
    /// A handler ended.
    TaskEnd,
    /// The user did something for the first time in this thread.
    FirstInteraction {
        /// The text, the action's name, ...
        interaction: &'a str,
        /// The thread that now has a content.
        thread_id: &'a str,
    },
    /// A message or step was sent; a known id is merged.
    NewMessage(AnyStep<'a>),
    /// A message or step changed.
    UpdateMessage(AnyStep<'a>),
    /// A message or step was removed.
    DeleteMessage(AnyStep<'a>),
    /// The first token of a stream; it is already in the dictionary.
    StreamStart(AnyStep<'a>),
    /// A further token.
    StreamToken {
        /// Id of the message or step.
        id: &'a str,
        /// The text to append, or the whole text when `is_sequence`.
        token: &'a str,
        /// Replaces instead of appending.
        is_sequence: bool,
        /// Goes to the input instead of the output.
        is_input: bool,
    },
    /// The application asks the user; answered by an acknowledgement.
    Ask(&'a AskMessage),
    /// Nobody answered in time.
    AskTimeout,
    /// The ask is over.
    ClearAsk,
    /// No function call of the page is open any more.
    ClearCallFn,
    /// A button for a message.
    Action(&'a ActionDict),
    /// The button goes away.
    RemoveAction(&'a ActionDict),
    /// An element, new or changed.
    Element(&'a ElementDict),
    /// The element goes away.
    RemoveElement {
        /// The element's id.
        id: &'a str,
    },
    /// The form with the chat's settings.
    ChatSettings(&'a [SettingsItem]),
    /// The commands that the composer offers.
    SetCommands(&'a [Command]),
    /// The modes that the composer offers.
    SetModes(&'a [Mode]),
    /// The side bar's title; opens it.
    SetSidebarTitle(&'a str),
    /// The side bar's elements, which were sent before; none of them closes it.
    SetSidebarElements {
        /// The elements.
        elements: &'a [ElementDict],
        /// Elements with the key of those that are shown are not shown anew.
        key: Option<&'a str>,
    },
    /// The user's favourite messages, the newest first.
    SetFavorites(&'a [ThreadStep]),
    /// Tokens that a model has used since the last such event.
    TokenUsage(u64),
    /// Something for the window that the page is embedded in.
    WindowMessage(&'a Value),
    /// Whether the page records.
    AudioConnection(AudioConnection),
    /// A piece of sound to play.
    AudioChunk(&'a OutputAudioChunk),
    /// What is being played ends.
    AudioInterrupt,
    /// A short notice.
    Toast {
        /// The text.
        message: &'a str,
        /// `info`, `success`, `warning` or `error`.
        kind: &'a str,
    },
    /// A stored conversation, which takes the place of what the page shows.
    ResumeThread(&'a ThreadDict),
    /// There is no such conversation for this user.
    ResumeThreadError(&'a str),
    /// Any other event, by name.
    Custom {
        /// The event's name.
        name: &'a str,
        /// Its payload.
        data: &'a Value,
    },
}

impl ServerEvent<'_> {
    /// The event's name on the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::TaskStart => "task_start",
            Self::TaskEnd => "task_end",
            Self::FirstInteraction { .. } => "first_interaction",
            Self::NewMessage(_) => "new_message",
            Self::UpdateMessage(_) => "update_message",
            Self::DeleteMessage(_) => "delete_message",
            Self::StreamStart(_) => "stream_start",
            Self::StreamToken { .. } => "stream_token",
            Self::Ask(_) => "ask",
            Self::AskTimeout => "ask_timeout",
            Self::ClearAsk => "clear_ask",
            Self::ClearCallFn => "clear_call_fn",
            Self::Action(_) => "action",
            Self::RemoveAction(_) => "remove_action",
            Self::Element(_) => "element",
            Self::RemoveElement { .. } => "remove_element",
            Self::ChatSettings(_) => "chat_settings",
            Self::SetCommands(_) => "set_commands",
            Self::SetModes(_) => "set_modes",
            Self::SetSidebarTitle(_) => "set_sidebar_title",
            Self::SetSidebarElements { .. } => "set_sidebar_elements",
            Self::SetFavorites(_) => "set_favorites",
            Self::TokenUsage(_) => "token_usage",
            Self::WindowMessage(_) => "window_message",
            Self::AudioConnection(_) => "audio_connection",
            Self::AudioChunk(_) => "audio_chunk",
            Self::AudioInterrupt => "audio_interrupt",
            Self::Toast { .. } => "toast",
            Self::ResumeThread(_) => "resume_thread",
            Self::ResumeThreadError(_) => "resume_thread_error",
            Self::Custom { name, .. } => name,
        }
    }

    /// The binary part, for which a placeholder stands in the JSON.
    #[must_use]
    pub fn attachment(&self) -> Option<&Bytes> {
        match self {
            Self::AudioChunk(chunk) => Some(&chunk.data),
            _ => None,
        }
    }

    /// Whether it is of use only to a client that is there at this moment.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(
            self,
            Self::AudioChunk(_) | Self::AudioInterrupt | Self::AudioConnection(AudioConnection::On)
        )
    }
}

/// Payload of an event that says everything by its name.
#[derive(Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub(super) struct Empty {}

/// Payload of `stream_token`.
#[derive(Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "StreamToken"))]
#[serde(rename_all = "camelCase")]
pub(super) struct Token<'a> {
    /// The message or step that grows.
    id: &'a str,
    /// The text.
    token: &'a str,
    /// Replaces what is there instead of being appended.
    is_sequence: bool,
    /// Belongs to the input instead of the output.
    is_input: bool,
}

/// Payload of `first_interaction`.
#[derive(Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub(super) struct FirstInteraction<'a> {
    /// What the user did: the text, the action's name, ...
    interaction: &'a str,
    /// The thread that has a content from now on.
    thread_id: &'a str,
}

/// Payload of `remove_element`.
#[derive(Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub(super) struct RemovedElement<'a> {
    /// The element's id.
    id: &'a str,
}

/// Payload of `set_sidebar_elements`.
#[derive(Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub(super) struct SidebarElements<'a> {
    /// What the side bar shows; none of them closes it.
    elements: &'a [ElementDict],
    /// Elements with the key of those that are shown are not shown anew.
    key: Option<&'a str>,
}

/// Payload of `audio_chunk`.
#[derive(Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "AudioChunk"))]
#[serde(rename_all = "camelCase")]
pub(super) struct Sound<'a> {
    /// How the sound is written: `pcm16`.
    mime_type: &'a str,
    /// The sound.
    #[cfg_attr(feature = "typescript", ts(type = "ArrayBuffer"))]
    data: Placeholder,
    /// What the piece belongs to.
    track: &'a str,
}

/// Stands in JSON for the first attachment.
#[derive(Serialize)]
struct Placeholder {
    _placeholder: bool,
    num: u32,
}

/// Payload of `toast`.
#[derive(Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "ToastPayload"))]
pub(super) struct Toast<'a> {
    /// The text.
    message: &'a str,
    /// What kind of notice it is.
    #[serde(rename = "type")]
    #[cfg_attr(
        feature = "typescript",
        ts(type = "\"info\" | \"success\" | \"warning\" | \"error\"")
    )]
    kind: &'a str,
}

impl Serialize for ServerEvent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut array = serializer.serialize_seq(Some(2))?;
        array.serialize_element(self.name())?;
        match self {
            Self::TaskStart
            | Self::TaskEnd
            | Self::AskTimeout
            | Self::ClearAsk
            | Self::ClearCallFn
            | Self::AudioInterrupt => {
                array.serialize_element(&Empty {})?;
            }
            Self::FirstInteraction { interaction, thread_id } => {
                array.serialize_element(&FirstInteraction { interaction, thread_id })?;
            }
            Self::NewMessage(step)
            | Self::UpdateMessage(step)
            | Self::DeleteMessage(step)
            | Self::StreamStart(step) => array.serialize_element(step)?,
            Self::StreamToken { id, token, is_sequence, is_input } => {
                array.serialize_element(&Token {
                    id,
                    token,
                    is_sequence: *is_sequence,
                    is_input: *is_input,
                })?;
            }
            Self::Ask(ask) => array.serialize_element(ask)?,
            Self::Action(action) | Self::RemoveAction(action) => array.serialize_element(action)?,
            Self::Element(element) => array.serialize_element(element)?,
            Self::RemoveElement { id } => array.serialize_element(&RemovedElement { id })?,
            Self::ChatSettings(items) => array.serialize_element(items)?,
            Self::SetCommands(commands) => array.serialize_element(commands)?,
            Self::SetModes(modes) => array.serialize_element(modes)?,
            Self::WindowMessage(data) => array.serialize_element(data)?,
            Self::SetSidebarTitle(title) => array.serialize_element(title)?,
            Self::SetSidebarElements { elements, key } => {
                array.serialize_element(&SidebarElements { elements, key: *key })?;
            }
            Self::SetFavorites(steps) => array.serialize_element(steps)?,
            Self::TokenUsage(tokens) => array.serialize_element(tokens)?,
            Self::AudioConnection(connection) => array.serialize_element(connection.as_str())?,
            Self::AudioChunk(OutputAudioChunk { track, mime: mime_type, .. }) => {
                let data = Placeholder { _placeholder: true, num: 0 };
                array.serialize_element(&Sound { mime_type, data, track })?;
            }
            Self::Toast { message, kind } => array.serialize_element(&Toast { message, kind })?,
            Self::ResumeThread(thread) => array.serialize_element(thread)?,
            Self::ResumeThreadError(reason) => array.serialize_element(reason)?,
            Self::Custom { data, .. } => array.serialize_element(data)?,
        }
        array.end()
    }
}
