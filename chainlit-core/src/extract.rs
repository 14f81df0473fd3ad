//! Arguments of handlers, and what the application shares with them.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::action::{Action, tied_name};
use crate::chat_context::ChatContext;
use crate::context::Context;
use crate::data_layer::Feedback;
use crate::error::{Error, Result};
use crate::event::{
    Event, EventContext, HeaderAuthCallback, OAuthCallback, OnAction, OnChatResume, OnError,
    OnFeedback, OnLogout, OnMessage, OnSettingsEdit, OnSettingsUpdate, OnSharedThreadView,
    PasswordAuthCallback, SessionEvent,
};
use crate::failure::Failure;
use crate::login::{Credentials, Headers, OAuthLogin, SharedThreadView};
use crate::message::Message;
use crate::outcome::Json;
use crate::session::Session;
use crate::shortened::shortened;
use crate::thread::Thread;
use crate::user::User;

/// A type that can be an argument of a function for the event `E`.
///
/// | argument | where | |
/// |---|---|---|
/// | [`Message`] | `on_message` | what the user sent |
/// | [`Thread`] | `on_chat_resume` | the stored conversation |
/// | [`Action<T>`](Action) | `action_callback` | the button's action, its payload read as `T` |
/// | a derived [`SettingsForm`](crate::SettingsForm) | events of a session | the chat settings, typed |
/// | [`Json<T>`](crate::Json), `Map<String, Value>` | `on_settings_update`, `on_settings_edit` | the same, untyped |
/// | [`InputAudioChunk`](crate::InputAudioChunk) | `on_audio_chunk` | a piece of sound |
/// | `serde_json::Value`, [`Json<T>`](crate::Json) | `on_window_message` | what the window said |
/// | `String` | `author_rename` | the author's name |
/// | [`Credentials`] | `password_auth_callback` | what somebody wrote into the login form |
/// | [`Headers`] | `header_auth_callback`, `on_logout` | the request's headers |
/// | [`OAuthLogin`] | `oauth_callback` | whom a provider has vouched for |
/// | [`SharedThreadView`], [`Thread`] | `on_shared_thread_view` | the conversation behind the link |
/// | [`Feedback`] | `on_feedback` | what the user thinks of an answer |
/// | [`Failure`] | `on_error` | what failed |
/// | [`Session`], [`Context`], [`ChatContext`] | events of a session | |
/// | [`User`] | events of a session | an error when nobody is logged in |
/// | [`Option<User>`] | events of a session | `None` when nobody is logged in |
/// | [`State<T>`] | every event | what the application registered |
///
/// Implement it to make an argument of one's own, for one event or for all of them. Any error can
/// be passed on with `?`; the function is then not called, and the user sees the error as if the
/// function had returned it.
///
/// # Examples
///
/// ```
/// use chainlit::{self as cl, FromEvent, SessionEvent};
///
/// struct Admin(cl::User);
///
/// impl<E: SessionEvent> FromEvent<E> for Admin {
///     async fn from_event(event: &cl::EventContext<E>) -> cl::Result<Self> {
///         let user = cl::User::from_event(event).await?;
///         if user.metadata.get("role").and_then(|role| role.as_str()) != Some("admin") {
///             return Err("only an administrator may do this".into());
///         }
///         Ok(Admin(user))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be an argument for the event `{E}`",
    label = "this event can't give that",
    note = "every event has `State<T>`; events of a session have `Session`, `Context`, `ChatContext`, `User` and `Option<User>` too; `Message` comes with `on_message` only, `Thread` with `on_chat_resume`, `Action<T>` with `action_callback`"
)]
pub trait FromEvent<E: Event>: Sized {
    /// Takes the value out of the event.
    ///
    /// # Errors
    ///
    /// When this event does not have it. The function is then not called.
    fn from_event(event: &EventContext<E>) -> impl Future<Output = Result<Self>> + Send;

    /// Called once for each function that takes this type, before the server listens.
    ///
    /// # Errors
    ///
    /// What is missing, as a sentence that ends with the remedy; the application then refuses to
    /// start, and says which function asked.
    fn check(app: &AppParts) -> std::result::Result<(), String> {
        let _ = app;
        Ok(())
    }

