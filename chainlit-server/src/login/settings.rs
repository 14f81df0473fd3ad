//! What the environment says of logins.

use chainlit_core::{HeaderAuthCallback, OAuthCallback, PasswordAuthCallback, Registry};

use super::cookie::{SameSite, TokenCookie};
use super::proxies::TrustedProxies;
use crate::config::{Config, Env, LoginConfig};
use crate::root_path::RootPath;

/// Bytes that the secret must have: as many as the signature.
const MIN_SECRET: usize = 32;

/// How logins work, from the environment and the configuration.
#[derive(Clone, Debug)]
pub(crate) struct LoginSettings {
    /// What signs the tokens; `None` where nobody logs in.
    pub(super) secret: Option<Secret>,
    /// Whether a login is required though there is no function for it: the tokens come from
    /// elsewhere.
    pub(super) is_custom: bool,
    pub(super) cookie: TokenCookie,
    pub(super) proxies: TrustedProxies,
    pub(super) config: LoginConfig,
    /// The server's own address, if it is told.
    pub(super) is_public_tls: bool,
    #[cfg(feature = "oauth")]
    oauth: Result<super::oauth::OAuthSettings, String>,
    /// Whether it is all right that there is no provider.
    #[cfg(feature = "oauth")]
    is_test: bool,
}

/// A secret, which is never shown.
#[derive(Clone)]
pub(super) struct Secret(pub(super) Vec<u8>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Why nobody could log in, with the remedy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoginSetupError {
    /// There is no secret to sign tokens with.
    #[error(
        "a login is required and CHAINLIT_AUTH_SECRET is not set: run `chainlit create-secret` and put the line into the file .env"
    )]
    NoSecret,
    /// The secret is too short.
    #[error(
        "CHAINLIT_AUTH_SECRET has {0} bytes and needs 32: run `chainlit create-secret` for a good one"
    )]
    ShortSecret(usize),
    /// `CHAINLIT_COOKIE_SAMESITE` is something else than it may be.
    #[error("CHAINLIT_COOKIE_SAMESITE is {0:?}; use lax, strict or none")]
    SameSite(String),
    /// `CHAINLIT_AUTH_COOKIE_NAME` can't be the name of a cookie.
    #[error("CHAINLIT_AUTH_COOKIE_NAME is {0:?}; use letters, digits, `-` and `_`, at most 64")]
    CookieName(String),
    /// `CHAINLIT_AUTH_COOKIE_PATH` can't be the path of a cookie.
    #[error("CHAINLIT_AUTH_COOKIE_PATH is {0:?}; use a path that begins with a slash")]
    CookiePath(String),
    /// There is an `oauth_callback`, but nothing to call it.
    #[error(
        "`oauth_callback` needs the feature `oauth`: run `cargo add chainlit --features oauth`, or remove the function"
    )]
    NoOAuthFeature,
    /// There is an `oauth_callback`, but no provider.
    #[error(
        "`oauth_callback` needs a provider: set its variables, such as OAUTH_GITHUB_CLIENT_ID and OAUTH_GITHUB_CLIENT_SECRET"
    )]
    NoOAuthProvider,
    /// A provider can't be called.
    #[error("{0}")]
    OAuth(String),
}

impl LoginSettings {
    /// Whether an application with these functions lets nobody in without a login.
    pub(crate) fn is_required(&self, registry: &Registry) -> bool {
        self.is_custom
            || registry.get::<PasswordAuthCallback>().is_some()
            || registry.get::<HeaderAuthCallback>().is_some()
            || registry.get::<OAuthCallback>().is_some()
    }

