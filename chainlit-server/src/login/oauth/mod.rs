//! Logins by OAuth providers.
//!
//! The browser is sent to the provider ([`OAuth::begin`]) and comes back with a code
//! ([`OAuth::finish`]), which is changed for a token, and that for who the user is (`exchange.rs`).
//! `table.rs` has the providers, `state.rs` how an attempt is known again, `id_token.rs` what OpenID
//! Connect adds. The protocols themselves are those of the crates `oauth2` and `openidconnect`.

mod address;
mod exchange;
mod http;
mod id_token;
mod provider;
mod state;
mod table;

use std::time::{Duration, SystemTime};

use ::http::HeaderMap;
use chainlit_core::OAuthLogin;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::Semaphore;

use crate::config::{Config, Env};
use address::PublicAddress;
pub(crate) use address::UnknownHost;
use exchange::Brought;
use http::{CallError, Http};
use id_token::Keys;
use provider::{Flow, Provider};
pub(crate) use state::StateError;
use state::{States, Whose};

/// How long all calls for one user may take together.
const PATIENCE: Duration = Duration::from_secs(30);

/// Users for whom providers are asked at the same time.
const AT_ONCE: usize = 64;

/// What the environment says of providers.
#[derive(Clone, Debug)]
pub(crate) struct OAuthSettings {
    providers: Vec<Provider>,
    address: PublicAddress,
    /// Seconds.
    lifetime: u64,
    root_path: String,
}

/// The application's providers.
#[derive(Debug)]
pub(crate) struct OAuth {
    providers: Vec<(Provider, Keys)>,
    address: PublicAddress,
    root_path: String,
    states: States,
    http: Http,
    slots: Semaphore,
}

/// A browser that is to be sent to the provider's page.
#[derive(Debug)]
pub(crate) struct Departure {
    pub(crate) location: String,
    /// The secret for its cookie, and for how many seconds.
    pub(crate) browser: String,
    pub(crate) lifetime: u64,
}

/// What a browser brings from the provider's page.
#[derive(Debug, Default)]
pub(crate) struct Arrival {
    pub(crate) code: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) id_token: Option<String>,
    /// Which provider it says that it comes from.
    pub(crate) issuer: Option<String>,
    pub(crate) error: Option<String>,
}

