//! The events an application can have a function for.
//!
//! [`for_each_event!`] is the one table. Everything that exists once per event is generated from
//! it: the markers below, the argument checks of [`argument`], the slots of the
//! [`Registry`](crate::Registry).

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::action::Action;
use crate::audio::InputAudioChunk;
use crate::chat_profile::ChatProfile;
use crate::context::Context;
use crate::data_layer::{Feedback, SharedDataLayer};
use crate::extract::AppParts;
use crate::failure::Failure;
use crate::handler::{Handler, Registration};
use crate::login::{Credentials, Headers, OAuthLogin, SharedThreadView};
use crate::message::Message;
use crate::registry::Registry;
use crate::session::Session;
use crate::starter::{Starter, StarterCategory};
use crate::thread::Thread;
use crate::user::User;

/// Calls a macro with one row per event. To add an event, add a row here and one in
/// `chainlit-macros/src/table.rs`.
///
/// | part of a row | meaning |
/// |---|---|
/// | `OnMessage` | the marker type |
/// | `on_message` | the attribute's name, the key in logs, the registry's slot |
/// | `payload` | what the server brings along with the event |
/// | `answer` | what a function gives back to it |
/// | `scope` | `Context` when the event belongs to a session, `()` when to the whole application |
/// | `keyed` | whether there is one function per key instead of one per application |
/// | `wrong`, `fits` | what the compiler says about an argument that the event does not have |
macro_rules! for_each_event {
    ($callback:ident) => {
        $callback! {
            /// The server is about to listen.
            OnAppStartup {
                name: on_app_startup,
                payload: (), answer: (), scope: (), keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_app_startup]`",
                fits: "`#[on_app_startup]` belongs to no session: it can take `State<T>` and your own types that implement `FromEvent<OnAppStartup>`",
            }
            /// The server stops; no handler runs any more.
            OnAppShutdown {
                name: on_app_shutdown,
                payload: (), answer: (), scope: (), keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_app_shutdown]`",
                fits: "`#[on_app_shutdown]` belongs to no session: it can take `State<T>` and your own types that implement `FromEvent<OnAppShutdown>`",
            }
            /// A user opened a new chat.
            OnChatStart {
                name: on_chat_start,
                payload: (), answer: (), scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_chat_start]`",
                fits: "`#[on_chat_start]` can take `Session`, `Context`, `ChatContext`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<OnChatStart>`",
            }
            /// The user sent a message, or edited one.
            OnMessage {
                name: on_message,
                payload: Message, answer: (), scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_message]`",
                fits: "`#[on_message]` can take `Message`, `Session`, `Context`, `ChatContext`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<OnMessage>`",
            }
            /// The chat is over: the user left, began a new one, or the session timed out.
            OnChatEnd {
                name: on_chat_end,
                payload: (), answer: (), scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_chat_end]`",
                fits: "`#[on_chat_end]` can take `Session`, `Context`, `ChatContext`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<OnChatEnd>`",
            }
            /// The user opened a stored conversation.
            OnChatResume {
                name: on_chat_resume,
                payload: Thread, answer: (), scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_chat_resume]`",
                fits: "`#[on_chat_resume]` can take `Thread`, `Session`, `Context`, `ChatContext`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<OnChatResume>`",
            }
            /// The user pressed Stop; what ran for the session has been dropped.
            OnStop {
                name: on_stop,
                payload: (), answer: (), scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_stop]`",
                fits: "`#[on_stop]` can take `Session`, `Context`, `ChatContext`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<OnStop>`",
            }
            /// The user pressed an action's button. There is one function per action name.
            OnAction {
                name: action_callback,
                payload: Action<serde_json::Value>, answer: serde_json::Value, scope: Context, keyed: true,
                wrong: "`{Self}` can't be an argument of `#[action_callback]`",
                fits: "`#[action_callback]` can take `Action<T>` where `T: Deserialize`, `Session`, `Context`, `ChatContext`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<OnAction>`",
            }
            /// The user has confirmed the form with the chat's settings.
            OnSettingsUpdate {
                name: on_settings_update,
                payload: Map<String, Value>, answer: (), scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_settings_update]`",
                fits: "`#[on_settings_update]` can take a struct with `#[derive(SettingsForm)]`, `Json<T>` where `T: Deserialize`, `Map<String, Value>`, `Session`, `Context`, `ChatContext`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<OnSettingsUpdate>`",
            }
            /// The user edits the form with the chat's settings.
            OnSettingsEdit {
                name: on_settings_edit,
                payload: Map<String, Value>, answer: (), scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_settings_edit]`",
                fits: "`#[on_settings_edit]` can take a struct with `#[derive(SettingsForm)]`, `Json<T>` where `T: Deserialize`, `Map<String, Value>`, `Session`, `Context`, `ChatContext`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<OnSettingsEdit>`",
            }
            /// Somebody opens the page: as what can the assistant be talked to?
            SetChatProfiles {
                name: set_chat_profiles,
                payload: (), answer: Vec<ChatProfile>, scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[set_chat_profiles]`",
                fits: "`#[set_chat_profiles]` can take `Session`, `Context`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<SetChatProfiles>`",
            }
            /// Somebody opens the page of a new chat: what does it offer, in groups?
            SetStarterCategories {
                name: set_starter_categories,
                payload: (), answer: Vec<StarterCategory>, scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[set_starter_categories]`",
                fits: "`#[set_starter_categories]` can take `Session`, `Context`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<SetStarterCategories>`",
            }
            /// The user wants to speak: may they?
            OnAudioStart {
                name: on_audio_start,
                payload: (), answer: bool, scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_audio_start]`",
                fits: "`#[on_audio_start]` can take `Session`, `Context`, `ChatContext`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<OnAudioStart>`",
            }
            /// A piece of what the user says came.
            OnAudioChunk {
                name: on_audio_chunk,
                payload: InputAudioChunk, answer: (), scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_audio_chunk]`",
                fits: "`#[on_audio_chunk]` can take `InputAudioChunk`, `Session`, `Context`, `ChatContext`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<OnAudioChunk>`",
            }
            /// The user has said everything, or has gone.
            OnAudioEnd {
                name: on_audio_end,
                payload: (), answer: (), scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_audio_end]`",
                fits: "`#[on_audio_end]` can take `Session`, `Context`, `ChatContext`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<OnAudioEnd>`",
            }
            /// The window that the page is embedded in said something to it.
            OnWindowMessage {
                name: on_window_message,
                payload: serde_json::Value, answer: (), scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_window_message]`",
                fits: "`#[on_window_message]` can take `serde_json::Value`, `Json<T>` where `T: Deserialize`, `Session`, `Context`, `ChatContext`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<OnWindowMessage>`",
            }
            /// A message is about to be shown: under which name?
            AuthorRename {
                name: author_rename,
                payload: String, answer: Option<String>, scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[author_rename]`",
                fits: "`#[author_rename]` can take `String`, `Session`, `Context`, `ChatContext`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<AuthorRename>`",
            }
            /// Somebody opens the page of a new chat: what does it offer to begin with?
            SetStarters {
                name: set_starters,
                payload: (), answer: Vec<Starter>, scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[set_starters]`",
                fits: "`#[set_starters]` can take `Session`, `Context`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<SetStarters>`",
            }
            /// Somebody wants to log in by name and password.
            PasswordAuthCallback {
                name: password_auth_callback,
                payload: Credentials, answer: Option<User>, scope: (), keyed: false,
                wrong: "`{Self}` can't be an argument of `#[password_auth_callback]`",
                fits: "`#[password_auth_callback]` belongs to no session: it can take `Credentials`, `State<T>` and your own types that implement `FromEvent<PasswordAuthCallback>`",
            }
            /// Somebody comes by a proxy that has asked who they are.
            HeaderAuthCallback {
                name: header_auth_callback,
                payload: Headers, answer: Option<User>, scope: (), keyed: false,
                wrong: "`{Self}` can't be an argument of `#[header_auth_callback]`",
                fits: "`#[header_auth_callback]` belongs to no session: it can take `Headers`, `State<T>` and your own types that implement `FromEvent<HeaderAuthCallback>`",
            }
            /// A provider has vouched for somebody who wants to log in.
            OAuthCallback {
                name: oauth_callback,
                payload: OAuthLogin, answer: Option<User>, scope: (), keyed: false,
                wrong: "`{Self}` can't be an argument of `#[oauth_callback]`",
                fits: "`#[oauth_callback]` belongs to no session: it can take `OAuthLogin`, `State<T>` and your own types that implement `FromEvent<OAuthCallback>`",
            }
            /// The user has logged out.
            OnLogout {
                name: on_logout,
                payload: Headers, answer: serde_json::Value, scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_logout]`",
                fits: "`#[on_logout]` can take `Headers`, `Session`, `Context`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<OnLogout>`",
            }
            /// Somebody opens another user's conversation by its link: may they?
            OnSharedThreadView {
                name: on_shared_thread_view,
                payload: SharedThreadView, answer: bool, scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_shared_thread_view]`",
                fits: "`#[on_shared_thread_view]` can take `SharedThreadView`, `Thread`, `Session`, `Context`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<OnSharedThreadView>`",
            }
            /// The user has said what they think of an answer.
            OnFeedback {
                name: on_feedback,
                payload: Feedback, answer: (), scope: Context, keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_feedback]`",
                fits: "`#[on_feedback]` can take `Feedback`, `Session`, `Context`, `User`, `Option<User>`, `State<T>` and your own types that implement `FromEvent<OnFeedback>`",
            }
            /// Something failed: a function of the application, or the recording of a conversation.
            OnError {
                name: on_error,
                payload: Failure, answer: (), scope: (), keyed: false,
                wrong: "`{Self}` can't be an argument of `#[on_error]`",
                fits: "`#[on_error]` can take `Failure`, which has the session if there is one, `State<T>` and your own types that implement `FromEvent<OnError>`",
            }
            /// The server starts: what keeps the conversations?
            ProvideDataLayer {
                name: data_layer,
                payload: (), answer: SharedDataLayer, scope: (), keyed: false,
                wrong: "`{Self}` can't be an argument of `#[data_layer]`",
                fits: "`#[data_layer]` belongs to no session: it can take `State<T>` and your own types that implement `FromEvent<ProvideDataLayer>`",
            }
        }
    };
}
pub(crate) use for_each_event;

