//! The context of the event that is being handled, from any depth of the call tree.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use crate::emitter::Emitter;
use crate::error::Error;
use crate::scope::TaskScope;
use crate::session::Session;
use crate::step::Step;

tokio::task_local! {
    static CURRENT: Context;
}

/// The session and the enclosing step of whatever runs now.
///
/// Cheap to clone. The server sets it around each handler; [`spawn`](crate::spawn) and
/// [`in_current_context`](crate::InCurrentContext) carry it further. A plain `tokio::spawn`
/// loses it.
///
/// Chainlit's `cl.context`, without its dummy: where there is no context, there is none.
///
/// ```
/// use chainlit as cl;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// assert!(cl::Context::try_current().is_none());
/// let session = cl::Session::http("s1").build();
/// cl::Context::new(session)
///     .scope(async { assert_eq!(cl::Context::current().session().id(), "s1") })
///     .await;
/// # }
/// ```
#[derive(Clone)]
pub struct Context {
    session: Session,
    step: Option<Enclosing>,
    scope: TaskScope,
}

/// The step that encloses what runs now.
#[derive(Clone)]
struct Enclosing {
    step: Step,
    id: Arc<str>,
    /// The step around the handler.
    run: Option<Step>,
}

impl Context {
    /// A context of that session, outside of any step, in the session's current task scope.
    #[must_use]
    pub fn new(session: Session) -> Self {
        let scope = session.task_scope();
        Self { session, step: None, scope }
    }

    /// The context of the event that is being handled.
    ///
    /// # Panics
    ///
    /// Outside of a handler and of what it spawned with [`spawn`](crate::spawn).
    #[must_use]
    #[track_caller]
    pub fn current() -> Self {
        match Self::try_current() {
            Some(context) => context,
            None => panic!(
                "no chainlit context here: this runs outside of a handler, or in a task started by \
                 `tokio::spawn`; use `cl::spawn`, `future.in_current_context()` or `Context::scope`"
            ),
        }
    }

    /// The context of the event that is being handled, if there is one.
    #[must_use]
    pub fn try_current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// The same context in another task scope.
    #[must_use]
    pub fn in_scope(mut self, scope: TaskScope) -> Self {
        self.scope = scope;
        self
    }

    /// The session.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The way to the session's browser.
    #[must_use]
    pub fn emitter(&self) -> &dyn Emitter {
        self.session.emitter()
    }

    /// The innermost open step: what is sent now becomes its child. In a function with
    /// `#[cl::step]`, the step of that function.
    ///
    /// ```
    /// # use chainlit as cl;
    /// async fn think() -> Result<(), cl::BoxError> {
    ///     if let Some(step) = cl::Context::current().current_step() {
    ///         step.stream_token("Let me see ...").await?;
    ///     }
    ///     Ok(())
    /// }
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
    /// let step = cl::Step::new("think");
    /// step.clone().run(|_| think()).await?;
    /// assert_eq!(step.output(), "Let me see ...");
    /// # Ok::<_, cl::BoxError>(()) }).await.unwrap();
    /// # }
    /// ```
    #[must_use]
    pub fn current_step(&self) -> Option<&Step> {
        self.step.as_ref().map(|enclosing| &enclosing.step)
    }

    /// The innermost open step's id.
    #[must_use]
    pub fn current_step_id(&self) -> Option<&str> {
        self.step.as_ref().map(|enclosing| &*enclosing.id)
    }

    /// The step around the handler that runs, where it has one: `on_chat_start` and `on_message`
    /// do. No page shows it; a data layer keeps it.
    #[must_use]
    pub fn current_run(&self) -> Option<&Step> {
        self.step.as_ref()?.run.as_ref()
    }

    /// The tasks that end together with this handler's Stop.
    #[must_use]
    pub fn task_scope(&self) -> &TaskScope {
        &self.scope
    }

    /// The same context inside that step.
    #[must_use]
    pub fn with_step(mut self, step: &Step) -> Self {
        let outer = self.step.take().and_then(|enclosing| enclosing.run);
        let run = outer.or_else(|| step.is_run().then(|| step.clone()));
        self.step = Some(Enclosing { step: step.clone(), id: step.step_id(), run });
        self
    }

    /// Runs a future in this context.
    ///
    /// # Cancel safety
    ///
    /// Dropping it drops the future; nothing else happens.
    pub fn scope<F: Future>(self, future: F) -> impl Future<Output = F::Output> {
        CURRENT.scope(self, future)
    }

    /// Runs a closure in this context.
    pub fn sync_scope<R>(self, closure: impl FnOnce() -> R) -> R {
        CURRENT.sync_scope(self, closure)
    }

    /// Waits until there is room for another event. Now and then it lets others run: the writer may
    /// have no other thread.
    pub(crate) async fn room(&self) -> Result<(), Error> {
        if let Some(ready) = self.emitter().ready() {
            return ready.await;
        }
        if self.session.is_turn_over() {
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Waits until the user stops the work, leaves, or the server goes down.
    ///
    /// Handlers are dropped by then; this is for work that can't be dropped, such as a thread.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub async fn cancelled(&self) {
        self.scope.token().cancelled().await;
    }

    /// Whether the user stopped the work, left, or the server goes down.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.scope.token().is_cancelled()
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("session", &self.session)
            .field("step", &self.current_step_id())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::message::Message;

    /// A task that has run when the present one has let others run.
    fn another() -> Arc<AtomicBool> {
        let has_run = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&has_run);
        tokio::spawn(async move { flag.store(true, Ordering::Relaxed) });
        has_run
    }

    #[tokio::test]
    async fn the_beginning_of_a_stream_can_be_written_before_the_rest_is_sent() {
        let stream = async {
            let other = another();
            let mut message = Message::new("");
            message.stream_token("first").await.unwrap();
            assert!(!other.load(Ordering::Relaxed));
            message.stream_token("second").await.unwrap();
            assert!(other.load(Ordering::Relaxed));
        };
        Context::new(Session::http("s1").build()).scope(stream).await;
    }

    #[tokio::test]
    async fn who_sends_without_a_pause_lets_others_run() {
        let burst = async {
            let other = another();
            for _ in 0..100 {
                Message::new("again").send().await.unwrap();
            }
            assert!(other.load(Ordering::Relaxed));
        };
        Context::new(Session::http("s1").build()).scope(burst).await;
    }
}
