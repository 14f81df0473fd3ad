//! Logins that hold no more, though their tokens have not expired.
//!
//! Kept in this process, and in the user's metadata where there is a database: that is how other
//! processes learn of it.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The key in a user's metadata. Neither the application nor the page sees it.
const METADATA_KEY: &str = "chainlit_logins";

/// Logins of one user that are kept: whoever logs out more often within the time that a token holds
/// loses the oldest.
const MAX_PER_USER: usize = 128;

/// Logins, and users, that this process keeps.
const MAX_KEPT: usize = 50_000;

/// Which login a request or a socket belongs to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LoginId {
    pub(crate) id: Arc<str>,
    /// When its token was issued and when it ends, in seconds since 1970.
    pub(super) issued_at: f64,
    pub(super) expires_at: f64,
}

/// A user's logins that hold no more, as their metadata has them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct EndedOfUser {
    /// All that were issued before.
    before: f64,
    /// Single ones, with the time when they would have ended.
    ended: HashMap<Arc<str>, f64>,
}

impl EndedOfUser {
    /// Takes it out of a user's metadata.
    pub(super) fn take(metadata: &mut Map<String, Value>) -> Self {
        let value = metadata.remove(METADATA_KEY);
        value.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default()
    }

    /// Puts it into a user's metadata, if there is anything.
    pub(super) fn put(&self, metadata: &mut Map<String, Value>) {
        if *self != Self::default() {
            metadata.insert(METADATA_KEY.to_owned(), json!(self));
        }
    }

    pub(crate) fn holds(&self, login: &LoginId) -> bool {
        login.issued_at >= self.before && !self.ended.contains_key(&login.id)
    }

    pub(super) fn end(&mut self, login: &LoginId, now: f64) {
        add(&mut self.ended, login, now, MAX_PER_USER);
    }

    pub(super) fn end_all(&mut self, now: f64) {
        *self = Self { before: now, ended: HashMap::new() };
    }
}

/// What this process knows by itself; cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct EndedLogins(Arc<Mutex<Table>>);

#[derive(Debug, Default)]
struct Table {
    single: HashMap<Arc<str>, f64>,
    /// All logins of a user that were issued before.
    users: HashMap<String, f64>,
}

impl EndedLogins {
    pub(super) fn holds(&self, identifier: &str, login: &LoginId) -> bool {
        let table = self.0.lock();
        !table.single.contains_key(&login.id)
            && table.users.get(identifier).is_none_or(|before| login.issued_at >= *before)
    }

    pub(super) fn end(&self, login: &LoginId, now: f64) {
        add(&mut self.0.lock().single, login, now, MAX_KEPT);
    }

    pub(super) fn end_all(&self, identifier: &str, now: f64) {
        let users = &mut self.0.lock().users;
        if users.len() >= MAX_KEPT && !users.contains_key(identifier) {
            remove_least(users);
        }
        users.insert(identifier.to_owned(), now);
    }
}

/// Adds a login. Those whose token has expired anyway give way, then the one that expires first.
fn add(ended: &mut HashMap<Arc<str>, f64>, login: &LoginId, now: f64, most: usize) {
    if ended.len() >= most {
        ended.retain(|_, expires_at| *expires_at > now);
        if ended.len() >= most {
            remove_least(ended);
        }
    }
    ended.insert(Arc::clone(&login.id), login.expires_at);
}

fn remove_least<K: Clone + Eq + std::hash::Hash>(map: &mut HashMap<K, f64>) {
    if let Some((key, _)) = map.iter().min_by(|a, b| a.1.total_cmp(b.1)) {
        let key = key.clone();
        map.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(id: &str, issued_at: f64) -> LoginId {
        LoginId { id: id.into(), issued_at, expires_at: issued_at + 100.0 }
    }

    #[test]
    fn one_login_ends_and_the_others_hold() {
        let ended = EndedLogins::default();
        ended.end(&login("a", 1.0), 2.0);
        assert!(!ended.holds("ada", &login("a", 1.0)));
        assert!(ended.holds("ada", &login("b", 1.0)));
    }

    #[test]
    fn all_logins_end_but_later_ones() {
        let ended = EndedLogins::default();
        ended.end_all("ada", 2.0);
        assert!(!ended.holds("ada", &login("a", 1.0)));
        assert!(ended.holds("ada", &login("a", 2.0)));
        assert!(ended.holds("bob", &login("c", 1.0)));
    }

    #[test]
    fn metadata_carries_it_and_nobody_sees_it() {
        let mut own = EndedOfUser::default();
        own.end(&login("a", 1.0), 2.0);
        let mut metadata = Map::from_iter([("role".to_owned(), json!("x"))]);
        own.put(&mut metadata);
        let read = EndedOfUser::take(&mut metadata);
        assert_eq!(metadata, Map::from_iter([("role".to_owned(), json!("x"))]));
        assert!(!read.holds(&login("a", 1.0)) && read.holds(&login("b", 1.0)));
        own.end_all(5.0);
        assert!(!own.holds(&login("b", 1.0)) && own.holds(&login("b", 5.0)));
        let mut foreign = Map::from_iter([(METADATA_KEY.to_owned(), json!("nonsense"))]);
        assert_eq!(EndedOfUser::take(&mut foreign), EndedOfUser::default());
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut own = EndedOfUser::default();
        for n in 0..MAX_PER_USER + 10 {
            own.end(&login(&n.to_string(), n as f64), 0.0);
        }
        assert_eq!(own.ended.len(), MAX_PER_USER);
        assert!(own.holds(&login("0", 0.0)), "the oldest goes");
        own.end(&login("last", 1000.0), 1000.0);
        assert_eq!(own.ended.len(), 1, "those that expired go first");
    }
}
