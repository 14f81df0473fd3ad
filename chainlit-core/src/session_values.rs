//! What the session's values are stored in, and which of them can be kept with the conversation.

use std::any::{Any, TypeId, type_name};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::{Mutex, ReentrantMutex};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::user_session::{RESERVED_KEYS, SessionError};

/// A session's values, by key, of any type.
///
/// Each value has a lock of its own, so that changing one may look at the others.
#[derive(Default)]
pub(crate) struct Values(Mutex<HashMap<String, Arc<Slot>>>);

/// Reentrant only to tell a change of a value from inside its own change, which would wait for ever.
type Slot = ReentrantMutex<RefCell<Option<Stored>>>;

enum Stored {
    Typed {
        value: Box<dyn Any + Send>,
        type_name: &'static str,
        keep: Keep,
    },
    /// As it was kept: nobody has asked for it as a type yet.
    Kept(Value),
}

/// How a value is written into JSON.
type Write = fn(&dyn Any) -> serde_json::Result<Value>;

/// Whether a value is kept with the conversation.
#[derive(Clone, Copy)]
enum Keep {
    Never,
    /// If it is of one of the plain types.
    IfPlain,
    Json(Write),
}

/// How values of a key are kept and read again.
pub(crate) struct How<T> {
    keep: Keep,
    read: fn(&Value) -> Result<T, String>,
    /// What can't be read counts as none.
    is_lenient: bool,
}

impl<T: 'static> How<T> {
    /// Values that are for the memory only.
    pub(crate) const fn memory() -> Self {
        Self { keep: Keep::Never, read: read_plain::<T>, is_lenient: true }
    }

    /// Values that are kept if they are plain.
    pub(crate) const fn plain() -> Self {
        Self { keep: Keep::IfPlain, read: read_plain::<T>, is_lenient: false }
    }
}

impl<T: Serialize + DeserializeOwned + 'static> How<T> {
    /// Values that serde knows.
    pub(crate) const fn json() -> Self {
        Self { keep: Keep::Json(write_json::<T>), read: read_json::<T>, is_lenient: true }
    }
}

/// What of a session's values can be kept, and what can't.
#[derive(Debug, Default)]
pub struct KeptValues {
    /// The values as JSON.
    pub values: Map<String, Value>,
    /// Keys of values that were set to be kept and can't be, and why.
    pub lost: Vec<(String, String)>,
}

impl Stored {
    fn new<T: Send + 'static>(value: T, how: &How<T>) -> Self {
        Self::Typed { value: Box::new(value), type_name: type_name::<T>(), keep: how.keep }
    }

    fn type_name(&self) -> &'static str {
        match self {
            Self::Typed { type_name, .. } => type_name,
            Self::Kept(_) => type_name::<Value>(),
        }
    }

    fn downcast_ref<T: 'static>(&self) -> Option<&T> {
        match self {
            Self::Typed { value, .. } => value.downcast_ref(),
            Self::Kept(_) => None,
        }
    }

    fn downcast_mut<T: 'static>(&mut self) -> Option<&mut T> {
        match self {
            Self::Typed { value, .. } => value.downcast_mut(),
            Self::Kept(_) => None,
        }
    }
}

