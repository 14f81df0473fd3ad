//! Results of handlers.

use serde::Serialize;
use serde_json::Value;

use crate::chat_profile::ChatProfile;
use crate::data_layer::{DataLayer, SharedDataLayer};
use crate::error::BoxError;
use crate::event::{
    AuthorRename, Event, HeaderAuthCallback, OAuthCallback, OnAction, OnAudioStart, OnLogout,
    OnSharedThreadView, PasswordAuthCallback, ProvideDataLayer, SetChatProfiles,
    SetStarterCategories, SetStarters,
};
use crate::starter::{Starter, StarterCategory};
use crate::user::User;

/// A type that a function for the event `E` can return.
///
/// | event | results |
/// |---|---|
/// | every event without an answer | `()`, `Result<(), E>` |
/// | `action_callback`, `on_logout`, by the attribute | any `T: Serialize`, `Result<T, E>` |
/// | `password_auth_callback`, `header_auth_callback`, `oauth_callback` | [`User`], `Option<User>` where `None` refuses, `Result` of either |
/// | `on_shared_thread_view` | `bool`, `Result` of it |
/// | `data_layer` | any [`DataLayer`], `Result` of one |
/// | `on_audio_start` | `bool`, `()` for true, `Result` of either |
/// | `author_rename` | `String`, `&'static str`, `Option<String>` where `None` keeps the name, `Result` of each |
/// | `set_starters` | `Vec<Starter>`, `Option` of it, `Result` of either |
/// | `set_starter_categories` | the same of [`StarterCategory`] |
/// | `set_chat_profiles` | the same of [`ChatProfile`] |
/// | `action_callback`, `on_logout`, by functions of `App` | `()`, [`Json<T>`], `Result<T, E>` |
///
/// `E` is anything that converts into `Box<dyn Error + Send + Sync>`: every `std` error,
/// `anyhow::Error`, a `String`, a boxed error.
#[diagnostic::on_unimplemented(
    message = "a function for the event `{E}` can't return `{Self}`",
    label = "not a result of this event",
    note = "an event without an answer wants `()` or `Result<(), E>` where `E` is an error type; an action `()`, `Json<T>` or `Result<T, E>` where `T: Serialize`; the others the type of their answer: the documentation of `IntoOutcome` lists them",
    note = "an error type implements `std::error::Error + Send + Sync`, or is `String`, `anyhow::Error` or `Box<dyn Error + Send + Sync>`"
)]
pub trait IntoOutcome<E: Event> {
    /// The event's answer, or what the function failed with.
    ///
    /// # Errors
    ///
    /// What the function failed with.
    fn into_outcome(self) -> Result<E::Answer, BoxError>;
}

