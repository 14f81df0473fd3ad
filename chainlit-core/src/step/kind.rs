use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What kind of work a step is.
///
/// ```
/// use chainlit as cl;
///
/// assert_eq!(cl::StepType::Tool.as_str(), "tool");
/// assert_eq!("llm".parse(), Ok(cl::StepType::Llm));
/// assert!("tol".parse::<cl::StepType>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepType {
    /// A whole run, as that of a handler or an agent.
    Run,
    /// The call of a tool.
    Tool,
    /// The call of a language model.
    Llm,
    /// Texts become vectors.
    Embedding,
    /// Documents are looked up.
    Retrieval,
    /// Found documents are put in order.
    Rerank,
    /// Anything else.
    #[default]
    Undefined,
}

/// There is no such kind of step.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no kind of step; there are `run`, `tool`, `llm`, `embedding`, `retrieval`, `rerank` \
     and `undefined`"
)]
pub struct UnknownStepType(String);

impl StepType {
    const ALL: [Self; 7] = [
        Self::Run,
        Self::Tool,
        Self::Llm,
        Self::Embedding,
        Self::Retrieval,
        Self::Rerank,
        Self::Undefined,
    ];

    /// As it is called on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Tool => "tool",
            Self::Llm => "llm",
            Self::Embedding => "embedding",
            Self::Retrieval => "retrieval",
            Self::Rerank => "rerank",
            Self::Undefined => "undefined",
        }
    }
}

impl fmt::Display for StepType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for StepType {
    type Err = UnknownStepType;

    fn from_str(text: &str) -> Result<Self, UnknownStepType> {
        let kind = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        kind.ok_or_else(|| UnknownStepType(text.to_owned()))
    }
}
