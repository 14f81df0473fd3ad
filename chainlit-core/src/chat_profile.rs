//! As what the assistant can be talked to.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::starter::Starter;

/// Something that the user chooses at the beginning of a chat: another model, another character.
///
/// [`Session::chat_profile`](crate::Session::chat_profile) has the name of the chosen one.
/// Chainlit's [`cl.ChatProfile`](https://docs.chainlit.io/advanced-features/chat-profiles).
///
/// ```
/// use chainlit as cl;
///
/// let poet = cl::ChatProfile::new("poet", "Speaks in *rhymes*.")
///     .icon("/public/poet.svg")
///     .default(true)
///     .starter(cl::Starter::new("Spring", "A poem about spring, please."))
///     .config_overrides(cl::ConfigOverrides::new().set("UI.name", "Poet"));
/// assert_eq!(poet.name, "poet");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct ChatProfile {
    /// What it is known by.
    pub name: String,
    /// What the user reads of it, as Markdown.
    pub markdown_description: String,
    /// Address of a picture.
    pub icon: Option<String>,
    /// What the user reads instead of the name.
    pub display_name: Option<String>,
    /// Whether it is chosen at first.
    pub default: bool,
    /// What a new chat with it offers to begin with, instead of `set_starters`.
    pub starters: Option<Vec<Starter>>,
    /// What is configured otherwise in a chat with it. It stays on the server.
    #[serde(skip)]
    #[cfg_attr(feature = "typescript", ts(skip))]
    pub config_overrides: ConfigOverrides,
}

impl ChatProfile {
    /// A profile with that name and description.
    #[must_use]
    pub fn new(name: impl Into<String>, markdown_description: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            markdown_description: markdown_description.into(),
            icon: None,
            display_name: None,
            default: false,
            starters: None,
            config_overrides: ConfigOverrides::new(),
        }
    }

    /// Sets the picture by its address, for example `/public/poet.svg`.
    #[must_use]
    pub fn icon(mut self, url: impl Into<String>) -> Self {
        self.icon = Some(url.into());
        self
    }

    /// Sets what the user reads instead of the name.
    #[must_use]
    pub fn display_name(mut self, name: impl Into<String>) -> Self {
        self.display_name = Some(name.into());
        self
    }

    /// Sets whether it is chosen at first.
    #[must_use]
    pub fn default(mut self, is_default: bool) -> Self {
        self.default = is_default;
        self
    }

    /// Adds something to begin with.
    #[must_use]
    pub fn starter(self, starter: Starter) -> Self {
        self.starters([starter])
    }

    /// Adds beginnings.
    #[must_use]
    pub fn starters(mut self, starters: impl IntoIterator<Item = Starter>) -> Self {
        self.starters.get_or_insert_default().extend(starters);
        self
    }

    /// Sets what is configured otherwise in a chat with it.
    #[must_use]
    pub fn config_overrides(mut self, overrides: ConfigOverrides) -> Self {
        self.config_overrides = overrides;
        self
    }

    // For the server, which asks the application for its profiles.
    #[doc(hidden)]
    /// Looks for a mistake in a list of profiles.
    ///
    /// # Errors
    ///
    /// [`Error::Definition`] for a name that is empty or there twice, and for several defaults.
    pub fn check_all(profiles: &[Self]) -> Result<(), Error> {
        for (index, profile) in profiles.iter().enumerate() {
            let before = &profiles[..index];
            let (field, problem) = if profile.name.trim().is_empty() {
                ("name", "must not be empty")
            } else if before.iter().any(|other| other.name == profile.name) {
                ("name", "is the name of another profile too")
            } else if profile.default && before.iter().any(|other| other.default) {
                ("default", "is set for another profile too")
            } else {
                continue;
            };
            let what = format!("chat profile `{}`", profile.name);
            return Err(Error::Definition { what, field, problem: problem.to_owned() });
        }
        Ok(())
    }
}

/// What a [`ChatProfile`] configures otherwise than `.chainlit/config.toml`, by the keys of that
/// file's tables `UI`, `features` and `project`.
///
/// What the page's document and its content security policy are made of is the same for all profiles:
/// `UI.custom_js`, `UI.custom_css`, `UI.language`, `features.allowed_media_hosts` and their like, and
/// most of `project`, can't be overridden. Pictures of another host (`UI.logo_file_url`) load only if
/// the configuration names that host too.
///
/// A key that can't be overridden or is not known, or a value of the wrong type, is an error that names the key; a chat
/// with such a profile is refused.
///
/// ```
/// use chainlit as cl;
///
/// let overrides = cl::ConfigOverrides::new()
///     .set("UI.name", "Poet")
///     .set("features.edit_message", false)
///     .set("features.spontaneous_file_upload.max_files", 1)
///     .set("project.user_env", vec!["POET_KEY"]);
/// assert!(!overrides.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConfigOverrides {
    tables: Map<String, Value>,
}

impl ConfigOverrides {
    /// Nothing is configured otherwise.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a key, written with its table and dots as in `features.audio.enabled`.
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Into<Value>) -> Self {
        let mut parts = key.split('.').peekable();
        let mut table = &mut self.tables;
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                table.insert(part.to_owned(), value.into());
                break;
            }
            let inner = table.entry(part).or_insert_with(|| Map::new().into());
            if !inner.is_object() {
                *inner = Map::new().into();
            }
            let Value::Object(inner) = inner else { break };
            table = inner;
        }
        self
    }

    /// Whether nothing is configured otherwise.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    /// The tables, in the shape of the file.
    #[must_use]
    pub fn tables(&self) -> &Map<String, Value> {
        &self.tables
    }
}
