//! Under which name an author is shown.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use crate::context::Context;
use crate::error::Result;
use crate::event::{AuthorRename, EventContext};
use crate::extract::{AppParts, FromEvent};
use crate::handler::Handler;

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
    /// Gives an author the name under which the application shows it. One that can't be had leaves
    /// the author as it is.
    pub(crate) async fn rename_author(&self, author: &mut String) {
        let Some(renamer) = &self.session().settings().author_rename else { return };
        if RENAMING.try_with(|()| ()).is_ok() {
            return;
        }
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
