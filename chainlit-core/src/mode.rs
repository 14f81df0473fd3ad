//! Pickers in the composer.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::context::Context;
use crate::error::Error;
use crate::message::Message;
use crate::session::Session;
use crate::wire::ServerEvent;

/// A picker in the composer, for example for the model: one of its options is always chosen and
/// comes with each message, see [`Message::mode`].
///
/// Chainlit's `cl.Mode`.
///
/// ```
/// use chainlit as cl;
///
/// let model = cl::Mode::new("llm", "Model")
///     .option(cl::ModeOption::new("small", "Small").description("Fast"))
///     .option(cl::ModeOption::new("large", "Large").default(true));
/// assert_eq!(model.default_option().unwrap().id, "large");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct Mode {
    /// What it is known by.
    pub id: String,
    /// What the user reads.
    pub name: String,
    /// What can be chosen.
    pub options: Vec<ModeOption>,
}

/// One of a [`Mode`]'s options.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct ModeOption {
    /// What it is known by.
    pub id: String,
    /// What the user reads.
    pub name: String,
    /// More about it.
    pub description: Option<String>,
    /// Name of a lucide icon, or the address of one.
    pub icon: Option<String>,
    /// Whether it is chosen at first.
    pub default: bool,
}

impl Mode {
    /// A picker with that id and name, without options.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: id.into(), name: name.into(), options: Vec::new() }
    }

    /// Adds an option.
    #[must_use]
    pub fn option(mut self, option: ModeOption) -> Self {
        self.options.push(option);
        self
    }

    /// Adds options.
    #[must_use]
    pub fn options(mut self, options: impl IntoIterator<Item = ModeOption>) -> Self {
        self.options.extend(options);
        self
    }

    /// The option that is chosen at first: the one that says so, else the first.
    #[must_use]
    pub fn default_option(&self) -> Option<&ModeOption> {
        self.options.iter().find(|option| option.default).or(self.options.first())
    }

    /// The option with that id.
    #[must_use]
    pub fn option_by_id(&self, id: &str) -> Option<&ModeOption> {
        self.options.iter().find(|option| option.id == id)
    }

    fn wrong(&self) -> Option<(&'static str, String)> {
        if self.id.trim().is_empty() {
            return Some(("id", "must not be empty".to_owned()));
        }
        if self.options.is_empty() {
            return Some(("options", "must not be empty".to_owned()));
        }
        for (index, option) in self.options.iter().enumerate() {
            if option.id.trim().is_empty() {
                return Some(("options", "must have ids that are not empty".to_owned()));
            }
            if self.options[..index].iter().any(|other| other.id == option.id) {
                return Some(("options", format!("have the id `{}` twice", option.id)));
            }
        }
        if self.options.iter().filter(|option| option.default).count() > 1 {
            return Some(("options", "must not have more than one default".to_owned()));
        }
        None
    }
}

impl ModeOption {
    /// An option with that id and name.
    #[must_use]
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        let (id, name) = (id.into(), name.into());
        Self { id, name, description: None, icon: None, default: false }
    }

    /// Sets more about it.
    #[must_use]
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Sets the icon: the name of a [lucide](https://lucide.dev/icons) icon, or an address.
    #[must_use]
    pub fn icon(mut self, icon: impl Into<String>) -> Self {
        self.icon = Some(icon.into());
        self
    }

    /// Sets whether it is chosen at first.
    #[must_use]
    pub fn default(mut self, is_default: bool) -> Self {
        self.default = is_default;
        self
    }
}

/// Sets the pickers that the composer offers; none takes them away. Each message then has an option
/// of each; one with an option that is not offered is refused. While none is offered, what a client
/// says of modes is ignored.
///
/// Chainlit's `cl.context.emitter.set_modes`.
///
/// ```
/// use chainlit as cl;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// let model = cl::Mode::new("llm", "Model").option(cl::ModeOption::new("small", "Small"));
/// cl::set_modes([model]).await?;
///
/// let error = cl::set_modes([cl::Mode::new("llm", "Model")]).await.unwrap_err();
/// assert_eq!(error.to_string(), "mode `llm`: `options` must not be empty");
/// # Ok::<(), cl::BoxError>(()) }).await.unwrap();
/// # }
/// ```
///
/// # Errors
///
/// - [`Error::Definition`] for an id that is empty or there twice, for a mode without options or
///   with several defaults.
/// - [`Error::ChatEnded`].
///
/// # Panics
///
/// Outside of a handler, like [`Context::current`].
///
/// # Cancel safety
///
/// Dropped before it is ready, nothing was set.
pub async fn set_modes(modes: impl IntoIterator<Item = Mode>) -> Result<(), Error> {
    let modes: Vec<Mode> = modes.into_iter().collect();
    for (index, mode) in modes.iter().enumerate() {
        let is_double = modes[..index].iter().any(|other| other.id == mode.id);
        let double = is_double.then(|| ("id", "is the id of another mode too".to_owned()));
        if let Some((field, problem)) = mode.wrong().or(double) {
            return Err(Error::Definition { what: format!("mode `{}`", mode.id), field, problem });
        }
    }
    let context = Context::current();
    context.room().await?;
    let mut offers = context.session().offers().lock();
    context.emitter().emit(&ServerEvent::SetModes(&modes));
    offers.modes = modes;
    Ok(())
}

impl Session {
    // For the server, which checks what clients send.
    #[doc(hidden)]
    /// The options that a client chose, with the default of each mode that it names none of.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] for a mode or an option that is not offered.
    pub fn chosen_modes(
        &self,
        chosen: Option<Map<String, Value>>,
    ) -> Result<Option<Map<String, Value>>, Error> {
        let modes = &self.offers().lock().modes;
        if modes.is_empty() {
            return Ok(None);
        }
        let mut all = Map::new();
        for (id, option) in chosen.into_iter().flatten() {
            let short = |text: &str| text.chars().take(64).collect::<String>();
            let Some(mode) = modes.iter().find(|mode| mode.id == id) else {
                let text = format!("The mode `{}` is not offered here.", short(&id));
                return Err(Error::Refused(text));
            };
            let Some(option) = option.as_str().and_then(|option| mode.option_by_id(option)) else {
                let option = short(option.as_str().unwrap_or_default());
                return Err(Error::Refused(format!(
                    "The option `{option}` of the mode `{id}` is not offered here."
                )));
            };
            all.insert(id, Value::from(option.id.as_str()));
        }
        for mode in modes {
            if let Some(option) = mode.default_option()
                && !all.contains_key(&mode.id)
            {
                all.insert(mode.id.clone(), Value::from(option.id.as_str()));
            }
        }
        Ok(Some(all))
    }
}

impl Message {
    /// Id of the option that the user chose of that mode.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let message = cl::Message::new("Hi");
    /// assert_eq!(message.chosen_mode("llm"), None);
    /// ```
    #[must_use]
    pub fn chosen_mode(&self, id: &str) -> Option<&str> {
        self.modes.as_ref()?.get(id)?.as_str()
    }
}
