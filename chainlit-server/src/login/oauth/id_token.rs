//! What a provider signs about the user: the ID token of OpenID Connect.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use openidconnect::core::{
    CoreGenderClaim, CoreJsonWebKey, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
};
use openidconnect::url::Url;
use openidconnect::{
    AdditionalClaims, AuthorizationCode, AuthorizationCodeHash, ClaimsVerificationError, ClientId,
    IdToken, IdTokenClaims, IdTokenVerifier, IssuerUrl, Nonce, SignatureVerificationError,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::OAuthError;
use super::http::Http;
use super::provider::{OpenId, Provider};

/// How long a provider's keys are taken for those that it has.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// How long it is not asked again for a key that it did not have.
const PAUSE: Duration = Duration::from_secs(60);

/// The place in Microsoft's issuer where the user's own tenant belongs.
const TENANT: &str = "{tenantid}";

/// What Microsoft says beside the standard's claims.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct MoreClaims {
    tid: Option<String>,
    /// The user's id in Microsoft's Graph.
    pub(super) oid: Option<String>,
}

impl AdditionalClaims for MoreClaims {}

type Token = IdToken<
    MoreClaims,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
pub(super) type Claims = IdTokenClaims<MoreClaims, CoreGenderClaim>;
type Verifier = IdTokenVerifier<'static, CoreJsonWebKey>;

/// What a provider tells about itself, kept for a while.
#[derive(Debug, Default)]
pub(super) struct Keys(Mutex<Option<Known>>);

#[derive(Clone, Debug)]
struct Known {
    issuer: String,
    keys: CoreJsonWebKeySet,
    at: Instant,
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: Url,
}

/// What a token must fit.
#[derive(Clone, Copy)]
pub(super) struct Expected<'a> {
    pub(super) nonce: &'a str,
    /// The code that came together with it, by way of the browser.
    pub(super) code: Option<&'a str>,
}

impl Keys {
    /// What the token says, if the provider has signed it for us and for this attempt.
    pub(super) async fn verify(
        &self,
        provider: &Provider,
        http: &Http,
        text: &str,
        expected: Expected<'_>,
    ) -> Result<Claims, OAuthError> {
        let discovery = match &provider.open_id {
            OpenId::Discovered(url) => url,
            OpenId::Direct | OpenId::None => return direct(provider, text, expected.nonce),
        };
        let mut known = self.known(http, discovery, KEPT).await?;
        let mut verified = check(provider, &known, text, expected);
        if verified.as_ref().is_err_and(is_unknown_key) && known.at.elapsed() >= PAUSE {
            known = self.known(http, discovery, PAUSE).await?;
            verified = check(provider, &known, text, expected);
        }
        verified.map_err(OAuthError::IdToken)
    }

    /// Whether the provider calls itself so, as far as that is known.
    pub(super) async fn is_issuer(
        &self,
        provider: &Provider,
        http: &Http,
        issuer: &str,
    ) -> Result<bool, OAuthError> {
        match &provider.open_id {
            OpenId::Discovered(url) => {
                let known = self.known(http, url, KEPT).await?.issuer;
                Ok(known.contains(TENANT) || known == issuer)
            }
            OpenId::Direct | OpenId::None => Ok(true),
        }
    }

    async fn known(&self, http: &Http, url: &Url, age: Duration) -> Result<Known, OAuthError> {
        // Who waits here waits for the same answer.
        let mut known = self.0.lock().await;
        if let Some(known) = known.as_ref().filter(|known| known.at.elapsed() < age) {
            return Ok(known.clone());
        }
        let told = http.get_json(url, None).await?;
        let told: Discovery = serde_json::from_value(told).map_err(|_| OAuthError::Discovery)?;
        if url.scheme() == "https" && told.jwks_uri.scheme() != "https" {
            return Err(OAuthError::Discovery);
        }
        let keys = http.get_json(&told.jwks_uri, None).await?;
        let keys = serde_json::from_value(keys).map_err(|_| OAuthError::Discovery)?;
        let found = Known { issuer: told.issuer, keys, at: Instant::now() };
        *known = Some(found.clone());
        Ok(found)
    }
}

