use chainlit_server::conformance::Options;
use serde_json::json;

use super::server::{Server, calm};
use crate::http::client::read;

#[tokio::test]
async fn a_wrong_request_is_answered_as_the_protocol_says() {
    let server = Server::start(calm()).await;
    let poller = server.open().await;
    let known = poller.target("polling");
    let born = server.open_socket("engine.io").await;
    for (method, target, code) in [
        ("GET", "engine.io/?x=1", 0),
        ("GET", "engine.io/?transport=carrier-pigeon", 0),
        ("GET", "engine.io/?transport=polling&sid=abc", 1),
        ("POST", "engine.io/?transport=polling&sid=abc", 1),
        ("GET", "engine.io/?transport=websocket&sid=abc", 1),
        ("GET", "engine.io/?transport=polling&sid=", 1),
        ("POST", "engine.io/?transport=polling", 2),
        ("PUT", "engine.io/?transport=polling", 2),
        ("PUT", known.as_str(), 3),
        ("OPTIONS", known.as_str(), 3),
        ("GET", "engine.io/?transport=websocket", 3),
        ("POST", "engine.io/?transport=websocket", 3),
    ] {
        let answer = server.send(method, target, &[], "").await;
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (400, &json!(code)),
            "{method} {target}"
        );
    }
    assert_eq!(poller.post("4still here").await.0, 200);
    drop(born);
    server.stop().await;
}

#[tokio::test]
async fn packets_travel_in_bodies() {
    let server = Server::start(calm()).await;
    let poller = server.open().await;
    assert_eq!(poller.sid.len(), 20);
    let answer = poller.request("POST", &[], "4hëllo\x1ebAQIDBA==\x1e2\x1e4").await;
    assert_eq!((answer.status, answer.text().as_str()), (200, "ok"));
    let answer = poller.request("GET", &[], "").await;
    assert_eq!(answer.text(), "4hëllo\x1ebAQIDBA==\x1e3\x1e4");
    assert_eq!(answer.header("content-type").unwrap(), "text/plain; charset=UTF-8");
    assert_eq!(answer.header("cache-control").unwrap(), "no-store");
    server.stop().await;
}

