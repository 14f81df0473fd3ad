//! Calls to a provider: each takes so long at most, and brings so much.

use std::time::Duration;

use futures_util::future::BoxFuture;
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use openidconnect::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use openidconnect::http::{HeaderValue, Request, Response, StatusCode};
use openidconnect::url::Url;
use serde_json::{Map, Value, json};

const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

/// For one call, from its begin to the last byte of the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes of an answer.
const MAX_ANSWER: usize = 256 * 1024;

/// Calls providers; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Http(reqwest::Client);

/// Why a call brought nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    #[error("{host} can't be asked: {source}")]
    Request {
        host: String,
        #[source]
        source: reqwest::Error,
    },
    #[error("{0} answers with more than {MAX_ANSWER} bytes")]
    TooLarge(String),
    #[error("{host} answers with {status}")]
    Status { host: String, status: StatusCode },
    #[error("{0} answers with something else than JSON")]
    NotJson(String),
}

impl Http {
    pub(super) fn new() -> Result<Self, reqwest::Error> {
        let builder = reqwest::Client::builder()
            .connect_timeout(CONNECT_PATIENCE)
            .timeout(PATIENCE)
            // Whoever could send us on could have a token sent to them, or have us ask our own network.
            .redirect(reqwest::redirect::Policy::none())
            // GitHub answers nobody without a name.
            .user_agent(concat!("chainlit-rust/", env!("CARGO_PKG_VERSION")));
        Ok(Self(builder.build()?))
    }

    /// What is at an address, for whoever has the token.
    pub(super) async fn get(
        &self,
        url: &Url,
        authorization: Option<String>,
    ) -> Result<Response<Vec<u8>>, CallError> {
        let mut request = Request::new(Vec::new());
        *request.uri_mut() = url.as_str().parse().map_err(|_| CallError::NotJson(host(url)))?;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(mut value) = authorization.and_then(|text| HeaderValue::try_from(text).ok()) {
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let response = self.ask(request).await?;
        if !response.status().is_success() {
            return Err(CallError::Status { host: host(url), status: response.status() });
        }
        Ok(response)
    }

    /// The JSON at an address.
    pub(super) async fn get_json(
        &self,
        url: &Url,
        authorization: Option<String>,
    ) -> Result<Value, CallError> {
        let response = self.get(url, authorization).await?;
        serde_json::from_slice(response.body()).map_err(|_| CallError::NotJson(host(url)))
    }

    async fn ask(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, CallError> {
        let host = request.uri().host().unwrap_or_default().to_owned();
        // The address may hold what is nobody else's business.
        let failed = |source: reqwest::Error| CallError::Request {
            host: host.clone(),
            source: source.without_url(),
        };
        let request = reqwest::Request::try_from(request).map_err(failed)?;
        let mut response = self.0.execute(request).await.map_err(failed)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(CallError::TooLarge(host));
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = Response::new(body);
        *answer.status_mut() = response.status();
        if let Some(kind) = response.headers().get(CONTENT_TYPE) {
            answer.headers_mut().insert(CONTENT_TYPE, kind.clone());
        }
        Ok(answer)
    }
}

/// Asks for tokens, and gives the answer in the form that the standard wants.
impl<'c> AsyncHttpClient<'c> for Http {
    type Error = CallError;
    type Future = BoxFuture<'c, Result<HttpResponse, CallError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async { Ok(standard_answer(self.ask(request).await?)) })
    }
}

/// Some providers answer with a form, some leave out the token's kind, some say that it failed with
/// the status of success.
fn standard_answer(answer: Response<Vec<u8>>) -> Response<Vec<u8>> {
    let declared = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_form =
        declared.is_some_and(|text| text.starts_with("application/x-www-form-urlencoded"));
    let said: Map<String, Value> = if is_form {
        form_urlencoded::parse(answer.body())
            .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
            .collect()
    } else {
        match serde_json::from_slice(answer.body()) {
            Ok(said) => said,
            Err(_) => return answer,
        }
    };
    let mut status = answer.status();
    let names = ["access_token", "token_type", "refresh_token", "id_token"];
    let names = names.into_iter().chain(["error", "error_description"]);
    let mut kept: Map<String, Value> = names
        .filter_map(|name| {
            said.get(name).filter(|value| value.is_string()).map(|v| (name.to_owned(), v.clone()))
        })
        .collect();
    if kept.contains_key("access_token") {
        kept.entry("token_type").or_insert_with(|| "bearer".into());
    } else if kept.contains_key("error") && status.is_success() {
        status = StatusCode::BAD_REQUEST;
    }
    let mut standard = Response::new(json!(kept).to_string().into_bytes());
    *standard.status_mut() = status;
    standard.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    standard
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standard(status: u16, kind: &'static str, body: &str) -> (u16, Value) {
        let mut answer = Response::new(body.as_bytes().to_vec());
        *answer.status_mut() = StatusCode::from_u16(status).unwrap();
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        let answer = standard_answer(answer);
        let body = serde_json::from_slice(answer.body()).unwrap_or_default();
        (answer.status().as_u16(), body)
    }

    #[test]
    fn answers_come_in_several_forms() {
        let token = json!({"access_token": "a b", "token_type": "bearer"});
        let form = "application/x-www-form-urlencoded; charset=utf-8";
        assert_eq!(standard(200, form, "access_token=a+b&scope=x"), (200, token.clone()));
        let odd = r#"{"access_token": "a b", "expires_in": "3600", "scope": ["x"]}"#;
        assert_eq!(standard(200, "application/json", odd), (200, token));
        let refused = json!({"error": "bad_verification_code"});
        assert_eq!(standard(200, form, "error=bad_verification_code"), (400, refused));
        assert_eq!(standard(502, "text/html", "<html>"), (502, Value::Null));
    }
}
