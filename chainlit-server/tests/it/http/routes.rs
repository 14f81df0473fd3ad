//! Paths, methods, root path.

use serde_json::json;

use super::server::Setup;

#[tokio::test]
async fn every_route_answers_as_clients_expect() {
    let server = Setup::default().start().await;
    for (method, path, status, body) in [
        ("GET", "/health", 200, json!({"status": "ok"})),
        ("GET", "/user", 200, json!(null)),
        ("POST", "/logout", 200, json!({"success": true})),
        ("POST", "/login", 400, json!({"detail": "No auth_callback defined"})),
        ("POST", "/auth/jwt", 401, json!({"detail": "Authorization header missing"})),
        ("POST", "/auth/header", 400, json!({"detail": "No header_auth_callback defined"})),
        ("GET", "/auth/oauth/github", 400, json!({"detail": "No oauth_callback defined"})),
        ("POST", "/project/threads", 400, json!({"detail": "Data persistence is not enabled"})),
        ("PUT", "/project/thread", 400, json!({"detail": "Data persistence is not enabled"})),
        ("GET", "/project/thread/x", 400, json!({"detail": "Data persistence is not enabled"})),
        ("GET", "/project/share/abc", 400, json!({"detail": "Data persistence is not enabled"})),
        ("PUT", "/feedback", 500, json!({"detail": "Data persistence is not enabled"})),
        ("DELETE", "/feedback", 400, json!({"detail": "Data persistence is not enabled"})),
        ("GET", "/project/file/x?session_id=nope", 401, json!({"detail": "Unauthorized"})),
        ("POST", "/project/file?session_id=nope", 404, json!({"detail": "Session not found"})),
        ("POST", "/mcp", 400, json!({"detail": "This app does not support MCP."})),
        ("GET", "/public/none.png", 404, json!({"detail": "File not found"})),
        ("GET", "/assets/none.js", 404, json!({"detail": "File not found"})),
    ] {
        let answer = server.send(method, path, &[]).await;
        assert_eq!((answer.status, answer.json()), (status, body), "{method} {path}");
        assert_eq!(answer.header("content-type").as_deref(), Some("application/json"), "{path}");
    }
}

#[tokio::test]
async fn every_other_path_is_the_page() {
    let server = Setup::default().start().await;
    for path in [
        "/",
        "/nonexistent",
        "/thread/abc",
        "/login",
        "/login/callback",
        "/ws/socket.io",
        "/public",
        "//health",
        "/%ff",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(
            answer.header("content-type").as_deref(),
            Some("text/html; charset=utf-8"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_wrong_method_names_the_right_ones() {
    let server = Setup::default().start().await;
    for (method, path, allow) in [
        ("POST", "/health", "GET, HEAD"),
        ("DELETE", "/project/settings", "GET, HEAD"),
        ("PUT", "/login", "GET, HEAD, POST"),
        ("POST", "/feedback", "GET, HEAD, PUT, DELETE"),
        ("PATCH", "/anything", "GET, HEAD"),
        ("OPTIONS", "/health", "GET, HEAD"),
    ] {
        let answer = server.send(method, path, &[]).await;
        assert_eq!(answer.status, 405, "{method} {path}");
        assert_eq!(answer.header("allow").as_deref(), Some(allow), "{method} {path}");
        assert_eq!(answer.json(), json!({"detail": "Method Not Allowed"}));
    }
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let server = Setup::default().file("public/a.txt", "12345").start().await;
    for path in ["/", "/health", "/favicon", "/public/a.txt", "/project/settings"] {
        let (get, head) = (server.get(path).await, server.send("HEAD", path, &[]).await);
        assert_eq!((head.status, head.text()), (200, String::new()), "{path}");
        assert_eq!(head.header("content-length"), Some(get.body.len().to_string()), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
}

#[tokio::test]
async fn everything_is_below_the_root_path() {
    let server = Setup::default().root_path("chat/").start().await;
    assert_eq!(server.get("/chat/health").await.json(), json!({"status": "ok"}));
    for outside in
        ["/", "/health", "/chatter/health", "/project/settings", "/Chat/health", "/chat%2f..", "*"]
    {
        let answer = server.get(outside).await;
        if answer.status == 200 {
            assert!(outside.starts_with("/chat%2f"), "{outside}");
            continue; // below the root path, the page answers everything
        }
        assert_eq!(
            (answer.status, answer.json()),
            (404, json!({"detail": "Not Found"})),
            "{outside}"
        );
    }
    let redirect = server.get("/chat?a=b").await;
    assert_eq!(redirect.status, 307);
    assert_eq!(redirect.header("location").as_deref(), Some("/chat/?a=b"));
    let missing = server.get("/chat/public/x").await;
    assert_eq!((missing.status, missing.json()), (404, json!({"detail": "File not found"})));
    let page = server.get("/chat/").await.text();
    assert!(page.contains("<meta property=\"og:root_path\" content=\"/chat\">"), "{page}");
    assert!(page.contains("href=\"/chat/favicon\""), "{page}");
}

#[tokio::test]
async fn every_response_forbids_guessing_types_and_leaking_addresses() {
    let server = Setup::default().file("public/a.txt", "x").start().await;
    for path in ["/", "/health", "/public/a.txt", "/public/none", "/favicon", "/public/../x"] {
        let answer = server.get(path).await;
        assert_eq!(answer.header("x-content-type-options").as_deref(), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy").as_deref(), Some("same-origin"), "{path}");
    }
}
