//! A function for an event, its types erased.

use std::any::type_name;
use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::error::BoxError;
use crate::event::{Event, EventContext};
use crate::extract::{AppParts, FromEvent};
use crate::outcome::IntoOutcome;
use crate::watch::CodePlace;

/// What calling a [`Handler`] gives: the event's answer, or any error.
pub type HandlerFuture<E> = BoxFuture<'static, Result<<E as Event>::Answer, BoxError>>;

/// Collects what the application lacks for a function, which is for that key.
type Check = fn(&AppParts, Option<&str>, &mut Vec<String>);

/// A function for an event, ready to be called, and where it stands in the source.
///
/// Made by an attribute such as `#[on_message]`, or from an async function by [`IntoHandler`].
/// Cheap to clone.
///
/// # Examples
///
/// ```
/// use chainlit::{self as cl, IntoHandler};
///
/// async fn warm_up() -> Result<(), String> {
///     Err("no model".to_owned())
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let handler: cl::Handler<cl::OnAppStartup> = warm_up.into_handler();
/// let event = cl::EventContext::new((), (), cl::AppParts::new());
/// assert_eq!(handler.call(event).await.unwrap_err().to_string(), "no model");
/// assert!(handler.function().ends_with("warm_up"));
/// # }
/// ```
pub struct Handler<E: Event> {
    function: &'static str,
    location: &'static Location<'static>,
    key: Option<Cow<'static, str>>,
    call: Arc<dyn Fn(EventContext<E>) -> HandlerFuture<E> + Send + Sync>,
    check: Check,
}

impl<E: Event> Handler<E> {
    /// Takes the function's arguments out of the event and starts the function.
    ///
    /// It does not set the current [`Context`](crate::Context); whoever calls it runs the future
    /// in one.
    ///
    /// # Errors
    ///
    /// The future gives what an argument or the function failed with.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops the function where it stands.
    #[must_use = "a handler runs only while its future is awaited"]
    pub fn call(&self, event: EventContext<E>) -> HandlerFuture<E> {
        (self.call)(event)
    }

    /// The function's path, for example `my_app::reply`.
    #[must_use]
    pub fn function(&self) -> &'static str {
        self.function
    }

    /// Where the function stands, or where it was given to the `App`.
    #[must_use]
    pub fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// What the function is for among those of its event, for example an action's name.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// The same function for that key.
    #[must_use]
    pub fn with_key(mut self, key: impl Into<Cow<'static, str>>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// `my_app::reply (src/main.rs:12)`, as messages name it.
    #[must_use]
    pub fn place(&self) -> String {
        self.code_place().to_string()
    }

    // For the server, which tells a function that blocks.
    #[doc(hidden)]
    /// Where the function stands, cheap to copy.
    #[must_use]
    pub fn code_place(&self) -> CodePlace {
        CodePlace { function: self.function, location: self.location }
    }

    /// What the application lacks for this function, one sentence each.
    #[must_use]
    pub fn check(&self, app: &AppParts) -> Vec<String> {
        let mut missing = Vec::new();
        (self.check)(app, self.key(), &mut missing);
        missing
    }
}

impl<E: Event> Clone for Handler<E> {
    fn clone(&self) -> Self {
        Self {
            function: self.function,
            location: self.location,
            key: self.key.clone(),
            call: Arc::clone(&self.call),
            check: self.check,
        }
    }
}

impl<E: Event> fmt::Debug for Handler<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handler")
            .field("event", &E::NAME)
            .field("key", &self.key)
            .field("function", &self.function)
            .field("location", &format_args!("{}:{}", self.location.file(), self.location.line()))
            .finish_non_exhaustive()
    }
}

/// What an attribute leaves behind: an entry of the event's table, known before `main`.
#[doc(hidden)]
pub struct Registration<E: Event> {
    function: &'static str,
    location: &'static Location<'static>,
    key: Option<&'static str>,
    call: fn(EventContext<E>) -> HandlerFuture<E>,
    check: Check,
}

impl<E: Event> Registration<E> {
    /// For the attributes.
    pub const fn new(
        function: &'static str,
        location: &'static Location<'static>,
        key: Option<&'static str>,
        call: fn(EventContext<E>) -> HandlerFuture<E>,
        check: Check,
    ) -> Self {
        Self { function, location, key, call, check }
    }
}

impl<E: Event> From<&Registration<E>> for Handler<E> {
    fn from(registration: &Registration<E>) -> Self {
        Self {
            function: registration.function,
            location: registration.location,
            key: registration.key.map(Cow::Borrowed),
            call: Arc::new(registration.call),
            check: registration.check,
        }
    }
}

/// An async function or closure that can handle the event `E`: each argument implements
/// [`FromEvent<E>`](FromEvent), the result [`IntoOutcome<E>`](IntoOutcome).
///
/// This is what `App::new().on_message(reply)` takes. `Args` is found by the compiler. Up to eight
/// arguments; an attribute has no such limit and says more precisely what does not fit.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't handle the event `{E}`",
    label = "not a handler of this event",
    note = "a handler is an `async fn`; each argument implements `FromEvent<{E}>` and can be moved between threads, the result is one that `IntoOutcome` lists for the event, mostly `()` or `Result<(), E>`",
    note = "put the event's attribute on the function, for example `#[cl::on_message]`, to see which argument does not fit"
)]
pub trait IntoHandler<E: Event, Args>: Sized {
    /// The function with its types erased; it counts as standing where this is called.
    #[track_caller]
    fn into_handler(self) -> Handler<E>;
}

