//! A form that is right: what it shows, and what it takes.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::input::Input;
use crate::error::Error;
use crate::into_list::IntoList;
use crate::wire::{SettingsItem, TabDict};

/// Bytes of JSON that the values of a chat's form may have together.
const MAX_VALUES_BYTES: usize = 64 * 1024;

/// A page of a form: widgets under a heading.
///
/// ```
/// use chainlit as cl;
///
/// let tab = cl::Tab::new("model", "Model")
///     .input(cl::Slider::new("temperature", "Temperature").max(2).step(0.1))
///     .input(cl::TextInput::new("role", "Role").multiline(true));
/// # let _ = tab;
/// ```
#[derive(Clone, Debug)]
#[must_use = "a tab is seen only in a form that is sent"]
pub struct Tab {
    id: String,
    label: String,
    inputs: Vec<Input>,
}

impl Tab {
    /// A page with that id and heading, with nothing on it.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self { id: id.into(), label: label.into(), inputs: Vec::new() }
    }

    /// Adds a widget.
    pub fn input(mut self, input: impl Into<Input>) -> Self {
        self.inputs.push(input.into());
        self
    }

    /// Adds widgets; a tuple where they are of several kinds.
    pub fn inputs<Kind>(mut self, inputs: impl IntoList<Input, Kind>) -> Self {
        self.inputs.extend(inputs.into_list());
        self
    }

    /// The page with that id, which gets one more widget.
    pub(super) fn has_id(&self, id: &str) -> bool {
        self.id == id
    }

    pub(super) fn push(&mut self, input: Input) {
        self.inputs.push(input);
    }
}

/// What a form consists of.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Input(Input),
    Tab(Tab),
}

/// A checked form.
#[derive(Debug)]
pub(crate) struct Form {
    items: Vec<Item>,
}

/// Why values are not taken, in words for the user.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("This chat has no settings.")]
    NoForm,
    #[error("The settings have no field `{0}`.")]
    Unknown(String),
    #[error("{label} (`{id}`) can't be changed.")]
    Disabled { id: String, label: String },
    #[error("{label} (`{id}`) {problem}.")]
    Wrong { id: String, label: String, problem: String },
    #[error("The settings are too long: at most {MAX_VALUES_BYTES} bytes are kept.")]
    TooLong,
}

impl Form {
    /// Checks the definitions.
    pub(super) fn new(items: Vec<Item>) -> Result<Self, Error> {
        let definition =
            |what: String, field, problem: String| Err(Error::Definition { what, field, problem });
        let form = Self { items };
        let mut ids = HashSet::new();
        let mut tab_ids = HashSet::new();
        for item in &form.items {
            let Item::Tab(tab) = item else { continue };
            let what = || format!("tab `{}`", tab.id);
            for (field, text) in [("id", &tab.id), ("label", &tab.label)] {
                if text.trim().is_empty() {
                    return definition(what(), field, "must not be empty".to_owned());
                }
            }
            if !tab_ids.insert(tab.id.as_str()) {
                return definition(what(), "id", "is the id of another tab too".to_owned());
            }
            if form.items.iter().any(|item| matches!(item, Item::Input(_))) {
                let problem = "can't stand beside widgets without a tab: put each widget of the \
                               form into a tab";
                return definition(what(), "inputs", problem.to_owned());
            }
        }
        for input in form.inputs() {
            input.check()?;
            if !ids.insert(input.common.id.as_str()) {
                let problem = "is the id of another widget of the form too".to_owned();
                return definition(input.what(), "id", problem);
            }
        }
        Ok(form)
    }

    fn inputs(&self) -> impl Iterator<Item = &Input> {
        self.items.iter().flat_map(|item| match item {
            Item::Input(input) => std::slice::from_ref(input),
            Item::Tab(tab) => tab.inputs.as_slice(),
        })
    }

    /// The values to begin with: these, and the initial ones where there are none.
    pub(super) fn begin_with(
        &self,
        mut values: Map<String, Value>,
    ) -> Result<Map<String, Value>, Error> {
        let mut all = Map::new();
        for input in self.inputs() {
            let value = match values.remove(&input.common.id) {
                Some(value) => input.accept(&value).map_err(|problem| Error::Definition {
                    what: input.what(),
                    field: "initial",
                    problem,
                })?,
                None => input.initial(),
            };
            all.insert(input.common.id.clone(), value);
        }
        Ok(all)
    }

    /// The form as the browser sees it, with these values where they fit.
    pub(super) fn dict(&self, values: &Map<String, Value>) -> Vec<SettingsItem> {
        let widget = |input: &Input| {
            let value = values.get(&input.common.id).and_then(|value| input.accept(value).ok());
            input.dict(&value.unwrap_or_else(|| input.initial()))
        };
        let item = |item: &Item| match item {
            Item::Input(input) => SettingsItem::Widget(widget(input)),
            Item::Tab(tab) => SettingsItem::Tab(TabDict {
                id: tab.id.clone(),
                label: tab.label.clone(),
                inputs: tab.inputs.iter().map(widget).collect(),
            }),
        };
        self.items.iter().map(item).collect()
    }

    /// The current values with those that a client sent, or why they are not taken. Nothing is
    /// taken when one of them is wrong.
    pub(super) fn merge(
        &self,
        current: &Map<String, Value>,
        received: Map<String, Value>,
    ) -> Result<Map<String, Value>, Refused> {
        let mut merged = current.clone();
        for (id, value) in received {
            let Some(input) = self.inputs().find(|input| input.common.id == id) else {
                return Err(Refused::Unknown(shortened(&id)));
            };
            let label = || input.common.label.clone();
            let accepted = input.accept(&value);
            if input.common.is_disabled {
                let present = current.get(&id).cloned().unwrap_or_else(|| input.initial());
                if accepted.as_ref() != Ok(&present) {
                    return Err(Refused::Disabled { label: label(), id });
                }
            }
            match accepted {
                Ok(value) => merged.insert(id, value),
                Err(problem) => return Err(Refused::Wrong { label: label(), id, problem }),
            };
        }
        if crate::wire::json_bytes(&merged) > MAX_VALUES_BYTES {
            return Err(Refused::TooLong);
        }
        Ok(merged)
    }
}

/// A client's own text, short enough to be shown.
fn shortened(text: &str) -> String {
    text.chars().take(64).collect()
}