impl<E: Event<Answer = ()>> IntoOutcome<E> for () {
    fn into_outcome(self) -> Result<(), BoxError> {
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<E: Event<Answer = ()>, Er: Into<BoxError>> IntoOutcome<E> for Result<(), Er> {
    fn into_outcome(self) -> Result<(), BoxError> {
        self.map_err(Into::into)
    }
}

/// Marks a value as JSON.
///
/// Around the answer of an action's function it is what [`App::action_callback`](crate::IntoHandler)
/// wants when that is no `Result`; the attribute needs no mark. As an argument of
/// `on_window_message` it reads what the window said as a `T`.
///
/// ```
/// use chainlit::{self as cl, IntoOutcome};
///
/// let answer = IntoOutcome::<cl::OnAction>::into_outcome(cl::Json(["a", "b"])).unwrap();
/// assert_eq!(answer, serde_json::json!(["a", "b"]));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: Serialize> Serialize for Json<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// What a function for an event whose answer is any JSON can give.
macro_rules! json_answers {
    ($($event:ty)+) => {$(
        impl IntoOutcome<$event> for () {
            fn into_outcome(self) -> Result<Value, BoxError> {
                Ok(Value::Null)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: Serialize> IntoOutcome<$event> for Json<T> {
            fn into_outcome(self) -> Result<Value, BoxError> {
                Ok(serde_json::to_value(self.0)?)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<T: Serialize, Er: Into<BoxError>> IntoOutcome<$event> for Result<T, Er> {
            fn into_outcome(self) -> Result<Value, BoxError> {
                Ok(serde_json::to_value(self.map_err(Into::into)?)?)
            }
        }
    )+};
}
json_answers!(OnAction OnLogout);

impl IntoOutcome<ProvideDataLayer> for SharedDataLayer {
    fn into_outcome(self) -> Result<SharedDataLayer, BoxError> {
        Ok(self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: DataLayer> IntoOutcome<ProvideDataLayer> for T {
    fn into_outcome(self) -> Result<SharedDataLayer, BoxError> {
        Ok(self.into())
    }
}

#[diagnostic::do_not_recommend]
impl<T: DataLayer, Er: Into<BoxError>> IntoOutcome<ProvideDataLayer> for Result<T, Er> {
    fn into_outcome(self) -> Result<SharedDataLayer, BoxError> {
        self.map(Into::into).map_err(Into::into)
    }
}

/// What a function for an event with an answer of its own type can give, and what the compiler says
/// about anything else.
macro_rules! answers {
    ($($event:ident, $module:ident, $wrong:literal, $wants:literal { $($from:ty => $into:expr;)* })+) => {$($(
        impl IntoOutcome<$event> for $from {
            fn into_outcome(self) -> Result<<$event as Event>::Answer, BoxError> {
                Ok($into(self))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<Er: Into<BoxError>> IntoOutcome<$event> for Result<$from, Er> {
            fn into_outcome(self) -> Result<<$event as Event>::Answer, BoxError> {
                self.map($into).map_err(Into::into)
            }
        }
    )*)+

        /// For the attributes: one check per event, so that the compiler can say what it wants.
        #[doc(hidden)]
        pub mod answer {$(
            pub mod $module {
                use crate::error::BoxError;
                use crate::event;
                use crate::outcome::IntoOutcome;
                use crate::outcome::returned::HandlerError;

                #[diagnostic::on_unimplemented(
                    message = $wrong,
                    label = "not what this event wants",
                    note = $wants
                )]
                pub trait $event: IntoOutcome<event::$event> {}

                #[diagnostic::do_not_recommend]
                impl<T: IntoOutcome<event::$event>> $event for T {}

                /// The event's outcome.
                pub fn outcome<T: $event, Er: HandlerError>(
                    out: Result<T, Er>,
                ) -> Result<<event::$event as event::Event>::Answer, BoxError> {
                    out.map_err(HandlerError::boxed)?.into_outcome()
                }
            }
        )+}
    };
}

answers! {
    SetChatProfiles, set_chat_profiles,
    "a `#[set_chat_profiles]` function can't give a `{Self}`",
    "it returns `Vec<cl::ChatProfile>`, `Option` of it, or a `Result` of either" {
        Vec<ChatProfile> => std::convert::identity;
        Option<Vec<ChatProfile>> => Option::unwrap_or_default;
    }
    SetStarterCategories, set_starter_categories,
    "a `#[set_starter_categories]` function can't give a `{Self}`",
    "it returns `Vec<cl::StarterCategory>`, `Option` of it, or a `Result` of either" {
        Vec<StarterCategory> => std::convert::identity;
        Option<Vec<StarterCategory>> => Option::unwrap_or_default;
    }
    PasswordAuthCallback, password_auth_callback,
    "a `#[password_auth_callback]` function can't give a `{Self}`",
    "it returns `cl::User`; `Option<cl::User>`, where `None` refuses; or a `Result` of either" {
        User => Some;
        Option<User> => std::convert::identity;
    }
    HeaderAuthCallback, header_auth_callback,
    "a `#[header_auth_callback]` function can't give a `{Self}`",
    "it returns `cl::User`; `Option<cl::User>`, where `None` refuses; or a `Result` of either" {
        User => Some;
        Option<User> => std::convert::identity;
    }
    OAuthCallback, oauth_callback,
    "a `#[oauth_callback]` function can't give a `{Self}`",
    "it returns `cl::User`; `Option<cl::User>`, where `None` refuses; or a `Result` of either" {
        User => Some;
        Option<User> => std::convert::identity;
    }
    OnSharedThreadView, on_shared_thread_view,
    "a `#[on_shared_thread_view]` function can't give a `{Self}`",
    "it returns `bool`: whether they may see it; or a `Result` of it" {
        bool => std::convert::identity;
    }
    ProvideDataLayer, data_layer,
    "a `#[data_layer]` function can't give a `{Self}`",
    "it returns any type that implements `cl::DataLayer`, or a `Result` of one" {}
    OnAudioStart, on_audio_start,
    "a `#[on_audio_start]` function can't give a `{Self}`",
    "it returns `bool`: whether the user may speak; `()`, which stands for `true`; or a `Result` of either" {
        bool => std::convert::identity;
        () => |()| true;
    }
    AuthorRename, author_rename,
    "a `#[author_rename]` function can't give a `{Self}`",
    "it returns the new name: `String` or `&'static str`; `Option<String>`, where `None` keeps the old one; or a `Result` of each" {
        String => Some;
        Option<String> => std::convert::identity;
        &'static str => |name: &str| Some(name.to_owned());
    }
    SetStarters, set_starters,
    "a `#[set_starters]` function can't give a `{Self}`",
    "it returns `Vec<cl::Starter>`, `Option` of it, or a `Result` of either" {
        Vec<Starter> => std::convert::identity;
        Option<Vec<Starter>> => Option::unwrap_or_default;
    }
}

/// For the attributes: the result of a function whose type the compiler knows and the macro does
/// not.
///
/// `here(&out).__cl_kind().result(out)` makes it a `Result`: `__cl_kind` picks `Fallible` for a `Result` under any alias, because method lookup
/// tries the type itself before a reference to it, and `Plain` for all else.
#[doc(hidden)]
pub mod returned {
    use super::{BoxError, Serialize, Value};

    pub struct Fallible;
    pub struct Plain;

    pub trait FallibleKind {
        fn __cl_kind(&self) -> Fallible {
            Fallible
        }
    }
    impl<T, Er> FallibleKind for Result<T, Er> {}

    pub trait PlainKind {
        fn __cl_kind(&self) -> Plain {
            Plain
        }
    }
    impl<T> PlainKind for &T {}

    /// Gives an expansion a place for what the compiler says about `out`.
    pub fn here<T>(out: T) -> T {
        out
    }

    /// What goes to an action's caller.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` can't be the answer of an action",
        label = "`{Self}` can't be written as JSON",
        note = "`#[action_callback]` returns `T` or `Result<T, E>` where `T: serde::Serialize`; `()` answers nothing",
        note = "add `#[derive(serde::Serialize)]` to the type, or return a `serde_json::Value`"
    )]
    pub trait Answer {
        fn answer(&self) -> Result<Value, BoxError>;
    }

    #[diagnostic::do_not_recommend]
    impl<T: Serialize> Answer for T {
        fn answer(&self) -> Result<Value, BoxError> {
            Ok(serde_json::to_value(self)?)
        }
    }

    /// What a handler of an event without an answer gives back when all is well.
    #[diagnostic::on_unimplemented(
        message = "a handler of this event returns `()` or `Result<(), E>`, and this one gives a `{Self}`",
        label = "this event has no use for a `{Self}`",
        note = "send it with `cl::Message::new(..).send().await?`, keep it in the session, or return `()`"
    )]
    pub trait Nothing {}

    impl Nothing for () {}

    /// What a handler fails with.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` can't be the error of a handler",
        label = "`{Self}` is not an error that can be passed on",
        note = "implement `std::error::Error` for the type, or use `cl::Result`, `anyhow::Error`, `String` or `Box<dyn Error + Send + Sync>`"
    )]
    pub trait HandlerError {
        fn boxed(self) -> BoxError;
    }

    #[diagnostic::do_not_recommend]
    impl<Er: Into<BoxError>> HandlerError for Er {
        fn boxed(self) -> BoxError {
            self.into()
        }
    }

    impl Fallible {
        pub fn result<T, Er>(self, out: Result<T, Er>) -> Result<T, Er> {
            out
        }
    }

    impl Plain {
        pub fn result<T>(self, out: T) -> Result<T, BoxError> {
            Ok(out)
        }
    }

    /// The outcome of an event without an answer.
    pub fn nothing<T: Nothing, Er: HandlerError>(out: Result<T, Er>) -> Result<(), BoxError> {
        out.map_err(HandlerError::boxed).map(drop)
    }

    /// The outcome of an action.
    pub fn answer<T: Answer, Er: HandlerError>(out: Result<T, Er>) -> Result<Value, BoxError> {
        out.map_err(HandlerError::boxed)?.answer()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::returned::{self, FallibleKind as _, PlainKind as _, here};
    use super::*;
    use crate::event::OnMessage;

    #[test]
    fn errors_of_any_kind_are_passed_on() {
        fn text<Er: Into<BoxError>>(error: Er) -> String {
            let outcome: Result<(), BoxError> =
                IntoOutcome::<OnMessage>::into_outcome(Err::<(), Er>(error));
            outcome.unwrap_err().to_string()
        }
        assert_eq!(text("no".to_owned()), "no");
        assert_eq!(text(BoxError::from("boxed")), "boxed");
        assert_eq!(text(std::io::Error::other("io")), "io");
        assert_eq!(text(crate::Error::ChatEnded), crate::Error::ChatEnded.to_string());
    }

    #[test]
    fn an_action_answers_json() {
        fn answer(out: impl IntoOutcome<OnAction>) -> Value {
            out.into_outcome().unwrap()
        }
        assert_eq!(answer(()), json!(null));
        assert_eq!(answer(Json(7)), json!(7));
        assert_eq!(answer(Ok::<_, String>(["a"])), json!(["a"]));
    }

    #[test]
    fn a_result_is_recognised_under_an_alias() {
        type Alias<T> = Result<T, String>;
        let good: Alias<u8> = Ok(1);
        let bad: Alias<u8> = Err("no".to_owned());
        let plain = Some(2);
        assert_eq!(returned::answer(here(&good).__cl_kind().result(good)).unwrap(), json!(1));
        let error = returned::answer(here(&bad).__cl_kind().result(bad)).unwrap_err();
        assert_eq!(error.to_string(), "no");
        assert_eq!(returned::answer(here(&plain).__cl_kind().result(plain)).unwrap(), json!(2));
    }

    #[test]
    fn an_answer_that_json_can_not_hold_is_an_error() {
        let odd = std::collections::HashMap::from([((1, 2), 3)]);
        assert!(IntoOutcome::<OnAction>::into_outcome(Json(odd)).is_err());
    }
}
