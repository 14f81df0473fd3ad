//! A stored conversation.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::time::Timestamp;
use crate::wire::{MessageDict, StepDict};

/// A stored conversation, as a data layer gives it back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Thread {
    /// UUID v4.
    pub id: String,
    /// When the conversation began.
    pub created_at: Option<Timestamp>,
    /// The title.
    pub name: Option<String>,
    /// The author's identifier.
    pub user_identifier: Option<String>,
    /// Labels.
    pub tags: Option<Vec<String>>,
    /// What the session kept.
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// All messages and steps, parents before children.
    #[serde(default)]
    pub steps: Vec<ThreadStep>,
}

/// One entry of a [`Thread`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum ThreadStep {
    /// A message.
    Message(MessageDict),
    /// Any other step.
    Step(StepDict),
}
