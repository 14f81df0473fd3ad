//! What a message can be meant as.

use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::error::Error;
use crate::session::Session;
use crate::wire::ServerEvent;

/// Something that the user can choose in the composer for the next message: a slash command, or a
/// button. Its id comes with the message, in [`Message::command`](crate::Message::command).
///
/// Chainlit's [command](https://docs.chainlit.io/concepts/command), there a dictionary.
///
/// ```
/// use chainlit as cl;
///
/// let search = cl::Command::new("search", "Search the web").icon("globe").button(true);
/// assert_eq!(search.id, "search");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct Command {
    /// What it is known by, and what the user types behind the slash.
    pub id: String,
    /// Name of a lucide icon, or the address of one.
    pub icon: String,
    /// What it does, in a few words.
    pub description: String,
    /// Whether it has a button of its own, beside standing in the menu.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<bool>"))]
    pub button: bool,
    /// Whether it stays chosen after a message.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<bool>"))]
    pub persistent: bool,
    /// Whether it is chosen at first.
    #[serde(default, skip_serializing_if = "is_false")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<bool>"))]
    pub selected: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Command {
    /// A command with that id and description.
    #[must_use]
    pub fn new(id: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            icon: "terminal".to_owned(),
            description: description.into(),
            button: false,
            persistent: false,
            selected: false,
        }
    }

    /// Sets the icon: the name of a [lucide](https://lucide.dev/icons) icon, or an address.
    #[must_use]
    pub fn icon(mut self, icon: impl Into<String>) -> Self {
        self.icon = icon.into();
        self
    }

    /// Sets whether it has a button of its own.
    #[must_use]
    pub fn button(mut self, has_button: bool) -> Self {
        self.button = has_button;
        self
    }

    /// Sets whether it stays chosen after a message.
    #[must_use]
    pub fn persistent(mut self, is_persistent: bool) -> Self {
        self.persistent = is_persistent;
        self
    }

    /// Sets whether it is chosen at first.
    #[must_use]
    pub fn selected(mut self, is_selected: bool) -> Self {
        self.selected = is_selected;
        self
    }
}

/// Sets the commands that the composer offers; none takes them away. A message with a command that
/// is not offered is refused.
///
/// Chainlit's `cl.context.emitter.set_commands`.
///
/// ```
/// use chainlit as cl;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// let search = cl::Command::new("search", "Search the web");
/// cl::set_commands([search, cl::Command::new("draw", "Draw it")]).await?;
///
/// let error = cl::set_commands([cl::Command::new("", "?")]).await.unwrap_err();
/// assert_eq!(error.to_string(), "command ``: `id` must not be empty");
/// # Ok::<(), cl::BoxError>(()) }).await.unwrap();
/// # }
/// ```
///
/// # Errors
///
/// - [`Error::Definition`] for an id that is empty or there twice.
/// - [`Error::ChatEnded`].
///
/// # Panics
///
/// Outside of a handler, like [`Context::current`].
///
/// # Cancel safety
///
/// Dropped before it is ready, nothing was set.
pub async fn set_commands(commands: impl IntoIterator<Item = Command>) -> Result<(), Error> {
    let commands: Vec<Command> = commands.into_iter().collect();
    for (index, command) in commands.iter().enumerate() {
        let problem = if command.id.trim().is_empty() {
            "must not be empty"
        } else if commands[..index].iter().any(|other| other.id == command.id) {
            "is the id of another command too"
        } else {
            continue;
        };
        let what = format!("command `{}`", command.id);
        return Err(Error::Definition { what, field: "id", problem: problem.to_owned() });
    }
    let context = Context::current();
    context.room().await?;
    let mut offers = context.session().offers().lock();
    context.emitter().emit(&ServerEvent::SetCommands(&commands));
    offers.commands = commands;
    Ok(())
}

// For the server, which checks what clients send.
#[doc(hidden)]
/// What a user is told whose client sends a command that nobody offers.
#[must_use]
pub fn unknown_command(id: &str) -> String {
    let id: String = id.chars().take(64).collect();
    format!("The command `{id}` is not offered here.")
}

impl Session {
    // For the server, which checks what clients send.
    #[doc(hidden)]
    /// Whether the composer offers the command with that id.
    #[must_use]
    pub fn offers_command(&self, id: &str) -> bool {
        self.offers().lock().commands.iter().any(|command| command.id == id)
    }
}
