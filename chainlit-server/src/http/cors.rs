//! Whose pages may call this server.
//!
//! A browser lets any page send simple requests anywhere, with the user's cookies; whether it may read the answer is
//! for the server to say. Our own page may always call; a page of another origin only when `project.allow_origins`
//! names it. `*` lets in every page of the web: it is for a server without login whose content is public.
//!
//! Its own page is one under the name that the request has for this server. A stranger can make a name of theirs point
//! here (DNS rebinding): `project.allowed_hosts` says which names are right.

use std::net::IpAddr;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderMap, HeaderValue, ORIGIN, VARY,
};
use http::{Method, StatusCode};
use warp::reply::Response;

use super::reply::{self, set};
use super::{HttpError, Request};
use crate::config::Project;

/// The origins of `project.allow_origins`, and this server's own names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OriginPolicy {
    any: bool,
    origins: Vec<String>,
    /// None when any name will do.
    hosts: Option<Vec<String>>,
}

impl OriginPolicy {
    /// `*` stands for every origin; otherwise `scheme://host[:port]`.
    #[must_use]
    pub(crate) fn new(allow_origins: &[String]) -> Self {
        Self {
            any: allow_origins.iter().any(|origin| origin == "*"),
            origins: allow_origins
                .iter()
                .map(|origin| origin.trim_end_matches('/').to_ascii_lowercase())
                .collect(),
            hosts: None,
        }
    }

    /// What is configured.
    #[must_use]
    pub(crate) fn of(project: &Project) -> Self {
        let names = project.allowed_hosts.iter().map(|name| name.to_ascii_lowercase());
        let hosts = Some(names.collect()).filter(|names: &Vec<_>| !names.is_empty());
        Self { hosts, ..Self::new(&project.allow_origins) }
    }

    /// The same where users log in: `*` names nobody then, or every page of the web could act and read
    /// as its visitor.
    #[must_use]
    pub(crate) fn with_login(mut self) -> Self {
        self.any = false;
        self
    }

    /// Whether a page of this origin may call.
    #[must_use]
    pub(crate) fn allows(&self, origin: &str) -> bool {
        self.any || self.origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
    }

    /// Whether a request has a right name for this server. An address, or `localhost`, is nobody's to point elsewhere.
    fn knows_host(&self, headers: &HeaderMap) -> bool {
        let Some(names) = &self.hosts else { return true };
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        host.is_some_and(|host| {
            let host = without_port(host).to_ascii_lowercase();
            host == "localhost" || host.parse::<IpAddr>().is_ok() || names.contains(&host)
        })
    }

    /// Whether a request is for this server, and comes from no page, from our own page, or from one that may call.
    ///
    /// Our own page is one whose origin has the request's `Host`. `null` (a sandboxed frame, a local file) is nobody's
    /// own, and is let in only where everybody is.
    #[must_use]
    pub(crate) fn admits(&self, headers: &HeaderMap) -> bool {
        if !self.knows_host(headers) {
            return false;
        }
        let Some(origin) = headers.get(ORIGIN) else {
            // A browser that says where a request comes from, if not from which page.
            let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
            return self.any || !matches!(site, Some(b"cross-site" | b"same-site"));
        };
        let Ok(origin) = origin.to_str() else {
            return false;
        };
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        host.is_some_and(|host| is_own(origin, host)) || self.allows(origin)
    }
}