    /// Called once for each function that takes this type and is one of several for its event,
    /// with what it is for: an action's name.
    ///
    /// # Errors
    ///
    /// Why it can't be for that, as a sentence that ends with the remedy; the application then
    /// refuses to start, and says which function it is.
    fn check_key(key: &str) -> std::result::Result<(), String> {
        let _ = key;
        Ok(())
    }
}

impl FromEvent<OnMessage> for Message {
    async fn from_event(event: &EventContext<OnMessage>) -> Result<Self> {
        Ok(event.payload().clone())
    }
}

impl FromEvent<OnChatResume> for Thread {
    async fn from_event(event: &EventContext<OnChatResume>) -> Result<Self> {
        Ok(event.payload().clone())
    }
}

impl FromEvent<OnSharedThreadView> for Thread {
    async fn from_event(event: &EventContext<OnSharedThreadView>) -> Result<Self> {
        Ok(event.payload().thread.clone())
    }
}

/// Arguments that are what the event brings along.
macro_rules! payloads {
    ($($event:ty: $payload:ty;)*) => {$(
        impl FromEvent<$event> for $payload {
            async fn from_event(event: &EventContext<$event>) -> Result<Self> {
                Ok(event.payload().clone())
            }
        }
    )*};
}
payloads! {
    PasswordAuthCallback: Credentials;
    HeaderAuthCallback: Headers;
    OAuthCallback: OAuthLogin;
    OnLogout: Headers;
    OnSharedThreadView: SharedThreadView;
    OnFeedback: Feedback;
    OnError: Failure;
}

impl<T: DeserializeOwned + 'static> FromEvent<OnAction> for Action<T> {
    async fn from_event(event: &EventContext<OnAction>) -> Result<Self> {
        Ok(event.payload().read()?)
    }

    fn check_key(key: &str) -> std::result::Result<(), String> {
        match tied_name::<T>() {
            Some(name) if name != key => Err(format!(
                "it is for the action `{key}`, and its payload `{}` belongs to the action \
                 `{name}`; leave the name out or write `{name}`",
                short_name::<T>()
            )),
            _ => Ok(()),
        }
    }
}

macro_rules! settings {
    ($($event:ty)*) => {$(
        impl FromEvent<$event> for Map<String, Value> {
            async fn from_event(event: &EventContext<$event>) -> Result<Self> {
                Ok(event.payload().clone())
            }
        }

        impl<T: DeserializeOwned> FromEvent<$event> for Json<T> {
            async fn from_event(event: &EventContext<$event>) -> Result<Self> {
                Ok(Json(read_settings(event.payload())?))
            }
        }
    )*};
}
settings!(OnSettingsUpdate OnSettingsEdit);

fn read_settings<T: DeserializeOwned>(values: &Map<String, Value>) -> Result<T> {
    serde_path_to_error::deserialize(values).map_err(|error| {
        let (path, name) = (shortened(error.path()), short_name::<T>());
        let problem = shortened(error.into_inner());
        let text = format!("the chat settings do not fit `{name}` at `{path}`: {problem}");
        Error::Argument(text).into()
    })
}

impl<E: SessionEvent> FromEvent<E> for Context {
    async fn from_event(event: &EventContext<E>) -> Result<Self> {
        Ok(event.context().clone())
    }
}

impl<E: SessionEvent> FromEvent<E> for Session {
    async fn from_event(event: &EventContext<E>) -> Result<Self> {
        Ok(event.session().clone())
    }
}

impl<E: SessionEvent> FromEvent<E> for ChatContext {
    async fn from_event(event: &EventContext<E>) -> Result<Self> {
        Ok(event.session().chat_context())
    }
}

impl<E: SessionEvent> FromEvent<E> for User {
    async fn from_event(event: &EventContext<E>) -> Result<Self> {
        match event.session().user() {
            Some(user) => Ok(user),
            None => Err(Error::Argument(
                "this needs a logged-in user, and nobody is logged in; set up a login, or take \
                 `Option<User>`"
                    .to_owned(),
            )
            .into()),
        }
    }
}

impl<E: SessionEvent> FromEvent<E> for Option<User> {
    async fn from_event(event: &EventContext<E>) -> Result<Self> {
        Ok(event.session().user())
    }
}

