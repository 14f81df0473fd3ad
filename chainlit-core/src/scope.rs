//! What runs for a session, so that Stop, the end of the chat and shutdown reach all of it.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A group of tasks that are cancelled together: a handler and all it spawned.
///
/// A session has one at a time. Stop cancels it and puts a fresh one in its place.
#[derive(Clone, Debug, Default)]
pub struct TaskScope(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    token: CancellationToken,
    tracker: TaskTracker,
}

impl TaskScope {
    /// An empty scope.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The token that ends everything in here.
    #[must_use]
    pub fn token(&self) -> &CancellationToken {
        &self.0.token
    }

    /// Counts the tasks in here.
    #[must_use]
    pub fn tracker(&self) -> &TaskTracker {
        &self.0.tracker
    }

    /// True while nothing runs in here.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.0.tracker.is_empty()
    }

    /// Drops everything in here and waits until it is gone, at most `limit`.
    ///
    /// Returns whether all of it was gone in time; a task that blocks its thread can't be dropped.
    pub async fn cancel(&self, limit: Duration) -> bool {
        self.0.token.cancel();
        self.0.tracker.close();
        tokio::time::timeout(limit, self.0.tracker.wait()).await.is_ok()
    }
}
