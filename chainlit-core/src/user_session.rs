//! Session data by string keys, as Chainlit has it.
//!
//! ```
//! use chainlit_core::{Context, Session, user_session};
//!
//! Context::new(Session::http("s1").build()).sync_scope(|| {
//!     user_session::set("count", 3_u32)?;
//!     assert_eq!(user_session::get::<u32>("count")?, Some(3));
//!     assert_eq!(user_session::get::<String>("id")?, Some("s1".to_owned()));
//!     assert!(user_session::set("id", 1).is_err());
//!     # Ok::<(), chainlit_core::user_session::SessionError>(())
//! })?;
//! # Ok::<(), chainlit_core::user_session::SessionError>(())
//! ```
//!
//! Follows [`cl.user_session`](https://docs.chainlit.io/concepts/user-session). Where Chainlit
//! overwrites the reserved keys at each read, here they can't be set at all. For data of one
//! fixed type prefer a [`SessionKey`](crate::SessionKey): it needs no type at the call and can't
//! be misspelt.

use std::any::{Any, type_name};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use parking_lot::{Mutex, ReentrantMutex};
use serde_json::{Map, Value};

use crate::context::Context;
use crate::session::Session;
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
        self.values().get(key)
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
        self.values().set(key, value);
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
        self.values().update(key, T::default, change)
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

fn wrong_type<T>(key: &str, stored: &'static str) -> SessionError {
    SessionError::WrongType { key: key.to_owned(), stored, asked: type_name::<T>() }
}

/// A session's values, by key, of any type.
///
/// Each value has a lock of its own, so that changing one may look at the others.
#[derive(Default)]
pub(crate) struct Values(Mutex<HashMap<String, Arc<Slot>>>);

/// Reentrant only to tell a change of a value from inside its own change, which would wait for ever.
type Slot = ReentrantMutex<RefCell<Option<Stored>>>;

struct Stored {
    value: Box<dyn Any + Send>,
    type_name: &'static str,
}

impl Stored {
    fn new<T: Send + 'static>(value: T) -> Self {
        Self { value: Box::new(value), type_name: type_name::<T>() }
    }
}

impl Values {
    /// Gives the value to `look`, or `None` when there is none.
    #[track_caller]
    pub(crate) fn with<T: 'static, R>(
        &self,
        key: &str,
        look: impl FnOnce(Option<&T>) -> R,
    ) -> Result<R, SessionError> {
        let slot = self.0.lock().get(key).cloned();
        let Some(slot) = slot else { return Ok(look(None)) };
        let slot = slot.lock();
        let Ok(stored) = slot.try_borrow() else { in_use(key) };
        match &*stored {
            None => Ok(look(None)),
            Some(stored) => match stored.value.downcast_ref() {
                Some(value) => Ok(look(Some(value))),
                None => Err(wrong_type::<T>(key, stored.type_name)),
            },
        }
    }

    #[track_caller]
    pub(crate) fn get<T: Clone + 'static>(&self, key: &str) -> Result<Option<T>, SessionError> {
        self.with(key, |value| value.cloned())
    }

    #[track_caller]
    pub(crate) fn set<T: Send + 'static>(&self, key: &str, value: T) {
        let slot = self.slot(key);
        let slot = slot.lock();
        let Ok(mut stored) = slot.try_borrow_mut() else { in_use(key) };
        let old = stored.replace(Stored::new(value));
        // The old value's destructor is the application's code: it may use the session.
        drop(stored);
        drop(old);
    }

    /// Changes the value in place and gives a copy; an absent one starts as `initial()`.
    #[track_caller]
    pub(crate) fn update<T: Clone + Send + 'static>(
        &self,
        key: &str,
        initial: impl FnOnce() -> T,
        change: impl FnOnce(&mut T),
    ) -> Result<T, SessionError> {
        let slot = self.slot(key);
        let slot = slot.lock();
        let Ok(mut stored) = slot.try_borrow_mut() else { in_use(key) };
        let stored = stored.get_or_insert_with(|| Stored::new(initial()));
        let stored_type = stored.type_name;
        let value =
            stored.value.downcast_mut::<T>().ok_or_else(|| wrong_type::<T>(key, stored_type))?;
        change(value);
        Ok(value.clone())
    }

    #[track_caller]
    pub(crate) fn remove(&self, key: &str) -> bool {
        let slot = self.0.lock().remove(key);
        let Some(slot) = slot else { return false };
        let slot = slot.lock();
        let Ok(stored) = slot.try_borrow() else { in_use(key) };
        stored.is_some()
    }

    pub(crate) fn clear(&self) {
        let old = std::mem::take(&mut *self.0.lock());
        drop(old);
    }

    fn slot(&self, key: &str) -> Arc<Slot> {
        let mut slots = self.0.lock();
        match slots.get(key) {
            Some(slot) => Arc::clone(slot),
            None => Arc::clone(slots.entry(key.to_owned()).or_default()),
        }
    }
}

#[track_caller]
fn in_use(key: &str) -> ! {
    panic!("session value `{key}` is used inside its own `update`; use what the closure is given")
}
