//! Sessions, messages and the wire types of the `chainlit` crate.
//!
//! Applications use the `chainlit` crate, which re-exports everything here that they need.

mod action;
mod ask;
mod audio;
mod author;
mod blocking_guard;
pub mod chat_context;
mod chat_profile;
mod chat_settings;
mod command;
mod context;
mod data_layer;
mod element;
mod emitter;
mod error;
mod error_message;
mod event;
mod extract;
mod failure;
mod files;
mod handler;
mod id_list;
mod into_list;
mod login;
mod message;
mod mode;
mod outcome;
mod page;
mod registry;
mod scope;
mod session;
mod session_key;
mod session_values;
mod shortened;
mod spawn;
mod starter;
mod step;
mod stream;
mod thread;
mod time;
mod upload;
mod user;
pub mod user_session;
mod watch;
pub mod wire;

pub use action::{Action, ActionPayload};
pub use ask::{AskActionMessage, AskElementMessage, AskFileMessage, AskUserMessage, ElementAnswer};
pub use audio::{
    AudioConnection, InputAudioChunk, OutputAudioChunk, send_audio_chunk, send_audio_interrupt,
    update_audio_connection,
};
pub use chat_context::{ChatContext, OpenAiMessage};
pub use chat_profile::{ChatProfile, ConfigOverrides};
pub use chat_settings::{
    ChatSettings, Checkbox, Choice, DatePicker, DateRangePicker, Input, Kind, MultiSelect,
    NumberInput, RadioGroup, Select, SettingsForm, Slider, Switch, Tab, Tags, TextInput, TypedForm,
    Widget, kind,
};
pub use command::{Command, set_commands};
pub use context::Context;
pub use data_layer::{
    DataError, DataLayer, DataResult, Feedback, FeedbackValue, PersistedUser, Record,
    SharedDataLayer, StepRange, ThreadPage, ThreadQuery, ThreadSummary, ThreadUpdate,
};
pub use element::{
    Audio, CustomElement, Dataframe, Element, ElementSidebar, File, Image, Pdf, Plotly, Task,
    TaskList, TaskStatus, Text, Video,
};
pub use emitter::{Emitter, NullEmitter};
pub use error::{BoxError, Error, Result};
pub use error_message::ErrorMessage;
pub use event::{
    AuthorRename, Event, EventContext, HeaderAuthCallback, OAuthCallback, OnAction, OnAppShutdown,
    OnAppStartup, OnAudioChunk, OnAudioEnd, OnAudioStart, OnChatEnd, OnChatResume, OnChatStart,
    OnError, OnFeedback, OnLogout, OnMessage, OnSettingsEdit, OnSettingsUpdate, OnSharedThreadView,
    OnStop, OnWindowMessage, PasswordAuthCallback, ProvideDataLayer, SessionEvent, SetChatProfiles,
    SetStarterCategories, SetStarters,
};
pub use extract::{AppParts, FromEvent, State};
pub use failure::Failure;
pub use files::{Content, FileStore, NewFile, NoFiles, SessionFile};
pub use handler::{Handler, HandlerFuture, IntoHandler};
pub use into_list::IntoList;
pub use login::{Credentials, Headers, OAuthLogin, SharedThreadView};
pub use message::{Message, MessageType};
pub use mode::{Mode, ModeOption, set_modes};
pub use outcome::{IntoOutcome, Json};
pub use page::{ToastKind, send_toast, send_window_message, update_token_count};
pub use registry::{Entry, Registry, StartError, StartProblem, StartWarning};
pub use scope::TaskScope;
pub use session::{Session, SessionBuilder, SessionKind, SessionSettings};
pub use session_key::SessionKey;
pub use spawn::{InCurrentContext, SpawnedTask, TaskError, spawn, spawn_blocking};
pub use starter::{Starter, StarterCategory};
pub use step::{Run, Step, StepLayer, StepType, UnknownStepType};
pub use stream::StreamItem;
pub use thread::{Thread, ThreadStep};
pub use time::{Timestamp, TimestampError};
pub use upload::{UploadError, UploadRules};
pub use user::User;
pub use wire::{Display, ElementSize, ElementType};

/// What the server needs to run application code. No part of the public interface: it changes
/// without notice.
#[doc(hidden)]
pub mod guard {
    pub use crate::blocking_guard::{BlockedThreads, guarded};
    pub use crate::command::unknown_command;
    pub use crate::error::ErrorId;
    pub use crate::shortened::shortened;
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
    pub use crate::session_values::KeptValues;
}

/// What the attributes' expansions name. No part of the public interface: it changes without
/// notice.
#[doc(hidden)]
pub mod __private {
    pub use inventory;
    pub use serde_json::{Map, Value};

    pub use crate::action::{ActionPayload, Tie};
    pub use crate::chat_settings::derived;
    pub use crate::event::{
        AuthorRename, HeaderAuthCallback, OAuthCallback, OnAction, OnAppShutdown, OnAppStartup,
        OnAudioChunk, OnAudioEnd, OnAudioStart, OnChatEnd, OnChatResume, OnChatStart, OnError,
        OnFeedback, OnLogout, OnMessage, OnSettingsEdit, OnSettingsUpdate, OnSharedThreadView,
        OnStop, OnWindowMessage, PasswordAuthCallback, ProvideDataLayer, SetChatProfiles,
        SetStarterCategories, SetStarters, argument,
    };
    pub use crate::handler::Registration;
    pub use crate::outcome::{answer, returned};
    pub use crate::step::call as step;
}
