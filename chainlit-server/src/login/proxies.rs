//! Whose word is taken for where a request comes from.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use ipnet::IpNet;

use crate::config::network;

/// The proxies whose headers are believed.
#[derive(Clone, Debug)]
pub(crate) struct TrustedProxies {
    /// Everybody, also who comes from nobody knows where.
    any: bool,
    networks: Vec<IpNet>,
}

impl TrustedProxies {
    pub(crate) fn new(texts: &[String]) -> Self {
        Self {
            any: texts.iter().any(|text| text == "*"),
            networks: texts.iter().filter_map(|text| network(text)).collect(),
        }
    }

    /// Whether the one who sent a request may speak for others.
    pub(crate) fn trusts(&self, peer: Option<SocketAddr>) -> bool {
        self.any || peer.is_some_and(|peer| self.names(peer.ip()))
    }

    /// Whether the browser came by TLS, as far as somebody says who is believed.
    pub(crate) fn is_tls(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> bool {
        let said = headers.get("x-forwarded-proto").and_then(|value| value.to_str().ok());
        // The first proxy speaks first.
        let first = said.and_then(|text| text.split(',').next()).unwrap_or_default();
        first.trim().eq_ignore_ascii_case("https") && self.trusts(peer)
    }

    /// Where a request comes from. Each proxy adds who came to it at the end: the last one that is no
    /// proxy of ours is the client, whatever it claims before.
    pub(crate) fn client(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        let peer_address = peer.map(|peer| peer.ip().to_canonical());
        if !self.trusts(peer) {
            return peer_address;
        }
        let values = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
        let said: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
        let mut client = peer_address;
        for text in said.into_iter().rev() {
            let Some(address) = address(text) else { break };
            client = Some(address);
            if !self.names(address) {
                break;
            }
        }
        client
    }

    fn names(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(&address))
    }
}

/// An address, with a port or without.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse::<IpAddr>().ok();
    let address = address.or_else(|| text.parse::<SocketAddr>().ok().map(|whole| whole.ip()));
    address.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies() -> TrustedProxies {
        TrustedProxies::new(&["127.0.0.0/8".to_owned(), "10.1.0.0/16".to_owned(), "::1".to_owned()])
    }

    fn from(ip: &str) -> Option<SocketAddr> {
        Some(SocketAddr::new(ip.parse().unwrap(), 1))
    }

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
    }

    #[test]
    fn only_named_proxies_are_believed() {
        for (ip, is_trusted) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("::ffff:10.1.2.3", true),
            ("10.2.0.1", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(proxies().trusts(from(ip)), is_trusted, "{ip}");
        }
        assert!(!proxies().trusts(None));
        assert!(TrustedProxies::new(&["*".to_owned()]).trusts(None));
    }

    #[test]
    fn tls_is_what_a_proxy_says() {
        let https = headers("x-forwarded-proto", "https");
        assert!(proxies().is_tls(from("127.0.0.1"), &https));
        assert!(!proxies().is_tls(from("192.0.2.1"), &https));
        assert!(!proxies().is_tls(from("127.0.0.1"), &headers("x-forwarded-proto", "http, https")));
        assert!(!proxies().is_tls(from("127.0.0.1"), &HeaderMap::new()));
    }

    #[test]
    fn the_client_is_who_came_to_our_own_proxies() {
        let client = |peer: &str, said: &str| {
            proxies().client(from(peer), &headers("x-forwarded-for", said)).unwrap().to_string()
        };
        assert_eq!(client("127.0.0.1", "203.0.113.9"), "203.0.113.9");
        assert_eq!(client("127.0.0.1", "1.2.3.4, 203.0.113.9, 10.1.0.7"), "203.0.113.9");
        assert_eq!(client("127.0.0.1", "203.0.113.9:1234"), "203.0.113.9");
        assert_eq!(client("127.0.0.1", "[2001:db8::7]:1234"), "2001:db8::7");
        assert_eq!(client("127.0.0.1", "x, nonsense"), "127.0.0.1");
        assert_eq!(client("198.51.100.1", "1.2.3.4"), "198.51.100.1", "no proxy of ours");
    }
}
