use chainlit_server::conformance::Options;

use super::server::{Server, calm};

const FRIEND: (&str, &str) = ("Origin", "https://shop.example");

async fn start() -> Server {
    let allow_origins = vec!["https://shop.example".to_owned()];
    Server::start(Options { allow_origins, ..calm() }).await
}

#[tokio::test]
async fn a_foreign_page_neither_opens_nor_uses_a_connection() {
    let server = start().await;
    let poller = server.open().await;
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        let foreign = &[("Origin", origin)];
        let opened = server.send("GET", "engine.io/?transport=polling", foreign, "").await;
        assert_eq!(opened.status, 403, "{origin}");
        assert_eq!(opened.header("access-control-allow-origin"), None);
        for method in ["GET", "POST"] {
            assert_eq!(poller.request(method, foreign, "4forged").await.status, 403, "{origin}");
        }
        let socket = server.socket(&poller.target("websocket"), foreign).await;
        assert_eq!(socket.err().unwrap().0, 403, "{origin}");
    }
    // A page's own requests say where they come from, but for its GETs.
    let own = format!("http://{}", server.address);
    assert_eq!(poller.request("POST", &[("Origin", &own)], "4own").await.status, 200);
    assert_eq!(poller.poll().await.1, "4own");
    server.stop().await;
}

#[tokio::test]
async fn a_page_that_may_call_may_read_the_answers() {
    let server = start().await;
    let poller = server.open_at("engine.io", &[FRIEND]).await;
    poller.request("POST", &[FRIEND], "4hi").await;
    let answer = poller.request("GET", &[FRIEND], "").await;
    assert_eq!(answer.text(), "4hi");
    assert_eq!(answer.header("access-control-allow-origin").unwrap(), "https://shop.example");
    assert_eq!(answer.header("access-control-allow-credentials").unwrap(), "true");
    assert!(answer.header("vary").unwrap().contains("Origin"));
    server.stop().await;
}

#[tokio::test]
async fn a_browser_that_asks_first_is_answered() {
    let server = start().await;
    let poller = server.open().await;
    let asks = |origin: &'static str| {
        let poller = poller.clone();
        async move {
            let headers = [
                ("Origin", origin),
                ("Access-Control-Request-Method", "POST"),
                ("Access-Control-Request-Headers", "authorization"),
            ];
            poller.request("OPTIONS", &headers, "").await
        }
    };
    let allowed = asks("https://shop.example").await;
    assert_eq!(allowed.status, 200);
    assert_eq!(allowed.header("access-control-allow-headers").unwrap(), "authorization");
    assert!(allowed.header("access-control-allow-methods").unwrap().contains("POST"));
    assert_eq!(asks("https://evil.example").await.status, 400);
    server.stop().await;
}
