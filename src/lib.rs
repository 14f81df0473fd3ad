//! Turn a few annotated async functions into a chat application with a web UI.
//!
//! ```no_run
//! use chainlit as cl;
//!
//! static COUNT: cl::SessionKey<u32> = cl::SessionKey::new("message_count");
//!
//! #[cl::on_chat_start]
//! async fn start() -> cl::Result {
//!     cl::Message::new("Hi! I'll count how many messages you send.").send().await?;
//!     Ok(())
//! }
//!
//! #[cl::on_message]
//! async fn reply(message: cl::Message) -> cl::Result {
//!     let n = COUNT.update(|n| *n += 1);
//!     let text = format!("{}: you have sent {n} message(s)!", message.content);
//!     cl::Message::new(text).send().await?;
//!     Ok(())
//! }
//!
//! fn main() -> cl::Result {
//!     cl::run()
//! }
//! ```
//!
//! | to | see |
//! |---|---|
//! | react to the user | [`on_message`], [`on_chat_start`], [`on_chat_end`], [`on_stop`], [`action_callback`] |
//! | show what you do | [`macro@step`], [`Step`], [`StepType`] |
//! | say something | [`Message`], [`ErrorMessage`], [`AskUserMessage`], [`Action`] |
//! | take files, or keep some | [`Message`] (`files`), [`SessionFile`], [`Session::files`] |
//! | say something | [`Message`], [`ErrorMessage`], [`Action`] |
//! | ask something | [`AskUserMessage`], [`AskActionMessage`], [`AskFileMessage`], [`AskElementMessage`] |
//! | remember something per user | [`SessionKey`], [`user_session`], [`chat_context`] |
//! | share something among all users | [`State`], [`App::state`] |
//! | know whom you talk to | [`Session`], [`User`], [`Context`] |
//! | do several things at once | [`spawn`], [`spawn_blocking`], [`InCurrentContext`] |
//! | take an argument of your own type | [`FromEvent`] |
//! | go without attributes, or mount it elsewhere | [`App`], [`ChainlitService`] |
//!
//! The names are those of [Chainlit](https://docs.chainlit.io) for Python wherever both have the
//! thing; the wire protocol is the same.

// The attributes name this crate as `::chainlit`, also in its own tests and examples.
#[allow(unused_extern_crates)]
extern crate self as chainlit;

pub use chainlit_core::{
    Action, ActionPayload, AppParts, AskActionMessage, AskElementMessage, AskFileMessage,
    AskUserMessage, Audio, BoxError, ChatContext, Content, Context, CustomElement, Dataframe,
    Display, Element, ElementAnswer, ElementSidebar, ElementSize, ElementType, Emitter, Entry,
    Error, ErrorMessage, Event, EventContext, File, FileStore, FromEvent, Handler, HandlerFuture,
    Image, InCurrentContext, IntoHandler, IntoOutcome, Json, Message, MessageType, NewFile,
    NoFiles, NullEmitter, OnAction, OnAppShutdown, OnAppStartup, OnChatEnd, OnChatResume,
    OnChatStart, OnMessage, OnStop, OpenAiMessage, Pdf, Plotly, Registry, Result, Session,
    SessionBuilder, SessionEvent, SessionFile, SessionKey, SessionKind, SessionSettings,
    SetStarters, SpawnedTask, StartError, StartProblem, StartWarning, Starter, State, Step,
    StepLayer, StepType, StreamItem, Task, TaskError, TaskList, TaskScope, TaskStatus, Text,
    Thread, ThreadStep, Timestamp, TimestampError, UnknownStepType, UploadError, UploadRules, User,
    Video, chat_context, spawn, spawn_blocking, user_session, wire,
};
pub use chainlit_macros::{
    ActionPayload, action_callback, on_app_shutdown, on_app_startup, on_chat_end, on_chat_resume,
    on_chat_start, on_message, on_stop, set_starters, step,
};
pub use chainlit_server::{
    App, AppError, AppRoot, ChainlitService, Config, RootPath, ServeOptions, UsageError, config,
    run,
};

#[cfg(feature = "testing")]
pub use chainlit_server::testing;

#[doc(hidden)]
pub mod __private {
    pub use chainlit_core::__private::*;
}
