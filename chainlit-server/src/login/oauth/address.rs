//! Where users find this server: providers send them back there.

use std::net::IpAddr;

use http::HeaderMap;
use http::header::HOST;
use http::uri::Authority;
use openidconnect::url::Url;

use crate::config::Env;

/// The server's own address, as far as it is known.
#[derive(Clone, Debug)]
pub(super) struct PublicAddress {
    /// `CHAINLIT_URL` without a slash at its end, and the path in it.
    told: Option<(String, String)>,
    /// Names that a request may call this server by where nothing is told.
    hosts: Vec<String>,
}

/// A request calls this server by a name that nobody told.
///
/// Who can choose that name chooses where the provider sends the user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server is called {0:?}: set CHAINLIT_URL to the address that users have")]
pub(crate) struct UnknownHost(String);

impl PublicAddress {
    /// What `CHAINLIT_URL` says, and the hosts of the origins whose pages may call.
    pub(super) fn new(env: &Env, origins: &[String]) -> Result<Self, String> {
        let told = match env.get("CHAINLIT_URL") {
            None => None,
            Some(text) => {
                let url = Url::parse(text).ok().filter(|url| {
                    matches!(url.scheme(), "http" | "https") && url.host_str().is_some()
                });
                let mut url = url.ok_or_else(|| text.to_owned())?;
                url.set_query(None);
                url.set_fragment(None);
                let trimmed = |text: &str| text.trim_end_matches('/').to_owned();
                Some((trimmed(url.as_str()), trimmed(url.path())))
            }
        };
        let hosts = origins.iter().filter_map(|origin| Some(origin.split_once("://")?.1));
        let hosts = hosts.map(|host| host.trim_end_matches('/').to_ascii_lowercase()).collect();
        Ok(Self { told, hosts })
    }

    /// What stands before the paths of this server, for a page that is there already: nothing where
    /// nothing is told.
    pub(super) fn prefix(&self, root_path: &str) -> String {
        match &self.told {
            // Some tell the path twice.
            Some((told, path)) if path.ends_with(root_path) => told.clone(),
            Some((told, _)) => format!("{told}{root_path}"),
            None => root_path.to_owned(),
        }
    }

    /// The same, for somebody who is elsewhere.
    pub(super) fn absolute(
        &self,
        root_path: &str,
        headers: &HeaderMap,
        is_tls: bool,
    ) -> Result<String, UnknownHost> {
        if self.told.is_some() {
            return Ok(self.prefix(root_path));
        }
        let text = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let host = text.parse::<Authority>().ok().filter(|host| self.knows(host));
        let host = host.ok_or_else(|| UnknownHost(text.chars().take(100).collect()))?;
        let scheme = if is_tls { "https" } else { "http" };
        Ok(format!("{scheme}://{host}{root_path}"))
    }

    fn knows(&self, authority: &Authority) -> bool {
        if authority.as_str().contains('@') {
            return false;
        }
        let host = authority.host();
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let is_loopback = host.eq_ignore_ascii_case("localhost")
            || bare.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback());
        is_loopback || self.hosts.contains(&authority.as_str().to_ascii_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(told: Option<&str>, root: &str, host: &str) -> Result<String, String> {
        let env = Env::from_pairs(told.map(|url| ("CHAINLIT_URL", url)));
        let address = PublicAddress::new(&env, &["https://chat.example".to_owned()])?;
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        address.absolute(root, &headers, false).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_told_counts() {
        let told = |url, root| address(Some(url), root, "evil.example").unwrap();
        assert_eq!(told("https://a.example", ""), "https://a.example");
        assert_eq!(told("https://a.example/", "/chat"), "https://a.example/chat");
        assert_eq!(told("https://a.example/chat/", "/chat"), "https://a.example/chat");
        assert_eq!(told("https://chat", "/chat"), "https://chat/chat");
        assert_eq!(told("https://a.example/pre?x=1#y", "/chat"), "https://a.example/pre/chat");
        for wrong in ["a.example", "javascript:alert(1)", "ftp://a.example", "https://"] {
            assert_eq!(address(Some(wrong), "", "localhost"), Err(wrong.to_owned()));
        }
    }

    #[test]
    fn otherwise_a_known_name_counts() {
        for host in ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000", "Chat.example"] {
            assert_eq!(address(None, "/x", host), Ok(format!("http://{host}/x")));
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "chat.example:8080",
            "localhost@evil.example",
            "evil.example#localhost",
            "192.168.0.1",
            "",
        ] {
            assert!(address(None, "", host).unwrap_err().contains("CHAINLIT_URL"), "{host}");
        }
    }
}
