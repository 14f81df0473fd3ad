//! Under which name an author or a step is shown.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use crate::context::Context;
use crate::error::Result;
use crate::event::{AuthorRename, EventContext};
use crate::extract::{AppParts, FromEvent};
use crate::handler::Handler;
use crate::step::Step;

tokio::task_local! {
    /// Set while the application's function runs: what that sends keeps its author.
    static RENAMING: ();
}

/// The application's function for authors, at hand of each session.
#[derive(Clone, Debug)]
pub struct AuthorRenamer {
    handler: Handler<AuthorRename>,
    app: AppParts,
}

impl AuthorRenamer {
    /// Asks that function.
    #[must_use]
    pub fn new(handler: Handler<AuthorRename>, app: AppParts) -> Self {
        Self { handler, app }
    }
}

impl FromEvent<AuthorRename> for String {
    async fn from_event(event: &EventContext<AuthorRename>) -> Result<Self> {
        Ok(event.payload().clone())
    }
}

impl Context {
    /// Who names authors here; nobody while that function itself runs.
    fn renamer(&self) -> Option<&AuthorRenamer> {
        let renamer = self.session().settings().author_rename.as_ref()?;
        RENAMING.try_with(|()| ()).is_err().then_some(renamer)
    }

    /// Gives an author the name under which the application shows it. One that can't be had leaves
    /// the author as it is.
    pub(crate) async fn rename_author(&self, author: &mut String) {
        let Some(renamer) = self.renamer() else { return };
        let event = EventContext::new(author.clone(), self.clone(), renamer.app.clone());
        let call = AssertUnwindSafe(async { renamer.handler.call(event).await }).catch_unwind();
        // Boxed: few applications have such a function, and all messages would need its room.
        let name = Box::pin(RENAMING.scope((), call)).await;
        let place = renamer.handler.code_place();
        match name {
            Ok(Ok(Some(name))) => *author = name,
            Ok(Ok(None)) => {}
            Ok(Err(error)) => {
                tracing::error!(handler = %place, "an author keeps its name: {error}");
            }
            Err(_) => tracing::error!(handler = %place, "an author keeps its name: a panic"),
        }
    }
}

impl Step {
    /// Takes the name under which the application shows it, before the page sees it for the first
    /// time.
    pub(crate) async fn introduce(&self) {
        let Some(context) = Context::try_current() else { return };
        if self.is_introduced() || context.renamer().is_none() {
            return;
        }
        let given = self.name();
        let mut name = given.clone();
        context.rename_author(&mut name).await;
        self.set_introduced(&given, name);
    }

    /// The same for a step of work that does not wait: where the application's function waits, the
    /// step keeps its name.
    pub(crate) fn introduce_now(&self) {
        if self.introduce().now_or_never().is_none() {
            let step = self.name();
            tracing::warn!(
                step,
                "a step keeps its name: `author_rename` waits, and the step can't"
            );
        }
    }
}
