//! Pages of other sites.

use super::server::Setup;

const OTHER: (&str, &str) = ("Origin", "https://other.example");

/// Chainlit's default lets every page of the web in.
#[tokio::test]
async fn by_default_no_other_page_may_read_or_change() {
    let server = Setup::default().start().await;
    let answer = server.get_with("/project/settings", &[OTHER]).await;
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(server.send("POST", "/logout", &[OTHER]).await.status, 403);
}

fn open() -> Setup {
    Setup::default().config("[project]\nallow_origins = [\"*\"]\n")
}

#[tokio::test]
async fn every_origin_may_read_where_the_configuration_says_so() {
    let server = open().start().await;
    let answer = server.get_with("/project/settings", &[OTHER]).await;
    assert_eq!(answer.header("access-control-allow-origin").as_deref(), Some(OTHER.1));
    assert_eq!(answer.header("access-control-allow-credentials").as_deref(), Some("true"));
    assert_eq!(answer.header("vary").as_deref(), Some("Origin"));
    assert_eq!(server.get("/health").await.header("access-control-allow-origin"), None);
    // Errors are for the page to read, too.
    let refused = server.send("POST", "/login", &[OTHER]).await;
    assert_eq!(refused.header("access-control-allow-origin").as_deref(), Some(OTHER.1));
}

#[tokio::test]
async fn a_browser_may_ask_before_it_sends() {
    let server = open().start().await;
    let asks = [
        OTHER,
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type"),
    ];
    let answer = server.send("OPTIONS", "/project/action", &asks).await;
    assert_eq!((answer.status, answer.text().as_str()), (200, "OK"));
    for (name, value) in [
        ("access-control-allow-origin", OTHER.1),
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-headers", "content-type"),
        ("access-control-allow-methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"),
        ("access-control-max-age", "600"),
    ] {
        assert_eq!(answer.header(name).as_deref(), Some(value), "{name}");
    }
}

#[tokio::test]
async fn with_named_origins_others_neither_read_nor_change() {
    let server = Setup::default()
        .config("[project]\nallow_origins = [\"https://good.example\"]\n")
        .start()
        .await;
    let good = ("Origin", "https://good.example");
    let own = format!("http://{}", server.address);
    for (origin, readable, status) in [
        (good, true, 200),
        (("Origin", own.as_str()), false, 200),
        (OTHER, false, 403),
        (("Origin", "null"), false, 403),
        (("Origin", "https://good.example.other.example"), false, 403),
    ] {
        let read = server.get_with("/health", &[origin]).await;
        assert_eq!(read.status, 200, "{origin:?}");
        assert_eq!(read.header("access-control-allow-origin").is_some(), readable, "{origin:?}");
        let changed = server.send("POST", "/logout", &[origin]).await;
        assert_eq!(changed.status, status, "{origin:?}");
    }
    let asks = [OTHER, ("Access-Control-Request-Method", "POST")];
    let answer = server.send("OPTIONS", "/logout", &asks).await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.header("access-control-allow-origin"), None);
}
