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
//! | show what you do | [`macro@step`], [`Step`], [`StepType`]; from the spans of model clients: [`StepLayer`] |
//! | say something | [`Message`], [`ErrorMessage`], [`Action`] |
//! | show more than text | [`Image`], [`Text`], [`File`], [`Dataframe`], [`Plotly`], [`CustomElement`], [`TaskList`], [`ElementSidebar`] |
//! | take files, or keep some | [`Message`] (`files`), [`SessionFile`], [`Session::files`] |
//! | ask something | [`AskUserMessage`], [`AskActionMessage`], [`AskFileMessage`], [`AskElementMessage`] |
//! | remember something per user | [`SessionKey`], [`user_session`], [`chat_context`] |
//! | let the user set something | [`SettingsForm`](macro@SettingsForm), [`ChatSettings`], [`on_settings_update`] |
//! | offer profiles, starters, commands, modes | [`set_chat_profiles`], [`set_starters`], [`set_commands`], [`set_modes`] |
//! | know of what fails | [`on_error`], [`Failure`] |
//! | share something among all users | [`State`], [`App::state`] |
//! | know whom you talk to | [`Session`], [`User`], [`Context`] |
//! | let people log in, and out | [`password_auth_callback`], [`header_auth_callback`], [`on_logout`], [`Logins`] |
//! | talk and listen | [`on_audio_start`], [`on_audio_chunk`], [`on_audio_end`], [`send_audio_chunk`] |
//! | tell the page something | [`send_toast`], [`send_window_message`], [`on_window_message`], [`author_rename`] |
//! | do several things at once | [`spawn`], [`spawn_blocking`], [`InCurrentContext`] |
//! | take an argument of your own type | [`FromEvent`] |
//! | go without attributes, or mount it elsewhere | [`App`], [`ChainlitService`] |
//! | test it | `testing`, with the feature of that name |
//!
//! The names are those of [Chainlit](https://docs.chainlit.io) for Python wherever both have the
//! thing; the wire protocol is the same.

// The attributes name this crate as `::chainlit`, also in its own tests and examples.
#[allow(unused_extern_crates)]
extern crate self as chainlit;

pub use chainlit_core::user_session::SessionError;
pub use chainlit_core::wire::AcceptDict;
pub use chainlit_core::{
    Action, ActionPayload, AppParts, AskActionMessage, AskElementMessage, AskFileMessage,
    AskUserMessage, Audio, AudioConnection, AuthorRename, BoxError, ChatContext, ChatProfile,
    ChatSettings, Checkbox, Choice, Command, ConfigOverrides, Content, Context, Credentials,
    CustomElement, DataError, DataLayer, DataResult, Dataframe, DatePicker, DateRangePicker,
    Display, Element, ElementAnswer, ElementSidebar, ElementSize, ElementType, Emitter, Entry,
    Error, ErrorMessage, Event, EventContext, Failure, Feedback, FeedbackValue, File, FileStore,
    FromEvent, Handler, HandlerFuture, HeaderAuthCallback, Headers, Image, InCurrentContext, Input,
    InputAudioChunk, IntoHandler, IntoList, IntoOutcome, Json, Message, MessageType, Mode,
    ModeOption, MultiSelect, NewFile, NoFiles, NullEmitter, NumberInput, OAuthCallback, OAuthLogin,
    OnAction, OnAppShutdown, OnAppStartup, OnAudioChunk, OnAudioEnd, OnAudioStart, OnChatEnd,
    OnChatResume, OnChatStart, OnError, OnFeedback, OnLogout, OnMessage, OnSettingsEdit,
    OnSettingsUpdate, OnSharedThreadView, OnStop, OnWindowMessage, OpenAiMessage, OutputAudioChunk,
    PasswordAuthCallback, Pdf, PersistedUser, Plotly, ProvideDataLayer, RadioGroup, Record,
    Registry, Result, Select, Session, SessionBuilder, SessionEvent, SessionFile, SessionKey,
    SessionKind, SessionSettings, SetChatProfiles, SetStarterCategories, SetStarters, SettingsForm,
    SharedDataLayer, SharedThreadView, Slider, SpawnedTask, StartError, StartProblem, StartWarning,
    Starter, StarterCategory, State, Step, StepLayer, StepRange, StepType, StreamItem, Switch, Tab,
    Tags, Task, TaskError, TaskList, TaskScope, TaskStatus, Text, TextInput, Thread, ThreadPage,
    ThreadQuery, ThreadStep, ThreadSummary, ThreadUpdate, Timestamp, TimestampError, ToastKind,
    TypedForm, UnknownStepType, UploadError, UploadRules, User, Video, Widget, chat_context,
    send_audio_chunk, send_audio_interrupt, send_toast, send_window_message, set_commands,
    set_modes, spawn, spawn_blocking, update_audio_connection, update_token_count, user_session,
    wire,
};
pub use chainlit_macros::{
    ActionPayload, Choice, SettingsForm, action_callback, author_rename, data_layer,
    header_auth_callback, oauth_callback, on_app_shutdown, on_app_startup, on_audio_chunk,
    on_audio_end, on_audio_start, on_chat_end, on_chat_resume, on_chat_start, on_error,
    on_feedback, on_logout, on_message, on_settings_edit, on_settings_update,
    on_shared_thread_view, on_stop, on_window_message, password_auth_callback, set_chat_profiles,
    set_starter_categories, set_starters, step,
};
pub use chainlit_server::{
    App, AppError, AppRoot, ChainlitService, Config, LoginSetupError, Logins, OpenError, RootPath,
    ServeOptions, UsageError, config, create_secret, run,
};

#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use chainlit_server::{ImportReport, SqlDataLayer};

#[cfg(feature = "testing")]
pub use chainlit_server::testing;

#[doc(hidden)]
pub mod __private {
    pub use chainlit_core::__private::*;
}

/// The code in the documents compiles.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../README.md")]
    mod readme {}
    #[doc = include_str!("../docs/custom-elements.md")]
    mod custom_elements {}
    #[doc = include_str!("../docs/history.md")]
    mod history {}
    #[doc = include_str!("../docs/login.md")]
    mod login {}
    #[doc = include_str!("../docs/testing.md")]
    mod testing {}
    #[doc = include_str!("../docs/threads.md")]
    mod threads {}
    #[doc = include_str!("../docs/tracing.md")]
    mod tracing {}
}
