//! Single HTTP requests of a user's page.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE};
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::connection::Network;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

impl Network {
    /// Sends a request and reads the whole answer.
    pub(super) async fn request(
        &self,
        method: Method,
        target: &str,
        content_type: &str,
        body: Bytes,
    ) -> (StatusCode, Bytes) {
        let exchange = async {
            let (mut sender, connection) =
                hyper::client::conn::http1::handshake(TokioIo::new(self.dial())).await?;
            let driver = tokio::spawn(connection);
            let mut request = Request::builder()
                .method(method)
                .uri(target)
                .header("host", "chainlit.test")
                .header(CONTENT_TYPE, content_type);
            if let Some(cookies) = self.cookie_header() {
                request = request.header(COOKIE, cookies);
            }
            let request =
                request.body(Full::new(body)).expect("the target is one that the kit made");
            let response = sender.send_request(request).await?;
            let status = response.status();
            self.keep_cookies(response.headers());
            let body = response.into_body().collect().await?.to_bytes();
            driver.abort();
            Ok::<_, hyper::Error>((status, body))
        };
        match tokio::time::timeout(PATIENCE, exchange).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => panic!("{target}: the request failed: {error}"),
            Err(_) => panic!("{target}: no answer within {PATIENCE:?}"),
        }
    }

    /// Logs in by the form.
    pub(super) async fn login(&self, username: &str, password: &str) -> Result<(), String> {
        let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let body = format!("username={}&password={}", encode(username), encode(password));
        let form = "application/x-www-form-urlencoded";
        let (status, body) = self.request(Method::POST, "/login", form, body.into()).await;
        read(status, &body).map(drop)
    }

    /// Sends JSON and reads JSON; an error is the text that the server gave.
    pub(super) async fn json(
        &self,
        method: Method,
        target: &str,
        body: &Value,
    ) -> Result<Value, String> {
        let body = Bytes::from(body.to_string());
        let (status, body) = self.request(method, target, "application/json", body).await;
        read(status, &body)
    }
}

/// The answer's JSON, or the reason of a refusal.
pub(super) fn read(status: StatusCode, body: &[u8]) -> Result<Value, String> {
    let text = || String::from_utf8_lossy(body).into_owned();
    let value: Value = serde_json::from_slice(body).unwrap_or_else(|_| Value::String(text()));
    if status.is_success() {
        return Ok(value);
    }
    match value.get("detail") {
        Some(Value::String(detail)) => Err(detail.clone()),
        _ => Err(format!("{status}: {}", text())),
    }
}
