//! The cookie that carries the token: in pieces when it is long, as Chainlit has it.

use http::header::{COOKIE, HeaderMap};

use super::token::MAX_TOKEN_BYTES;

/// Characters of a token that one cookie holds.
const PIECE: usize = 3000;

/// Cookies that one token may take.
const MAX_PIECES: usize = MAX_TOKEN_BYTES / PIECE;

/// Cookies of a request that are taken away at most: a request may name thousands.
const MAX_REMOVED: usize = 2 * MAX_PIECES;

/// How the token's cookie is set.
#[derive(Clone, Debug)]
pub(crate) struct TokenCookie {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) same_site: SameSite,
    /// How long a browser keeps it, in seconds.
    pub(super) max_age: u64,
}

/// With which requests of other sites' pages a browser sends a cookie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SameSite {
    /// With those that open a page.
    #[default]
    Lax,
    /// With none.
    Strict,
    /// With all.
    None,
}

impl SameSite {
    pub(super) fn new(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "lax" => Some(Self::Lax),
            "strict" => Some(Self::Strict),
            "none" => Some(Self::None),
            _ => None,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Lax => "lax",
            Self::Strict => "strict",
            Self::None => "none",
        }
    }
}

/// The token is too long for a browser to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the token has {0} bytes, and browsers keep {MAX_TOKEN_BYTES}: put less into the user's metadata"
)]
pub(crate) struct TooLong(usize);

impl TokenCookie {
    /// The name, which those of the pieces begin with.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The token that a request brings.
    pub(crate) fn read(&self, headers: &HeaderMap) -> Option<String> {
        let value = |name: &str| {
            pairs(headers).find(|(key, value)| *key == name && !value.is_empty()).map(|pair| pair.1)
        };
        if let Some(whole) = value(&self.name) {
            return Some(whole.to_owned());
        }
        let pieces = (0..MAX_PIECES).map_while(|index| value(&format!("{}_{index}", self.name)));
        let token: String = pieces.collect();
        (!token.is_empty()).then_some(token)
    }

    /// The headers that give a browser the token, and take away what else it has by that name.
    pub(crate) fn set(
        &self,
        token: &str,
        is_tls: bool,
        headers: &HeaderMap,
    ) -> Result<Vec<String>, TooLong> {
        if token.len() > MAX_PIECES * PIECE {
            return Err(TooLong(token.len()));
        }
        let pieces: Vec<(String, &str)> = if token.len() <= PIECE {
            vec![(self.name.clone(), token)]
        } else {
            // A token is ASCII.
            let pieces = (0..token.len()).step_by(PIECE);
            let piece = |from: usize| &token[from..token.len().min(from + PIECE)];
            pieces
                .enumerate()
                .map(|(i, from)| (format!("{}_{i}", self.name), piece(from)))
                .collect()
        };
        let is_kept = |name: &str| pieces.iter().any(|(kept, _)| kept == name);
        let mut cookies: Vec<String> = self
            .present(headers)
            .into_iter()
            .filter(|name| !is_kept(name))
            .map(|name| self.removal(name, is_tls))
            .collect();
        cookies.extend(pieces.iter().map(|(name, piece)| {
            let (path, age) = (&self.path, self.max_age);
            let attributes = self.attributes(is_tls);
            format!("{name}={piece}; HttpOnly; Max-Age={age}; Path={path}; {attributes}")
        }));
        Ok(cookies)
    }

    /// The headers that take the token away from a browser.
    pub(crate) fn remove(&self, is_tls: bool, headers: &HeaderMap) -> Vec<String> {
        self.present(headers).into_iter().map(|name| self.removal(name, is_tls)).collect()
    }

    /// The secret that a browser has while its user is at a provider's page; `by_form` when that
    /// page sends a form of its own.
    #[cfg(feature = "oauth")]
    pub(crate) fn read_oauth_state<'a>(
        &self,
        by_form: bool,
        headers: &'a HeaderMap,
    ) -> Option<&'a str> {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        let (_, value) = pairs(headers).find(|(name, _)| *name == oauth_state(by_form))?;
        (value.len() == 20 && value.bytes().all(is_plain)).then_some(value)
    }

    /// The header that gives a browser that secret.
    #[cfg(feature = "oauth")]
    pub(crate) fn set_oauth_state(
        &self,
        by_form: bool,
        value: &str,
        age: u64,
        is_tls: bool,
    ) -> String {
        let same_site = match self.same_site {
            // A form of another site's page takes only those along that are for all.
            _ if by_form => SameSite::None,
            // The way back from the provider begins at another site.
            SameSite::Strict => SameSite::Lax,
            other => other,
        };
        let (name, path) = (oauth_state(by_form), &self.path);
        let attributes = attributes(same_site, is_tls);
        format!("{name}={value}; HttpOnly; Max-Age={age}; Path={path}; {attributes}")
    }

    /// The cookies of the request that belong to a token, now or before.
    fn present<'a>(&self, headers: &'a HeaderMap) -> Vec<&'a str> {
        let mut names: Vec<&str> =
            pairs(headers).map(|(name, _)| name).filter(|name| self.is_ours(name)).collect();
        names.sort_unstable();
        names.dedup();
        names.truncate(MAX_REMOVED);
        names
    }

    fn is_ours(&self, name: &str) -> bool {
        name.strip_prefix(&self.name).is_some_and(|rest| {
            rest.is_empty()
                || rest.strip_prefix('_').is_some_and(|n| {
                    (1..=4).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit())
                })
        })
    }

    fn removal(&self, name: &str, is_tls: bool) -> String {
        let attributes = self.attributes(is_tls);
        format!(
            "{name}=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path={}; {attributes}",
            self.path
        )
    }

    fn attributes(&self, is_tls: bool) -> String {
        attributes(self.same_site, is_tls)
    }
}

