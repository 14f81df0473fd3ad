use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::FeedbackValue;
use crate::time::Timestamp;

/// Which steps of a thread are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StepRange<'a> {
    /// All of them.
    All,
    /// The last ones, at most that many.
    Last(usize),
    /// The last ones of those before the step with that id, at most that many.
    Before {
        /// The step's id.
        id: &'a str,
        /// How many.
        count: usize,
    },
}

/// A thread without its steps, as a list of threads shows it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ThreadSummary {
    /// UUID v4.
    pub id: String,
    /// When the conversation began.
    pub created_at: Option<Timestamp>,
    /// When something was written last.
    pub updated_at: Option<Timestamp>,
    /// The title.
    pub name: Option<String>,
    /// The author's id among the users.
    pub user_id: Option<String>,
    /// The author's identifier.
    pub user_identifier: Option<String>,
    /// Labels.
    pub tags: Option<Vec<String>>,
    /// What the session kept.
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// When it was put into the archive.
    #[serde(default)]
    pub archived_at: Option<Timestamp>,
}

/// Which threads are wanted, and how many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadQuery {
    /// The author's id among the users.
    pub user_id: String,
    /// How many at most.
    pub first: usize,
    /// Only those after the thread with this id.
    pub cursor: Option<String>,
    /// Only those with this text in the title or a message, whatever its case.
    pub search: Option<String>,
    /// Only those with an answer that has this feedback.
    pub feedback: Option<FeedbackValue>,
    /// Those in the archive instead of those outside of it.
    pub archived: bool,
}

/// A page of threads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThreadPage {
    /// The threads, the one that was written to last first.
    pub threads: Vec<ThreadSummary>,
    /// Whether there are more behind the last one, whose id is the cursor to them.
    pub has_more: bool,
}
