//! The chats that live on this server: their connections, their events, their life and end.

mod audio;
mod closing;
mod connect;
mod dispatch;
mod events;
mod favorites;
mod hidden;
mod lane;
mod lifecycle;
mod log;
mod logins;
mod notice;
mod pace;
mod profiles;
mod recovery;
mod request;
mod resume;
mod sessions;
#[cfg(feature = "testing")]
mod settled;
mod transcript;
mod window_message;

pub(crate) use connect::{ChatNamespace, is_session_id};
pub(crate) use dispatch::{ActionError, Dispatcher};
pub(crate) use hidden::conceal;
pub(crate) use pace::PaceLimits;
pub(crate) use profiles::chosen;
pub(crate) use request::Caller;
pub(crate) use sessions::{Chat, ChatSettings, Chats, WeakChats};
pub(crate) use transcript::Transcript;
