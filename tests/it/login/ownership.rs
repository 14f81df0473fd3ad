//! What belongs to one user is closed to all others.

use super::*;

/// Asserts that each route with that session refuses who sends these headers.
async fn refused_everywhere(server: &TestServer, headers: &str, session: &str, file: &str) {
    let json = format!("content-type: application/json\r\n{headers}");
    let form = format!("content-type: multipart/form-data; boundary=b\r\n{headers}");
    let action = json!({"sessionId": session, "action": {"name": "go", "payload": {}, "id": "a"}});
    let element =
        json!({"sessionId": session, "element": {"id": "e", "type": "custom", "props": {}}});
    let upload = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nx\r\n--b--\r\n";
    for (method, path, headers, body) in [
        ("GET", format!("/project/file/{file}?session_id={session}"), headers, String::new()),
        ("POST", format!("/project/file?session_id={session}"), &*form, upload.to_owned()),
        ("POST", "/project/action".to_owned(), &json, action.to_string()),
        ("PUT", "/project/element".to_owned(), &json, element.to_string()),
        ("DELETE", "/project/element".to_owned(), &json, element.to_string()),
    ] {
        let answer = send(server, method, &path, headers, &body).await;
        assert_eq!(answer.status, 401, "{method} {path}: {}", answer.text());
    }
}

fn app() -> cl::App {
    super::app().action_callback("go", async || {})
}

#[tokio::test]
async fn a_session_is_its_users_own_on_every_route_and_on_the_socket() {
    let server = TestServer::start(app()).await;
    let (ada, bob) = (cookies(&server, "ada").await, cookies(&server, "bob").await);
    assert!(connect(&server, &ada, "session-of-ada").await.starts_with("40"));
    let form = format!("content-type: multipart/form-data; boundary=b\r\n{ada}");
    let upload = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\ncontent-type: text/plain\r\n\r\nsecret\r\n--b--\r\n";
    let path = "/project/file?session_id=session-of-ada";
    let kept = send(&server, "POST", path, &form, upload).await;
    assert_eq!(kept.status, 200, "{}", kept.text());
    let kept: Value = serde_json::from_str(&kept.text()).unwrap();
    let file = kept["id"].as_str().unwrap();
    let own = format!("/project/file/{file}?session_id=session-of-ada");
    assert_eq!(send(&server, "GET", &own, &ada, "").await.text(), "secret");

    refused_everywhere(&server, &bob, "session-of-ada", file).await;
    refused_everywhere(&server, "", "session-of-ada", file).await;
    for (headers, told) in [(&*bob, "authorization failed"), ("", "authentication failed")] {
        let answer = connect(&server, headers, "session-of-ada").await;
        assert_eq!(answer, format!(r#"44{{"message":"{told}"}}"#));
    }
    let foreign = format!("/project/file/{file}?session_id=session-of-bob");
    assert!(connect(&server, &bob, "session-of-bob").await.starts_with("40"));
    assert_eq!(send(&server, "GET", &foreign, &bob, "").await.status, 404);
    assert!(connect(&server, &ada, "session-of-ada").await.starts_with("40"), "still ada's");
}

#[tokio::test]
async fn two_users_at_once_are_who_they_are() {
    let app = TestApp::start(app()).await;
    let (ada, bob) =
        (app.login("ada", "pw-ada").await.unwrap(), app.login("bob", "pw-bob").await.unwrap());
    for n in 0..20 {
        let text = n.to_string();
        tokio::join!(ada.send(&text), bob.send(&text));
        assert_eq!(ada.screen().last_answer(), Some(&*format!("ada, no role: {n}")));
        assert_eq!(bob.screen().last_answer(), Some(&*format!("bob, no role: {n}")));
    }
}

#[tokio::test]
async fn a_polling_connection_is_spoken_for_by_its_own_login_alone() {
    let app = app().env(Env::from_pairs([
        ("CHAINLIT_AUTH_SECRET", SECRET),
        ("CHAINLIT_AUTH_COOKIE_NAME", "mine"),
    ]));
    let server = TestServer::start(app).await;
    let (ada, bob) = (cookies(&server, "ada").await, cookies(&server, "bob").await);
    assert!(ada.starts_with("cookie: mine=ey"), "{ada}");
    let path = "/ws/socket.io/?EIO=4&transport=polling";
    let opened = send(&server, "GET", path, &ada, "").await;
    let open: Value = serde_json::from_str(&opened.text()[1..]).unwrap();
    let path = format!("{path}&sid={}", open["sid"].as_str().unwrap());
    let connect = r#"40{"sessionId":"s","clientType":"webapp"}"#;
    for headers in [&*bob, ""] {
        let answer = send(&server, "POST", &path, headers, connect).await;
        assert_eq!(answer.status, 400, "{}", answer.text());
    }
    assert_eq!(send(&server, "POST", &path, &ada, connect).await.status, 200);
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing() {
    let server = TestServer::start_with(app(), |config| {
        config.project.allow_origins = vec!["*".to_owned(), "https://shop.example".to_owned()];
    })
    .await;
    let ada = cookies(&server, "ada").await;
    for origin in [
        "origin: https://evil.example\r\n",
        "origin: null\r\n",
        "sec-fetch-site: cross-site\r\n",
        "sec-fetch-site: same-site\r\n",
    ] {
        let headers = format!("{ada}{origin}");
        for path in [
            "/login",
            "/logout",
            "/auth/jwt",
            "/auth/header",
            "/set-session-cookie",
            "/project/action",
        ] {
            let answer = send(&server, "POST", path, &headers, "").await;
            assert_eq!(answer.status, 403, "{path} {origin}");
        }
        let socket = "/ws/socket.io/?EIO=4&transport=polling";
        assert_eq!(send(&server, "GET", socket, &headers, "").await.status, 403, "{origin}");
        let read = send(&server, "GET", "/user", &headers, "").await;
        assert_eq!(read.all("access-control-allow-origin").next(), None, "{origin}");
    }
    let named = format!("{ada}origin: https://shop.example\r\n");
    assert_eq!(send(&server, "POST", "/logout", &named, "").await.status, 200);
}
