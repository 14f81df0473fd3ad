//! Who gets in, and to what.

use chainlit as cl;
use chainlit::testing::TestApp;
use serde_json::{Value, json};

/// Two users, each with the password `pw-` and their name.
fn app() -> cl::App {
    cl::App::new()
        .password_auth_callback(async |credentials: cl::Credentials| {
            let is_right = credentials.password == format!("pw-{}", credentials.username);
            is_right.then(|| cl::User::new(credentials.username).display_name("Somebody"))
        })
        .on_message(async |message: cl::Message, user: cl::User| {
            cl::Message::new(format!("{}: {}", user.identifier, message.content)).send().await
        })
}

#[tokio::test]
async fn who_has_logged_in_is_known() {
    let app = TestApp::start(app()).await;
    let ada = app.login("ada", "pw-ada").await.unwrap();
    ada.send("hi").await;
    assert_eq!(ada.screen().last_answer(), Some("ada: hi"));
    let user = ada.call("GET", "/user", &Value::Null).await.unwrap();
    assert_eq!(user, json!({"identifier": "ada", "display_name": "Somebody", "metadata": {}}));
    assert_eq!(app.login("ada", "wrong").await.unwrap_err(), "credentialssignin");
}
