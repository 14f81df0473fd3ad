use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{AnyStep, ElementDict};
use crate::data_layer::{Feedback, ThreadSummary};
use crate::thread::Thread;
use crate::time::Timestamp;

/// A stored conversation as the browser sees it: Chainlit's 9 keys, in its order, and behind them
/// three of ours, which its clients do not look at.
///
/// ```
/// use chainlit_core::Thread;
/// use chainlit_core::wire::ThreadDict;
///
/// let mut thread = Thread::default();
/// thread.summary.id = "t1".to_owned();
/// let json = serde_json::to_string(&ThreadDict::from(&thread))?;
/// assert!(json.starts_with(r#"{"id":"t1","createdAt":null,"name":null,"#));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ThreadDict<'a> {
    /// UUID v4.
    pub id: &'a str,
    /// When the conversation began.
    pub created_at: Option<Timestamp>,
    /// The title.
    pub name: Option<&'a str>,
    /// The author's id among the users.
    pub user_id: Option<&'a str>,
    /// The author's identifier.
    pub user_identifier: Option<&'a str>,
    /// Labels.
    pub tags: Option<&'a [String]>,
    /// What the session kept.
    #[cfg_attr(feature = "typescript", ts(type = "Record<string, unknown>"))]
    pub metadata: &'a Map<String, Value>,
    /// Messages and steps in their order; none in a list of threads.
    pub steps: Vec<StoredStepDict<'a>>,
    /// The elements of these steps.
    pub elements: &'a [ElementDict],
    /// When something was written last.
    pub updated_at: Option<Timestamp>,
    /// When it was put into the archive; `null` outside of it.
    pub archived_at: Option<Timestamp>,
    /// Whether there are steps before the first of these.
    pub has_earlier: bool,
}

/// A message or step, and what the user said of it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StoredStepDict<'a> {
    /// The message or step.
    #[serde(flatten)]
    pub step: AnyStep<'a>,
    /// Thumb up or down.
    pub feedback: Option<&'a Feedback>,
}

impl<'a> From<&'a ThreadSummary> for ThreadDict<'a> {
    fn from(summary: &'a ThreadSummary) -> Self {
        Self {
            id: &summary.id,
            created_at: summary.created_at,
            name: summary.name.as_deref(),
            user_id: summary.user_id.as_deref(),
            user_identifier: summary.user_identifier.as_deref(),
            tags: summary.tags.as_deref(),
            metadata: &summary.metadata,
            steps: Vec::new(),
            elements: &[],
            updated_at: summary.updated_at,
            archived_at: summary.archived_at,
            has_earlier: false,
        }
    }
}

impl<'a> From<&'a Thread> for ThreadDict<'a> {
    fn from(thread: &'a Thread) -> Self {
        let said: HashMap<&str, &Feedback> =
            thread.feedbacks.iter().map(|said| (said.for_id.as_str(), said)).collect();
        let steps = thread.steps.iter().map(|step| {
            let feedback = said.get(&**step.id()).copied();
            StoredStepDict { step: step.as_any(), feedback }
        });
        Self {
            steps: steps.collect(),
            elements: &thread.elements,
            has_earlier: thread.has_earlier,
            ..Self::from(&thread.summary)
        }
    }
}
