//! Session data by string keys, as Chainlit has it.
//!
//! ```
//! use chainlit as cl;
//!
//! # cl::Context::new(cl::Session::http("s1").build()).sync_scope(|| {
//! cl::user_session::set("count", 3_u32)?;
//! assert_eq!(cl::user_session::get::<u32>("count")?, Some(3));
//! assert_eq!(cl::user_session::get::<String>("id")?, Some("s1".to_owned()));
//! assert!(cl::user_session::set("id", 1).is_err());
//! # Ok::<(), cl::user_session::SessionError>(())
//! # })?;
//! # Ok::<(), cl::user_session::SessionError>(())
//! ```
//!
//! Follows [`cl.user_session`](https://docs.chainlit.io/concepts/user-session). Where Chainlit
//! overwrites the reserved keys at each read, here they can't be set at all. For data of one
//! fixed type prefer a [`SessionKey`](crate::SessionKey): it needs no type at the call and can't
//! be misspelt.
//!
//! Where conversations are kept, plain values are kept with them and are there again when the
//! conversation is taken up: strings, numbers, booleans, [`serde_json::Value`] and
//! [`serde_json::Map`], and lists of strings. Others are not, and the log says so once for each key:
//! use [`SessionKey::persistent`](crate::SessionKey::persistent) for a type that serde knows, and
//! [`SessionKey::new`](crate::SessionKey::new) for one that is for the memory only.

use std::any::{Any, type_name};
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::context::Context;
use crate::session::Session;
use crate::session_values::{How, wrong_type};
use crate::user::User;

/// Keys that the framework owns: they always read as the session's current state.
///
/// `id`, `thread_id`, `client_type`: `String`. `chat_profile`: `Option<String>` or `String`.
/// `user`: [`Option<User>`](User) or [`User`]. `env`: `BTreeMap<String, String>`.
/// `chat_settings`: `serde_json::Map<String, Value>`.
pub const RESERVED_KEYS: [&str; 7] =
    ["id", "thread_id", "env", "chat_settings", "user", "chat_profile", "client_type"];

/// Why a session value could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The value has another type than the one asked for.
    #[error("session value `{key}` is a `{stored}`, not a `{asked}`")]
    WrongType {
        /// The key.
        key: String,
        /// Name of the stored type.
        stored: &'static str,
        /// Name of the type that was asked for.
        asked: &'static str,
    },
    /// The key belongs to the framework.
    #[error("session key `{key}` is read-only: it always holds the session's current state")]
    Reserved {
        /// The key.
        key: String,
    },
}

/// The value under that key, or `None`.
///
/// # Errors
///
/// [`SessionError::WrongType`] when the value has another type.
///
/// # Panics
///
/// Outside of a handler, like [`Context::current`].
#[track_caller]
pub fn get<T: Clone + Send + Sync + 'static>(key: &str) -> Result<Option<T>, SessionError> {
    Context::current().session().get(key)
}

/// The value under that key, or `default`.
///
/// # Errors
///
/// [`SessionError::WrongType`] when the value has another type.
///
/// # Panics
///
/// Outside of a handler, like [`Context::current`].
#[track_caller]
pub fn get_or<T: Clone + Send + Sync + 'static>(key: &str, default: T) -> Result<T, SessionError> {
    Ok(get(key)?.unwrap_or(default))
}

/// Stores a value of any type.
///
/// # Errors
///
/// [`SessionError::Reserved`] for one of the [`RESERVED_KEYS`].
///
/// # Panics
///
/// Outside of a handler, like [`Context::current`].
#[track_caller]
pub fn set<T: Clone + Send + Sync + 'static>(key: &str, value: T) -> Result<(), SessionError> {
    Context::current().session().set(key, value)
}

