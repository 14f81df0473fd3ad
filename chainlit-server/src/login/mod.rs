//! Who is at the other end of a request or a socket.
//!
//! Somebody logs in once (`callbacks.rs` asks the application) and has a token then ([`token`]), in a
//! cookie ([`cookie`]). Each request and each socket is asked for it. A login ends when its token
//! expires, or before ([`ended`]). Providers of OAuth are in a folder of their own, behind a feature;
//! they end with [`Login::admit`], as all ways do.

mod attempts;
mod callbacks;
mod changed;
mod cookie;
mod ended;
#[cfg(feature = "oauth")]
pub(crate) mod oauth;
mod proxies;
mod settings;
mod token;
mod users;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::SystemTime;

use chainlit_core::{AppParts, OAuthCallback, Registry, Timestamp, User, guard::BlockedThreads};
use http::HeaderMap;
use http::header::AUTHORIZATION;

use attempts::Attempts;
use changed::ChangedUsers;
use ended::EndedLogins;
use token::{Claims, TokenKey};

pub(crate) use attempts::TooMany;
pub(crate) use callbacks::{CallbackError, texts};
pub(crate) use cookie::TokenCookie;
pub(crate) use ended::LoginId;
pub(crate) use settings::LoginSettings;
pub use settings::LoginSetupError;

use crate::persistence::Persistence;

/// The application's logins: cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Login(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    is_required: bool,
    /// There wherever a login is required.
    key: Option<TokenKey>,
    settings: LoginSettings,
    registry: Registry,
    parts: AppParts,
    persistence: Persistence,
    attempts: Attempts,
    ended: EndedLogins,
    changed: ChangedUsers,
    /// There where the application has a function for it.
    #[cfg(feature = "oauth")]
    oauth: Option<oauth::OAuth>,
    /// Threads that the application's functions may block.
    room: BlockedThreads,
}

/// Somebody who has logged in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LoggedIn {
    /// The user, as the database has it where there is one, but for the name to show.
    pub(crate) user: User,
    /// Its id in the database; `None` where nothing is kept.
    pub(crate) id: Option<String>,
    /// When the database has it from.
    pub(crate) created_at: Option<Timestamp>,
    /// By which login.
    pub(crate) login: LoginId,
}

/// Why a request has no user though one is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LoginError {
    /// No token, or one that is forged, expired or withdrawn.
    #[error("Invalid authentication token")]
    InvalidToken,
}

impl Login {
    /// What the application has functions for.
    pub(crate) fn new(
        registry: &Registry,
        parts: &AppParts,
        settings: LoginSettings,
        persistence: Persistence,
        room: BlockedThreads,
    ) -> Result<Self, LoginSetupError> {
        let is_required = settings.is_required(registry);
        let key = match is_required {
            true => Some(TokenKey::new(settings.checked_secret()?)),
            false => None,
        };
        #[cfg(not(feature = "oauth"))]
        if registry.get::<OAuthCallback>().is_some() {
            return Err(LoginSetupError::NoOAuthFeature);
        }
        #[cfg(feature = "oauth")]
        let oauth = match registry.get::<OAuthCallback>() {
            Some(_) => Some(settings.oauth()?),
            None => None,
        };
        let attempts =
            Attempts::new(settings.config.attempts_per_address, settings.config.attempts_per_user);
        Ok(Self(Arc::new(Inner {
            is_required,
            key,
            settings,
            registry: registry.clone(),
            parts: parts.clone(),
            persistence,
            attempts,
            ended: EndedLogins::default(),
            changed: ChangedUsers::default(),
            #[cfg(feature = "oauth")]
            oauth,
            room,
        })))
    }

    /// Whether nobody gets in without.
    pub(crate) fn is_required(&self) -> bool {
        self.0.is_required
    }

    /// The providers, where the application lets users in by them.
    #[cfg(feature = "oauth")]
    pub(crate) fn oauth(&self) -> Option<&oauth::OAuth> {
        self.0.oauth.as_ref()
    }

    /// What the providers are called.
    pub(crate) fn oauth_providers(&self) -> Vec<String> {
        #[cfg(feature = "oauth")]
        if let Some(oauth) = self.oauth() {
            return oauth.ids().map(str::to_owned).collect();
        }
        Vec::new()
    }

    /// How the token comes and goes.
    pub(crate) fn cookie(&self) -> &TokenCookie {
        &self.0.settings.cookie
    }

