//! The form with the chat's settings.

mod date;
#[cfg(any(feature = "jiff", feature = "chrono", feature = "time"))]
mod day;
mod form;
mod input;
mod typed;
mod widget;

use serde_json::{Map, Value};

use crate::context::Context;
use crate::error::Error;
use crate::into_list::IntoList;
use crate::session::Session;
use crate::wire::ServerEvent;
use form::Item;
pub(crate) use form::{Form, Refused};

pub use form::Tab;
pub use input::Input;
pub use typed::{Choice, SettingsForm, TypedForm};
pub use widget::{
    Checkbox, DatePicker, DateRangePicker, Kind, MultiSelect, NumberInput, RadioGroup, Select,
    Slider, Switch, Tags, TextInput, Widget, kind,
};

/// What the derived forms name.
#[doc(hidden)]
pub mod derived {
    pub use super::typed::{
        Fits, SettingValue, field_value, list, number, of_event, text, usual_widget, widget,
    };
    pub use super::widget::kind;
}

/// A form that the user opens from the page, with widgets or with tabs of them.
///
/// What the user confirms reaches `on_settings_update`, each change before that
/// `on_settings_edit`. The values are checked before: a value that its widget does not allow is
/// refused, the user is told, and nothing is kept. [`Session::chat_settings`] has the present ones.
///
/// For a form that is a struct, with values of its fields' types, derive
/// [`SettingsForm`](trait@SettingsForm).
///
/// Chainlit's [`cl.ChatSettings`](https://docs.chainlit.io/api-reference/chat-settings), where
/// values are not checked.
///
/// ```
/// use chainlit as cl;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// let settings = cl::ChatSettings::new()
///     .input(cl::Select::new("model", "Model").values(["small", "large"]).initial("small"))
///     .input(cl::Slider::new("temperature", "Temperature").max(2).step(0.1).initial(0.7))
///     .send()
///     .await?;
/// assert_eq!(settings["temperature"], 0.7);
///
/// let slider = cl::Slider::new("t", "T").max(1).initial(2);
/// let wrong = cl::ChatSettings::new().input(slider).send().await;
/// assert_eq!(wrong.unwrap_err().to_string(), "slider `t`: `initial` must be between 0 and 1");
/// # Ok::<(), cl::BoxError>(()) }).await.unwrap();
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a form is seen only when it is sent"]
pub struct ChatSettings {
    items: Vec<Item>,
}

impl ChatSettings {
    /// A form with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a widget.
    pub fn input(mut self, input: impl Into<Input>) -> Self {
        self.items.push(Item::Input(input.into()));
        self
    }

    /// Adds widgets; a tuple where they are of several kinds.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let form = cl::ChatSettings::new()
    ///     .inputs((cl::Slider::new("warmth", "Warmth"), cl::Switch::new("stream", "Stream")));
    /// # let _ = form;
    /// ```
    pub fn inputs<Kind>(mut self, inputs: impl IntoList<Input, Kind>) -> Self {
        self.extend(inputs.into_list());
        self
    }

    /// Adds a tab. A form has either tabs or widgets.
    pub fn tab(mut self, tab: Tab) -> Self {
        self.items.push(Item::Tab(tab));
        self
    }

    /// Adds tabs.
    pub fn tabs(mut self, tabs: impl IntoIterator<Item = Tab>) -> Self {
        self.items.extend(tabs.into_iter().map(Item::Tab));
        self
    }

    // For the derived forms, which name a widget's tab at the widget.
    #[doc(hidden)]
    /// Adds a widget to the tab with that heading, which is made where it is new.
    pub fn input_in_tab(mut self, label: &str, input: impl Into<Input>) -> Self {
        let tabs = self.items.iter_mut();
        let mut tabs = tabs.filter_map(|item| match item {
            Item::Tab(tab) => Some(tab),
            Item::Input(_) => None,
        });
        match tabs.find(|tab| tab.has_id(label)) {
            Some(tab) => tab.push(input.into()),
            None => self.items.push(Item::Tab(Tab::new(label, label).input(input))),
        }
        self
    }

