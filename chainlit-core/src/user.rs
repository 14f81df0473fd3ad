//! Who the user is.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A logged-in user.
///
/// ```
/// let user = chainlit::User::new("ada@example.org").display_name("Ada");
/// assert_eq!(user.identifier, "ada@example.org");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct User {
    /// Unique among the application's users.
    pub identifier: String,
    /// The name to show.
    pub display_name: Option<String>,
    /// Free-form facts, for example an `image`.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(type = "Record<string, unknown>"))]
    pub metadata: Map<String, Value>,
}

impl User {
    /// A user with that identifier and nothing else known.
    pub fn new(identifier: impl Into<String>) -> Self {
        Self { identifier: identifier.into(), display_name: None, metadata: Map::new() }
    }

    /// Sets the name to show.
    #[must_use]
    pub fn display_name(mut self, name: impl Into<String>) -> Self {
        self.display_name = Some(name.into());
        self
    }
}
