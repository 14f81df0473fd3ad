//! The application is asked who somebody is.

use std::net::SocketAddr;
use std::time::Duration;

use chainlit_core::{
    Credentials, Event, EventContext, Handler, HeaderAuthCallback, Headers, PasswordAuthCallback,
    User, guard,
};
use http::HeaderMap;

use super::{Login, TooMany};

/// How long the application may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why nobody is logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallbackError {
    /// The application has no function for this way.
    NotDefined,
    /// It does not know them, or failed.
    Refused,
    /// There were too many attempts.
    TooMany(TooMany),
}

impl Login {
    /// Who has that name and that password.
    pub(crate) async fn by_password(
        &self,
        credentials: Credentials,
        peer: Option<SocketAddr>,
        headers: &HeaderMap,
    ) -> Result<User, CallbackError> {
        let handler = self.0.registry.get::<PasswordAuthCallback>();
        let handler = handler.ok_or(CallbackError::NotDefined)?;
        let address = self.0.settings.proxies.client(peer, headers);
        let attempt = self
            .0
            .attempts
            .begin(&credentials.username, address)
            .map_err(CallbackError::TooMany)?;
        let user = self.ask(handler, credentials).await?;
        attempt.succeed();
        Ok(user)
    }

    /// Who a proxy says that somebody is.
    pub(crate) async fn by_headers(
        &self,
        peer: Option<SocketAddr>,
        headers: &HeaderMap,
    ) -> Result<User, CallbackError> {
        let handler = self.0.registry.get::<HeaderAuthCallback>();
        let handler = handler.ok_or(CallbackError::NotDefined)?;
        if !self.0.settings.proxies.trusts(peer) {
            tracing::warn!(
                peer = ?peer.map(|peer| peer.ip()),
                "a login by headers was refused: name the proxy in `login.trusted_proxies`"
            );
            return Err(CallbackError::Refused);
        }
        self.ask(handler, texts(headers)).await
    }

    /// Who the application takes somebody for whom a provider has vouched for.
    #[cfg(feature = "oauth")]
    pub(crate) async fn by_oauth(
        &self,
        login: chainlit_core::OAuthLogin,
    ) -> Result<User, CallbackError> {
        let handler = self.0.registry.get::<chainlit_core::OAuthCallback>();
        self.ask(handler.ok_or(CallbackError::NotDefined)?, login).await
    }

    async fn ask<E>(&self, handler: &Handler<E>, payload: E::Payload) -> Result<User, CallbackError>
    where
        E: Event<Answer = Option<User>, Scope = ()>,
    {
        let place = handler.code_place();
        let event = EventContext::new(payload, (), self.0.parts.clone());
        let (call, room) = (handler.call(event), self.0.room.clone());
        let call = async move { guard::guarded(&room, place, call).await };
        // In a task of its own, where a panic ends and which does not end with the request.
        let call = tokio::spawn(guard::deferring(call));
        match tokio::time::timeout(PATIENCE, call).await {
            Ok(Ok(Ok(Some(user)))) if !user.identifier.is_empty() => Ok(user),
            Ok(Ok(Ok(Some(_)))) => {
                tracing::error!(handler = %place, "a login gave a user without identifier");
                Err(CallbackError::Refused)
            }
            Ok(Ok(Ok(None))) => Err(CallbackError::Refused),
            Ok(Ok(Err(error))) => {
                tracing::error!(handler = %place, "a login failed: {error}");
                Err(CallbackError::Refused)
            }
            Ok(Err(_)) => {
                tracing::error!(handler = %place, "a login panicked");
                Err(CallbackError::Refused)
            }
            Err(_) => {
                tracing::error!(handler = %place, "a login took too long");
                Err(CallbackError::Refused)
            }
        }
    }
}

/// The headers for the application.
pub(crate) fn texts(headers: &HeaderMap) -> Headers {
    let texts =
        headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    texts.collect()
}