/// The name or address in a `Host` header.
fn without_port(host: &str) -> &str {
    if let Some((address, _)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return address;
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

/// Whether an origin is the host of the request. A proxy may name the port that browsers leave out.
fn is_own(origin: &str, host: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else {
        return false;
    };
    let default_port = if scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
    let bare = |text: &str| text.strip_suffix(default_port).unwrap_or(text).to_ascii_lowercase();
    bare(authority) == bare(host)
}

/// Whether a request may change something: see [`OriginPolicy::admits`].
pub(super) fn may_change(policy: &OriginPolicy, request: &Request) -> bool {
    matches!(request.method, Method::GET | Method::HEAD) || policy.admits(&request.headers)
}

/// The answer to a browser that asks before it sends, or none when it does not ask.
pub(crate) fn preflight(policy: &OriginPolicy, request: &Request) -> Option<Response> {
    let origin = request.headers.get(ORIGIN)?;
    if request.method != Method::OPTIONS
        || !request.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
    {
        return None;
    }
    if !origin.to_str().is_ok_and(|origin| policy.allows(origin)) {
        let error = HttpError::new(StatusCode::BAD_REQUEST, "Disallowed CORS origin");
        return Some(error.into_response());
    }
    let mut response = reply::bytes("OK", "text/plain; charset=utf-8");
    set(
        &mut response,
        ACCESS_CONTROL_ALLOW_METHODS,
        "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT",
    );
    set(&mut response, ACCESS_CONTROL_MAX_AGE, "600");
    if let Some(wanted) = request.headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    let vary = "Access-Control-Request-Method, Access-Control-Request-Headers";
    response.headers_mut().append(VARY, HeaderValue::from_static(vary));
    Some(response)
}

/// Tells the browser that the page may read the answer.
pub(super) fn allow(policy: &OriginPolicy, origin: Option<&HeaderValue>, response: &mut Response) {
    response.headers_mut().append(VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = origin else {
        return;
    };
    if origin.to_str().is_ok_and(|origin| policy.allows(origin)) {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        set(response, ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(origin: &str, host: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ORIGIN, origin.parse().unwrap());
        headers.insert(HOST, host.parse().unwrap());
        headers
    }

    #[test]
    fn named_origins_and_our_own_page() {
        let policy = OriginPolicy::new(&["https://Good.example/".to_owned()]);
        assert!(policy.admits(&HeaderMap::new()));
        assert!(policy.admits(&headers("https://good.example", "chat.example")));
        assert!(policy.admits(&headers("https://chat.example:8000", "chat.example:8000")));
        assert!(policy.admits(&headers("https://chat.example", "chat.example:443")));
        assert!(!policy.admits(&headers("http://chat.example", "chat.example:443")));
        assert!(!policy.admits(&headers("https://chat.example", "chat.example:8000")));
        assert!(!policy.admits(&headers("https://evil.example", "chat.example")));
        assert!(!policy.admits(&headers("https://good.example.evil.example", "chat.example")));
        assert!(!policy.admits(&headers("null", "chat.example")));
        for (site, is_admitted) in [("none", true), ("same-origin", true), ("cross-site", false)] {
            let mut headers = HeaderMap::new();
            headers.insert("sec-fetch-site", site.parse().unwrap());
            assert_eq!(policy.admits(&headers), is_admitted, "{site}");
        }
        assert!(OriginPolicy::new(&["*".to_owned()]).admits(&headers("null", "chat.example")));
        let with_login = OriginPolicy::new(&["*".to_owned(), "https://a.example".to_owned()]);
        let with_login = with_login.with_login();
        assert!(!with_login.admits(&headers("https://evil.example", "chat.example")));
        assert!(with_login.admits(&headers("https://a.example", "chat.example")));
        assert!(!OriginPolicy::new(&[]).admits(&headers("https://evil.example", "chat.example")));
    }

    #[test]
    fn names_of_this_server() {
        let mut project = Project::default();
        let own = |host: &str| headers(&format!("http://{host}"), host);
        assert!(OriginPolicy::of(&project).admits(&own("evil.example:8000")));
        project.allowed_hosts = vec!["Chat.example".to_owned()];
        let policy = OriginPolicy::of(&project);
        for right in [
            "chat.example",
            "CHAT.example:8443",
            "localhost:8000",
            "127.0.0.1:8000",
            "[::1]:8000",
            "[::1]",
            "192.0.2.7",
        ] {
            assert!(policy.admits(&own(right)), "{right}");
        }
        for wrong in [
            "evil.example:8000",
            "chat.example.evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "",
        ] {
            assert!(!policy.admits(&own(wrong)), "{wrong}");
        }
        assert!(!policy.admits(&HeaderMap::new()));
    }
}
