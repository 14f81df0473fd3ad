//! Sessions, messages and the wire types of the `chainlit` crate.
//!
//! Applications use the `chainlit` crate, which re-exports everything here that they need.

mod action;
mod ask;
mod audio;
mod author;
mod blocking_guard;
pub mod chat_context;
mod context;
mod emitter;
mod error;
mod error_message;
mod event;
mod extract;
mod files;
mod handler;
mod id_list;
mod message;
mod outcome;
mod page;
mod registry;
mod scope;
mod session;
mod session_key;
mod spawn;
mod starter;
mod step;
mod step_layer;
mod stream;
mod thread;
mod time;
mod user;
pub mod user_session;
mod watch;
pub mod wire;

pub use action::Action;
pub use ask::AskUserMessage;
pub use audio::{
    AudioConnection, InputAudioChunk, OutputAudioChunk, send_audio_chunk, send_audio_interrupt,
    update_audio_connection,
};
pub use chat_context::{ChatContext, OpenAiMessage};
pub use context::Context;
pub use emitter::{Emitter, NullEmitter};
pub use error::{BoxError, Error, Result};
pub use error_message::ErrorMessage;
pub use event::{
    AuthorRename, Event, EventContext, OnAction, OnAppShutdown, OnAppStartup, OnAudioChunk,
    OnAudioEnd, OnAudioStart, OnChatEnd, OnChatResume, OnChatStart, OnMessage, OnStop,
    OnWindowMessage, SessionEvent, SetStarters,
};
pub use extract::{AppParts, FromEvent, State};
pub use files::{Content, FileStore, NewFile, NoFiles, SessionFile};
pub use handler::{Handler, HandlerFuture, IntoHandler};
pub use message::{Message, MessageType};
pub use outcome::{IntoOutcome, Json};
pub use page::{ToastKind, send_toast, send_window_message, update_token_count};
pub use registry::{Entry, Registry, StartError, StartProblem, StartWarning};
pub use scope::TaskScope;
pub use session::{Session, SessionBuilder, SessionKind, SessionSettings};
pub use session_key::SessionKey;
pub use spawn::{InCurrentContext, Task, TaskError, spawn, spawn_blocking};
pub use starter::Starter;
pub use step::Run;
pub use step_layer::StepLayer;
pub use stream::StreamItem;
pub use thread::{Thread, ThreadStep};
pub use time::{Timestamp, TimestampError};
pub use user::User;

/// What the server needs to run application code. No part of the public interface: it changes
/// without notice.
#[doc(hidden)]
pub mod guard {
    pub use crate::blocking_guard::{BlockedThreads, guarded};
    pub use crate::watch::{CodePlace, deferring, wake_after_poll};
}

/// What the server keeps its steps in. No part of the public interface: it changes without notice.
#[doc(hidden)]
pub mod list {
    pub use crate::id_list::{IdList, Keyed, Known};
}

/// What the server puts into each session's settings. No part of the public interface: it changes
/// without notice.
#[doc(hidden)]
pub mod hook {
    pub use crate::author::AuthorRenamer;
}

/// What the attributes' expansions name. No part of the public interface: it changes without
/// notice.
#[doc(hidden)]
pub mod __private {
    pub use inventory;

    pub use crate::event::{
        AuthorRename, OnAction, OnAppShutdown, OnAppStartup, OnAudioChunk, OnAudioEnd,
        OnAudioStart, OnChatEnd, OnChatResume, OnChatStart, OnMessage, OnStop, OnWindowMessage,
        SetStarters, argument,
    };
    pub use crate::handler::Registration;
    pub use crate::outcome::returned;
}
