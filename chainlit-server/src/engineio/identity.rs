use std::sync::Arc;

use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

/// The cookie that tells one browser from another, for who knows a connection's id to be known as its owner.
pub(crate) const BROWSER_COOKIE: &str = "X-Chainlit-Browser";

type Hash = [u8; 32];

/// Who opened a connection, as far as the request told.
///
/// A polling connection consists of requests that only its id holds together. Whoever got hold of the
/// id must not be able to speak for its owner, so each request has to come with what the first one
/// came with. What the first one did not have is not asked for, as some programs keep no cookies. But
/// the answer to the first one offers a cookie, and whoever has sent that once has to go on doing so.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    /// What the names of a login's cookies begin with: a long token comes in several pieces.
    login_cookie: Arc<str>,
    authorization: Option<Hash>,
    login: Option<Hash>,
    browser: Option<Hash>,
    /// The cookie that the client was given and has not come back with yet.
    offered: Option<Hash>,
}

impl Identity {
    pub(super) fn of(headers: &HeaderMap, login_cookie: &Arc<str>) -> Self {
        let authorization = headers.get_all(AUTHORIZATION).iter().map(|value| value.as_bytes());
        let mut cookies: Vec<&[u8]> = headers
            .get_all(COOKIE)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b';'))
            .map(<[u8]>::trim_ascii)
            .collect();
        // Browsers promise no order.
        cookies.sort_unstable();
        let is_browser = |cookie: &&&[u8]| {
            cookie
                .strip_prefix(BROWSER_COOKIE.as_bytes())
                .is_some_and(|rest| rest.starts_with(b"="))
        };
        let is_login = |cookie: &&&[u8]| cookie.starts_with(login_cookie.as_bytes());
        Self {
            login_cookie: Arc::clone(login_cookie),
            authorization: hash(authorization),
            login: hash(cookies.iter().filter(is_login).copied()),
            browser: hash(cookies.iter().filter(is_browser).copied()),
            offered: None,
        }
    }

    /// The value of a cookie to be given to a browser that has none yet.
    pub(super) fn offer(&mut self) -> Option<String> {
        if self.browser.is_some() {
            return None;
        }
        let id = crate::random::random_id();
        self.offered = hash([format!("{BROWSER_COOKIE}={id}").as_bytes()].into_iter());
        Some(id)
    }

    /// Whether a request comes from the same one.
    pub(super) fn admits(&mut self, headers: &HeaderMap) -> bool {
        let other = Self::of(headers, &self.login_cookie);
        if self.offered.is_some() && other.browser == self.offered {
            self.browser = self.offered.take();
        }
        let same = |own: Option<Hash>, others: Option<Hash>| own.is_none() || own == others;
        same(self.authorization, other.authorization)
            && same(self.login, other.login)
            && same(self.browser, other.browser)
    }
}

/// The header that gives a browser its cookie, for all that is below `path`. It goes with requests of
/// this site's own pages only.
pub(crate) fn browser_cookie(id: &str, path: &str) -> Option<HeaderValue> {
    let cookie = format!("{BROWSER_COOKIE}={id}; HttpOnly; Path={path}; SameSite=Lax");
    HeaderValue::try_from(cookie).ok()
}

/// Hashes of secrets may be compared in any way: how long it takes tells nothing of the secret.
fn hash<'a>(parts: impl Iterator<Item = &'a [u8]>) -> Option<Hash> {
    let mut parts = parts.peekable();
    parts.peek()?;
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    Some(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn identity(pairs: &[(&'static str, &str)]) -> Identity {
        Identity::of(&headers(pairs), &"access_token".into())
    }

    #[test]
    fn what_the_first_request_had_each_later_one_must_have() {
        let first = [
            ("authorization", "Bearer a"),
            ("cookie", "x=1; access_token_0=t; access_token_1=u; X-Chainlit-Browser=b"),
        ];
        let mut identity = identity(&first);
        assert!(identity.admits(&headers(&first)));
        let cookies = "X-Chainlit-Browser=b; access_token_1=u; access_token_0=t; x=2; y=3";
        assert!(
            identity.admits(&headers(&[("authorization", "Bearer a"), ("cookie", cookies)])),
            "other cookies and their order do not matter"
        );
        for (bearer, cookies) in [
            ("Bearer b", cookies),
            ("Bearer a", ""),
            ("Bearer a", "access_token_0=t; access_token_1=u"),
            ("Bearer a", "access_token_0=t; X-Chainlit-Browser=b"),
            ("Bearer a", "access_token_0=t; access_token_1=v; X-Chainlit-Browser=b"),
            ("Bearer a", "access_token_0=t; access_token_1=u; X-Chainlit-Browser=c"),
        ] {
            let other = headers(&[("authorization", bearer), ("cookie", cookies)]);
            assert!(!identity.admits(&other), "{bearer} {cookies}");
        }
    }

    #[test]
    fn what_the_first_request_had_not_is_not_asked_for() {
        let mut nobody = identity(&[("cookie", "x=1")]);
        assert!(nobody.admits(&headers(&[])));
        assert!(nobody.admits(&headers(&[("cookie", "access_token=t; X-Chainlit-Browser=b")])));
    }
}
