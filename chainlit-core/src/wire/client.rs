use serde::Deserialize;
use serde_json::{Map, Value};

/// A step as a client writes it: the composer's message, an edited message, the answer to an ask.
///
/// What the server decides itself (type, author, thread, time) is not read from the client.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ClientStep {
    /// UUID v4, made by the client.
    pub id: String,
    /// The text.
    #[serde(default)]
    pub output: String,
    /// The asked message, when this answers one that has a parent.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional = nullable))]
    pub parent_id: Option<String>,
    /// Id of the chosen command.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional = nullable))]
    pub command: Option<String>,
    /// The chosen modes, by mode id.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional = nullable, type = "Record<string, string> | null"))]
    pub modes: Option<Map<String, Value>>,
    /// Highlighting language.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional = nullable))]
    pub language: Option<String>,
    /// Free-form facts, for example the page's `location`.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional = nullable, type = "Record<string, unknown> | null"))]
    pub metadata: Option<Map<String, Value>>,
}

/// Payload of `client_message`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ClientMessage {
    /// The message.
    pub message: ClientStep,
    /// The files that the user attached, uploaded before.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional = nullable))]
    pub file_references: Option<Vec<FileReference>>,
}

/// A file that was uploaded.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FileReference {
    /// The id that the upload was answered with.
    pub id: String,
}

/// Payload of `audio_chunk`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ClientAudioChunk {
    /// Whether the user has begun to speak with it.
    #[serde(default)]
    pub is_start: bool,
    /// How the sound is written: `pcm16`.
    pub mime_type: String,
    /// How long the user has been speaking, in milliseconds.
    #[serde(default)]
    pub elapsed_time: f64,
    /// The sound; in JSON, the place of an attachment.
    #[cfg_attr(feature = "typescript", ts(type = "ArrayBuffer"))]
    pub data: Value,
}

/// Payload of `message_favorite`: the message with its new mark.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MarkedMessage {
    /// The message, of which no more is read than what is here.
    pub message: MarkedStep,
}

/// A message that is marked as a favourite, or no more.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct MarkedStep {
    /// The message's id.
    pub id: String,
    /// Its thread; the session's own when it is empty or missing.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional = nullable))]
    pub thread_id: Option<String>,
    /// Its facts, of which one is read.
    #[serde(default)]
    pub metadata: FavoriteMark,
}

/// Whether a message is a favourite.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FavoriteMark {
    /// The new mark.
    #[serde(default)]
    pub favorite: bool,
}

/// Payload of `edit_message`; only `id` and `output` of the message are used.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct EditedMessage {
    /// The message with its new text.
    pub message: ClientStep,
    /// UUID of this edit, made by the client: a second copy is ignored. Chainlit's clients give none.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional = nullable))]
    pub edit_id: Option<String>,
}