fn check(
    provider: &Provider,
    known: &Known,
    text: &str,
    expected: Expected<'_>,
) -> Result<Claims, ClaimsVerificationError> {
    let other = |text: &str| ClaimsVerificationError::Other(text.to_owned());
    let issuer = match known.issuer.contains(TENANT) {
        false => known.issuer.clone(),
        true => {
            let tenant = tenant(text).ok_or_else(|| other("the token names no tenant"))?;
            known.issuer.replace(TENANT, &tenant)
        }
    };
    let issuer = IssuerUrl::new(issuer).map_err(|_| other("the issuer is no address"))?;
    let token: Token = parse(text)?;
    // None with the client's secret: the crate panics at such a signature when it has a wrong length.
    let algorithms = [
        CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
        CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
        CoreJwsSigningAlgorithm::RsaSsaPssSha256,
        CoreJwsSigningAlgorithm::RsaSsaPssSha384,
        CoreJwsSigningAlgorithm::RsaSsaPssSha512,
        CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        CoreJwsSigningAlgorithm::EcdsaP384Sha384,
        CoreJwsSigningAlgorithm::EdDsa,
    ];
    let client = ClientId::new(provider.client_id.clone());
    let verifier = Verifier::new_public_client(client, issuer, known.keys.clone())
        .set_allowed_algs(algorithms);
    let claims = token.claims(&verifier, &Nonce::new(expected.nonce.to_owned()))?;
    if let Some(code) = expected.code {
        let signed = |error| ClaimsVerificationError::SignatureVerification(error);
        let key = token.signing_key(&verifier).map_err(signed)?;
        let algorithm = token.signing_alg().map_err(signed)?;
        let code = AuthorizationCode::new(code.to_owned());
        let hash = AuthorizationCodeHash::from_code(&code, algorithm, key)
            .map_err(|_| other("the code can't be hashed as the token is signed"))?;
        if claims.code_hash() != Some(&hash) {
            return Err(other("the token is not for this code"));
        }
    }
    Ok(claims.clone())
}

/// What a token says that came from the provider itself, whose keys are not known.
fn direct(provider: &Provider, text: &str, nonce: &str) -> Result<Claims, OAuthError> {
    let issuer = IssuerUrl::from_url(provider.token_url.clone());
    let client = ClientId::new(provider.client_id.clone());
    let verifier = Verifier::new_public_client(client, issuer, CoreJsonWebKeySet::default())
        .insecure_disable_signature_check()
        .require_issuer_match(false);
    let token = parse(text).map_err(OAuthError::IdToken)?;
    let nonce = Nonce::new(nonce.to_owned());
    token.into_claims(&verifier, &nonce).map_err(OAuthError::IdToken)
}

fn parse(text: &str) -> Result<Token, ClaimsVerificationError> {
    let unreadable = |_| ClaimsVerificationError::Other("it can't be read".to_owned());
    text.parse().map_err(unreadable)
}

/// The tenant that a token says that its user is from: an id, so that it makes no other issuer of
/// the address than that tenant's. The signature is checked after this.
fn tenant(text: &str) -> Option<String> {
    let body = BASE64URL_NOPAD.decode(text.split('.').nth(1)?.as_bytes()).ok()?;
    let claims: Value = serde_json::from_slice(&body).ok()?;
    let tenant = claims["tid"].as_str()?;
    let is_id = tenant.len() == 36 && tenant.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit());
    is_id.then(|| tenant.to_owned())
}

fn is_unknown_key(error: &ClaimsVerificationError) -> bool {
    let ClaimsVerificationError::SignatureVerification(error) = error else { return false };
    // A key may have come in place of one that had no name.
    matches!(
        error,
        SignatureVerificationError::NoMatchingKey
            | SignatureVerificationError::AmbiguousKeyId(_)
            | SignatureVerificationError::CryptoError(_)
    )
}

#[cfg(test)]
mod tests;
