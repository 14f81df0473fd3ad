//! Sessions, messages and the wire types of the `chainlit` crate.
//!
//! Applications use the `chainlit` crate, which re-exports everything here that they need.

mod action;
mod ask;
pub mod chat_context;
mod context;
mod emitter;
mod error;
mod message;
mod scope;
mod session;
mod session_key;
mod spawn;
mod step;
mod stream;
mod thread;
mod time;
mod user;
pub mod user_session;
pub mod wire;

pub use action::Action;
pub use ask::AskUserMessage;
pub use chat_context::{ChatContext, OpenAiMessage};
pub use context::Context;
pub use emitter::{Emitter, NullEmitter};
pub use error::{BoxError, Error, Result};
pub use message::{ErrorMessage, Message, MessageType};
pub use scope::TaskScope;
pub use session::{Session, SessionBuilder, SessionFile, SessionKind, SessionSettings};
pub use session_key::SessionKey;
pub use spawn::{InCurrentContext, Task, TaskError, spawn, spawn_blocking};
pub use step::Run;
pub use stream::StreamItem;
pub use thread::{Thread, ThreadStep};
pub use time::{Timestamp, TimestampError};
pub use user::User;
