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
//! | say something | [`Message`], [`ErrorMessage`], [`AskUserMessage`], [`Action`] |
//! | remember something per user | [`SessionKey`], [`user_session`], [`chat_context`] |
//! | share something among all users | [`State`], [`App::state`] |
//! | know whom you talk to | [`Session`], [`User`], [`Context`] |
//! | talk and listen | [`on_audio_start`], [`on_audio_chunk`], [`on_audio_end`], [`send_audio_chunk`] |
//! | tell the page something | [`send_toast`], [`send_window_message`], [`on_window_message`], [`author_rename`] |
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
    Action, AppParts, AskUserMessage, AudioConnection, AuthorRename, BoxError, ChatContext,
    Content, Context, Emitter, Entry, Error, ErrorMessage, Event, EventContext, FileStore,
    FromEvent, Handler, HandlerFuture, InCurrentContext, InputAudioChunk, IntoHandler, IntoOutcome,
    Json, Message, MessageType, NewFile, NoFiles, NullEmitter, OnAction, OnAppShutdown,
    OnAppStartup, OnAudioChunk, OnAudioEnd, OnAudioStart, OnChatEnd, OnChatResume, OnChatStart,
    OnMessage, OnStop, OnWindowMessage, OpenAiMessage, OutputAudioChunk, Registry, Result, Session,
    SessionBuilder, SessionEvent, SessionFile, SessionKey, SessionKind, SessionSettings,
    SetStarters, StartError, StartProblem, StartWarning, Starter, State, StepLayer, StreamItem,
    Task, TaskError, TaskScope, Thread, ThreadStep, Timestamp, TimestampError, ToastKind, User,
    chat_context, send_audio_chunk, send_audio_interrupt, send_toast, send_window_message, spawn,
    spawn_blocking, update_audio_connection, update_token_count, user_session, wire,
};
pub use chainlit_macros::{
    action_callback, author_rename, on_app_shutdown, on_app_startup, on_audio_chunk, on_audio_end,
    on_audio_start, on_chat_end, on_chat_resume, on_chat_start, on_message, on_stop,
    on_window_message, set_starters,
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