mod sealed {
    pub trait Sealed {}
}

/// Something that happens to an application and that it can have a function for.
///
/// Implemented by the markers [`OnMessage`], [`OnChatStart`] and so on, one per attribute. It is
/// sealed: an application has functions for events, it does not invent events.
///
/// ```
/// use chainlit::{self as cl, Event};
///
/// assert_eq!(cl::OnMessage::NAME, "on_message");
/// assert!(cl::OnAction::KEYED);
/// ```
pub trait Event: sealed::Sealed + Sized + Send + Sync + 'static {
    /// What the server brings along with the event.
    type Payload: Clone + Send + Sync + 'static;
    /// What a function for the event gives back to the server.
    type Answer: Send + 'static;
    /// [`Context`] when the event belongs to a session, `()` when to the whole application.
    type Scope: Clone + Send + Sync + 'static;
    /// The attribute's name, for example `on_message`.
    const NAME: &'static str;
    /// Whether there is one function per key, for example per action name, instead of one per
    /// application.
    const KEYED: bool;

    /// What the attributes registered, in no particular order.
    #[doc(hidden)]
    fn registrations() -> impl Iterator<Item = &'static Registration<Self>>;
    #[doc(hidden)]
    fn slot(registry: &Registry) -> &Vec<Handler<Self>>;
    #[doc(hidden)]
    fn slot_mut(registry: &mut Registry) -> &mut Vec<Handler<Self>>;
}

