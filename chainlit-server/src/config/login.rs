//! The `[login]` table: whose word is taken for who somebody is. Not a table of Chainlit.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// How logins are guarded. `docs/login.md` has more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct LoginConfig {
    /// Proxies whose headers are believed: who the user is (`header_auth_callback`), whether the
    /// browser came by TLS (`X-Forwarded-Proto`) and from where (`X-Forwarded-For`). Addresses or
    /// networks such as `10.0.0.0/8`; `*` is everybody. This machine alone unless told otherwise.
    pub trusted_proxies: Vec<String>,
    /// Wrong passwords that one address may send per minute in the long run, and as many at once.
    pub attempts_per_address: u32,
    /// Wrong passwords per minute for one user, from all addresses that do not have logged in as
    /// them before, and as many at once.
    pub attempts_per_user: u32,
}

impl Default for LoginConfig {
    fn default() -> Self {
        Self {
            trusted_proxies: vec!["127.0.0.0/8".to_owned(), "::1".to_owned()],
            attempts_per_address: 20,
            attempts_per_user: 10,
        }
    }
}

impl LoginConfig {
    /// What is wrong with it, by key.
    pub(super) fn problem(&self) -> Option<(&'static str, String)> {
        let wrong =
            self.trusted_proxies.iter().find(|text| *text != "*" && network(text).is_none());
        if let Some(text) = wrong {
            let problem = format!(
                "{text:?} is neither an address, nor a network such as `10.0.0.0/8`, nor `*`"
            );
            return Some(("login.trusted_proxies", problem));
        }
        [
            ("login.attempts_per_address", self.attempts_per_address),
            ("login.attempts_per_user", self.attempts_per_user),
        ]
        .into_iter()
        .find(|(_, count)| !(1..=10_000).contains(count))
        .map(|(key, _)| (key, "must be 1 to 10000".to_owned()))
    }
}

/// A network, or an address as a network of one.
pub(crate) fn network(text: &str) -> Option<IpNet> {
    text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}