/// A value that the application shares among all sessions: a client, a model, a configuration.
///
/// Register it once with `App::new().state(value)`; every function that asks for `State<T>` gets
/// the same value. A function that asks for one that nobody registered keeps the application from
/// starting.
///
/// # Examples
///
/// ```
/// use chainlit::{self as cl, FromEvent};
///
/// struct Llm { model: String }
///
/// async fn warm_up(cl::State(llm): cl::State<Llm>) -> String {
///     llm.model.clone()
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> cl::Result {
/// let mut app = cl::AppParts::new();
/// app.insert(Llm { model: "small".to_owned() });
/// let event = cl::EventContext::<cl::OnAppStartup>::new((), (), app);
/// assert_eq!(warm_up(cl::State::from_event(&event).await?).await, "small");
/// # Ok(()) }
/// ```
pub struct State<T>(pub Arc<T>);

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for State<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("State").field(&self.0).finish()
    }
}

impl<T: Send + Sync + 'static, E: Event> FromEvent<E> for State<T> {
    async fn from_event(event: &EventContext<E>) -> Result<Self> {
        match event.app().get::<T>() {
            Some(value) => Ok(State(value)),
            None => Err(Error::Argument(missing_state::<T>()).into()),
        }
    }

    fn check(app: &AppParts) -> std::result::Result<(), String> {
        if app.contains::<T>() { Ok(()) } else { Err(missing_state::<T>()) }
    }
}

fn missing_state<T>() -> String {
    let name = short_name::<T>();
    format!(
        "`State<{name}>` was never registered; add `.state(value)` with a `{name}` to the `App`"
    )
}

/// Why JSON can't be read as a `T`, naming the field.
pub(crate) fn misfit<T>(
    what: &str,
    error: serde_path_to_error::Error<serde_json::Error>,
) -> String {
    let path = shortened(error.path());
    let at = if path == "." { String::new() } else { format!(" at `{path}`") };
    let problem = shortened(error.into_inner());
    format!("{what} does not fit `{}`{at}: {problem}", short_name::<T>())
}

/// `my_app::llm::Llm` as `Llm`: what stands in the user's source.
pub(crate) fn short_name<T>() -> String {
    let full = type_name::<T>();
    let mut short = String::with_capacity(full.len());
    let mut word = String::new();
    for c in full.chars() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
        } else if c == ':' {
            word.clear();
        } else {
            short.push_str(&word);
            word.clear();
            short.push(c);
        }
    }
    short + &word
}

/// What an application shares among all sessions, one value per type.
///
/// Cheap to clone. It is filled before the server starts; a copy does not see what is inserted
/// into another one later.
///
/// ```
/// use chainlit as cl;
///
/// let mut parts = cl::AppParts::new();
/// parts.insert(7_u32);
/// assert_eq!(parts.get::<u32>().as_deref(), Some(&7));
/// assert!(parts.get::<String>().is_none());
/// ```
#[derive(Clone, Default)]
pub struct AppParts {
    values: Arc<HashMap<TypeId, Part>>,
}

#[derive(Clone)]
struct Part {
    /// For the listing only.
    type_name: &'static str,
    value: Arc<dyn Any + Send + Sync>,
}

impl AppParts {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps a value under its type, and gives back the one that was there.
    pub fn insert<T: Send + Sync + 'static>(&mut self, value: T) -> Option<Arc<T>> {
        let part = Part { type_name: type_name::<T>(), value: Arc::new(value) };
        let old = Arc::make_mut(&mut self.values).insert(TypeId::of::<T>(), part)?;
        old.value.downcast().ok()
    }

    /// The value of that type.
    #[must_use]
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        let part = self.values.get(&TypeId::of::<T>())?;
        Arc::clone(&part.value).downcast().ok()
    }

    /// Whether there is a value of that type.
    #[must_use]
    pub fn contains<T: 'static>(&self) -> bool {
        self.values.contains_key(&TypeId::of::<T>())
    }
}