/// An event that belongs to a session: all but those of the whole application ([`OnAppStartup`],
/// [`OnAppShutdown`], [`ProvideDataLayer`]) and of somebody who is not logged in yet.
///
/// The bound to write for an argument of one's own that needs the session:
///
/// ```
/// use chainlit::{self as cl, FromEvent, SessionEvent};
///
/// struct SessionId(String);
///
/// impl<E: SessionEvent> FromEvent<E> for SessionId {
///     async fn from_event(event: &cl::EventContext<E>) -> cl::Result<Self> {
///         Ok(SessionId(event.session().id().to_owned()))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` belongs to no session",
    label = "this event has no session",
    note = "only the events of a chat have a session; `OnAppStartup` and `OnAppShutdown` don't"
)]
pub trait SessionEvent: Event<Scope = Context> {}

impl<E: Event<Scope = Context>> SessionEvent for E {}

macro_rules! define_events {
    ($(
        $(#[$doc:meta])*
        $marker:ident {
            name: $name:ident,
            payload: $payload:ty, answer: $answer:ty, scope: $scope:ty, keyed: $keyed:literal,
            wrong: $wrong:literal,
            fits: $fits:literal,
        }
    )*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            #[non_exhaustive]
            pub struct $marker;

            impl sealed::Sealed for $marker {}

            impl Event for $marker {
                type Payload = $payload;
                type Answer = $answer;
                type Scope = $scope;
                const NAME: &'static str = stringify!($name);
                const KEYED: bool = $keyed;

                fn registrations() -> impl Iterator<Item = &'static Registration<Self>> {
                    inventory::iter::<Registration<Self>>.into_iter()
                }

                fn slot(registry: &Registry) -> &Vec<Handler<Self>> {
                    &registry.$name
                }

                fn slot_mut(registry: &mut Registry) -> &mut Vec<Handler<Self>> {
                    &mut registry.$name
                }
            }

            inventory::collect!(Registration<$marker>);
        )*

        /// For the attributes: one check per event, so that the compiler can say what fits it.
        #[doc(hidden)]
        pub mod argument {
            use futures_util::future::BoxFuture;

            use super::{AppParts, EventContext};
            use crate::error::BoxError;
            use crate::extract::FromEvent;

            $(
                pub mod $name {
                    use super::{AppParts, BoxError, BoxFuture, EventContext, FromEvent};

                    // It bears the marker's name, so that the compiler does not offer the check
                    // of another event as a "similarly named trait".
                    #[diagnostic::on_unimplemented(
                        message = $wrong,
                        label = "this event can't give that",
                        note = $fits
                    )]
                    pub trait $marker: FromEvent<super::super::$marker> {}

                    #[diagnostic::do_not_recommend]
                    impl<T: FromEvent<super::super::$marker>> $marker for T {}

                    // Boxed, because the bound would show through the type of a plain future,
                    // and the compiler would complain once more for each use of it.
                    pub fn extract<'a, T: $marker + 'a>(
                        event: &'a EventContext<super::super::$marker>,
                    ) -> BoxFuture<'a, Result<T, BoxError>> {
                        Box::pin(T::from_event(event))
                    }

                    // It fills a list, because the bound would show through the type of an iterator.
                    pub fn check<T: $marker>(
                        app: &AppParts,
                        key: Option<&str>,
                        missing: &mut Vec<String>,
                    ) {
                        missing.extend(T::check(app).err());
                        missing.extend(key.and_then(|key| T::check_key(key).err()));
                    }
                }
            )*
        }
    };
}
for_each_event!(define_events);

