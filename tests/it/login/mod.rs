//! Who gets in, to what, and for how long.

mod attempts;
mod away;
mod ends;
mod oauth;
mod ownership;
mod rights;
mod tokens;

use chainlit as cl;
use chainlit::config::Env;
use chainlit::testing::TestApp;
use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

/// Signs the tokens of these tests.
const SECRET: &str = "a secret for tests, 32 bytes or more";

/// Users, each with the password `pw-` and their name.
fn app() -> cl::App {
    cl::App::new()
        .env(Env::from_pairs([("CHAINLIT_AUTH_SECRET", SECRET)]))
        .password_auth_callback(password)
        .on_message(async |message: cl::Message, user: cl::User| {
            let role = user.metadata.get("role").and_then(Value::as_str).unwrap_or("no role");
            cl::Message::new(format!("{}, {role}: {}", user.identifier, message.content))
                .send()
                .await
        })
}

async fn password(credentials: cl::Credentials) -> Option<cl::User> {
    let is_right = credentials.password == format!("pw-{}", credentials.username);
    is_right.then(|| cl::User::new(credentials.username).display_name("Somebody"))
}

/// One request with these headers, each with its line end.
async fn send(server: &TestServer, method: &str, path: &str, headers: &str, body: &str) -> Answer {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{headers}content-length: {}\r\n\r\n{body}",
        server.address,
        body.len()
    );
    server.raw(request.as_bytes()).await
}

/// Logs in by the form; gives the header with the cookies.
async fn cookies(server: &TestServer, name: &str) -> String {
    let answer = log_in(server, name, "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    cookie_header(&answer)
}

async fn log_in(server: &TestServer, name: &str, headers: &str) -> Answer {
    let form = format!("content-type: application/x-www-form-urlencoded\r\n{headers}");
    send(server, "POST", "/login", &form, &format!("username={name}&password=pw-{name}")).await
}

fn cookie_header(answer: &Answer) -> String {
    let pairs: Vec<&str> =
        answer.all("set-cookie").map(|cookie| cookie.split(';').next().unwrap()).collect();
    format!("cookie: {}\r\n", pairs.join("; "))
}

/// Opens a socket by polling with these headers, and asks to be connected; gives what CONNECT is
/// answered with.
async fn connect(server: &TestServer, headers: &str, session_id: &str) -> String {
    let path = "/ws/socket.io/?EIO=4&transport=polling";
    let opened = send(server, "GET", path, headers, "").await;
    let open: Value = serde_json::from_str(&opened.text()[1..]).unwrap();
    let path = format!("{path}&sid={}", open["sid"].as_str().unwrap());
    let auth = json!({"sessionId": session_id, "clientType": "webapp"});
    send(server, "POST", &path, headers, &format!("40{auth}")).await;
    send(server, "GET", &path, headers, "").await.text()
}

#[tokio::test]
async fn who_has_logged_in_is_known() {
    let app = TestApp::start(app()).await;
    let ada = app.login("ada", "pw-ada").await.unwrap();
    ada.send("hi").await;
    assert_eq!(ada.screen().last_answer(), Some("ada, no role: hi"));
    let user = ada.call("GET", "/user", &Value::Null).await.unwrap();
    assert_eq!([&user["identifier"], &user["display_name"]], ["ada", "Somebody"]);
    assert_eq!(user["metadata"], json!({}));
    assert_eq!(app.login("ada", "wrong").await.unwrap_err(), "credentialssignin");
}

#[tokio::test]
async fn nobody_gets_in_without() {
    let server = TestServer::start(app()).await;
    for (method, path) in [
        ("GET", "/user"),
        ("GET", "/project/settings"),
        ("GET", "/project/file/x?session_id=s"),
        ("POST", "/project/file?session_id=s"),
        ("POST", "/project/action"),
        ("PUT", "/project/element"),
        ("DELETE", "/project/element"),
    ] {
        let answer = send(&server, method, path, "content-type: application/json\r\n", "{}").await;
        assert_eq!(
            (answer.status, &*answer.detail()),
            (401, "Invalid authentication token"),
            "{method} {path}"
        );
    }
    for (method, path) in [
        ("GET", "/auth/config"),
        ("GET", "/project/translations"),
        ("GET", "/"),
        ("POST", "/logout"),
    ] {
        assert_eq!(send(&server, method, path, "", "").await.status, 200, "{path}");
    }
    let refused = connect(&server, "", "s").await;
    assert_eq!(refused, r#"44{"message":"authentication failed"}"#);
    let config: Value =
        serde_json::from_str(&send(&server, "GET", "/auth/config", "", "").await.text()).unwrap();
    assert_eq!(config["requireLogin"], true);
    assert_eq!(config["passwordAuth"], true);
}

#[tokio::test]
async fn a_form_may_come_in_either_encoding() {
    let server = TestServer::start(app()).await;
    let field = |name: &str, value: &str| {
        format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let form = format!("{}{}--b--\r\n", field("username", "ada"), field("password", "pw-ada"));
    let multipart = "content-type: multipart/form-data; boundary=b\r\n";
    let answer = send(&server, "POST", "/login", multipart, &form).await;
    assert_eq!((answer.status, &*answer.text()), (200, r#"{"success":true}"#));
    for (headers, body) in [
        (multipart, field("username", "ada")),
        ("", "username=ada".to_owned()),
        ("", String::new()),
    ] {
        let answer = send(&server, "POST", "/login", headers, &body).await;
        assert_eq!(answer.status, 422, "{body}");
        assert!(answer.text().contains(r#""type":"missing""#), "{}", answer.text());
    }
    let huge = "x".repeat(20_000);
    assert_eq!(send(&server, "POST", "/login", "", &huge).await.status, 413);
}

#[tokio::test]
async fn a_server_without_a_good_secret_does_not_start() {
    for (pairs, told) in [
        (vec![], "chainlit create-secret"),
        (vec![("CHAINLIT_AUTH_SECRET", "short")], "5 bytes"),
        (
            vec![("CHAINLIT_AUTH_SECRET", SECRET), ("CHAINLIT_COOKIE_SAMESITE", "x")],
            "lax, strict or none",
        ),
    ] {
        let app = app().env(Env::from_pairs(pairs)).config(cl::Config::default());
        let error = app.into_service().err().unwrap().to_string();
        assert!(error.contains(told), "{error}");
    }
    let open = cl::App::new().env(Env::default()).on_message(async || {});
    assert!(open.config(cl::Config::default()).into_service().is_ok(), "nobody logs in");
}

#[tokio::test]
async fn a_function_that_fails_lets_nobody_in_and_tells_nothing() {
    for fails in [true, false] {
        let function = move |_: cl::Credentials| async move {
            assert!(fails, "a panic with details");
            Err::<Option<cl::User>, _>("details".to_owned())
        };
        let app = app_with(cl::App::new().password_auth_callback(function));
        let server = TestServer::start(app).await;
        let answer = log_in(&server, "ada", "").await;
        assert_eq!((answer.status, &*answer.detail()), (401, "credentialssignin"));
        assert_eq!(send(&server, "GET", "/health", "", "").await.status, 200);
    }
}

fn app_with(app: cl::App) -> cl::App {
    app.env(Env::from_pairs([("CHAINLIT_AUTH_SECRET", SECRET)])).on_message(async || {})
}
