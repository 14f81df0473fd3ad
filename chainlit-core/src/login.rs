//! What an application is asked when somebody wants to log in.

use std::fmt;

use serde_json::{Map, Value};

use crate::thread::Thread;
use crate::user::User;

/// What somebody wrote into the login form: an argument of `password_auth_callback`.
///
/// `Debug` does not show the password.
///
/// ```
/// use chainlit as cl;
///
/// let credentials = cl::Credentials::new("ada", "secret");
/// assert!(!format!("{credentials:?}").contains("secret"));
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Credentials {
    /// The name or the email address.
    pub username: String,
    /// The password as it was written.
    pub password: String,
}

impl Credentials {
    /// That name and that password.
    pub fn new(username: impl Into<String>, password: impl Into<String>) -> Self {
        Self { username: username.into(), password: password.into() }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("username", &self.username).finish_non_exhaustive()
    }
}

/// The headers of a request, an argument of `header_auth_callback` and `on_logout`.
///
/// `Debug` shows the names only: values are credentials.
///
/// ```
/// use chainlit as cl;
///
/// let headers = cl::Headers::from_iter([("X-Forwarded-User", "ada")]);
/// assert_eq!(headers.get("x-forwarded-user"), Some("ada"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// The value of the header with that name, whatever its case; the first one, when it is there
    /// more than once.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.get_all(name).next()
    }

    /// All values of the header with that name.
    pub fn get_all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// All headers in the order in which they came. Values that are no text are left out.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(headers: I) -> Self {
        Self(headers.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Somebody whom an OAuth provider has vouched for: an argument of `oauth_callback`.
///
/// `Debug` does not show the tokens.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct OAuthLogin {
    /// The provider's id, for example `github`.
    pub provider: String,
    /// The access token for the provider's own API.
    pub token: String,
    /// What the provider tells about the user.
    pub raw_user: Map<String, Value>,
    /// The user that Chainlit makes of it: identifier and metadata depend on the provider.
    pub default_user: User,
    /// The ID token, as it came, from providers that speak OpenID Connect.
    pub id_token: Option<String>,
    /// What gets a new access token from the provider, where it gave such a thing.
    pub refresh_token: Option<String>,
}

impl OAuthLogin {
    /// A login by that provider with what it tells about the user.
    pub fn new(
        provider: impl Into<String>,
        token: impl Into<String>,
        raw_user: Map<String, Value>,
        default_user: User,
    ) -> Self {
        Self {
            provider: provider.into(),
            token: token.into(),
            raw_user,
            default_user,
            id_token: None,
            refresh_token: None,
        }
    }
}

impl fmt::Debug for OAuthLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthLogin")
            .field("provider", &self.provider)
            .field("default_user", &self.default_user.identifier)
            .finish_non_exhaustive()
    }
}

/// Somebody opens a conversation by its link: an argument of `on_shared_thread_view`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SharedThreadView {
    /// The conversation.
    pub thread: Thread,
    /// Whether its author shares it, and the link has not expired.
    pub is_shared: bool,
}

impl SharedThreadView {
    /// That conversation.
    #[must_use]
    pub fn new(thread: Thread, is_shared: bool) -> Self {
        Self { thread, is_shared }
    }
}
