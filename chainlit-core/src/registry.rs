//! All functions of an application, checked once before it starts.

use std::collections::BTreeMap;
use std::fmt;
use std::panic::Location;

use crate::event::{Event, OnAction, OnMessage, for_each_event};
use crate::extract::AppParts;
use crate::handler::Handler;

macro_rules! define_registry {
    ($(
        $(#[$doc:meta])*
        $marker:ident { name: $name:ident, $($rest:tt)* }
    )*) => {
        /// The functions of an application, by event.
        ///
        /// Filled from the attributes ([`from_inventory`](Self::from_inventory)), by hand
        /// ([`add`](Self::add)), or both; then [`check`](Self::check)ed once.
        ///
        /// A crate whose functions carry attributes counts only when it is linked, and a
        /// dependency that is never named is not. Name it: `use my_handlers as _;`.
        ///
        /// # Examples
        ///
        /// ```
        /// use chainlit::{self as cl, IntoHandler};
        ///
        /// async fn stopped() {}
        ///
        /// let mut registry = cl::Registry::new();
        /// registry.add::<cl::OnStop>(stopped.into_handler());
        /// assert!(registry.get::<cl::OnStop>().is_some());
        /// let warnings = registry.check(&cl::AppParts::new()).unwrap();
        /// assert!(warnings[0].to_string().contains("on_message"));
        /// ```
        #[derive(Clone, Debug, Default)]
        pub struct Registry {
            $(pub(crate) $name: Vec<Handler<crate::event::$marker>>,)*
        }

        impl Registry {
            /// What the attributes registered, in all crates that are linked.
            #[must_use]
            pub fn from_inventory() -> Self {
                Self {
                    $($name: crate::event::$marker::registrations().map(Handler::from).collect(),)*
                }
            }

            /// All functions, for a listing: by event, then as they were added.
            pub fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
                std::iter::empty()$(.chain(self.$name.iter().map(Entry::of)))*
            }

            fn find_problems(&self, app: &AppParts) -> Vec<StartProblem> {
                let mut problems = Vec::new();
                $(find_problems(&self.$name, app, &mut problems);)*
                problems
            }
        }
    };
}
for_each_event!(define_registry);

impl Registry {
    /// No functions.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a function.
    pub fn add<E: Event>(&mut self, handler: Handler<E>) -> &mut Self {
        E::slot_mut(self).push(handler);
        self
    }

    /// The function for that event.
    #[must_use]
    pub fn get<E: Event>(&self) -> Option<&Handler<E>> {
        E::slot(self).first()
    }

    /// The function for that event and key.
    #[must_use]
    pub fn keyed<E: Event>(&self, key: &str) -> Option<&Handler<E>> {
        E::slot(self).iter().find(|handler| handler.key() == Some(key))
    }

    /// All functions for that event.
    pub fn handlers<E: Event>(&self) -> impl Iterator<Item = &Handler<E>> {
        E::slot(self).iter()
    }

    /// The function for the action of that name.
    #[must_use]
    pub fn action(&self, name: &str) -> Option<&Handler<OnAction>> {
        self.keyed::<OnAction>(name)
    }

    /// Checks that each event has one function at most, each action name too, and that the
    /// application has what the functions' arguments need.
    ///
    /// # Errors
    ///
    /// All that is wrong, at once.
    pub fn check(&self, app: &AppParts) -> Result<Vec<StartWarning>, StartError> {
        let problems = self.find_problems(app);
        if !problems.is_empty() {
            return Err(StartError { problems });
        }
        let mut warnings = Vec::new();
        if self.get::<OnMessage>().is_none() {
            warnings.push(StartWarning::NoOnMessage);
        }
        Ok(warnings)
    }
}

