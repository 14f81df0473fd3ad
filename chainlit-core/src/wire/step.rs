use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Facts;
use crate::message::MessageType;
use crate::step::StepType;
use crate::time::Timestamp;

/// A message as the browser sees it: always these 17 keys, in this order.
///
/// ```
/// use chainlit as cl;
///
/// let json = r#"{"id":"1","threadId":"t","parentId":null,"createdAt":null,"command":null,
///   "modes":null,"start":null,"end":null,"output":"Hi","name":"Assistant",
///   "type":"assistant_message","language":null,"streaming":false,"isError":false,
///   "waitForAnswer":false,"metadata":{},"tags":null}"#;
/// let dict: cl::wire::MessageDict = serde_json::from_str(json)?;
/// assert_eq!(dict.output, "Hi");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct MessageDict {
    /// UUID v4, made by whoever wrote the message; survives a reconnect.
    pub id: Arc<str>,
    /// The thread the message belongs to.
    pub thread_id: Arc<str>,
    /// The step the message was sent from; `None` puts it at the top level.
    pub parent_id: Option<Arc<str>>,
    /// When the message was sent.
    pub created_at: Option<Timestamp>,
    /// Id of the command the user chose.
    pub command: Option<String>,
    /// The modes the user chose, by mode id.
    #[cfg_attr(feature = "typescript", ts(type = "Record<string, string> | null"))]
    pub modes: Option<Map<String, Value>>,
    /// Equal to `created_at`.
    pub start: Option<Timestamp>,
    /// Equal to `created_at`.
    pub end: Option<Timestamp>,
    /// The text.
    pub output: String,
    /// The author.
    pub name: String,
    /// Who speaks.
    #[serde(rename = "type")]
    pub kind: MessageType,
    /// Highlighting language when the whole content is code.
    pub language: Option<String>,
    /// True while tokens are still to come.
    pub streaming: bool,
    /// Shown as an error.
    pub is_error: bool,
    /// True while the application waits for an answer to it.
    pub wait_for_answer: bool,
    /// Free-form facts about the message.
    #[cfg_attr(feature = "typescript", ts(type = "Record<string, unknown>"))]
    pub metadata: Facts,
    /// Labels.
    pub tags: Option<Vec<String>>,
}

/// A step that is no message (a run, a tool call, ...): always these 19 keys, in this order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct StepDict {
    /// What the step is called.
    pub name: Cow<'static, str>,
    /// `run`, `tool`, `llm`, `embedding`, `retrieval`, `rerank` or `undefined`.
    #[serde(rename = "type")]
    #[cfg_attr(
        feature = "typescript",
        ts(
            type = "\"run\" | \"tool\" | \"llm\" | \"embedding\" | \"retrieval\" | \"rerank\" | \"undefined\""
        )
    )]
    pub kind: Cow<'static, str>,
    /// UUID v4.
    pub id: Arc<str>,
    /// The thread the step belongs to.
    pub thread_id: Arc<str>,
    /// The enclosing step or message.
    pub parent_id: Option<Arc<str>>,
    /// True while tokens are still to come.
    pub streaming: bool,
    /// Free-form facts about the step.
    #[cfg_attr(feature = "typescript", ts(type = "Record<string, unknown>"))]
    pub metadata: Map<String, Value>,
    /// Labels.
    pub tags: Option<Vec<String>>,
    /// What went in.
    pub input: String,
    /// True when the step failed.
    pub is_error: bool,
    /// What came out.
    pub output: String,
    /// When the step was made.
    pub created_at: Option<Timestamp>,
    /// When the step began.
    pub start: Option<Timestamp>,
    /// When the step ended; `None` while it runs.
    pub end: Option<Timestamp>,
    /// Highlighting language of the output.
    pub language: Option<String>,
    /// Whether the page shows it opened.
    pub default_open: bool,
    /// Whether the page closes it when it is done.
    pub auto_collapse: bool,
    /// `false`, `true` or the highlighting language of the input.
    #[cfg_attr(feature = "typescript", ts(type = "boolean | string"))]
    pub show_input: ShowInput,
    /// Record of the model call, if any.
    #[cfg_attr(feature = "typescript", ts(type = "unknown"))]
    pub generation: Option<Value>,
}

