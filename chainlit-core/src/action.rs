//! Buttons under a message.

use std::any::TypeId;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::context::Context;
use crate::error::Error;
use crate::extract::short_name;
use crate::session::Session;
use crate::shortened::shortened;
use crate::wire::{ServerEvent, json_bytes};

/// An action as the browser sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ActionDict {
    /// The name its callback is registered under.
    pub name: String,
    /// What the callback gets.
    #[cfg_attr(feature = "typescript", ts(type = "Record<string, unknown>"))]
    pub payload: Value,
    /// The button's text.
    #[serde(default)]
    pub label: String,
    /// Shown when the pointer rests on the button.
    #[serde(default)]
    pub tooltip: String,
    /// A lucide icon's name.
    #[serde(default)]
    pub icon: Option<String>,
    /// The message the button stands under.
    #[serde(default)]
    pub for_id: Option<String>,
    /// UUID v4.
    pub id: String,
}

/// A button under a message, and what its callback gets: `T` is the payload's type.
///
/// Chainlit's [`cl.Action`](https://docs.chainlit.io/api-reference/action).
///
/// ```
/// use chainlit as cl;
/// use serde_json::json;
///
/// let action = cl::Action::new("approve", json!({ "order": 7 })).label("Approve");
/// let message = cl::Message::new("Order 7?").action(action);
/// assert_eq!(message.actions[0].label, "Approve");
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Action<T = Value> {
    /// UUID v4.
    pub id: String,
    /// The name its callback is registered under.
    pub name: String,
    /// What the callback gets.
    pub payload: T,
    /// The button's text; the name when empty.
    pub label: String,
    /// Shown when the pointer rests on the button.
    pub tooltip: String,
    /// A lucide icon's name.
    pub icon: Option<String>,
    /// Id of the message the button stands under, once it was sent.
    pub for_id: Option<String>,
    /// The payload as the browser knows it, whatever `T` makes of it.
    shown_payload: Value,
}

impl Action<Value> {
    /// An action with that name and payload.
    #[must_use]
    pub fn new(name: impl Into<String>, payload: impl Into<Value>) -> Self {
        let (name, payload) = (name.into(), payload.into());
        Self {
            id: Uuid::new_v4().to_string(),
            label: name.clone(),
            name,
            shown_payload: payload.clone(),
            payload,
            tooltip: String::new(),
            icon: None,
            for_id: None,
        }
    }

    /// An action with a payload of any type.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] when the payload can't be written as JSON.
    pub fn typed(name: impl Into<String>, payload: &impl Serialize) -> Result<Self, Error> {
        Ok(Self::new(name, serde_json::to_value(payload).map_err(Error::Json)?))
    }

