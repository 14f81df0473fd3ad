use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::MessageDict;

/// What kind of answer an `ask` event waits for.
///
/// On the wire: `{"timeout":60,"type":"text","step_id":"…"}`, and what the kind adds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AskSpec {
    /// Seconds the application waits. Chainlit's client has no word for "for ever"; an ask
    /// without a timeout says a hundred years.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub timeout: u64,
    /// The kind of answer.
    #[serde(flatten)]
    pub kind: AskKind,
    /// Id of the message that asks.
    pub step_id: Arc<str>,
}

/// The kind of answer that is asked for, and what it may be.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum AskKind {
    /// A message.
    Text,
    /// Files, uploaded before the answer names them.
    File {
        /// Which files are taken.
        accept: AcceptDict,
        /// How many at once.
        max_files: u32,
        /// How large each may be, in MiB.
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        max_size_mb: u64,
    },
    /// One of these actions.
    Action {
        /// Their ids.
        keys: Vec<String>,
    },
    /// What the user gives to a custom element.
    Element {
        /// Its id.
        element_id: Arc<str>,
    },
}

/// Which files are taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum AcceptDict {
    /// MIME types, with `*` for a part: `["text/plain", "image/*"]`.
    Types(Vec<String>),
    /// MIME types with the extensions that each may have: `{"text/plain": [".txt", ".log"]}`.
    Extensions(BTreeMap<String, Vec<String>>),
}

/// Payload of the `ask` event, the only one that delivers the asking message.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "AskPayload"))]
pub struct AskMessage {
    /// The message that asks.
    pub msg: Arc<MessageDict>,
    /// What it waits for.
    pub spec: AskSpec,
}
