//! Tasks that keep the context and end with Stop.

use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Poll, ready};

use tokio::task::JoinHandle;

use crate::blocking_guard::guarded;
use crate::context::Context;
use crate::watch::CodePlace;

/// A spawned task; await it for its value, or drop it to let it run on.
#[derive(Debug)]
pub struct SpawnedTask<T>(JoinHandle<Option<T>>);

/// Why a [`SpawnedTask`] gave no value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TaskError {
    /// The user stopped the work, left, or the server goes down.
    #[error("the task was stopped")]
    Stopped,
    /// The task panicked.
    #[error("the task panicked")]
    Panicked(#[source] tokio::task::JoinError),
}

impl<T> SpawnedTask<T> {
    /// Ends the task at its next await.
    pub fn abort(&self) {
        self.0.abort();
    }

    /// Whether the task has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

impl<T> Future for SpawnedTask<T> {
    type Output = Result<T, TaskError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(match ready!(Pin::new(&mut self.0).poll(cx)) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(TaskError::Stopped),
            Err(error) if error.is_cancelled() => Err(TaskError::Stopped),
            Err(error) => Err(TaskError::Panicked(error)),
        })
    }
}

/// Starts a task that keeps the context: messages it sends go to the same browser, under the same
/// step, and Stop, the end of the chat and shutdown drop it.
///
/// Code that blocks its thread belongs into [`spawn_blocking`].
///
/// # Panics
///
/// Outside of a handler, like [`Context::current`].
///
/// ```
/// use chainlit as cl;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// let task = cl::spawn(async { cl::Context::current().session().id().to_owned() });
/// assert_eq!(task.await?, "s1");
/// # Ok::<(), cl::BoxError>(()) }).await.unwrap();
/// # }
/// ```
#[track_caller]
pub fn spawn<F>(future: F) -> SpawnedTask<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let place = CodePlace { function: "cl::spawn", location: Location::caller() };
    let context = Context::current();
    let scope = context.task_scope().clone();
    let token = scope.token().clone();
    let room = context.session().settings().blocked_threads.clone();
    let future = context.scope(future);
    SpawnedTask(scope.tracker().spawn(async move {
        let future = guarded(&room, place, future);
        token.run_until_cancelled_owned(future).await
    }))
}

/// Runs a closure on a thread where it may block, with the context.
///
/// A thread can't be dropped: Stop does not wait for it. Long work should look at
/// [`Context::is_cancelled`] now and then.
///
/// # Panics
///
/// Outside of a handler, like [`Context::current`].
///
/// ```
/// use chainlit as cl;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// let sum = cl::spawn_blocking(|| (1..=10).sum::<u32>()).await?;
/// assert_eq!(sum, 55);
/// # Ok::<(), cl::BoxError>(()) }).await.unwrap();
/// # }
/// ```
#[track_caller]
pub fn spawn_blocking<F, T>(closure: F) -> SpawnedTask<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let context = Context::current();
    SpawnedTask(tokio::task::spawn_blocking(move || Some(context.sync_scope(closure))))
}

/// Carries the current context into a future that is polled elsewhere.
///
/// ```
/// use chainlit::{self as cl, InCurrentContext};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// let id = async { cl::Context::current().session().id().to_owned() };
/// assert_eq!(tokio::spawn(id.in_current_context()).await?, "s1");
/// # Ok::<(), cl::BoxError>(()) }).await.unwrap();
/// # }
/// ```
pub trait InCurrentContext: Future + Sized {
    /// The same future, in the context that is current now.
    ///
    /// # Panics
    ///
    /// Outside of a handler, like [`Context::current`].
    #[track_caller]
    fn in_current_context(self) -> impl Future<Output = Self::Output> {
        Context::current().scope(self)
    }
}

impl<F: Future> InCurrentContext for F {}
