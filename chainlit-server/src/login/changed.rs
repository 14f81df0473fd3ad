//! Users whose rights have changed since their tokens were issued.

use std::collections::HashMap;

use chainlit_core::User;
use parking_lot::Mutex;

use super::LoginId;

/// Users that are kept; beyond, the one goes who was changed first.
const MAX_USERS: usize = 10_000;

/// What this process was told. A token issued later is newer.
#[derive(Debug, Default)]
pub(super) struct ChangedUsers(Mutex<HashMap<String, (f64, User)>>);

impl ChangedUsers {
    pub(super) fn change(&self, user: &User, now: f64) {
        let mut users = self.0.lock();
        if users.len() >= MAX_USERS
            && !users.contains_key(&user.identifier)
            && let Some(oldest) = users.iter().min_by(|a, b| a.1.0.total_cmp(&b.1.0))
        {
            let oldest = oldest.0.clone();
            users.remove(&oldest);
        }
        users.insert(user.identifier.clone(), (now, user.clone()));
    }

    /// The user of a token as they are now.
    pub(super) fn newer(&self, user: User, login: &LoginId) -> User {
        match self.0.lock().get(&user.identifier) {
            Some((since, changed)) if login.issued_at < *since => changed.clone(),
            _ => user,
        }
    }
}