    /// The action that the payload's type belongs to, with that payload.
    ///
    /// ```
    /// use chainlit::{self as cl, ActionPayload};
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Serialize, Deserialize)]
    /// struct Approval {
    ///     order: u32,
    /// }
    ///
    /// // What `#[derive(cl::ActionPayload)]` writes.
    /// impl ActionPayload for Approval {
    ///     const NAME: &'static str = "approval";
    /// }
    ///
    /// let action = cl::Action::of(&Approval { order: 7 })?.label("Approve");
    /// assert_eq!(action.name, "approval");
    /// # Ok::<(), cl::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Json`] when the payload can't be written as JSON.
    pub fn of<T: ActionPayload>(payload: &T) -> Result<Self, Error> {
        Self::typed(T::NAME, payload)
    }

    /// The same action with its payload read as a `T`.
    ///
    /// # Errors
    ///
    /// [`Error::Payload`], which says where it does not fit.
    pub fn read<T: DeserializeOwned>(&self) -> Result<Action<T>, Error> {
        let payload: T = serde_path_to_error::deserialize(&self.payload).map_err(|error| {
            let path = shortened(error.path());
            Error::Payload {
                action: self.name.clone(),
                wanted: short_name::<T>(),
                path: if path == "." { String::new() } else { path },
                reason: shortened(error.into_inner()),
            }
        })?;
        Ok(self.clone().payload(payload))
    }

    /// Sets the button's text.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets what is shown when the pointer rests on the button.
    #[must_use]
    pub fn tooltip(mut self, tooltip: impl Into<String>) -> Self {
        self.tooltip = tooltip.into();
        self
    }

    /// Sets the icon by its lucide name.
    #[must_use]
    pub fn icon(mut self, icon: impl Into<String>) -> Self {
        self.icon = Some(icon.into());
        self
    }

    /// Shows the button under the message with that id.
    ///
    /// # Errors
    ///
    /// [`Error::NoActionCallback`] when no function handles it; [`Error::ChatEnded`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent.
    pub async fn send(&mut self, for_id: &str) -> Result<(), Error> {
        let context = Context::current();
        self.check(context.session())?;
        context.room().await?;
        self.show(&context, for_id);
        Ok(())
    }

    /// Fails when it is still to be sent and would lead nowhere.
    pub(crate) fn check(&self, session: &Session) -> Result<(), Error> {
        match &session.settings().action_names {
            Some(names) if self.for_id.is_none() && !names.contains(&self.name) => {
                Err(Error::NoActionCallback { name: self.name.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Bytes of its texts and payload, which it holds twice.
    pub(crate) fn text_bytes(&self) -> usize {
        let texts = self.name.len() + self.label.len() + self.tooltip.len();
        texts + json_bytes(&self.payload) + json_bytes(&self.shown_payload)
    }

    /// Gives the button to the browser, under that message.
    pub(crate) fn show(&mut self, context: &Context, for_id: &str) {
        self.for_id = Some(for_id.to_owned());
        self.shown_payload = self.payload.clone();
        context.emitter().emit(&ServerEvent::Action(&self.to_dict()));
    }

    /// The action as the browser sees it.
    #[must_use]
    pub fn to_dict(&self) -> ActionDict {
        ActionDict {
            name: self.name.clone(),
            payload: self.payload.clone(),
            label: self.label.clone(),
            tooltip: self.tooltip.clone(),
            icon: self.icon.clone(),
            for_id: self.for_id.clone(),
            id: self.id.clone(),
        }
    }
}

impl<T> Action<T> {
    /// Takes the button away.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was removed.
    pub async fn remove(&self) -> Result<(), Error> {
        let context = Context::current();
        context.room().await?;
        self.take_away(&context);
        Ok(())
    }

    /// Takes the button away from the page.
    pub(crate) fn take_away(&self, context: &Context) {
        context.emitter().emit(&ServerEvent::RemoveAction(&ActionDict {
            name: self.name.clone(),
            payload: self.shown_payload.clone(),
            label: self.label.clone(),
            tooltip: self.tooltip.clone(),
            icon: self.icon.clone(),
            for_id: self.for_id.clone(),
            id: self.id.clone(),
        }));
    }

    /// Sets the payload, which may be of another type.
    #[must_use]
    pub fn payload<U>(self, payload: U) -> Action<U> {
        Action {
            id: self.id,
            name: self.name,
            payload,
            label: self.label,
            tooltip: self.tooltip,
            icon: self.icon,
            for_id: self.for_id,
            shown_payload: self.shown_payload,
        }
    }
}

impl From<ActionDict> for Action<Value> {
    fn from(dict: ActionDict) -> Self {
        Self {
            id: dict.id,
            name: dict.name,
            shown_payload: dict.payload.clone(),
            payload: dict.payload,
            label: dict.label,
            tooltip: dict.tooltip,
            icon: dict.icon,
            for_id: dict.for_id,
        }
    }
}

/// A type that is the payload of one action and of no other: who sends it and who handles it can't
/// name different ones.
///
/// `#[derive(cl::ActionPayload)]` ties a struct or an enum to an action's name: its own in
/// `snake_case`, or the one that `#[action("name")]` says. [`Action::of`] then makes the action, and
/// `#[cl::action_callback]` without a name is for that action. A function for another action that
/// takes the type keeps the application from starting.
#[diagnostic::on_unimplemented(
    message = "`{Self}` belongs to no action",
    label = "nothing says which action this is the payload of",
    note = "add `#[derive(serde::Serialize, serde::Deserialize, cl::ActionPayload)]` to the type, or name the action: `#[cl::action_callback(\"name\")]`, `Action::typed(\"name\", &payload)`"
)]
pub trait ActionPayload: Serialize + DeserializeOwned + 'static {
    /// The action's name.
    const NAME: &'static str;
}

/// What the derive leaves behind: the action that a type belongs to, known before `main`.
#[doc(hidden)]
#[derive(Debug)]
pub struct Tie {
    payload: fn() -> TypeId,
    name: &'static str,
}

impl Tie {
    /// For the derive.
    #[must_use]
    pub const fn of<T: ActionPayload>() -> Self {
        Self { payload: TypeId::of::<T>, name: T::NAME }
    }
}

inventory::collect!(Tie);

/// The action that the type belongs to, if the derive says so.
pub(crate) fn tied_name<T: 'static>() -> Option<&'static str> {
    let ties = inventory::iter::<Tie>.into_iter();
    ties.filter(|tie| (tie.payload)() == TypeId::of::<T>()).map(|tie| tie.name).next()
}
