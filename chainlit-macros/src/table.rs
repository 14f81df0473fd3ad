//! The events that have an attribute. To add one, add a row here, an entry point in `lib.rs`, and
//! a row in `for_each_event!` of `chainlit-core/src/event.rs`.

/// What an attribute needs to know about its event.
#[derive(Debug)]
pub(crate) struct Event {
    /// The attribute's name, which is also the name of the module with the event's checks.
    pub(crate) attribute: &'static str,
    /// The event's marker type.
    pub(crate) marker: &'static str,
    /// What tells the functions of this event apart, when there can be several.
    pub(crate) key: Option<Key>,
    /// What becomes of the function's result.
    pub(crate) result: Outcome,
}

/// The string that an attribute such as `#[action_callback("approve")]` begins with.
#[derive(Debug)]
pub(crate) struct Key {
    /// As messages call it.
    pub(crate) what: &'static str,
    /// A good one, for messages.
    pub(crate) example: &'static str,
}

/// What becomes of a function's result.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome {
    /// `()` or `Result<(), E>`: only the error matters.
    Nothing,
    /// Any `T: Serialize`, or a `Result` of one: it is the event's answer.
    Answer,
    /// What the event's `IntoOutcome` takes, or a `Result` of it.
    Typed,
}

macro_rules! table {
    ($($constant:ident: $attribute:literal, $marker:literal, $key:expr, $result:expr;)*) => {
        $(
            pub(crate) const $constant: &Event = &Event {
                attribute: $attribute, marker: $marker, key: $key, result: $result,
            };
        )*

        #[cfg(test)]
        pub(crate) const ALL: &[&Event] = &[$($constant),*];
    };
}

table! {
    ON_APP_STARTUP: "on_app_startup", "OnAppStartup", None, Outcome::Nothing;
    ON_APP_SHUTDOWN: "on_app_shutdown", "OnAppShutdown", None, Outcome::Nothing;
    ON_CHAT_START: "on_chat_start", "OnChatStart", None, Outcome::Nothing;
    ON_MESSAGE: "on_message", "OnMessage", None, Outcome::Nothing;
    ON_CHAT_END: "on_chat_end", "OnChatEnd", None, Outcome::Nothing;
    ON_CHAT_RESUME: "on_chat_resume", "OnChatResume", None, Outcome::Nothing;
    ON_STOP: "on_stop", "OnStop", None, Outcome::Nothing;
    ACTION_CALLBACK: "action_callback", "OnAction",
        Some(Key { what: "the action's name", example: "approve" }), Outcome::Answer;
    ON_SETTINGS_UPDATE: "on_settings_update", "OnSettingsUpdate", None, Outcome::Nothing;
    ON_SETTINGS_EDIT: "on_settings_edit", "OnSettingsEdit", None, Outcome::Nothing;
    SET_CHAT_PROFILES: "set_chat_profiles", "SetChatProfiles", None, Outcome::Typed;
    ON_AUDIO_START: "on_audio_start", "OnAudioStart", None, Outcome::Typed;
    ON_AUDIO_CHUNK: "on_audio_chunk", "OnAudioChunk", None, Outcome::Nothing;
    ON_AUDIO_END: "on_audio_end", "OnAudioEnd", None, Outcome::Nothing;
    ON_WINDOW_MESSAGE: "on_window_message", "OnWindowMessage", None, Outcome::Nothing;
    AUTHOR_RENAME: "author_rename", "AuthorRename", None, Outcome::Typed;
    SET_STARTERS: "set_starters", "SetStarters", None, Outcome::Typed;
    SET_STARTER_CATEGORIES: "set_starter_categories", "SetStarterCategories", None, Outcome::Typed;
    PASSWORD_AUTH_CALLBACK: "password_auth_callback", "PasswordAuthCallback", None, Outcome::Typed;
    HEADER_AUTH_CALLBACK: "header_auth_callback", "HeaderAuthCallback", None, Outcome::Typed;
    OAUTH_CALLBACK: "oauth_callback", "OAuthCallback", None, Outcome::Typed;
    ON_LOGOUT: "on_logout", "OnLogout", None, Outcome::Answer;
    ON_SHARED_THREAD_VIEW: "on_shared_thread_view", "OnSharedThreadView", None, Outcome::Typed;
    ON_FEEDBACK: "on_feedback", "OnFeedback", None, Outcome::Nothing;
    ON_ERROR: "on_error", "OnError", None, Outcome::Nothing;
    DATA_LAYER: "data_layer", "ProvideDataLayer", None, Outcome::Typed;
}