impl fmt::Debug for AppParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.values().map(|part| part.type_name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;
    use crate::event::{OnAppStartup, OnChatStart};

    fn context(user: Option<User>) -> Context {
        Context::new(Session::http("s1").user(user).build())
    }

    fn started(user: Option<User>) -> EventContext<OnChatStart> {
        EventContext::new((), context(user), AppParts::new())
    }

    fn pressed(payload: serde_json::Value) -> EventContext<OnAction> {
        let action = Action::new("approve", payload);
        EventContext::new(action, context(None), AppParts::new())
    }

    #[derive(Debug, Deserialize)]
    struct Approval {
        items: Vec<Item>,
    }

    #[derive(Debug, Deserialize)]
    struct Item {
        count: u32,
    }

    #[tokio::test]
    async fn an_action_brings_its_payload_typed() {
        let event = pressed(json!({ "items": [{ "count": 2 }] }));
        let action: Action<Approval> = Action::from_event(&event).await.unwrap();
        assert_eq!(action.payload.items[0].count, 2);
        assert_eq!((action.name.as_str(), &action.id), ("approve", &event.payload().id));
    }

    #[tokio::test]
    async fn a_payload_of_another_shape_names_the_field() {
        let event = pressed(json!({ "items": [{ "count": 2 }, { "count": "two" }] }));
        let error = Action::<Approval>::from_event(&event).await.unwrap_err().to_string();
        assert!(
            error.starts_with(
                "the payload of action `approve` does not fit `Approval` at `items[1].count`: \
                 invalid type: string \"two\", expected u32"
            ),
            "{error}"
        );
        assert!(error.contains("take `Action<serde_json::Value>`"), "{error}");

        let event = pressed(json!(7));
        let error = Action::<Vec<String>>::from_event(&event).await.unwrap_err().to_string();
        assert!(error.contains("does not fit `Vec<String>`: invalid type"), "{error}");
    }

    #[tokio::test]
    async fn nobody_is_an_error_or_none() {
        let event = started(None);
        assert_eq!(Option::<User>::from_event(&event).await.unwrap(), None);
        let error = User::from_event(&event).await.unwrap_err().to_string();
        assert!(error.contains("nobody is logged in"), "{error}");
        assert!(error.contains("Option<User>"), "{error}");

        let event = started(Some(User::new("ada")));
        assert_eq!(User::from_event(&event).await.unwrap().identifier, "ada");
        assert!(Option::<User>::from_event(&event).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn the_session_is_the_events() {
        let event = started(None);
        assert_eq!(Session::from_event(&event).await.unwrap().id(), "s1");
        assert_eq!(Context::from_event(&event).await.unwrap().session().id(), "s1");
        assert!(ChatContext::from_event(&event).await.unwrap().into_messages().is_empty());
    }

    struct Llm<T>(T);

    #[tokio::test]
    async fn state_is_shared_and_missing_state_is_named() {
        let mut app = AppParts::new();
        type Missing = State<Llm<Vec<String>>>;
        let wanted = "`State<Llm<Vec<String>>>` was never registered; add `.state(value)` with a \
                      `Llm<Vec<String>>` to the `App`";
        assert_eq!(<Missing as FromEvent<OnAppStartup>>::check(&app), Err(wanted.to_owned()));
        let event = EventContext::<OnAppStartup>::new((), (), app.clone());
        assert_eq!(Missing::from_event(&event).await.map(|_| ()).unwrap_err().to_string(), wanted);

        app.insert(Llm(7_u8));
        assert_eq!(<State<Llm<u8>> as FromEvent<OnAppStartup>>::check(&app), Ok(()));
        let event = EventContext::<OnAppStartup>::new((), (), app);
        let (State(one), State(two)): (State<Llm<u8>>, State<Llm<u8>>) = (
            State::from_event(&event).await.unwrap(),
            State::from_event(&event.clone()).await.unwrap(),
        );
        assert_eq!(one.0, 7);
        assert!(Arc::ptr_eq(&one, &two));
    }

    #[test]
    fn a_copy_of_the_parts_is_its_own() {
        let mut parts = AppParts::new();
        parts.insert("a");
        let copy = parts.clone();
        assert_eq!(parts.insert("b").as_deref(), Some(&"a"));
        assert_eq!(copy.get::<&str>().as_deref(), Some(&"a"));
        assert_eq!(parts.get::<&str>().as_deref(), Some(&"b"));
    }

    #[test]
    fn names_are_as_the_user_wrote_them() {
        assert_eq!(short_name::<Option<Vec<Item>>>(), "Option<Vec<Item>>");
        assert_eq!(short_name::<(Item, &'static str)>(), "(Item, &str)");
    }
}