fn find_problems<E: Event>(
    handlers: &[Handler<E>],
    app: &AppParts,
    problems: &mut Vec<StartProblem>,
) {
    let mut by_key: BTreeMap<Option<&str>, Vec<&Handler<E>>> = BTreeMap::new();
    for handler in handlers {
        by_key.entry(handler.key()).or_default().push(handler);
    }
    for (key, mut same) in by_key {
        if E::KEYED && key.is_none_or(str::is_empty) {
            for handler in same {
                problems.push(StartProblem::NoKey { event: E::NAME, place: handler.place() });
            }
        } else if same.len() > 1 {
            // The linker gives no order; a message that changes from build to build confuses.
            same.sort_by_key(|handler| (handler.location().file(), handler.location().line()));
            problems.push(StartProblem::Duplicate {
                event: E::NAME,
                key: key.map(str::to_owned),
                places: same.iter().map(|handler| handler.place()).collect(),
            });
        }
    }
    for handler in handlers {
        for reason in handler.check(app) {
            problems.push(StartProblem::Argument { place: handler.place(), reason });
        }
    }
}

/// One function of a [`Registry`], for a listing.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Entry<'a> {
    /// The attribute's name, for example `on_message`.
    pub event: &'static str,
    /// The action's name, when it is for an action.
    pub key: Option<&'a str>,
    /// The function's path, for example `my_app::reply`.
    pub function: &'static str,
    /// Where it stands.
    pub location: &'static Location<'static>,
}

impl<'a> Entry<'a> {
    fn of<E: Event>(handler: &'a Handler<E>) -> Self {
        Self {
            event: E::NAME,
            key: handler.key(),
            function: handler.function(),
            location: handler.location(),
        }
    }
}

impl fmt::Display for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.event)?;
        if let Some(key) = self.key {
            write!(f, "({key:?})")?;
        }
        write!(f, " -> {} ({}:{})", self.function, self.location.file(), self.location.line())
    }
}

/// Something odd about an application that does not keep it from starting.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartWarning {
    /// Nothing answers the user.
    NoOnMessage,
}

impl fmt::Display for StartWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOnMessage => f.write_str(
                "no `on_message`: nothing answers the user; put `#[cl::on_message]` on an \
                 `async fn`, or name the crate that has it: `use my_handlers as _;`",
            ),
        }
    }
}

/// Why an application does not start: all that is wrong with its functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartError {
    problems: Vec<StartProblem>,
}