/// Two cookies, since one kind must not be sent where the other one must.
#[cfg(feature = "oauth")]
fn oauth_state(by_form: bool) -> &'static str {
    if by_form { "oauth_state_form" } else { "oauth_state" }
}

/// With which requests a cookie is sent.
fn attributes(same_site: SameSite, is_tls: bool) -> String {
    // Browsers take `none` over TLS only.
    let secure = if is_tls || same_site == SameSite::None { "; Secure" } else { "" };
    format!("SameSite={}{secure}", same_site.as_str())
}

/// All cookies of a request.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(';'))
        .filter_map(|one| one.split_once('='))
        .map(|(name, value)| (name.trim(), value.trim().trim_matches('"')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookie() -> TokenCookie {
        TokenCookie {
            name: "access_token".to_owned(),
            path: "/chat".to_owned(),
            same_site: SameSite::Lax,
            max_age: 60,
        }
    }

    fn headers(cookies: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, cookies.parse().unwrap());
        headers
    }

    #[test]
    fn a_short_token_is_one_cookie() {
        let set = cookie().set("abc", false, &HeaderMap::new()).unwrap();
        assert_eq!(set, ["access_token=abc; HttpOnly; Max-Age=60; Path=/chat; SameSite=lax"]);
        let over_tls = cookie().set("abc", true, &HeaderMap::new()).unwrap();
        assert!(over_tls[0].ends_with("SameSite=lax; Secure"));
        let cross_site = TokenCookie { same_site: SameSite::None, ..cookie() };
        let set = cross_site.set("abc", false, &HeaderMap::new()).unwrap();
        assert!(set[0].ends_with("SameSite=none; Secure"));
    }

    #[test]
    fn a_long_token_comes_in_pieces_and_leaves_none_of_an_older_one() {
        let token = "x".repeat(7000);
        let old = headers("access_token=old; access_token_2=old; access_token_7=older; other=1");
        let set = cookie().set(&token, false, &old).unwrap();
        let names: Vec<&str> = set.iter().map(|one| one.split('=').next().unwrap()).collect();
        let expected = [
            "access_token",
            "access_token_7",
            "access_token_0",
            "access_token_1",
            "access_token_2",
        ];
        assert_eq!(names, expected);
        assert!(set[0].starts_with("access_token=; Max-Age=0; Expires=Thu, 01 Jan 1970"));
        let sent: Vec<&str> = set[2..].iter().map(|one| one.split(';').next().unwrap()).collect();
        assert_eq!(cookie().read(&headers(&sent.join("; "))), Some(token.clone()));
        // One is missing: what is behind the gap does not count.
        let cut = format!("{}; {}", sent[0], sent[2]);
        assert_eq!(cookie().read(&headers(&cut)), Some("x".repeat(3000)));
        assert!(cookie().set(&"x".repeat(60_000), false, &HeaderMap::new()).is_err());
    }

    #[test]
    fn the_whole_cookie_wins_unless_it_is_empty() {
        let cookie = cookie();
        assert_eq!(cookie.read(&headers("access_token_0=a; access_token=b")).as_deref(), Some("b"));
        assert_eq!(cookie.read(&headers("access_token=; access_token_0=a")).as_deref(), Some("a"));
        assert_eq!(cookie.read(&headers("access_tokens=c; x=d")), None);
        assert_eq!(cookie.read(&HeaderMap::new()), None);
    }

    #[test]
    fn only_our_own_are_taken_away() {
        let sent = headers("access_token_0=a; access_token_x=b; access_tokens=c; access_token=d");
        let removed = cookie().remove(false, &sent);
        let names: Vec<&str> = removed.iter().map(|one| one.split('=').next().unwrap()).collect();
        assert_eq!(names, ["access_token", "access_token_0"]);
        let many: String = (0..9999).map(|n| format!("access_token_{n}=x;")).collect();
        assert!(cookie().remove(false, &headers(&many)).len() <= MAX_REMOVED);
    }
}