    pub(crate) fn new(
        env: &Env,
        config: &Config,
        root_path: &RootPath,
    ) -> Result<Self, LoginSetupError> {
        let same_site = match env.get("CHAINLIT_COOKIE_SAMESITE") {
            None => SameSite::default(),
            Some(text) => {
                SameSite::new(text).ok_or_else(|| LoginSetupError::SameSite(text.to_owned()))?
            }
        };
        let name = env.get("CHAINLIT_AUTH_COOKIE_NAME").unwrap_or("access_token");
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if name.len() > 64 || !name.bytes().all(is_plain) {
            return Err(LoginSetupError::CookieName(name.to_owned()));
        }
        let path = env.get("CHAINLIT_AUTH_COOKIE_PATH").unwrap_or(root_path.cookie_path());
        let fits = |b: u8| b.is_ascii_graphic() && !b";,\"\\".contains(&b);
        if !path.starts_with('/') || !path.bytes().all(fits) {
            return Err(LoginSetupError::CookiePath(path.to_owned()));
        }
        Ok(Self {
            secret: env.get("CHAINLIT_AUTH_SECRET").map(|text| Secret(text.as_bytes().to_vec())),
            is_custom: env.get("CHAINLIT_CUSTOM_AUTH").is_some(),
            cookie: TokenCookie {
                name: name.to_owned(),
                path: path.to_owned(),
                same_site,
                max_age: config.project.user_session_timeout.as_secs(),
            },
            proxies: TrustedProxies::new(&config.login.trusted_proxies),
            config: config.login.clone(),
            is_public_tls: env.get("CHAINLIT_URL").is_some_and(|url| url.starts_with("https://")),
            #[cfg(feature = "oauth")]
            oauth: super::oauth::OAuthSettings::new(env, config, root_path.as_str()),
            #[cfg(feature = "oauth")]
            is_test: false,
        })
    }

    /// The secret, which must be a good one.
    pub(super) fn checked_secret(&self) -> Result<&[u8], LoginSetupError> {
        let Secret(secret) = self.secret.as_ref().ok_or(LoginSetupError::NoSecret)?;
        if secret.len() < MIN_SECRET {
            return Err(LoginSetupError::ShortSecret(secret.len()));
        }
        Ok(secret)
    }

    /// The providers, of which there must be one.
    #[cfg(feature = "oauth")]
    pub(super) fn oauth(&self) -> Result<super::oauth::OAuth, LoginSetupError> {
        let settings =
            self.oauth.as_ref().map_err(|wrong| LoginSetupError::OAuth(wrong.clone()))?;
        if settings.is_empty() && !self.is_test {
            return Err(LoginSetupError::NoOAuthProvider);
        }
        super::oauth::OAuth::new(settings, self.checked_secret()?).map_err(LoginSetupError::OAuth)
    }

    /// Makes up a secret where there is no good one, and does without providers.
    #[cfg(feature = "testing")]
    pub(crate) fn with_some_secret(mut self) -> Self {
        if self.checked_secret().is_err() {
            let random = [crate::random::random_id(), crate::random::random_id()].concat();
            self.secret = Some(Secret(random.into_bytes()));
        }
        #[cfg(feature = "oauth")]
        {
            self.is_test = true;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &str)]) -> Result<LoginSettings, String> {
        let env = Env::from_pairs(pairs.iter().copied());
        let root = RootPath::new("/chat").unwrap();
        LoginSettings::new(&env, &Config::default(), &root).map_err(|error| error.to_string())
    }

    #[test]
    fn a_secret_must_be_there_and_long() {
        let secret = |text: &str| {
            let settings = settings(&[("CHAINLIT_AUTH_SECRET", text)]).unwrap();
            settings.checked_secret().map(<[u8]>::to_vec).map_err(|error| error.to_string())
        };
        assert!(secret("").unwrap_err().contains("chainlit create-secret"));
        assert!(secret(&"x".repeat(31)).unwrap_err().contains("31 bytes"));
        assert_eq!(secret(&"x".repeat(32)).unwrap(), "x".repeat(32).into_bytes());
        let shown = settings(&[("CHAINLIT_AUTH_SECRET", "hidden")]).unwrap();
        assert!(!format!("{shown:?}").contains("hidden"));
    }

    #[test]
    fn the_cookie_is_as_it_is_told() {
        let usual = settings(&[]).unwrap().cookie;
        assert_eq!((usual.name.as_str(), usual.path.as_str()), ("access_token", "/chat"));
        let told = settings(&[
            ("CHAINLIT_AUTH_COOKIE_NAME", "mine"),
            ("CHAINLIT_AUTH_COOKIE_PATH", "/"),
            ("CHAINLIT_COOKIE_SAMESITE", "none"),
        ])
        .unwrap()
        .cookie;
        assert_eq!((told.name.as_str(), told.path.as_str()), ("mine", "/"));
        assert_eq!(told.same_site, SameSite::None);
        for wrong in [
            ("CHAINLIT_AUTH_COOKIE_NAME", "a; b"),
            ("CHAINLIT_AUTH_COOKIE_PATH", "chat"),
            ("CHAINLIT_AUTH_COOKIE_PATH", "/; Domain=x"),
            ("CHAINLIT_COOKIE_SAMESITE", "some"),
        ] {
            assert!(settings(&[wrong]).unwrap_err().contains(wrong.0));
        }
    }
}
