use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::ElementDict;
use crate::data_layer::Feedback;
use crate::thread::{Thread, ThreadStep};
use crate::time::Timestamp;

/// A stored conversation as the browser sees it.
///
/// ```
/// use chainlit as cl;
///
/// let json = serde_json::to_string(&cl::wire::ThreadDict::new(&cl::Thread::default()))?;
/// assert!(json.starts_with(r#"{"id":"","createdAt":null,"name":null,"userId":null"#));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ThreadDict {
    /// UUID v4.
    pub id: String,
    /// When the conversation began.
    pub created_at: Option<Timestamp>,
    /// The title.
    pub name: Option<String>,
    /// The author's id among the users.
    pub user_id: Option<String>,
    /// The author's identifier.
    pub user_identifier: Option<String>,
    /// Labels.
    pub tags: Option<Vec<String>>,
    /// What the session kept; the page takes `chat_profile` and `chat_settings` from it.
    #[cfg_attr(feature = "typescript", ts(type = "Record<string, unknown>"))]
    pub metadata: Map<String, Value>,
    /// Messages and steps in their order, parents before their children.
    pub steps: Vec<ThreadStepDict>,
    /// The elements of these steps.
    pub elements: Vec<ElementDict>,
    /// Whether there are earlier steps; only for clients that ask for pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub has_earlier: Option<bool>,
}

/// One entry of a [`ThreadDict`]: a message or a step, and what the user said of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ThreadStepDict {
    /// The message or step.
    #[serde(flatten)]
    #[cfg_attr(feature = "typescript", ts(flatten))]
    pub step: ThreadStep,
    /// What the user said of it.
    pub feedback: Option<Feedback>,
}

impl ThreadDict {
    /// The thread as it is.
    #[must_use]
    pub fn new(thread: &Thread) -> Self {
        let summary = &thread.summary;
        let mut feedbacks: HashMap<&str, &Feedback> =
            thread.feedbacks.iter().map(|feedback| (feedback.for_id.as_str(), feedback)).collect();
        let steps = thread.steps.iter().map(|step| ThreadStepDict {
            step: step.clone(),
            feedback: feedbacks.remove(&**step.id()).cloned(),
        });
        Self {
            id: summary.id.clone(),
            created_at: summary.created_at,
            name: summary.name.clone(),
            user_id: summary.user_id.clone(),
            user_identifier: summary.user_identifier.clone(),
            tags: summary.tags.clone(),
            metadata: summary.metadata.clone(),
            steps: steps.collect(),
            elements: thread.elements.clone(),
            has_earlier: None,
        }
    }

    /// The same for a client that asks for pages.
    #[must_use]
    pub fn with_pages(mut self, has_earlier: bool) -> Self {
        self.has_earlier = Some(has_earlier);
        self
    }
}
