//! What a new chat offers to begin with.

use serde::{Deserialize, Serialize};

/// A suggestion on the page of a new chat: sends its message when it is chosen.
///
/// Chainlit's [`cl.Starter`](https://docs.chainlit.io/concepts/starters).
///
/// ```
/// use chainlit as cl;
///
/// let starter = cl::Starter::new("Plan a week", "Plan my week.").icon("/public/week.svg");
/// assert_eq!(starter.message, "Plan my week.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct Starter {
    /// What the button says.
    pub label: String,
    /// What is sent.
    pub message: String,
    /// Id of the command that is sent along.
    #[serde(default)]
    pub command: Option<String>,
    /// Address of an icon.
    #[serde(default)]
    pub icon: Option<String>,
}

impl Starter {
    /// A suggestion with that label, which sends that message.
    #[must_use]
    pub fn new(label: impl Into<String>, message: impl Into<String>) -> Self {
        Self { label: label.into(), message: message.into(), command: None, icon: None }
    }

    /// Sets the command that is sent along, by its id.
    #[must_use]
    pub fn command(mut self, id: impl Into<String>) -> Self {
        self.command = Some(id.into());
        self
    }

    /// Sets the icon by its address, for example `/public/idea.svg`.
    #[must_use]
    pub fn icon(mut self, url: impl Into<String>) -> Self {
        self.icon = Some(url.into());
        self
    }
}

/// A group of starters under a heading.
///
/// Chainlit's `cl.StarterCategory`.
///
/// ```
/// use chainlit as cl;
///
/// let plans = cl::StarterCategory::new("Plans")
///     .icon("/public/plans.svg")
///     .starter(cl::Starter::new("A week", "Plan my week."));
/// assert_eq!(plans.starters.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct StarterCategory {
    /// The heading.
    pub label: String,
    /// Name of a lucide icon, or the address of one.
    #[serde(default)]
    pub icon: Option<String>,
    /// What the group offers.
    #[serde(default)]
    pub starters: Vec<Starter>,
}

impl StarterCategory {
    /// A group with that heading, with nothing in it.
    #[must_use]
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), icon: None, starters: Vec::new() }
    }

    /// Sets the icon.
    #[must_use]
    pub fn icon(mut self, icon: impl Into<String>) -> Self {
        self.icon = Some(icon.into());
        self
    }

    /// Adds a starter.
    #[must_use]
    pub fn starter(mut self, starter: Starter) -> Self {
        self.starters.push(starter);
        self
    }

    /// Adds beginnings.
    #[must_use]
    pub fn starters(mut self, starters: impl IntoIterator<Item = Starter>) -> Self {
        self.starters.extend(starters);
        self
    }
}
