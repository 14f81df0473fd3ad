//! From the code that the browser brings to the user.

use chainlit_core::OAuthLogin;
use data_encoding::BASE64;
use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, ExtraTokenFields, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, ResponseType,
    Scope, StandardRevocableToken, StandardTokenResponse, TokenResponse as _, TokenUrl,
};
use openidconnect::http::header::CONTENT_TYPE;
use openidconnect::url::Url;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::OAuthError;
use super::http::Http;
use super::id_token::{Claims, Expected, Keys};
use super::provider::{Flow, More, Provider};
use super::state::Attempt;

/// Bytes of a picture that goes into the user's token.
const MAX_PHOTO: usize = 8 * 1024;

/// What a provider may answer beside the token.
#[derive(Debug, Serialize, Deserialize)]
struct Extra {
    id_token: Option<String>,
}

impl ExtraTokenFields for Extra {}

type TokenResponse = StandardTokenResponse<Extra, BasicTokenType>;
type Client = oauth2::Client<
    BasicErrorResponse,
    TokenResponse,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

fn client(provider: &Provider, redirect_uri: &str) -> Result<Client, OAuthError> {
    let redirect = RedirectUrl::new(redirect_uri.to_owned()).map_err(|_| OAuthError::Address)?;
    Ok(oauth2::Client::new(ClientId::new(provider.client_id.clone()))
        .set_client_secret(ClientSecret::new(provider.client_secret.clone()))
        .set_auth_type(AuthType::RequestBody)
        .set_auth_uri(AuthUrl::from_url(provider.authorize_url.clone()))
        .set_token_uri(TokenUrl::from_url(provider.token_url.clone()))
        .set_redirect_uri(redirect))
}

/// The provider's page.
pub(super) fn authorize_url(
    provider: &Provider,
    redirect_uri: &str,
    attempt: &Attempt,
) -> Result<Url, OAuthError> {
    let client = client(provider, redirect_uri)?;
    let mut request = client
        .authorize_url(|| CsrfToken::new(attempt.state.clone()))
        .add_scope(Scope::new(provider.scope.clone()));
    if provider.has_pkce {
        let verifier = PkceCodeVerifier::new(attempt.verifier.clone());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        request = request.set_pkce_challenge(challenge);
    }
    if provider.has_nonce() {
        request = request.add_extra_param("nonce", attempt.nonce.clone());
    }
    if provider.flow == Flow::Hybrid {
        request = request.set_response_type(&ResponseType::new("code id_token".to_owned()));
    }
    for (name, value) in &provider.params {
        request = request.add_extra_param(*name, value.clone());
    }
    Ok(request.url().0)
}

/// What the browser brings back.
pub(super) struct Brought<'a> {
    pub(super) redirect_uri: &'a str,
    pub(super) code: &'a str,
    pub(super) id_token: Option<&'a str>,
}

/// Changes the code for a token, and asks who the user is.
///
/// All that belongs to the user is here on the stack: two who log in at once share nothing.
pub(super) async fn login(
    provider: &Provider,
    http: &Http,
    keys: &Keys,
    attempt: &Attempt,
    brought: Brought<'_>,
) -> Result<OAuthLogin, OAuthError> {
    let nonce = &attempt.nonce;
    let mut claims = None;
    if provider.flow == Flow::Hybrid {
        let text = brought.id_token.ok_or(OAuthError::NoIdToken)?;
        let expected = Expected { nonce, code: Some(brought.code) };
        claims = Some(keys.verify(provider, http, text, expected).await?);
    }
    let client = client(provider, brought.redirect_uri)?;
    let mut request = client.exchange_code(AuthorizationCode::new(brought.code.to_owned()));
    if provider.has_pkce {
        request = request.set_pkce_verifier(PkceCodeVerifier::new(attempt.verifier.clone()));
    }
    let answer: TokenResponse =
        request.request_async(http).await.map_err(|error| OAuthError::Token(Box::new(error)))?;
    let token = answer.access_token().secret();
    let id_token = answer.extra_fields().id_token.as_deref();
    if let Some(text) = id_token.filter(|_| provider.has_nonce()) {
        let again = keys.verify(provider, http, text, Expected { nonce, code: None }).await?;
        if claims.as_ref().is_some_and(|first| first.subject() != again.subject()) {
            return Err(OAuthError::OtherUser);
        }
        claims = Some(again);
    }
    let raw = user(provider, http, token).await?;
    if let Some(claims) = &claims {
        belongs(provider, claims, &raw)?;
    }
    let refresh_token = answer.refresh_token().map(|token| token.secret().as_str());
    let default_user = provider.user.user(&raw, refresh_token);
    let mut login = OAuthLogin::new(&provider.id, token, raw, default_user);
    login.id_token = brought.id_token.or(id_token).map(str::to_owned);
    login.refresh_token = refresh_token.map(str::to_owned);
    Ok(login)
}

/// Whether both the token and the answer are about the same user.
fn belongs(
    provider: &Provider,
    claims: &Claims,
    raw: &Map<String, Value>,
) -> Result<(), OAuthError> {
    let (signed, told) = match provider.flow {
        Flow::Code => (Some(claims.subject().as_str()), raw.get("sub")),
        // Microsoft's Graph calls users otherwise than its tokens.
        Flow::Hybrid => (claims.additional_claims().oid.as_deref(), raw.get("id")),
    };
    match (signed, told.and_then(Value::as_str)) {
        (Some(signed), Some(told)) if signed != told => Err(OAuthError::OtherUser),
        _ => Ok(()),
    }
}

/// What the provider tells about the user.
async fn user(
    provider: &Provider,
    http: &Http,
    token: &str,
) -> Result<Map<String, Value>, OAuthError> {
    let authorization = || Some(format!("{} {token}", provider.scheme));
    let Value::Object(mut raw) = http.get_json(&provider.user_url, authorization()).await? else {
        return Err(OAuthError::NoUser);
    };
    match &provider.more {
        More::Nothing => {}
        More::Emails(url) => {
            raw.insert("emails".to_owned(), http.get_json(url, authorization()).await?);
        }
        // Who has none is welcome all the same.
        More::Photo(url) => {
            if let Ok(answer) = http.get(url, authorization()).await
                && let Some(kind) = answer.headers().get(CONTENT_TYPE)
                && let Ok(kind) = kind.to_str()
                && kind.starts_with("image/")
                && answer.body().len() <= MAX_PHOTO
            {
                let content = BASE64.encode(answer.body());
                raw.insert("image".to_owned(), format!("data:{kind};base64,{content}").into());
            }
        }
    }
    Ok(raw)
}