/// Why nobody is logged in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OAuthError {
    #[error("the provider says {0:?}")]
    Refused(String),
    #[error("the browser came back without code or state")]
    Incomplete,
    #[error("the browser has no cookie of ours")]
    NoCookie,
    #[error(transparent)]
    State(#[from] StateError),
    #[error(transparent)]
    Host(#[from] UnknownHost),
    #[error("the address of this server can't be sent to a provider")]
    Address,
    #[error("the browser comes from another provider")]
    OtherIssuer,
    #[error("too many log in at once")]
    Busy,
    #[error("the provider takes too long")]
    Late,
    #[error(transparent)]
    Call(#[from] CallError),
    #[error("what the provider tells of itself can't be read")]
    Discovery,
    #[error("no token for the code: {}", sources(&**.0))]
    Token(Box<dyn std::error::Error + Send + Sync>),
    #[error("the provider gave no ID token")]
    NoIdToken,
    #[error("the ID token is refused: {0}")]
    IdToken(#[source] openidconnect::ClaimsVerificationError),
    #[error("what the provider tells of the user is of somebody else")]
    OtherUser,
    #[error("the provider tells nothing of the user")]
    NoUser,
}

impl OAuthSettings {
    /// Fails with what is wrong, for people.
    pub(crate) fn new(env: &Env, config: &Config, root_path: &str) -> Result<Self, String> {
        let address = PublicAddress::new(env, &config.project.allow_origins).map_err(|url| {
            format!("CHAINLIT_URL is {url:?}; use an address such as https://chat.example")
        })?;
        let lifetime = match env.get("CHAINLIT_STATE_COOKIE_LIFETIME") {
            None => 180,
            Some(text) => {
                text.parse().ok().filter(|n| (1..=86_400).contains(n)).ok_or_else(|| {
                    format!("CHAINLIT_STATE_COOKIE_LIFETIME is {text:?}; use seconds, such as 180")
                })?
            }
        };
        let providers = table::configured(env)?;
        Ok(Self { providers, address, lifetime, root_path: root_path.to_owned() })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.providers.is_empty()
    }
}

impl OAuth {
    pub(crate) fn new(settings: &OAuthSettings, secret: &[u8]) -> Result<Self, String> {
        let http = Http::new().map_err(|error| {
            format!("OAuth providers can't be called: {error}; are there certificates (ca-certificates)?")
        })?;
        let providers = settings.providers.iter();
        Ok(Self {
            providers: providers.map(|provider| (provider.clone(), Keys::default())).collect(),
            address: settings.address.clone(),
            root_path: settings.root_path.clone(),
            states: States::new(secret, settings.lifetime),
            http,
            slots: Semaphore::new(AT_ONCE),
        })
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.providers.iter().map(|(provider, _)| provider.id.as_str())
    }

    /// What stands before the paths of this server.
    pub(crate) fn prefix(&self) -> String {
        self.address.prefix(&self.root_path)
    }

    /// Whether the provider's page sends a form of its own, which takes no cookie along that is not
    /// for other sites, too. `None` where there is no such provider.
    pub(crate) fn comes_by_form(&self, id: &str) -> Option<bool> {
        self.provider(id).map(|(provider, _)| provider.flow == Flow::Hybrid)
    }

    /// Sends a browser to the provider. One that has begun already keeps its secret, so that its
    /// other tabs find their way back, too.
    pub(crate) fn begin(
        &self,
        id: &str,
        browser: Option<&str>,
        headers: &HeaderMap,
        is_tls: bool,
    ) -> Result<Option<Departure>, OAuthError> {
        let Some((provider, _)) = self.provider(id) else { return Ok(None) };
        let redirect_uri = self.redirect_uri(provider, headers, is_tls)?;
        let browser = browser.map_or_else(crate::random::random_id, str::to_owned);
        let whose = Whose { browser: &browser, provider: id, redirect_uri: &redirect_uri };
        let attempt = self.states.begin(whose, now());
        let location = exchange::authorize_url(provider, &redirect_uri, &attempt)?.into();
        Ok(Some(Departure { location, browser, lifetime: self.states.lifetime() }))
    }

    /// Finds out who has come back.
    pub(crate) async fn finish(
        &self,
        id: &str,
        browser: Option<&str>,
        headers: &HeaderMap,
        is_tls: bool,
        arrival: &Arrival,
    ) -> Result<OAuthLogin, OAuthError> {
        let (provider, keys) = self.provider(id).ok_or(OAuthError::Incomplete)?;
        if let Some(error) = &arrival.error {
            return Err(OAuthError::Refused(error.chars().take(200).collect()));
        }
        let (Some(code), Some(state)) = (&arrival.code, &arrival.state) else {
            return Err(OAuthError::Incomplete);
        };
        let browser = browser.ok_or(OAuthError::NoCookie)?;
        let redirect_uri = self.redirect_uri(provider, headers, is_tls)?;
        let _slot = self.slots.try_acquire().map_err(|_| OAuthError::Busy)?;
        let whose = Whose { browser, provider: id, redirect_uri: &redirect_uri };
        let attempt = self.states.finish(whose, state, now())?;
        let work = async {
            if let Some(issuer) = &arrival.issuer
                && !keys.is_issuer(provider, &self.http, issuer).await?
            {
                return Err(OAuthError::OtherIssuer);
            }
            let id_token = arrival.id_token.as_deref().filter(|_| provider.flow == Flow::Hybrid);
            let brought = Brought { redirect_uri: &redirect_uri, code, id_token };
            exchange::login(provider, &self.http, keys, &attempt, brought).await
        };
        tokio::time::timeout(PATIENCE, work).await.unwrap_or(Err(OAuthError::Late))
    }

    fn provider(&self, id: &str) -> Option<&(Provider, Keys)> {
        self.providers.iter().find(|(provider, _)| provider.id == id)
    }

    fn redirect_uri(
        &self,
        provider: &Provider,
        headers: &HeaderMap,
        is_tls: bool,
    ) -> Result<String, OAuthError> {
        let base = self.address.absolute(&self.root_path, headers, is_tls)?;
        // As browsers write it, and as people register it.
        const PLAIN: &percent_encoding::AsciiSet =
            &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
        let id = utf8_percent_encode(&provider.id, PLAIN);
        Ok(format!("{base}/auth/oauth/{id}/callback"))
    }
}

/// An error with what lies behind it: the crates' own words leave that out.
fn sources(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text.chars().take(500).collect()
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}
