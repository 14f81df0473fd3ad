use std::time::Duration;

use chainlit_server::conformance::Options;

use super::server::{Server, calm};

/// Short intervals; how short does not matter to what is looked at.
fn quick() -> Options {
    Options {
        ping_interval: Duration::from_millis(50),
        ping_timeout: Duration::from_secs(20),
        ..calm()
    }
}

#[tokio::test]
async fn pings_come_over_both_transports() {
    let server = Server::start(quick()).await;
    let poller = server.open().await;
    let mut socket = server.open_socket("engine.io").await;
    for _ in 0..3 {
        assert_eq!(poller.poll().await, (200, "2".to_owned()));
        assert_eq!(poller.post("3").await.0, 200);
        assert_eq!(socket.text().await.unwrap(), "2");
        socket.send("3").await;
    }
    // And go on when the connection moves.
    let mut moved = server.socket(&poller.target("websocket"), &[]).await.unwrap();
    moved.send("2probe").await;
    assert_eq!(moved.text().await.unwrap(), "3probe");
    moved.send("5").await;
    assert_eq!(moved.text().await.unwrap(), "2");
    server.stop().await;
}

#[tokio::test]
async fn who_answers_no_ping_is_dropped() {
    let server =
        Server::start(Options { ping_timeout: Duration::from_millis(50), ..quick() }).await;
    let poller = server.open().await;
    let mut polled = Vec::new();
    while let (200, body) = poller.poll().await {
        polled.push(body);
    }
    assert!(polled.iter().all(|body| body == "2" || body == "1"), "{polled:?}");
    let mut socket = server.open_socket("engine.io").await;
    while let Some(text) = socket.text().await {
        assert_eq!(text, "2");
    }
    server.stop().await;
}

/// Pongs that nobody asked for prove nothing.
#[tokio::test]
async fn who_never_polls_is_dropped_whatever_it_says() {
    let options = Options { ping_timeout: Duration::from_millis(50), ..quick() };
    let server = Server::start(options).await;
    let poller = server.open().await;
    let dropped = async { while poller.post("3").await.0 == 200 {} };
    tokio::time::timeout(super::server::PATIENCE, dropped).await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn who_never_asks_for_a_namespace_is_dropped() {
    let options = Options { connect_timeout: Duration::from_millis(50), ..quick() };
    let server = Server::start(options).await;
    let poller = server.open_at("socket.io", &[]).await;
    let mut socket = server.open_socket("socket.io").await;
    while let (200, body) = poller.poll().await {
        if body == "2" {
            poller.post("3").await;
        }
    }
    while let Some(text) = socket.text().await {
        assert_eq!(text, "2");
        socket.send("3").await;
    }
    server.stop().await;
}
