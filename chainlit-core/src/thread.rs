//! A stored conversation.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::data_layer::{Feedback, ThreadSummary};
use crate::wire::{AnyStep, ElementDict, MessageDict, StepDict};

/// A stored conversation, as a data layer gives it back.
///
/// As an argument of `on_chat_resume` it is the one that the user has opened.
///
/// ```
/// use chainlit as cl;
///
/// fn words(thread: &cl::Thread) -> usize {
///     thread.messages().map(|message| message.output.split_whitespace().count()).sum()
/// }
/// # assert_eq!(words(&cl::Thread::default()), 0);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Thread {
    /// Its own facts: id, title, author, labels, what the session kept.
    pub summary: ThreadSummary,
    /// Messages and steps in their order.
    pub steps: Vec<ThreadStep>,
    /// The elements of these steps.
    pub elements: Vec<ElementDict>,
    /// What the user said of these steps.
    pub feedbacks: Vec<Feedback>,
    /// Whether there are earlier steps, which were not asked for.
    pub has_earlier: bool,
}

impl Thread {
    /// UUID v4.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.summary.id
    }

    /// The messages in their order, without the other steps.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &MessageDict> {
        self.steps.iter().filter_map(|step| match step {
            ThreadStep::Message(message) => Some(&**message),
            ThreadStep::Step(_) => None,
        })
    }
}

/// One entry of a [`Thread`]: cheap to clone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum ThreadStep {
    /// A message.
    Message(Arc<MessageDict>),
    /// Any other step.
    Step(Arc<StepDict>),
}

impl ThreadStep {
    /// UUID v4.
    #[must_use]
    pub fn id(&self) -> &Arc<str> {
        match self {
            Self::Message(message) => &message.id,
            Self::Step(step) => &step.id,
        }
    }

    /// The thread it belongs to.
    #[must_use]
    pub fn thread_id(&self) -> &Arc<str> {
        match self {
            Self::Message(message) => &message.thread_id,
            Self::Step(step) => &step.thread_id,
        }
    }

    /// As events carry it.
    #[must_use]
    pub fn as_any(&self) -> AnyStep<'_> {
        match self {
            Self::Message(message) => AnyStep::Message(message),
            Self::Step(step) => AnyStep::Step(step),
        }
    }
}

impl From<AnyStep<'_>> for ThreadStep {
    fn from(step: AnyStep<'_>) -> Self {
        match step {
            AnyStep::Message(message) => Self::Message(Arc::clone(message)),
            AnyStep::Step(step) => Self::Step(Arc::clone(step)),
        }
    }
}