impl<E: Event> IntoHandler<E, Handler<E>> for Handler<E> {
    fn into_handler(self) -> Handler<E> {
        self
    }
}

macro_rules! impl_into_handler {
    ($($argument:ident)*) => {
        #[diagnostic::do_not_recommend]
        #[allow(non_snake_case, unused_variables)]
        impl<E, F, Fut, $($argument,)*> IntoHandler<E, ($($argument,)*)> for F
        where
            E: Event,
            F: Fn($($argument,)*) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future + Send + 'static,
            Fut::Output: IntoOutcome<E>,
            $($argument: FromEvent<E> + Send + 'static,)*
        {
            #[track_caller]
            fn into_handler(self) -> Handler<E> {
                Handler {
                    function: type_name::<F>(),
                    location: Location::caller(),
                    key: None,
                    call: Arc::new(move |event: EventContext<E>| -> HandlerFuture<E> {
                        let function = self.clone();
                        Box::pin(async move {
                            $(let $argument = $argument::from_event(&event).await?;)*
                            drop(event);
                            function($($argument,)*).await.into_outcome()
                        })
                    }),
                    check: |app, key, missing| {
                        $(
                            missing.extend($argument::check(app).err());
                            missing.extend(key.and_then(|key| $argument::check_key(key).err()));
                        )*
                    },
                }
            }
        }
    };
}

impl_into_handler!();
impl_into_handler!(T1);
impl_into_handler!(T1 T2);
impl_into_handler!(T1 T2 T3);
impl_into_handler!(T1 T2 T3 T4);
impl_into_handler!(T1 T2 T3 T4 T5);
impl_into_handler!(T1 T2 T3 T4 T5 T6);
impl_into_handler!(T1 T2 T3 T4 T5 T6 T7);
impl_into_handler!(T1 T2 T3 T4 T5 T6 T7 T8);

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use serde_json::json;

    use super::*;
    use crate::event::{OnAction, OnChatStart, OnMessage};
    use crate::{Action, Context, Json, Message, Session, State, User};

    fn context() -> Context {
        Context::new(Session::http("s1").build())
    }

    #[tokio::test]
    async fn arguments_come_out_of_the_event() {
        async fn handle(
            session: Session,
            message: Message,
            State(calls): State<AtomicU32>,
        ) -> Result<(), String> {
            calls.fetch_add(1, Ordering::Relaxed);
            Err(format!("{} said {}", session.id(), message.content))
        }
        let mut app = AppParts::new();
        app.insert(AtomicU32::new(0));
        let handler: Handler<OnMessage> = handle.into_handler();
        for _ in 0..2 {
            let event = EventContext::new(Message::new("hi"), context(), app.clone());
            let error = handler.clone().call(event).await.unwrap_err();
            assert_eq!(error.to_string(), "s1 said hi");
        }
        assert_eq!(app.get::<AtomicU32>().unwrap().load(Ordering::Relaxed), 2);
    }

    #[tokio::test]
    async fn without_its_argument_a_function_is_not_called() {
        async fn handle(_: User) {
            panic!("called");
        }
        let handler: Handler<OnChatStart> = handle.into_handler();
        let event = EventContext::new((), context(), AppParts::new());
        let error = handler.call(event).await.unwrap_err().to_string();
        assert!(error.contains("nobody is logged in"), "{error}");
    }

    #[tokio::test]
    async fn an_action_answers() {
        let double = async |action: Action<u32>| Json(action.payload * 2);
        let handler = IntoHandler::<OnAction, _>::into_handler(double).with_key("double");
        let event = EventContext::new(Action::new("double", 21), context(), AppParts::new());
        assert_eq!(handler.call(event).await.unwrap(), json!(42));
        assert_eq!(handler.key(), Some("double"));
    }

    #[test]
    fn a_handler_knows_its_place() {
        async fn handle() {}
        let (line, handler) = (line!(), IntoHandler::<OnChatStart, _>::into_handler(handle));
        assert!(handler.function().ends_with("a_handler_knows_its_place::handle"));
        assert_eq!((handler.location().file(), handler.location().line()), (file!(), line));
        assert!(handler.place().ends_with(&format!("handle ({}:{line})", file!())));
    }

    #[test]
    fn a_handler_lists_what_the_application_lacks() {
        async fn handle(_: State<u8>, _: Session, _: State<u16>) {}
        let handler: Handler<OnChatStart> = handle.into_handler();
        let mut app = AppParts::new();
        assert_eq!(handler.check(&app).len(), 2);
        app.insert(1_u8);
        let missing = handler.check(&app);
        assert!(missing.len() == 1 && missing[0].starts_with("`State<u16>`"), "{missing:?}");
    }
}