impl StepDict {
    /// A step of which no more is known than its name and kind.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let step = cl::wire::StepDict::new("s1", "t1", "search", cl::StepType::Tool);
    /// assert_eq!((&*step.name, &*step.kind), ("search", "tool"));
    /// assert!(step.end.is_none());
    /// ```
    #[must_use]
    pub fn new(
        id: impl Into<Arc<str>>,
        thread_id: impl Into<Arc<str>>,
        name: impl Into<Cow<'static, str>>,
        kind: StepType,
    ) -> Self {
        Self {
            name: name.into(),
            kind: Cow::Borrowed(kind.as_str()),
            id: id.into(),
            thread_id: thread_id.into(),
            parent_id: None,
            streaming: false,
            metadata: Map::new(),
            tags: None,
            input: String::new(),
            is_error: false,
            output: String::new(),
            created_at: None,
            start: None,
            end: None,
            language: None,
            default_open: false,
            auto_collapse: false,
            show_input: ShowInput::Code(Cow::Borrowed("json")),
            generation: None,
        }
    }
}

/// Whether the page shows what went into a step, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ShowInput {
    /// As it is, or not at all.
    Plain(bool),
    /// As code of that language.
    Code(Cow<'static, str>),
}

impl StepDict {
    /// Names of the steps around handlers, as Chainlit knows them.
    const RUNS: [&str; 3] = ["on_chat_start", "on_message", "on_audio_end"];

    /// Whether it is the step around a handler: clients build the conversation on such, and show
    /// none.
    #[must_use]
    pub fn is_run(&self) -> bool {
        self.kind == "run" && Self::RUNS.contains(&&*self.name)
    }
}

impl From<bool> for ShowInput {
    fn from(show: bool) -> Self {
        Self::Plain(show)
    }
}

impl From<&'static str> for ShowInput {
    fn from(language: &'static str) -> Self {
        Self::Code(language.into())
    }
}

impl From<String> for ShowInput {
    fn from(language: String) -> Self {
        Self::Code(language.into())
    }
}

// Shared, so that those who keep it need no copy.
/// Either dictionary, by reference: what the step events carry.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum AnyStep<'a> {
    /// A message.
    Message(&'a Arc<MessageDict>),
    /// Any other step.
    Step(&'a Arc<StepDict>),
}

impl AnyStep<'_> {
    /// The id of the message or step.
    #[must_use]
    pub fn id(&self) -> &Arc<str> {
        match self {
            Self::Message(message) => &message.id,
            Self::Step(step) => &step.id,
        }
    }
}

impl AnyStep<'_> {
    /// Roughly the bytes of memory that the step holds, for those who keep many within a bound.
    #[must_use]
    pub fn weight(&self) -> usize {
        /// A step without any text.
        const BARE: usize = 500;
        /// A JSON value in memory beside its text.
        const JSON: usize = 16;
        let (texts, facts) = match self {
            Self::Message(message) => (
                message.output.len()
                    + message.language.as_deref().map_or(0, str::len)
                    + message.metadata.as_str().len(),
                json_bytes(&message.modes),
            ),
            Self::Step(step) => (
                step.name.len() + step.input.len() + step.output.len(),
                json_bytes(&step.metadata) + json_bytes(&step.generation) + json_bytes(&step.tags),
            ),
        };
        BARE + texts + JSON * facts
    }
}

/// How long the value is as JSON, without writing it anywhere.
pub(crate) fn json_bytes(value: &impl Serialize) -> usize {
    struct Count(usize);
    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    // A map with string keys can always be written; what can't be counts for nothing.
    let _ = serde_json::to_writer(&mut count, value);
    count.0
}

impl<'a> From<&'a Arc<MessageDict>> for AnyStep<'a> {
    fn from(dict: &'a Arc<MessageDict>) -> Self {
        Self::Message(dict)
    }
}

impl<'a> From<&'a Arc<StepDict>> for AnyStep<'a> {
    fn from(dict: &'a Arc<StepDict>) -> Self {
        Self::Step(dict)
    }
}