#[tokio::test]
async fn a_poll_waits_for_what_comes() {
    let server = Server::start(calm()).await;
    let poller = server.open().await;
    for text in ["4one", "4two"] {
        let poll = poller.start_poll();
        assert_eq!(poller.post(text).await.0, 200);
        assert_eq!(poll.await.unwrap(), (200, text.to_owned()));
    }
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_payload_ends_the_connection() {
    let server = Server::start(calm()).await;
    for body in ["", "abc", "4a\x1e", "bA", "b====", "0{}", "7"] {
        let poller = server.open().await;
        assert_eq!(poller.post(body).await.0, 400, "{body:?}");
        assert_eq!(poller.poll().await.0, 400, "{body:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_second_poll_ends_the_connection() {
    let server = Server::start(calm()).await;
    let poller = server.open().await;
    let (one, two) = tokio::join!(poller.poll(), poller.poll());
    let mut statuses = [one.0, two.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
    assert!([one, two].contains(&(200, "1".to_owned())));
    assert_eq!(poller.poll().await.0, 400);
    server.stop().await;
}

#[tokio::test]
async fn a_second_post_ends_the_connection() {
    let server = Server::start(calm()).await;
    let poller = server.open().await;
    let mut poll = poller.waiting_poll().await;
    let mut first =
        poller.begin("POST", "Content-Length: 10\r\nConnection: close\r\n", "4hal").await;
    // Either may be the first that the server sees; the one with half a body stays.
    while poller.post("6").await.0 == 200 {}
    assert_eq!(read(&mut first).await.status, 400);
    assert_eq!(read(&mut poll).await.text(), "1");
    server.stop().await;
}

#[tokio::test]
async fn a_large_body_ends_the_connection() {
    let server = Server::start(Options { max_payload: 1000, ..calm() }).await;
    let fits = format!("4{}", "x".repeat(999));
    let poller = server.open().await;
    assert_eq!(poller.post(&fits).await.0, 200);
    assert_eq!(poller.poll().await.1, fits);
    assert_eq!(poller.post(&format!("{fits}x")).await.0, 413);
    assert_eq!(poller.poll().await.0, 400);
    let mut socket = server.open_socket("engine.io").await;
    socket.send(fits.clone()).await;
    assert_eq!(socket.text().await.unwrap(), fits);
    socket.send(format!("{fits}x")).await;
    assert_eq!(socket.text().await, None);
    server.stop().await;
}

/// What the poll would have brought may be lost: the client is to come anew.
#[tokio::test]
async fn a_poll_that_is_cut_breaks_the_connection() {
    let server = Server::start(calm()).await;
    let poller = server.open().await;
    drop(poller.waiting_poll().await);
    poller.gone().await;
    server.stop().await;
}

#[tokio::test]
async fn a_post_that_is_cut_breaks_the_connection() {
    let server = Server::start(calm()).await;
    let poller = server.open().await;
    let mut poll = poller.waiting_poll().await;
    drop(poller.begin("POST", "Content-Length: 10\r\n", "4hal").await);
    assert_eq!(read(&mut poll).await.text(), "1");
    poller.gone().await;
    server.stop().await;
}

#[tokio::test]
async fn the_client_closes_and_its_last_poll_is_answered() {
    let server = Server::start(calm()).await;
    let poller = server.open().await;
    let poll = poller.start_poll();
    assert_eq!(poller.post("1").await, (200, "ok".to_owned()));
    // Before the close or behind it.
    assert_eq!(poll.await.unwrap(), (200, "6".to_owned()));
    assert_eq!(poller.poll().await.0, 400);
    server.stop().await;
}

#[tokio::test]
async fn the_server_closes_a_connection_that_polls() {
    let server = Server::start(calm()).await;
    let poller = server.open_at("socket.io", &[]).await;
    assert_eq!(poller.post("40").await.0, 200);
    assert!(poller.poll().await.1.starts_with("40{"));
    assert_eq!(poller.post("4nonsense").await.0, 200);
    assert_eq!(poller.poll().await, (200, "1".to_owned()));
    assert_eq!(poller.poll().await.0, 400);
    server.stop().await;
}

#[tokio::test]
async fn the_end_of_the_server_answers_polls() {
    let server = Server::start(calm()).await;
    let poller = server.open().await;
    let mut poll = poller.waiting_poll().await;
    let (answer, ()) = tokio::join!(read(&mut poll), server.stop());
    assert_eq!((answer.status, answer.text().as_str()), (200, "1"));
}

#[tokio::test]
async fn there_is_room_for_so_many() {
    let server = Server::start(Options { max_polling: 2, ..calm() }).await;
    let first = server.open().await;
    server.open().await;
    assert_eq!(server.get("engine.io/?transport=polling").await.status, 503);
    let mut socket = server.open_socket("engine.io").await;
    socket.send("4unmoved").await;
    assert_eq!(socket.text().await.unwrap(), "4unmoved");
    first.post("1").await;
    first.poll().await;
    let freed = async {
        while server.get("engine.io/?transport=polling").await.status != 200 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(super::server::PATIENCE, freed).await.unwrap();
    server.stop().await;
}

/// Browsers and proxies send a request again when its connection ends before an answer. The clients
/// mark each of theirs with a `t` of its own.
#[tokio::test]
async fn a_request_that_comes_again_is_the_same_request() {
    let server = Server::start(calm()).await;
    let poller = server.open().await;
    let target = |t: &str| format!("{}&t={t}", poller.target("polling"));
    let send = async |method: &str, t: &str, body: &str| {
        let answer = server.send(method, &target(t), &[], body).await;
        (answer.status, answer.text())
    };
    for t in ["a", "a", "b"] {
        assert_eq!(send("POST", t, "4one").await, (200, "ok".to_owned()));
    }
    for _ in 0..2 {
        assert_eq!(send("GET", "c", "").await, (200, "4one\x1e4one".to_owned()));
    }
    assert_eq!(send("POST", "d", "4two").await.0, 200);
    assert_eq!(send("GET", "e", "").await, (200, "4two".to_owned()));
    server.stop().await;
}