/// One event that happened: what it brought along, the session it belongs to, and what the
/// application shares. Arguments of a function are taken out of it, see
/// [`FromEvent`](crate::FromEvent).
///
/// Cheap to clone: everything in it is shared.
pub struct EventContext<E: Event> {
    payload: Arc<E::Payload>,
    scope: E::Scope,
    app: AppParts,
}

impl<E: Event> EventContext<E> {
    /// An event with that payload, in that context (`()` for an event of the whole application).
    #[must_use]
    pub fn new(payload: impl Into<Arc<E::Payload>>, scope: E::Scope, app: AppParts) -> Self {
        Self { payload: payload.into(), scope, app }
    }

    /// What the event brought along.
    #[must_use]
    pub fn payload(&self) -> &E::Payload {
        &self.payload
    }

    /// What the application shares among all sessions.
    #[must_use]
    pub fn app(&self) -> &AppParts {
        &self.app
    }
}

impl<E: SessionEvent> EventContext<E> {
    /// The context that the function runs in.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.scope
    }

    /// The session that the event belongs to.
    #[must_use]
    pub fn session(&self) -> &Session {
        self.scope.session()
    }
}

impl<E: Event> Clone for EventContext<E> {
    fn clone(&self) -> Self {
        Self {
            payload: Arc::clone(&self.payload),
            scope: self.scope.clone(),
            app: self.app.clone(),
        }
    }
}

impl<E: Event> fmt::Debug for EventContext<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventContext").field("event", &E::NAME).finish_non_exhaustive()
    }
}
