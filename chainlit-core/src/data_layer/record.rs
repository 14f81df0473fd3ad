use std::sync::Arc;

use serde_json::{Map, Value};

use crate::thread::ThreadStep;
use crate::time::Timestamp;
use crate::wire::ElementDict;

/// One write to a data layer: what the server has kept of a chat for [`DataLayer::record`].
///
/// [`DataLayer::record`]: crate::DataLayer::record
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Record {
    /// The thread's own facts.
    Thread(ThreadUpdate),
    /// A message or step as it is now.
    Step(ThreadStep),
    /// A message or step is no more.
    DeleteStep {
        /// Its thread.
        thread_id: Arc<str>,
        /// Its id.
        id: Arc<str>,
    },
    /// An element as it is now.
    Element(Arc<ElementDict>),
    /// An element is no more.
    DeleteElement {
        /// Its thread.
        thread_id: Arc<str>,
        /// Its id.
        id: Arc<str>,
    },
}

/// Facts of a thread that are to be changed; what is `None` stays as it is.
///
/// ```
/// use chainlit as cl;
///
/// let name = Some("Holidays".to_owned());
/// let rename = cl::ThreadUpdate { name, ..cl::ThreadUpdate::new("t1") };
/// assert!(rename.metadata.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThreadUpdate {
    /// Id of the thread; it is made if there is none.
    pub id: Arc<str>,
    /// The title.
    pub name: Option<String>,
    /// Whether the title is set only when there is none yet.
    pub keeps_name: bool,
    /// The author's id among the users. A thread that has an author keeps it.
    pub user_id: Option<String>,
    /// The author's identifier.
    pub user_identifier: Option<String>,
    /// Facts to be merged into those that are there; `null` takes one away.
    pub metadata: Option<Map<String, Value>>,
    /// Labels.
    pub tags: Option<Vec<String>>,
    /// When it was put into the archive; `Some(None)` takes it out.
    pub archived_at: Option<Option<Timestamp>>,
}

impl ThreadUpdate {
    /// Changes nothing of that thread yet.
    pub fn new(id: impl Into<Arc<str>>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }
}
