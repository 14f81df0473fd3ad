use serde::{Deserialize, Serialize};

use crate::time::Timestamp;
use crate::user::User;

/// A user whom a data layer knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersistedUser {
    /// Its id in the database: a UUID v4 in ours.
    pub id: String,
    /// When it was stored first.
    pub created_at: Option<Timestamp>,
    /// The user.
    #[serde(flatten)]
    pub user: User,
}

impl PersistedUser {
    /// That user, stored under that id.
    pub fn new(id: impl Into<String>, user: User) -> Self {
        Self { id: id.into(), created_at: None, user }
    }
}