/// Changes the value under its lock and gives the new one; an absent one starts as `T::default()`.
///
/// # Errors
///
/// [`SessionError::WrongType`] when the value has another type, [`SessionError::Reserved`] for
/// one of the [`RESERVED_KEYS`].
///
/// # Panics
///
/// Outside of a handler, like [`Context::current`]; when `change` uses the same value through the
/// session.
#[track_caller]
pub fn update<T: Clone + Default + Send + Sync + 'static>(
    key: &str,
    change: impl FnOnce(&mut T),
) -> Result<T, SessionError> {
    Context::current().session().update(key, change)
}

/// Removes a value; says whether there was one.
///
/// # Errors
///
/// [`SessionError::Reserved`] for one of the [`RESERVED_KEYS`].
///
/// # Panics
///
/// Outside of a handler, like [`Context::current`].
#[track_caller]
pub fn remove(key: &str) -> Result<bool, SessionError> {
    Context::current().session().remove(key)
}

/// The same functions on a session at hand, without a context.
impl Session {
    /// See [`user_session::get`](get).
    ///
    /// # Errors
    ///
    /// [`SessionError::WrongType`].
    pub fn get<T: Clone + Send + Sync + 'static>(
        &self,
        key: &str,
    ) -> Result<Option<T>, SessionError> {
        if RESERVED_KEYS.contains(&key) {
            return reserved(self, key);
        }
        self.values().get(key, &How::plain())
    }

    /// See [`user_session::set`](set).
    ///
    /// # Errors
    ///
    /// [`SessionError::Reserved`].
    pub fn set<T: Clone + Send + Sync + 'static>(
        &self,
        key: &str,
        value: T,
    ) -> Result<(), SessionError> {
        writable(key)?;
        self.values().set(key, value, &How::plain());
        Ok(())
    }

    /// See [`user_session::update`](update).
    ///
    /// # Errors
    ///
    /// [`SessionError::WrongType`], [`SessionError::Reserved`].
    pub fn update<T: Clone + Default + Send + Sync + 'static>(
        &self,
        key: &str,
        change: impl FnOnce(&mut T),
    ) -> Result<T, SessionError> {
        writable(key)?;
        self.values().update(key, &How::plain(), T::default, change)
    }

    /// See [`user_session::remove`](remove).
    ///
    /// # Errors
    ///
    /// [`SessionError::Reserved`].
    pub fn remove(&self, key: &str) -> Result<bool, SessionError> {
        writable(key)?;
        Ok(self.values().remove(key))
    }
}

fn writable(key: &str) -> Result<(), SessionError> {
    if RESERVED_KEYS.contains(&key) {
        return Err(SessionError::Reserved { key: key.to_owned() });
    }
    Ok(())
}

/// Reads a reserved key as whichever of its types was asked for.
fn reserved<T: Clone + 'static>(session: &Session, key: &str) -> Result<Option<T>, SessionError> {
    fn cast<T: Clone + 'static, V: 'static>(value: V) -> Option<T> {
        (&value as &dyn Any).downcast_ref::<T>().cloned()
    }
    /// An optional one: as it is, or only when it is there.
    fn optional<T: Clone + 'static, V: Clone + 'static>(value: Option<V>) -> Option<Option<T>> {
        if let Some(whole) = cast::<T, _>(value.clone()) {
            return Some(Some(whole));
        }
        let Some(value) = value else {
            return (std::any::TypeId::of::<T>() == std::any::TypeId::of::<V>()).then_some(None);
        };
        cast(value).map(Some)
    }
    let (found, stored) = match key {
        "id" => (cast(session.id().to_owned()).map(Some), type_name::<String>()),
        "thread_id" => (cast(session.thread_id().to_owned()).map(Some), type_name::<String>()),
        "client_type" => (cast(session.client_type().to_owned()).map(Some), type_name::<String>()),
        "chat_profile" => (optional(session.chat_profile()), type_name::<Option<String>>()),
        "user" => (optional(session.user()), type_name::<Option<User>>()),
        "env" => {
            (cast(session.user_env().clone()).map(Some), type_name::<BTreeMap<String, String>>())
        }
        _ => (cast(session.chat_settings()).map(Some), type_name::<Map<String, Value>>()),
    };
    found.ok_or_else(|| wrong_type::<T>(key, stored))
}
