//! What an attempt to log in is known by when the browser comes back from the provider.
//!
//! Nothing is kept for an attempt that has begun: its `state` is signed for one browser, one provider
//! and one address to come back to, and says when it ends; the verifier of PKCE and the nonce are
//! made of it with a key that only servers with the same secret have. So several attempts at once do
//! not disturb each other, and the browser may come back to another process. What has come back is
//! remembered until it would have ended, so that it counts once.

use std::collections::HashMap;

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use parking_lot::Mutex;
use sha2::Sha256;

/// States that are remembered as used. A provider's codes count once by themselves: when there are
/// too many, it is enough that nobody has room taken away from them.
const MAX_USED: usize = 50_000;

/// Bytes of a state that is looked at.
const MAX_STATE: usize = 200;

/// Makes states and knows them again.
pub(super) struct States {
    key: Hmac<Sha256>,
    /// Seconds.
    lifetime: u64,
    /// When those that have come back would have ended.
    used: Mutex<HashMap<String, u64>>,
}

/// Whose attempt it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whose<'a> {
    /// The secret that the browser has in its cookie.
    pub(super) browser: &'a str,
    pub(super) provider: &'a str,
    pub(super) redirect_uri: &'a str,
}

/// An attempt.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Attempt {
    pub(super) state: String,
    /// What proves to the provider that who brings the code is who asked for it.
    pub(super) verifier: String,
    /// What the ID token must say.
    pub(super) nonce: String,
}

/// Why a state counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StateError {
    #[error("the state is not one of this browser's for this provider")]
    Foreign,
    #[error("the state has expired: the user took longer than CHAINLIT_STATE_COOKIE_LIFETIME")]
    Expired,
    #[error("the state was used before")]
    Used,
}

impl States {
    pub(super) fn new(secret: &[u8], lifetime: u64) -> Self {
        // HMAC takes a key of any length; whether it is long enough is checked at the start.
        let key = Hmac::new_from_slice(secret).expect("HMAC takes a key of any length");
        Self { key, lifetime, used: Mutex::default() }
    }

    /// Seconds until an attempt ends.
    pub(super) fn lifetime(&self) -> u64 {
        self.lifetime
    }

    pub(super) fn begin(&self, whose: Whose<'_>, now: u64) -> Attempt {
        let (id, end) = (crate::random::random_id(), now + self.lifetime);
        let signature = self.text("state", whose, &[&id, &end.to_string()]);
        self.attempt(whose, format!("{id}.{end}.{signature}"))
    }

    /// The attempt that has come back, for the first time.
    pub(super) fn finish(
        &self,
        whose: Whose<'_>,
        state: &str,
        now: u64,
    ) -> Result<Attempt, StateError> {
        let (id, end) = self.verified(whose, state).ok_or(StateError::Foreign)?;
        if end <= now {
            return Err(StateError::Expired);
        }
        let mut used = self.used.lock();
        if used.len() >= MAX_USED {
            used.retain(|_, end| *end > now);
        }
        if used.len() >= MAX_USED {
            used.clear();
        }
        if used.insert(id.to_owned(), end).is_some() {
            return Err(StateError::Used);
        }
        Ok(self.attempt(whose, state.to_owned()))
    }

    fn verified<'a>(&self, whose: Whose<'_>, state: &'a str) -> Option<(&'a str, u64)> {
        if state.len() > MAX_STATE {
            return None;
        }
        let mut parts = state.split('.');
        let (id, end, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?;
        // Takes as long for every wrong signature.
        self.mac("state", whose, &[id, end]).verify_slice(&signature).ok()?;
        Some((id, end.parse().ok()?)).filter(|_| parts.next().is_none())
    }

    fn attempt(&self, whose: Whose<'_>, state: String) -> Attempt {
        let verifier = self.text("verifier", whose, &[&state]);
        let nonce = self.text("nonce", whose, &[&state]);
        Attempt { state, verifier, nonce }
    }

    /// 43 characters, as many as PKCE wants at least.
    fn text(&self, purpose: &str, whose: Whose<'_>, more: &[&str]) -> String {
        BASE64URL_NOPAD.encode(&self.mac(purpose, whose, more).finalize().into_bytes())
    }

    fn mac(&self, purpose: &str, whose: Whose<'_>, more: &[&str]) -> Hmac<Sha256> {
        let mut mac = self.key.clone();
        let whose = [whose.browser, whose.provider, whose.redirect_uri];
        for part in ["oauth", purpose].iter().chain(&whose).chain(more) {
            // With its length, so that no two lists read the same.
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac
    }
}

impl std::fmt::Debug for States {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("States").field("used", &self.used.lock().len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"a secret of at least 32 characters";

    fn whose() -> Whose<'static> {
        Whose { browser: "b", provider: "github", redirect_uri: "https://x.example/callback" }
    }

    #[test]
    fn an_attempt_comes_back_once() {
        let (states, other_process) = (States::new(SECRET, 180), States::new(SECRET, 180));
        let (first, second) = (states.begin(whose(), 1000), states.begin(whose(), 1000));
        assert_eq!((first.verifier.len(), first.nonce.len()), (43, 43));
        assert!(first.verifier != second.verifier && first.nonce != second.nonce);
        assert!(states.finish(whose(), &second.state, 1001) == Ok(second), "another tab");
        assert!(states.finish(whose(), &first.state, 1179) == Ok(first.clone()));
        assert!(states.finish(whose(), &first.state, 1179) == Err(StateError::Used));
        assert!(other_process.finish(whose(), &first.state, 1179) == Ok(first));
    }

    #[test]
    fn whatever_else_comes_back_is_refused() {
        let states = States::new(SECRET, 180);
        let Attempt { state, .. } = states.begin(whose(), 1000);
        let refused = |whose, state: &str, now| states.finish(whose, state, now).err();
        assert_eq!(refused(whose(), &state, 1180), Some(StateError::Expired));
        for other in [
            Whose { browser: "c", ..whose() },
            Whose { provider: "gitlab", ..whose() },
            Whose { redirect_uri: "https://evil.example/callback", ..whose() },
        ] {
            assert_eq!(refused(other, &state, 1000), Some(StateError::Foreign), "{other:?}");
        }
        let (id, rest) = state.split_once('.').unwrap();
        let (_, signature) = rest.split_once('.').unwrap();
        let long = "x".repeat(100_000);
        let forged = [
            String::new(),
            "..".to_owned(),
            format!("{id}.9999999999.{signature}"),
            format!("{state}.x"),
            format!("{id}.{}", rest.to_ascii_uppercase()),
            long,
        ];
        for text in forged {
            assert_eq!(refused(whose(), &text, 1000), Some(StateError::Foreign), "{text:.60}");
        }
        let other_secret = States::new(b"another secret of 32 characters!", 180);
        assert!(other_secret.finish(whose(), &state, 1000) == Err(StateError::Foreign));
        assert!(states.finish(whose(), &state, 1000).is_ok(), "what was refused used nothing up");
    }
}
