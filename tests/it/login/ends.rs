//! The end of a login, while its page is open.

use chainlit::testing::MemoryDataLayer;

use super::*;

#[tokio::test]
async fn a_logout_closes_the_sockets_of_its_login_and_no_others() {
    let app = TestApp::start(app()).await;
    let (here, there) =
        (app.login("ada", "pw-ada").await.unwrap(), app.login("ada", "pw-ada").await.unwrap());
    let tab = here.second_tab().await;
    assert_eq!(here.logout().await.unwrap(), json!({"success": true}));
    for page in [&here, &tab] {
        page.until(|screen| !screen.connected).await;
    }
    assert_eq!(
        here.call("GET", "/user", &Value::Null).await.unwrap_err(),
        "Invalid authentication token"
    );
    there.send("still here").await;
}

#[tokio::test]
async fn a_token_that_was_logged_out_is_worth_nothing() {
    for kept in [false, true] {
        let mut app = app();
        if kept {
            app = app.data_layer(MemoryDataLayer::new());
        }
        let server = TestServer::start(app).await;
        let stolen = cookies(&server, "ada").await;
        let other = cookies(&server, "ada").await;
        assert_eq!(send(&server, "POST", "/logout", &stolen, "").await.status, 200);
        assert_eq!(send(&server, "GET", "/user", &stolen, "").await.status, 401);
        assert!(connect(&server, &stolen, "s").await.contains("authentication failed"));
        let bearer = stolen.replace("cookie: access_token=", "authorization: Bearer ");
        assert_eq!(send(&server, "POST", "/auth/jwt", &bearer, "").await.status, 401);
        assert_eq!(send(&server, "GET", "/user", &other, "").await.status, 200);
    }
}

#[tokio::test]
async fn everywhere_means_all_logins_of_the_user() {
    let app = TestApp::start(app()).await;
    let (here, there) =
        (app.login("ada", "pw-ada").await.unwrap(), app.login("ada", "pw-ada").await.unwrap());
    let bob = app.login("bob", "pw-bob").await.unwrap();
    here.call("POST", "/logout", &json!({"everywhere": true})).await.unwrap();
    for page in [&here, &there] {
        page.until(|screen| !screen.connected).await;
        assert!(page.call("GET", "/user", &Value::Null).await.is_err());
    }
    bob.send("untouched").await;
    app.login("ada", "pw-ada").await.unwrap().send("again").await;
}

#[tokio::test]
async fn another_process_on_the_same_database_hears_of_it() {
    let kept = MemoryDataLayer::new();
    let one = TestServer::start(app().data_layer(kept.clone())).await;
    let two = TestServer::start(app().data_layer(kept.clone())).await;
    let ada = cookies(&one, "ada").await;
    assert_eq!(send(&two, "GET", "/user", &ada, "").await.status, 200);
    let answer = send(
        &one,
        "POST",
        "/logout",
        &format!("{ada}content-type: application/json\r\n"),
        r#"{"everywhere":true}"#,
    )
    .await;
    assert_eq!(answer.status, 200);
    assert_eq!(send(&two, "GET", "/user", &ada, "").await.status, 401);
    let again = cookies(&two, "ada").await;
    let user = send(&one, "GET", "/user", &again, "").await;
    assert_eq!(user.status, 200);
    assert!(!user.text().contains("chainlit_logins"), "{}", user.text());
    // And a restarted one still knows.
    let restarted = TestServer::start(app().data_layer(kept)).await;
    assert_eq!(send(&restarted, "GET", "/user", &ada, "").await.status, 401);
}

#[tokio::test]
async fn another_process_closes_its_sockets() {
    let kept = MemoryDataLayer::new();
    let one = TestApp::start(app().data_layer(kept.clone())).await;
    let two = TestApp::start(app().data_layer(kept)).await;
    let (here, there) =
        (one.login("ada", "pw-ada").await.unwrap(), two.login("ada", "pw-ada").await.unwrap());
    here.call("POST", "/logout", &json!({"everywhere": true})).await.unwrap();
    there.until(|screen| !screen.connected).await;
}

#[tokio::test]
async fn an_expired_token_closes_an_open_socket() {
    let app = TestApp::start_with(app(), |config| {
        config.project.user_session_timeout = std::time::Duration::from_secs(2);
    })
    .await;
    let ada = app.login("ada", "pw-ada").await.unwrap();
    ada.send("hi").await;
    ada.until(|screen| !screen.connected).await;
    assert!(ada.call("GET", "/user", &Value::Null).await.is_err());
}

#[tokio::test]
async fn the_application_hears_of_a_logout_and_may_answer() {
    let app = app().on_logout(async |user: Option<cl::User>, headers: cl::Headers| {
        let name = user.map(|user| user.identifier);
        cl::Json(json!({"who": name, "agent": headers.get("user-agent")}))
    });
    let server = TestServer::start(app).await;
    let ada = format!("{}user-agent: test\r\n", cookies(&server, "ada").await);
    let answer = send(&server, "POST", "/logout", &ada, "anything").await;
    assert_eq!(answer.text(), r#"{"agent":"test","who":"ada"}"#);
    assert!(answer.header("set-cookie").starts_with("access_token=; Max-Age=0"));
    let answer = send(&server, "POST", "/logout", "", "").await;
    assert_eq!(answer.text(), r#"{"agent":null,"who":null}"#);
}

#[tokio::test]
async fn a_data_layer_that_is_away_does_not_lock_anybody_out() {
    let app = app_with(cl::App::new().password_auth_callback(password).data_layer(away::Away));
    let server = TestServer::start(app).await;
    let ada = cookies(&server, "ada").await;
    assert_eq!(send(&server, "GET", "/user", &ada, "").await.status, 200);
    assert_eq!(send(&server, "POST", "/logout", &ada, "").await.status, 200);
    assert_eq!(send(&server, "GET", "/user", &ada, "").await.status, 401, "this process knows");
}
