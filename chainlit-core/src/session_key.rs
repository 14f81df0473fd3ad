//! Session data behind typed constants.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::context::Context;
use crate::session::Session;
use crate::session_values::How;
use crate::user_session::RESERVED_KEYS;

/// A value of one type in every session, declared once.
///
/// ```
/// use chainlit as cl;
///
/// static COUNT: cl::SessionKey<u32> = cl::SessionKey::new("count");
/// static NAME: cl::SessionKey<String> =
///     cl::SessionKey::with_default("name", || "stranger".to_owned());
///
/// # cl::Context::new(cl::Session::http("s1").build()).sync_scope(|| {
/// assert_eq!(COUNT.get(), None);
/// assert_eq!(COUNT.update(|n| *n += 1), 1);
/// assert_eq!(NAME.get().as_deref(), Some("stranger"));
/// # });
/// ```
///
/// A key that the framework owns does not compile:
///
/// ```compile_fail
/// static ID: chainlit::SessionKey<String> = chainlit::SessionKey::new("user");
/// ```
///
/// The value is the same that [`user_session`](crate::user_session) sees under the name. Values
/// live as long as the chat: through reconnects, until the user starts a new chat or the session
/// times out. Those of a [`persistent`](Self::persistent) key live as long as the conversation.
///
/// # Panics
///
/// All methods without a session argument panic outside of a handler, like [`Context::current`];
/// all methods panic when another part of the program stored a value of another type under the
/// same name, and when a closure uses the value that it was given through the key again.
pub struct SessionKey<T: 'static> {
    name: &'static str,
    default: Option<fn() -> T>,
    how: How<T>,
}

impl<T> SessionKey<T> {
    /// A key without a value until one is set.
    ///
    /// # Panics
    ///
    /// At compile time, for a name that the framework owns.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        assert_free(name);
        Self { name, default: None, how: How::memory() }
    }

    /// A key that reads as `default()` until a value is set.
    ///
    /// # Panics
    ///
    /// At compile time, for a name that the framework owns.
    #[must_use]
    pub const fn with_default(name: &'static str, default: fn() -> T) -> Self {
        assert_free(name);
        Self { name, default: Some(default), how: How::memory() }
    }

    /// The same key for values that are kept with the conversation: they are there again when it is
    /// taken up, on another day, after a restart of the server.
    ///
    /// Only where conversations are kept at all. A value that can't be read any more, because its
    /// type has changed since, counts as none, and the log says so.
    ///
    /// ```
    /// use chainlit as cl;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Clone, Serialize, Deserialize)]
    /// struct Basket(Vec<String>);
    ///
    /// static BASKET: cl::SessionKey<Basket> = cl::SessionKey::persistent("basket");
    /// static COUNT: cl::SessionKey<u32> = cl::SessionKey::with_default("count", || 7).kept();
    ///
    /// # cl::Context::new(cl::Session::http("s1").build()).sync_scope(|| {
    /// BASKET.set(Basket(vec!["apple".to_owned()]));
    /// assert_eq!(COUNT.get(), Some(7));
    /// # });
    /// ```
    #[must_use]
    pub const fn kept(self) -> Self
    where
        T: Serialize + DeserializeOwned,
    {
        Self { name: self.name, default: self.default, how: How::json() }
    }

    /// A [kept](Self::kept) key without a value until one is set.
    ///
    /// # Panics
    ///
    /// At compile time, for a name that the framework owns.
    #[must_use]
    pub const fn persistent(name: &'static str) -> Self
    where
        T: Serialize + DeserializeOwned,
    {
        Self::new(name).kept()
    }

    /// The key's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<T: Clone + Send + Sync + 'static> SessionKey<T> {
    /// The value; the default when none was set; `None` when there is no default either.
    #[must_use]
    #[track_caller]
    pub fn get(&self) -> Option<T> {
        self.get_in(Context::current().session())
    }

    /// The value in that session.
    #[must_use]
    #[track_caller]
    pub fn get_in(&self, session: &Session) -> Option<T> {
        match session.values().get(self.name, &self.how) {
            Ok(value) => value.or_else(|| self.default.map(|default| default())),
            Err(error) => panic!("{error}"),
        }
    }

    /// Sets the value.
    #[track_caller]
    pub fn set(&self, value: T) {
        self.set_in(Context::current().session(), value);
    }

    /// Sets the value in that session.
    #[track_caller]
    pub fn set_in(&self, session: &Session, value: T) {
        session.values().set(self.name, value, &self.how);
    }

    /// Removes the value; says whether there was one.
    #[track_caller]
    pub fn remove(&self) -> bool {
        self.remove_in(Context::current().session())
    }

    /// Removes the value in that session.
    pub fn remove_in(&self, session: &Session) -> bool {
        session.values().remove(self.name)
    }
}

impl<T: Send + Sync + 'static> SessionKey<T> {
    /// Looks at the value without copying it; `None` when none was set.
    ///
    /// ```
    /// # use chainlit as cl;
    /// static WORDS: cl::SessionKey<Vec<String>> = cl::SessionKey::new("words");
    ///
    /// # cl::Context::new(cl::Session::http("s1").build()).sync_scope(|| {
    /// WORDS.set(vec!["a".to_owned(), "b".to_owned()]);
    /// assert_eq!(WORDS.with(|words| words.map_or(0, Vec::len)), 2);
    /// # });
    /// ```
    #[track_caller]
    pub fn with<R>(&self, look: impl FnOnce(Option<&T>) -> R) -> R {
        self.with_in(Context::current().session(), look)
    }

    /// Looks at the value in that session.
    #[track_caller]
    pub fn with_in<R>(&self, session: &Session, look: impl FnOnce(Option<&T>) -> R) -> R {
        match session.values().with(self.name, &self.how, look) {
            Ok(result) => result,
            Err(error) => panic!("{error}"),
        }
    }
}

impl<T: Clone + Default + Send + Sync + 'static> SessionKey<T> {
    /// Changes the value under its lock and gives the new one. An absent value starts as the key's
    /// default, or as `T::default()`. `change` may use other values of the session.
    #[track_caller]
    pub fn update(&self, change: impl FnOnce(&mut T)) -> T {
        self.update_in(Context::current().session(), change)
    }

    /// Changes the value in that session.
    #[track_caller]
    pub fn update_in(&self, session: &Session, change: impl FnOnce(&mut T)) -> T {
        let initial = self.default.unwrap_or(T::default);
        match session.values().update(self.name, &self.how, initial, change) {
            Ok(value) => value,
            Err(error) => panic!("{error}"),
        }
    }
}

impl<T> fmt::Debug for SessionKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SessionKey").field(&self.name).finish()
    }
}

const fn assert_free(name: &str) {
    let mut i = 0;
    while i < RESERVED_KEYS.len() {
        assert!(
            !equal(name.as_bytes(), RESERVED_KEYS[i].as_bytes()),
            "this session key is reserved: it always holds the session's current state"
        );
        i += 1;
    }
}

const fn equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}