    /// Whether the browser that sent a request speaks TLS, as far as one knows.
    pub(crate) fn is_tls(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> bool {
        self.0.settings.is_public_tls || self.0.settings.proxies.is_tls(peer, headers)
    }

    /// Who sends a request with these headers; `None` where no login is required. A program may have
    /// its token in `Authorization`.
    pub(crate) async fn user(&self, headers: &HeaderMap) -> Result<Option<LoggedIn>, LoginError> {
        if !self.is_required() {
            return Ok(None);
        }
        let token = self.cookie().read(headers).or_else(|| bearer(headers).ok().map(str::to_owned));
        self.user_of_token(token.as_deref()).await.map(Some)
    }

    /// Who opens a socket with these headers: as [`user`](Self::user), from the cookie alone.
    pub(crate) async fn socket_user(
        &self,
        headers: &HeaderMap,
    ) -> Result<Option<LoggedIn>, LoginError> {
        if !self.is_required() {
            return Ok(None);
        }
        self.user_of_token(self.cookie().read(headers).as_deref()).await.map(Some)
    }

    /// Whether a login has not been ended, as far as this process knows, nor expired.
    pub(crate) fn holds(&self, identifier: &str, login: &LoginId) -> bool {
        login.expires_at > now() && self.0.ended.holds(identifier, login)
    }

    /// The user of a token that holds.
    pub(crate) async fn user_of_token(&self, token: Option<&str>) -> Result<LoggedIn, LoginError> {
        let (claims, login) = self.verified(token).ok_or(LoginError::InvalidToken)?;
        if !self.0.ended.holds(&claims.identifier, &login) {
            return Err(LoginError::InvalidToken);
        }
        self.known_user(claims.into_user(), login).await.ok_or(LoginError::InvalidToken)
    }

    fn verified(&self, token: Option<&str>) -> Option<(Claims, LoginId)> {
        let token = token?;
        let claims = self.0.key.as_ref()?.verify(token, now())?;
        let id = claims.jti.clone().filter(|id| !id.is_empty() && id.len() <= 64);
        let login = LoginId {
            id: id.unwrap_or_else(|| token::id_of(token)).into(),
            issued_at: claims.iat,
            expires_at: claims.exp,
        };
        Some((claims, login))
    }

    /// Lets in somebody who has proved who they are: keeps the user where there is a database, and
    /// gives the token.
    pub(crate) async fn admit(&self, user: User) -> Result<String, LoginError> {
        self.remember_user(&user).await;
        let now = now();
        let lifetime = self.0.settings.cookie.max_age as f64;
        self.sign(user, now, now + lifetime, crate::random::random_id())
    }

    /// A token for whoever brings one in another way. A login of ours goes on as the same one and
    /// ends when it would have; a token that the application made becomes a login.
    pub(crate) async fn exchange(&self, token: &str) -> Result<String, LoginError> {
        let found = self.user_of_token(Some(token)).await?;
        let (claims, login) = self.verified(Some(token)).ok_or(LoginError::InvalidToken)?;
        match &claims.jti {
            Some(_) => {
                let user = claims.into_user();
                self.sign(user, login.issued_at, login.expires_at, login.id.to_string())
            }
            None => self.admit(found.user).await,
        }
    }

    fn sign(&self, user: User, iat: f64, exp: f64, id: String) -> Result<String, LoginError> {
        let key = self.0.key.as_ref().ok_or(LoginError::InvalidToken)?;
        Ok(key.sign(&Claims {
            identifier: user.identifier,
            display_name: user.display_name,
            metadata: user.metadata,
            exp,
            iat,
            nbf: None,
            jti: Some(id),
        }))
    }
}

/// What is wrong with an `Authorization` header, in Chainlit's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BearerError {
    #[error("Authorization header missing")]
    Missing,
    #[error("Invalid authorization header format")]
    Format,
    #[error("Invalid authentication scheme. Please use Bearer")]
    Scheme,
}

/// The token of an `Authorization` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<&str, BearerError> {
    let header = headers.get(AUTHORIZATION).filter(|value| !value.is_empty());
    let text = header.ok_or(BearerError::Missing)?.to_str().map_err(|_| BearerError::Format)?;
    let mut words = text.split_ascii_whitespace();
    match (words.next(), words.next(), words.next()) {
        (Some(scheme), Some(token), None) if scheme.eq_ignore_ascii_case("bearer") => Ok(token),
        (Some(_), Some(_), None) => Err(BearerError::Scheme),
        _ => Err(BearerError::Format),
    }
}

/// Seconds since 1970.
fn now() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

#[cfg(all(test, not(feature = "oauth")))]
mod tests {
    #[test]
    fn a_function_for_providers_needs_the_feature() {
        let app = crate::App::new()
            .oauth_callback(async |login: chainlit_core::OAuthLogin| login.default_user);
        let env = crate::config::Env::from_pairs([("CHAINLIT_AUTH_SECRET", "x".repeat(32))]);
        let error = app.env(env).config(crate::config::Config::default()).into_service().err();
        assert!(error.unwrap().to_string().contains("--features oauth"));
    }
}
