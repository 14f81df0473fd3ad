use std::borrow::Cow;
use std::sync::Arc;

use serde::Serialize;

use super::MessageDict;

/// What kind of answer an `ask` event waits for.
///
/// On the wire: `{"timeout":60,"type":"text","step_id":"…"}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AskSpec {
    /// Seconds the application waits. Chainlit's client has no word for "for ever"; an ask
    /// without a timeout says a hundred years.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub timeout: u64,
    /// The kind of answer: `text`.
    #[serde(rename = "type")]
    #[cfg_attr(
        feature = "typescript",
        ts(type = "\"text\" | \"file\" | \"action\" | \"element\"")
    )]
    pub kind: Cow<'static, str>,
    /// Id of the message that asks.
    pub step_id: Arc<str>,
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