impl StartError {
    /// What is wrong, by event.
    #[must_use]
    pub fn problems(&self) -> &[StartProblem] {
        &self.problems
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the application can't start:")?;
        for problem in &self.problems {
            write!(f, "\n- {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for StartError {}

/// One thing that is wrong with the functions of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartProblem {
    /// Several functions where there can be one.
    Duplicate {
        /// The attribute's name.
        event: &'static str,
        /// The action's name, when it is about an action.
        key: Option<String>,
        /// `function (file:line)` of each.
        places: Vec<String>,
    },
    /// A function for an action without the action's name.
    NoKey {
        /// The attribute's name.
        event: &'static str,
        /// `function (file:line)`.
        place: String,
    },
    /// A function takes what the application does not have.
    Argument {
        /// `function (file:line)`.
        place: String,
        /// What is missing, and the remedy.
        reason: String,
    },
}

impl fmt::Display for StartProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duplicate { event, key, places } => {
                write!(f, "{} functions for `{event}", places.len())?;
                if let Some(key) = key {
                    write!(f, "({key:?})")?;
                }
                write!(f, "`, and there can be one: {}; keep one of them", places.join(", "))
            }
            Self::NoKey { event, place } => {
                write!(f, "{place} is for `{event}` and has no name; give it one")
            }
            Self::Argument { place, reason } => write!(f, "{place}: {reason}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{OnChatStart, OnStop};
    use crate::handler::IntoHandler;
    use crate::{Message, State};

    async fn nothing() {}
    async fn reply(_: Message) {}
    async fn stopped(_: State<u8>) {}

    fn place(function: &str, line: u32) -> String {
        format!("chainlit_core::registry::tests::{function} ({}:{line})", file!())
    }

    #[test]
    fn each_event_has_one_function() {
        let mut registry = Registry::new();
        registry.add::<OnMessage>(reply.into_handler());
        registry.add::<OnAction>(nothing.into_handler().with_key("a"));
        registry.add::<OnAction>(nothing.into_handler().with_key("b"));
        assert_eq!(registry.check(&AppParts::new()), Ok(Vec::new()));
        assert!(registry.get::<OnMessage>().is_some());
        assert!(registry.get::<OnStop>().is_none());
        assert!(registry.action("b").is_some());
        assert!(registry.action("c").is_none());
    }

    #[test]
    fn no_on_message_is_a_warning() {
        let mut registry = Registry::new();
        registry.add::<OnChatStart>(nothing.into_handler());
        assert_eq!(registry.check(&AppParts::new()), Ok(vec![StartWarning::NoOnMessage]));
    }

    #[test]
    fn all_problems_are_told_at_once_with_their_places() {
        let mut registry = Registry::new();
        let line = line!();
        registry.add::<OnMessage>(nothing.into_handler());
        registry.add::<OnMessage>(reply.into_handler());
        registry.add::<OnAction>(nothing.into_handler().with_key("pay"));
        registry.add::<OnAction>(nothing.into_handler().with_key("pay"));
        registry.add::<OnAction>(nothing.into_handler());
        registry.add::<OnStop>(stopped.into_handler());
        let error = registry.check(&AppParts::new()).unwrap_err();
        assert_eq!(error.problems().len(), 4, "{error}");
        let wanted = [
            "the application can't start:".to_owned(),
            format!(
                "- 2 functions for `on_message`, and there can be one: {}, {}; keep one of them",
                place("nothing", line + 1),
                place("reply", line + 2),
            ),
            format!(
                "- {}: `State<u8>` was never registered; add `.state(value)` with a `u8` to the \
                 `App`",
                place("stopped", line + 6),
            ),
            format!(
                "- {} is for `action_callback` and has no name; give it one",
                place("nothing", line + 5),
            ),
            format!(
                "- 2 functions for `action_callback(\"pay\")`, and there can be one: {}, {}; keep \
                 one of them",
                place("nothing", line + 3),
                place("nothing", line + 4),
            ),
        ];
        assert_eq!(error.to_string(), wanted.join("\n"));
    }

    #[derive(serde::Serialize, serde::Deserialize)]
    struct Approval {}

    impl crate::ActionPayload for Approval {
        const NAME: &'static str = "approve";
    }

    inventory::submit! { crate::action::Tie::of::<Approval>() }

    #[test]
    fn a_payload_of_another_action_is_refused() {
        async fn approve(_: crate::Action<Approval>) {}
        let mut registry = Registry::new();
        registry.add::<OnAction>(approve.into_handler().with_key("approve"));
        assert!(registry.check(&AppParts::new()).is_ok());
        registry.add::<OnAction>(approve.into_handler().with_key("pay"));
        let error = registry.check(&AppParts::new()).unwrap_err().to_string();
        assert!(
            error.ends_with(
                "it is for the action `pay`, and its payload `Approval` belongs to the action \
                 `approve`; leave the name out or write `approve`"
            ),
            "{error}"
        );
    }

    #[test]
    fn functions_without_a_name_are_not_duplicates() {
        let mut registry = Registry::new();
        registry.add::<OnAction>(nothing.into_handler());
        registry.add::<OnAction>(nothing.into_handler());
        let error = registry.check(&AppParts::new()).unwrap_err();
        assert!(
            error.problems().iter().all(|problem| matches!(problem, StartProblem::NoKey { .. })),
            "{error}"
        );
        assert_eq!(error.problems().len(), 2);
    }

    #[test]
    fn the_listing_names_event_key_function_and_place() {
        let mut registry = Registry::new();
        let line = line!() + 1;
        registry.add::<OnAction>(nothing.into_handler().with_key("pay"));
        registry.add::<OnMessage>(reply.into_handler());
        let listing: Vec<String> = registry.iter().map(|entry| entry.to_string()).collect();
        assert_eq!(
            listing,
            [
                format!("on_message -> {}", place("reply", line + 1)),
                format!("action_callback(\"pay\") -> {}", place("nothing", line)),
            ]
        );
    }
}
