//! The token that says who somebody is: a JSON Web Token as Chainlit makes it, signed with HS256.
//!
//! One algorithm and one key: what a token's header says is compared and never obeyed, so that there
//! is nothing to confuse. The signature itself is the `hmac` crate's.

use std::fmt;

use chainlit_core::User;
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// Bytes that a token may have. Longer ones are not even looked at.
pub(super) const MAX_TOKEN_BYTES: usize = 48 * 1024;

/// What signs tokens.
#[derive(Clone)]
pub(super) struct TokenKey(Hmac<Sha256>);

/// What a token says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) identifier: String,
    #[serde(default)]
    pub(super) display_name: Option<String>,
    #[serde(default)]
    pub(super) metadata: Map<String, Value>,
    /// When it ends, in seconds since 1970.
    #[serde(serialize_with = "whole")]
    pub(super) exp: f64,
    /// When it was issued. Ours have fractions: who logs in again at once after all logins were
    /// ended has a token that is younger.
    #[serde(default)]
    pub(super) iat: f64,
    /// Not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) nbf: Option<f64>,
    /// The login's id. Tokens that an application makes itself may have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) jti: Option<String>,
}

impl Claims {
    pub(super) fn into_user(self) -> User {
        let mut user = User::new(self.identifier);
        user.display_name = self.display_name;
        user.metadata = self.metadata;
        user
    }
}

impl TokenKey {
    pub(super) fn new(secret: &[u8]) -> Self {
        // HMAC takes a key of any length; whether it is long enough is checked at the start.
        Self(Hmac::new_from_slice(secret).expect("HMAC takes a key of any length"))
    }

    /// The token for these claims.
    pub(super) fn sign(&self, claims: &Claims) -> String {
        let part = |value: &[u8]| BASE64URL_NOPAD.encode(value);
        let header = part(json!({"alg": "HS256", "typ": "JWT"}).to_string().as_bytes());
        let body = part(json!(claims).to_string().as_bytes());
        let signed = format!("{header}.{body}");
        let signature = part(&self.mac(&signed).finalize().into_bytes());
        format!("{signed}.{signature}")
    }

    /// What the token says, if it is one of ours that holds at `now`.
    pub(super) fn verify(&self, token: &str, now: f64) -> Option<Claims> {
        if token.len() > MAX_TOKEN_BYTES {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, body) = signed.split_once('.')?;
        let decode = |part: &str| BASE64URL_NOPAD.decode(part.as_bytes()).ok();
        // Takes as long for every wrong signature.
        self.mac(signed).verify_slice(&decode(signature)?).ok()?;
        let header: Value = serde_json::from_slice(&decode(header)?).ok()?;
        // What a token's maker wants to be understood (`crit`) is not understood here.
        if header["alg"] != "HS256" || header.get("crit").is_some() {
            return None;
        }
        let claims: Claims = serde_json::from_slice(&decode(body)?).ok()?;
        let holds = claims.exp > now && claims.nbf.is_none_or(|begin| begin <= now);
        (holds && !claims.identifier.is_empty()).then_some(claims)
    }

    fn mac(&self, signed: &str) -> Hmac<Sha256> {
        self.0.clone().chain_update(signed)
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey")
    }
}

/// Everybody writes the end without a fraction.
fn whole<S: Serializer>(seconds: &f64, to: S) -> Result<S::Ok, S::Error> {
    // Saturates, which is as good as the time that it stands for.
    #[expect(clippy::cast_possible_truncation, reason = "seconds until the year 292 billion fit")]
    to.serialize_i64(*seconds as i64)
}

/// An id for the login of a token that has none: the same each time.
pub(super) fn id_of(token: &str) -> String {
    BASE64URL_NOPAD.encode(&Sha256::digest(token)[..15])
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"a secret of at least 32 characters";

    /// Made by PyJWT 2 with [`SECRET`], as Chainlit calls it.
    const FROM_PYTHON: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpZGVudGlmaWVyIjoiYWRhIiwiZGlzcGxheV9uYW1lIjpudWxsLCJtZXRhZGF0YSI6eyJyb2xlIjoiYWRtaW4ifSwiZXhwIjo0MDAwMDAwMDAwLCJpYXQiOjF9.WvpYaR4xo91WLNdRUMxNmwCBcm84KL2BpfZsSAjDyIk";

    fn claims() -> Claims {
        Claims {
            identifier: "ada".to_owned(),
            display_name: Some("Ada".to_owned()),
            metadata: Map::from_iter([("role".to_owned(), json!("admin"))]),
            exp: 2000.0,
            iat: 1000.25,
            nbf: None,
            jti: Some("j".to_owned()),
        }
    }

    fn signed_as(header: &Value) -> String {
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", part(header), part(&json!(claims())));
        let signature = TokenKey::new(SECRET).mac(&signed).finalize().into_bytes();
        format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature))
    }

    #[test]
    fn what_was_signed_comes_back_until_it_ends() {
        let key = TokenKey::new(SECRET);
        let token = key.sign(&claims());
        assert_eq!(key.verify(&token, 1999.0), Some(claims()));
        assert_eq!(key.verify(&token, 2000.0), None, "expired");
        let early = Claims { nbf: Some(1500.0), ..claims() };
        assert_eq!(key.verify(&key.sign(&early), 1499.0), None, "not yet");
        assert_eq!(TokenKey::new(b"another secret").verify(&token, 1999.0), None);
    }

    #[test]
    fn a_token_of_pythons_is_read() {
        let claims = TokenKey::new(SECRET).verify(FROM_PYTHON, 0.0).unwrap();
        assert_eq!((claims.identifier.as_str(), claims.iat, claims.exp), ("ada", 1.0, 4e9));
        assert_eq!(claims.metadata["role"], "admin");
        assert_eq!(claims.jti, None);
    }

    #[test]
    fn only_one_algorithm_is_known() {
        let key = TokenKey::new(SECRET);
        let good = signed_as(&json!({"alg": "HS256"}));
        assert!(key.verify(&good, 0.0).is_some());
        for header in [
            json!({"alg": "none"}),
            json!({"alg": "None"}),
            json!({"alg": "HS512"}),
            json!({"alg": "RS256"}),
            json!({"alg": "HS256", "crit": ["exp"]}),
            json!({}),
        ] {
            assert_eq!(key.verify(&signed_as(&header), 0.0), None, "{header}");
        }
        let (signed, _) = good.rsplit_once('.').unwrap();
        for unsigned in [signed.to_owned(), format!("{signed}."), format!("{signed}.AAAA")] {
            assert_eq!(key.verify(&unsigned, 0.0), None, "{unsigned}");
        }
    }

    #[test]
    fn what_was_changed_is_refused() {
        let key = TokenKey::new(SECRET);
        let token = key.sign(&claims());
        for place in 0..token.len() {
            let mut forged = token.clone().into_bytes();
            forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(key.verify(&String::from_utf8(forged).unwrap(), 0.0), None, "{place}");
        }
        for other in ["", ".", "..", "...", "a.b.c", "ä.ö.ü", &token.repeat(2)] {
            assert_eq!(key.verify(other, 0.0), None, "{other}");
        }
    }

    #[test]
    fn a_token_without_an_end_is_none() {
        let key = TokenKey::new(SECRET);
        for exp in [json!(null), json!("4000000000"), json!([])] {
            let mut body = json!(claims());
            body["exp"] = exp;
            let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
            let signed = format!("{}.{}", part(&json!({"alg": "HS256"})), part(&body));
            let signature = key.mac(&signed).finalize().into_bytes();
            let token = format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature));
            assert_eq!(key.verify(&token, 0.0), None);
        }
    }
}