impl Values {
    /// Gives the value to `look`, or `None` when there is none.
    #[track_caller]
    pub(crate) fn with<T: Send + 'static, R>(
        &self,
        key: &str,
        how: &How<T>,
        look: impl FnOnce(Option<&T>) -> R,
    ) -> Result<R, SessionError> {
        let slot = self.0.lock().get(key).cloned();
        let Some(slot) = slot else { return Ok(look(None)) };
        let slot = slot.lock();
        // A value that is being looked at has its type already.
        if let Ok(mut stored) = slot.try_borrow_mut() {
            give_type(key, how, &mut stored);
        }
        let Ok(stored) = slot.try_borrow() else { in_use(key) };
        match &*stored {
            None => Ok(look(None)),
            Some(stored) => match stored.downcast_ref() {
                Some(value) => Ok(look(Some(value))),
                None => Err(wrong_type::<T>(key, stored.type_name())),
            },
        }
    }

    #[track_caller]
    pub(crate) fn get<T: Clone + Send + 'static>(
        &self,
        key: &str,
        how: &How<T>,
    ) -> Result<Option<T>, SessionError> {
        self.with(key, how, |value| value.cloned())
    }

    #[track_caller]
    pub(crate) fn set<T: Send + 'static>(&self, key: &str, value: T, how: &How<T>) {
        let slot = self.slot(key);
        let slot = slot.lock();
        let Ok(mut stored) = slot.try_borrow_mut() else { in_use(key) };
        let old = stored.replace(Stored::new(value, how));
        // The old value's destructor is the application's code: it may use the session.
        drop(stored);
        drop(old);
    }

    /// Changes the value in place and gives a copy; an absent one starts as `initial()`.
    #[track_caller]
    pub(crate) fn update<T: Clone + Send + 'static>(
        &self,
        key: &str,
        how: &How<T>,
        initial: impl FnOnce() -> T,
        change: impl FnOnce(&mut T),
    ) -> Result<T, SessionError> {
        let slot = self.slot(key);
        let slot = slot.lock();
        let Ok(mut stored) = slot.try_borrow_mut() else { in_use(key) };
        give_type(key, how, &mut stored);
        let stored = stored.get_or_insert_with(|| Stored::new(initial(), how));
        let stored_type = stored.type_name();
        let value = stored.downcast_mut::<T>().ok_or_else(|| wrong_type::<T>(key, stored_type))?;
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

    /// What can be kept; `None` while one of the values is being changed by whoever asks.
    pub(crate) fn kept(&self) -> Option<KeptValues> {
        let slots: Vec<(String, Arc<Slot>)> =
            self.0.lock().iter().map(|(key, slot)| (key.clone(), Arc::clone(slot))).collect();
        let mut kept = KeptValues::default();
        for (key, slot) in slots {
            let slot = slot.lock();
            let stored = slot.try_borrow().ok()?;
            let json = match &*stored {
                None => continue,
                Some(Stored::Kept(value)) => Ok(value.clone()),
                Some(Stored::Typed { value, type_name, keep }) => match keep {
                    Keep::Never => continue,
                    Keep::IfPlain => {
                        write_plain(&**value).ok_or_else(|| format!("it is a `{type_name}`"))
                    }
                    Keep::Json(write) => write(&**value).map_err(|error| error.to_string()),
                },
            };
            match json {
                Ok(json) => drop(kept.values.insert(key, json)),
                Err(reason) => kept.lost.push((key, reason)),
            }
        }
        Some(kept)
    }

    /// Takes up what was kept.
    pub(crate) fn restore(&self, values: Map<String, Value>) {
        let mut slots = self.0.lock();
        for (key, value) in values {
            if !RESERVED_KEYS.contains(&key.as_str()) {
                let stored = RefCell::new(Some(Stored::Kept(value)));
                slots.insert(key, Arc::new(ReentrantMutex::new(stored)));
            }
        }
    }

    fn slot(&self, key: &str) -> Arc<Slot> {
        let mut slots = self.0.lock();
        match slots.get(key) {
            Some(slot) => Arc::clone(slot),
            None => Arc::clone(slots.entry(key.to_owned()).or_default()),
        }
    }
}

/// Makes what was kept a value of the type that somebody asks for.
fn give_type<T: Send + 'static>(key: &str, how: &How<T>, stored: &mut Option<Stored>) {
    let Some(Stored::Kept(json)) = stored else { return };
    match (how.read)(json) {
        Ok(value) => *stored = Some(Stored::new(value, how)),
        Err(reason) if how.is_lenient => {
            tracing::warn!(key, reason, "a session value that was kept can't be read any more");
            *stored = None;
        }
        Err(_) => {}
    }
}

pub(crate) fn wrong_type<T>(key: &str, stored: &'static str) -> SessionError {
    SessionError::WrongType { key: key.to_owned(), stored, asked: type_name::<T>() }
}

