//! A provider: where it is asked, for what, and who its answer is about.

use chainlit_core::User;
use openidconnect::url::Url;
use serde_json::{Map, Value};

/// Where and how a provider is asked.
#[derive(Clone)]
pub(super) struct Provider {
    /// What users and addresses call it.
    pub(super) id: String,
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) authorize_url: Url,
    pub(super) token_url: Url,
    pub(super) user_url: Url,
    pub(super) scope: String,
    /// Further parameters of the page that the user is sent to.
    pub(super) params: Vec<(&'static str, String)>,
    pub(super) flow: Flow,
    /// Whether it may be shown who asks (PKCE).
    pub(super) has_pkce: bool,
    /// How the token is shown to it.
    pub(super) scheme: &'static str,
    /// What else is asked about the user.
    pub(super) more: More,
    pub(super) open_id: OpenId,
    pub(super) user: UserShape,
}

/// How the code comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// In the address.
    Code,
    /// In a form that the provider's page sends, with an ID token.
    Hybrid,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum More {
    Nothing,
    /// The addresses that GitHub tells to nobody else.
    Emails(Url),
    /// A small picture.
    Photo(Url),
}

/// What is known of the provider's ID tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OpenId {
    /// It gives none for what is asked.
    None,
    /// Its issuer can't be told from what is configured. The token comes from the provider itself,
    /// which TLS proves; what it says is checked.
    Direct,
    /// Its issuer and its keys are told at this address.
    Discovered(Url),
}

/// Who Chainlit takes a user for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UserShape {
    /// Where the identifier is.
    pub(super) identifier: String,
    pub(super) image: Image,
    /// What the metadata names as the provider.
    pub(super) provider: String,
    /// Whether the token for new tokens is in the metadata.
    pub(super) has_refresh_token: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Image {
    /// There is no such entry.
    None,
    /// It is empty.
    Empty,
    /// What stands there; empty where nothing does.
    At(&'static str),
    /// What stands there; null where nothing does.
    Maybe(&'static str),
}

impl Provider {
    /// Whether the user is asked for by OpenID Connect.
    pub(super) fn has_nonce(&self) -> bool {
        self.flow == Flow::Hybrid || self.open_id != OpenId::None
    }
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("id", &self.id).finish_non_exhaustive()
    }
}

impl UserShape {
    /// The user that the answer is about. The identifier is empty where the answer has none: the
    /// application may know another one.
    pub(super) fn user(&self, raw: &Map<String, Value>, refresh_token: Option<&str>) -> User {
        let mut user = User::new(match raw.get(&self.identifier) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        });
        let text_at = |name: &str| raw.get(name).filter(|value| value.is_string()).cloned();
        let image = match self.image {
            Image::None => None,
            Image::Empty => Some(Value::from("")),
            Image::At(name) => Some(text_at(name).unwrap_or_else(|| "".into())),
            Image::Maybe(name) => Some(text_at(name).unwrap_or_default()),
        };
        user.metadata.extend(image.map(|image| ("image".to_owned(), image)));
        user.metadata.insert("provider".to_owned(), self.provider.clone().into());
        if self.has_refresh_token {
            user.metadata.insert("refresh_token".to_owned(), refresh_token.into());
        }
        user
    }
}