    /// Shows the form and sets all values to the initial ones, which it gives back by the widgets'
    /// ids. What was set before is forgotten.
    ///
    /// # Errors
    ///
    /// - [`Error::Definition`] names the widget and the field that is wrong: an empty or known id,
    ///   an initial value that the widget does not allow, `min` above `max`, ...
    /// - [`Error::ChatEnded`].
    ///
    /// # Panics
    ///
    /// Outside of a handler, like [`Context::current`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent.
    pub async fn send(&self) -> Result<Map<String, Value>, Error> {
        let form = Form::new(self.items.clone())?;
        let values = form.begin_with(Map::new())?;
        self.show(form, &values, true).await?;
        Ok(values)
    }

    /// Shows the form and leaves the values as they are: for a form that changes while the user
    /// edits it. The page shows the initial values, until the user confirms or reloads.
    ///
    /// # Errors
    ///
    /// As of [`send`](Self::send).
    ///
    /// # Panics
    ///
    /// Outside of a handler, like [`Context::current`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent.
    pub async fn refresh(&self) -> Result<(), Error> {
        let form = Form::new(self.items.clone())?;
        let values = form.begin_with(Map::new())?;
        self.show(form, &values, false).await
    }

    async fn show(
        &self,
        form: Form,
        values: &Map<String, Value>,
        is_reset: bool,
    ) -> Result<(), Error> {
        let context = Context::current();
        context.room().await?;
        context.session().show_form(form, values, is_reset);
        Ok(())
    }
}

impl Extend<Input> for ChatSettings {
    fn extend<T: IntoIterator<Item = Input>>(&mut self, inputs: T) {
        self.items.extend(inputs.into_iter().map(Item::Input));
    }
}

impl FromIterator<Input> for ChatSettings {
    fn from_iter<T: IntoIterator<Item = Input>>(inputs: T) -> Self {
        let mut form = Self::new();
        form.extend(inputs);
        form
    }
}

impl Session {
    /// Shows a form with these values, and takes values from it from now on. With `is_reset` they
    /// are the present ones then.
    fn show_form(&self, form: Form, values: &Map<String, Value>, is_reset: bool) {
        // Held until it is shown: of two forms the last one shown is the one that counts.
        let mut offers = self.offers().lock();
        self.emitter().emit(&ServerEvent::ChatSettings(&form.dict(values)));
        if is_reset {
            self.set_chat_settings(values.clone());
        } else {
            let present = form.dict(&self.chat_settings());
            self.emitter().remember(&ServerEvent::ChatSettings(&present));
        }
        offers.form = Some(form);
    }

    // For the server, which decides when this is right.
    #[doc(hidden)]
    /// Takes values that the user has confirmed and gives all present ones.
    ///
    /// # Errors
    ///
    /// When one of them is not allowed; then none is taken, and the page shows the present ones
    /// again.
    pub fn change_settings(
        &self,
        received: Map<String, Value>,
    ) -> Result<Map<String, Value>, Error> {
        self.take_settings(received, true)
    }

    // For the server, which decides when this is right.
    #[doc(hidden)]
    /// Gives the present values with those that the user edits, which are not taken yet.
    ///
    /// # Errors
    ///
    /// When one of them is not allowed.
    pub fn edit_settings(&self, received: Map<String, Value>) -> Result<Map<String, Value>, Error> {
        self.take_settings(received, false)
    }

    fn take_settings(
        &self,
        received: Map<String, Value>,
        is_final: bool,
    ) -> Result<Map<String, Value>, Error> {
        let offers = self.offers().lock();
        let form = offers.form.as_ref().ok_or(Refused::NoForm);
        let merged = form.and_then(|form| Ok((form, form.merge(&self.chat_settings(), received)?)));
        match merged {
            Ok((form, merged)) => {
                if is_final {
                    self.set_chat_settings(merged.clone());
                    self.emitter().remember(&ServerEvent::ChatSettings(&form.dict(&merged)));
                }
                Ok(merged)
            }
            Err(refused) => {
                if let Some(form) = &offers.form
                    && is_final
                {
                    let dict = form.dict(&self.chat_settings());
                    self.emitter().emit(&ServerEvent::ChatSettings(&dict));
                }
                Err(Error::Refused(refused.to_string()))
            }
        }
    }
}
