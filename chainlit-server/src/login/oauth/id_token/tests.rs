use openidconnect::core::CoreEdDsaPrivateSigningKey;
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::json;

use super::*;
use crate::config::Env;
use crate::login::oauth::{now as seconds, table};

/// The provider's key, made for these tests.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEIHJ6a1zFIAOTpkzG+PCffC9A5hKnNotQyIQnA9DrkNyX\n\
    -----END PRIVATE KEY-----\n";

/// Somebody else's.
const OTHER_KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEILs1WugsbliI7QhbTBKoQaNs+sO/ozGbzQ9QeK9bGChS\n\
    -----END PRIVATE KEY-----\n";

const ISSUER: &str = "https://id.example/realms/test";
const MICROSOFT: &str = "https://login.microsoftonline.com/{tenantid}/v2.0";
const NONCE: &str = "the nonce of this attempt";
const NOW: Expected<'_> = Expected { nonce: NONCE, code: None };

fn key(pem: &str) -> CoreEdDsaPrivateSigningKey {
    let id = JsonWebKeyId::new("one".to_owned());
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(pem, Some(id)).unwrap()
}

fn provider() -> Provider {
    let name = |name: &str| format!("OAUTH_KEYCLOAK_{name}");
    let env = Env::from_pairs([
        (name("CLIENT_ID"), "chat"),
        (name("CLIENT_SECRET"), "a secret between the two"),
        (name("REALM"), "test"),
        (name("BASE_URL"), "https://id.example"),
    ]);
    table::configured(&env).unwrap().remove(0)
}

fn known(issuer: &str) -> Known {
    let keys = CoreJsonWebKeySet::new(vec![key(KEY).as_verification_key()]);
    Known { issuer: issuer.to_owned(), keys, at: Instant::now() }
}

fn claims() -> Value {
    let now = seconds();
    json!({
        "iss": ISSUER, "aud": "chat", "sub": "ada", "nonce": NONCE,
        "iat": now, "exp": now + 60, "updated_at": "2026-01-01T00:00:00.000Z", "email_verified": "true",
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

/// A token that says so, signed with that key.
fn signed(header: &Value, claims: &Value, pem: &str) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let text = format!("{}.{}", part(header), part(claims));
    let signature = key(pem).sign(&CoreJwsSigningAlgorithm::EdDsa, text.as_bytes()).unwrap();
    format!("{text}.{}", BASE64URL_NOPAD.encode(&signature))
}

fn token(claims: &Value) -> String {
    signed(&json!({"alg": "EdDSA", "kid": "one"}), claims, KEY)
}

fn refused(text: &str) -> bool {
    check(&provider(), &known(ISSUER), text, NOW).is_err()
}

#[test]
fn what_the_provider_signed_for_this_attempt_holds() {
    let claims = check(&provider(), &known(ISSUER), &token(&claims()), NOW).unwrap();
    assert_eq!(claims.subject().as_str(), "ada");
}

#[test]
fn what_is_for_others_or_of_another_time_is_refused() {
    for (name, value) in [
        ("nonce", json!("of another attempt")),
        ("nonce", Value::Null),
        ("aud", json!("another application")),
        ("aud", json!(["chat", "another application"])),
        ("aud", json!([])),
        ("iss", json!("https://evil.example")),
        ("iss", json!("https://id.example/realms/other")),
        ("exp", json!(seconds() - 1)),
        ("sub", Value::Null),
    ] {
        assert!(refused(&token(&with(name, value.clone()))), "{name}: {value}");
    }
}

#[test]
fn what_is_not_signed_by_the_provider_is_refused() {
    let eddsa = json!({"alg": "EdDSA", "kid": "one"});
    assert!(refused(&signed(&eddsa, &claims(), OTHER_KEY)));
    assert!(refused(&signed(&json!({"alg": "EdDSA", "kid": "two"}), &claims(), OTHER_KEY)));
    for algorithm in ["none", "HS256", "RS256", "ES256"] {
        let header = json!({"alg": algorithm, "kid": "one"});
        let text = signed(&header, &claims(), KEY);
        let (unsigned, _) = text.rsplit_once('.').unwrap();
        assert!(refused(&text) && refused(&format!("{unsigned}.")), "{algorithm}");
    }
    let text = token(&claims());
    let (unsigned, signature) = text.rsplit_once('.').unwrap();
    for length in [0, 4, 40, 84] {
        assert!(refused(&format!("{unsigned}.{}", &signature[..length])), "{length}");
    }
    let (head, rest) = text.split_once('.').unwrap();
    let (_, signature) = rest.split_once('.').unwrap();
    let other = BASE64URL_NOPAD.encode(with("sub", json!("eve")).to_string().as_bytes());
    assert!(refused(&format!("{head}.{other}.{signature}")));
    for nonsense in ["", "..", "a.b.c", "ä"] {
        assert!(refused(nonsense), "{nonsense}");
    }
}

#[test]
fn a_token_that_came_by_the_browser_is_bound_to_its_code() {
    let with_code = |claims: &Value, code| {
        let expected = Expected { nonce: NONCE, code: Some(code) };
        check(&provider(), &known(ISSUER), &token(claims), expected).is_ok()
    };
    let key = key(KEY).as_verification_key();
    let code = AuthorizationCode::new("the code".to_owned());
    let hash = AuthorizationCodeHash::from_code(&code, &CoreJwsSigningAlgorithm::EdDsa, &key);
    let bound = with("c_hash", json!(hash.unwrap()));
    assert!(with_code(&bound, "the code"));
    assert!(!with_code(&bound, "another code"));
    assert!(!with_code(&claims(), "the code"), "bound to none");
}

#[test]
fn microsofts_issuer_is_that_of_the_users_tenant() {
    let tenant = "11111111-2222-3333-4444-555555555555";
    let issuer = MICROSOFT.replace(TENANT, tenant);
    let holds = |issuer: &str, tenant: &str| {
        let mut claims = with("iss", json!(issuer));
        claims["tid"] = json!(tenant);
        check(&provider(), &known(MICROSOFT), &token(&claims), NOW).is_ok()
    };
    assert!(holds(&issuer, tenant));
    assert!(!holds(&issuer, "99999999-2222-3333-4444-555555555555"), "of another tenant");
    assert!(!holds("https://evil.example/x/v2.0", tenant));
    assert!(!holds(&MICROSOFT.replace(TENANT, "../evil"), "../evil"));
    assert!(!holds(MICROSOFT, TENANT));
}

#[test]
fn without_keys_what_the_provider_itself_sent_is_checked() {
    let check = |claims: &Value| direct(&provider(), &token(claims), NONCE);
    assert_eq!(check(&claims()).unwrap().subject().as_str(), "ada");
    for (name, value) in [
        ("nonce", json!("of another attempt")),
        ("aud", json!("another application")),
        ("exp", json!(seconds() - 1)),
    ] {
        assert!(check(&with(name, value)).is_err(), "{name}");
    }
}