#[track_caller]
fn in_use(key: &str) -> ! {
    panic!("session value `{key}` is used inside its own `update`; use what the closure is given")
}

fn write_json<T: Serialize + 'static>(value: &dyn Any) -> serde_json::Result<Value> {
    serde_json::to_value(value.downcast_ref::<T>().expect("the value is of its key's type"))
}

fn read_json<T: DeserializeOwned>(json: &Value) -> Result<T, String> {
    T::deserialize(json).map_err(|error| error.to_string())
}

macro_rules! plain_types {
    ($($plain:ty)+) => {
        fn write_plain(value: &dyn Any) -> Option<Value> {
            $(if let Some(value) = value.downcast_ref::<$plain>() {
                return serde_json::to_value(value).ok();
            })+
            value.downcast_ref::<&'static str>().map(|text| Value::from(*text))
        }

        fn read_plain<T: 'static>(json: &Value) -> Result<T, String> {
            let read: Option<serde_json::Result<Box<dyn Any>>> = match TypeId::of::<T>() {
                $(id if id == TypeId::of::<$plain>() => Some(boxed::<$plain>(json)),)+
                _ => None,
            };
            let no_plain = || format!("`{}` is no plain type", type_name::<T>());
            let value = read.ok_or_else(no_plain)?.map_err(|error| error.to_string())?;
            value.downcast().map(|value| *value).map_err(|_| no_plain())
        }
    };
}
plain_types! {
    String bool u8 u16 u32 u64 usize i8 i16 i32 i64 isize f32 f64 Value Map<String, Value>
    Vec<String> Vec<Value> Option<String> Option<bool> Option<u32> Option<u64> Option<i32>
    Option<i64> Option<f64>
}

fn boxed<P: DeserializeOwned + 'static>(json: &Value) -> serde_json::Result<Box<dyn Any>> {
    P::deserialize(json).map(|value| Box::new(value) as Box<dyn Any>)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Basket(Vec<String>);

    fn kept(values: &Values) -> Value {
        Value::Object(values.kept().unwrap().values)
    }

    #[test]
    fn plain_values_and_those_of_persistent_keys_are_kept() {
        let values = Values::default();
        values.set("name", "Ada".to_owned(), &How::plain());
        values.set("word", "hi", &How::plain());
        values.set("count", 3_u32, &How::plain());
        values.set("facts", json!({ "a": [1] }), &How::plain());
        values.set("basket", Basket(vec!["apple".to_owned()]), &How::json());
        values.set("client", Arc::new(7), &How::plain());
        values.set("secret", "x".to_owned(), &How::memory());
        let wanted = json!({
            "name": "Ada", "word": "hi", "count": 3, "facts": { "a": [1] }, "basket": ["apple"],
        });
        assert_eq!(kept(&values), wanted);
        let lost = values.kept().unwrap().lost;
        assert_eq!(lost.len(), 1, "{lost:?}");
        assert_eq!(lost[0].0, "client");

        let again = Values::default();
        again.restore(wanted.as_object().unwrap().clone());
        // What nobody has asked for is kept as it is.
        assert_eq!(kept(&again), wanted);
        assert_eq!(again.get("name", &How::plain()), Ok(Some("Ada".to_owned())));
        assert_eq!(again.get("count", &How::plain()), Ok(Some(3_u32)));
        assert_eq!(again.update("count", &How::plain(), || 0, |n: &mut u32| *n += 1), Ok(4));
        let basket = again.get::<Basket>("basket", &How::json()).unwrap();
        assert_eq!(basket, Some(Basket(vec!["apple".to_owned()])));
        assert_eq!(kept(&again)["count"], 4);
    }

    #[test]
    fn what_can_not_be_read_any_more_is_none_or_an_error() {
        let values = Values::default();
        values.restore(json!({ "basket": 7, "count": "x" }).as_object().unwrap().clone());
        assert!(values.get::<u32>("count", &How::plain()).is_err());
        assert_eq!(values.get("count", &How::plain()), Ok(Some("x".to_owned())));
        assert_eq!(values.get::<Basket>("basket", &How::json()), Ok(None));
    }
}
