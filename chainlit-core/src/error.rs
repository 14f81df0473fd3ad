//! Errors of this crate.

use std::error::Error as StdError;
use std::fmt;

use uuid::Uuid;

/// What an application's handler may fail with: any error, boxed.
pub type BoxError = Box<dyn StdError + Send + Sync + 'static>;

/// The result of a handler: `()` or any error.
///
/// ```
/// use chainlit as cl;
///
/// async fn handler() -> cl::Result {
///     let _n: u32 = "12".parse()?;
///     Ok(())
/// }
/// ```
pub type Result<T = (), E = BoxError> = std::result::Result<T, E>;

/// What can go wrong in this crate's own functions.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The chat is over: the user left, or the server is going down.
    #[error("the chat has ended, nothing can be sent any more")]
    ChatEnded,
    /// The user did not answer in time.
    #[error("the user did not answer within {timeout:?}")]
    AskTimeout {
        /// The ask's timeout.
        timeout: std::time::Duration,
    },
    /// As many questions wait for an answer as one chat may have open.
    #[error(
        "{open} questions of this chat wait for an answer already; wait for one, or raise \
         `limits.asks_per_session`"
    )]
    TooManyAsks {
        /// How many wait.
        open: usize,
    },
    /// Something that the application shows or offers is built in a way that can't work: a widget, a
    /// command, a mode, a profile, an element, a question.
    #[error("{what}: `{field}` {problem}")]
    Definition {
        /// What it is, for example "slider `temperature`".
        what: String,
        /// The field that is wrong.
        field: &'static str,
        /// What it must be.
        problem: String,
    },
    /// A file can't be kept, or its content can't be read.
    #[error("the file `{name}` can't be used: {reason}")]
    File {
        /// The file's name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An action was to be sent whose name no function handles.
    #[error(
        "no function handles the action `{name}`: put `#[cl::action_callback({name:?})]` on an \
         `async fn`, or ask with an `AskActionMessage`, which needs none"
    )]
    NoActionCallback {
        /// The action's name.
        name: String,
    },
    /// An action's payload has another shape than is wanted.
    #[error(
        "the payload of action `{action}` does not fit `{wanted}`{}: {reason}; send a payload of \
         that shape, or take `Action<serde_json::Value>`",
        place(path)
    )]
    Payload {
        /// The action's name.
        action: String,
        /// The name of the type that is wanted.
        wanted: String,
        /// Where in the payload, for example `items[1].count`; empty when it is the whole.
        path: String,
        /// What is wrong there.
        reason: String,
    },
    /// A session value has another type than the one asked for.
    #[error(transparent)]
    Session(#[from] crate::user_session::SessionError),
    /// An argument of a handler can't be had for this event, or not from what came with it.
    #[error("{0}")]
    Argument(String),
    /// A client has sent what is not allowed. The text is for its user.
    #[error("{0}")]
    Refused(String),
    /// JSON has another shape than is wanted, or is none.
    #[error("{what} can't be read as {wanted}{}: {reason}", place(path))]
    Unreadable {
        /// What it is, for example "the props of the element `Form`".
        what: String,
        /// What is wanted, for example the name of a type.
        wanted: String,
        /// Where in it, for example `items[1].count`; empty when it is the whole.
        path: String,
        /// What is wrong there.
        reason: String,
    },
    /// A value can't be written as JSON.
    #[error("the value can't be written as JSON: {0}")]
    Json(serde_json::Error),
    /// What was started with [`spawn`](crate::spawn) gave no value.
    #[error(transparent)]
    Task(#[from] crate::spawn::TaskError),
}

/// What the log and the user call a failure.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct ErrorId(u64);

impl ErrorId {
    /// A fresh one.
    #[expect(clippy::new_without_default, reason = "no two are the same")]
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::new_v4().as_u64_pair().0 >> 16)
    }
}

impl fmt::Display for ErrorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012x}", self.0)
    }
}

/// `` at `path` ``, or nothing when it is the whole.
fn place(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(" at `{path}`") }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::{Action, Context, Session, TaskError, spawn};

    #[test]
    fn what_cannot_be_written_says_why() {
        let by_pairs = HashMap::from([((1, 2), 3)]);
        let error = Action::typed("sum", &by_pairs).unwrap_err();
        let text = "the value can't be written as JSON: key must be a string";
        assert_eq!(error.to_string(), text);
    }

    #[tokio::test]
    async fn work_that_ended_early_is_passed_on() {
        async fn work() -> Result<u8, Error> {
            let task = spawn(std::future::pending());
            task.abort();
            Ok(task.await?)
        }
        let error = Context::new(Session::http("s1").build()).scope(work()).await.unwrap_err();
        assert!(matches!(error, Error::Task(TaskError::Stopped)), "{error:?}");
        assert_eq!(error.to_string(), TaskError::Stopped.to_string());
    }
}
