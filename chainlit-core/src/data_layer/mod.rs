//! What keeps users and conversations.

mod error;
mod feedback;
mod record;
mod shared;
mod threads;
mod users;

use std::future::Future;

pub use error::{DataError, DataResult};
pub use feedback::{Feedback, FeedbackValue};
pub use record::{Record, ThreadUpdate};
pub use shared::SharedDataLayer;
pub use threads::{StepRange, ThreadPage, ThreadQuery, ThreadSummary};
pub use users::PersistedUser;

use crate::thread::{Thread, ThreadStep};
use crate::user::User;
use crate::wire::ElementDict;

/// Keeps users, threads, steps, elements and feedback.
///
/// The server has one for SQLite and one for PostgreSQL. Implement it for a database of your own,
/// with plain `async fn`s, and give it to the server by [`App::data_layer`] or `#[data_layer]`.
///
/// Who may call what is settled before: the server asks for a thread's author before it reads or
/// changes a thread for somebody. What a data layer has to see to itself is that a row never changes
/// its thread: a step, an element or a feedback whose id belongs to another thread is
/// [refused](DataError::Refused).
///
/// Writes of one chat come one after the other, in the order in which they happened. A write that
/// fails as [unavailable](DataError::Unavailable) comes again, so each must bear being done twice.
///
/// Follows Chainlit's [`BaseDataLayer`](https://docs.chainlit.io/data-layers/overview) with its
/// operations' names. Different: threads come in pages of steps, `record` takes many writes at
/// once, elements' content is kept by a storage and not by the data layer.
///
/// # Examples
///
/// `examples/own_data_layer.rs` keeps everything in memory.
///
/// [`App::data_layer`]: https://docs.rs/chainlit/latest/chainlit/struct.App.html#method.data_layer
pub trait DataLayer: Send + Sync + 'static {
    /// The user with that identifier.
    fn get_user(
        &self,
        identifier: &str,
    ) -> impl Future<Output = DataResult<Option<PersistedUser>>> + Send;

    /// Adds the user, or changes the name and the metadata of the one with that identifier.
    fn create_user(&self, user: &User) -> impl Future<Output = DataResult<PersistedUser>> + Send;

    /// Adds the feedback, or changes the one with its id; gives the id. A missing comment takes the
    /// old one away. A step has one feedback: another one takes its place, and has its own id.
    ///
    /// Refused when its step is not of its `thread_id`, which the server always gives: whoever may
    /// speak of one thread could speak of any other.
    fn upsert_feedback(
        &self,
        feedback: &Feedback,
    ) -> impl Future<Output = DataResult<String>> + Send;

    /// Removes the feedback; false when there is none.
    fn delete_feedback(&self, feedback_id: &str) -> impl Future<Output = DataResult<bool>> + Send;

    /// The feedback with that id.
    fn get_feedback(
        &self,
        feedback_id: &str,
    ) -> impl Future<Output = DataResult<Option<Feedback>>> + Send;

    /// Adds an element, or replaces the one with its id.
    fn create_element(&self, element: &ElementDict) -> impl Future<Output = DataResult<()>> + Send;

    /// The element of that thread.
    fn get_element(
        &self,
        thread_id: &str,
        element_id: &str,
    ) -> impl Future<Output = DataResult<Option<ElementDict>>> + Send;

    /// Removes the element of that thread, if there is one.
    fn delete_element(
        &self,
        thread_id: &str,
        element_id: &str,
    ) -> impl Future<Output = DataResult<()>> + Send;

    /// Adds a message or step, or replaces the one with its id. A thread that is not there yet is
    /// made, without an author.
    fn create_step(&self, step: &ThreadStep) -> impl Future<Output = DataResult<()>> + Send;

    /// The same for a step that should be there.
    fn update_step(&self, step: &ThreadStep) -> impl Future<Output = DataResult<()>> + Send {
        self.create_step(step)
    }

    /// Removes the step of that thread with its feedback and elements, if there is one.
    fn delete_step(
        &self,
        thread_id: &str,
        step_id: &str,
    ) -> impl Future<Output = DataResult<()>> + Send;

    /// The thread's row without its steps; `None` when there is no such thread.
    fn get_thread_summary(
        &self,
        thread_id: &str,
    ) -> impl Future<Output = DataResult<Option<ThreadSummary>>> + Send;

    /// Whom the thread belongs to: the user's identifier. `None` when there is no such thread, or
    /// when it belongs to nobody.
    fn get_thread_author(
        &self,
        thread_id: &str,
    ) -> impl Future<Output = DataResult<Option<String>>> + Send {
        async move {
            let thread = self.get_thread_summary(thread_id).await?;
            Ok(thread.and_then(|thread| thread.user_identifier))
        }
    }

    /// The thread with the steps of that range, oldest first, their elements and their feedback.
    fn get_thread(
        &self,
        thread_id: &str,
        range: StepRange<'_>,
    ) -> impl Future<Output = DataResult<Option<Thread>>> + Send;

    /// A page of threads without their steps, the one that was written to last first.
    fn list_threads(
        &self,
        query: &ThreadQuery,
    ) -> impl Future<Output = DataResult<ThreadPage>> + Send;

    /// Changes what is given; makes the thread if there is none.
    fn update_thread(&self, update: &ThreadUpdate) -> impl Future<Output = DataResult<()>> + Send;

    /// Removes the thread with all that belongs to it.
    fn delete_thread(&self, thread_id: &str) -> impl Future<Output = DataResult<()>> + Send;

    /// The user's favourite messages, newest first.
    fn get_favorite_steps(
        &self,
        user_id: &str,
    ) -> impl Future<Output = DataResult<Vec<ThreadStep>>> + Send;

    /// Sets or takes away the mark of a favourite, `favorite` in the step's metadata; gives the step
    /// as it is then, `None` when that thread has none with that id.
    fn set_step_favorite(
        &self,
        thread_id: &str,
        step_id: &str,
        is_favorite: bool,
    ) -> impl Future<Output = DataResult<Option<ThreadStep>>> + Send;

    /// Writes all of it, in order. Do it in one transaction if you can: it is what makes recording
    /// cheap.
    ///
    /// What is [refused](DataError::Refused) takes nothing else along: the rest is written, and the
    /// first refusal comes back then. When the database is [away](DataError::Unavailable), all of it
    /// comes again. The usual way does one after the other.
    fn record(&self, records: &[Record]) -> impl Future<Output = DataResult<()>> + Send {
        async move {
            let mut refused = None;
            for record in records {
                let done = match record {
                    Record::Thread(update) => self.update_thread(update).await,
                    Record::Step(step) => self.update_step(step).await,
                    Record::DeleteStep { thread_id, id } => self.delete_step(thread_id, id).await,
                    Record::Element(element) => self.create_element(element).await,
                    Record::DeleteElement { thread_id, id } => {
                        self.delete_element(thread_id, id).await
                    }
                };
                match done {
                    Err(error) if error.is_transient() => return Err(error),
                    Err(error) => {
                        refused.get_or_insert(error);
                    }
                    Ok(()) => {}
                }
            }
            refused.map_or(Ok(()), Err)
        }
    }

    /// Where a developer can look at a thread, with `[thread_id]` in the place of its id.
    fn build_debug_url(&self) -> impl Future<Output = DataResult<Option<String>>> + Send {
        std::future::ready(Ok(None))
    }

    /// Whether it can be written to now: what `/health` tells.
    fn check_health(&self) -> impl Future<Output = DataResult<()>> + Send {
        std::future::ready(Ok(()))
    }

    /// The server ends: everything that was recorded has been written.
    fn close(&self) -> impl Future<Output = DataResult<()>> + Send {
        std::future::ready(Ok(()))
    }
}
