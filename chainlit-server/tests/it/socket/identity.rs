//! Who knows a connection's id is not yet its owner.

use serde_json::json;

use super::server::{Headers, Server, calm};

const OWNER: Headers<'static> = &[
    ("Authorization", "Bearer owner"),
    ("Cookie", "access_token=owner; X-Chainlit-Browser=one; X-Chainlit-Session-id=s"),
];

const STRANGERS: [Headers<'static>; 5] = [
    &[],
    &[("Authorization", "Bearer owner")],
    &[("Authorization", "Bearer owner"), ("Cookie", "access_token=owner; X-Chainlit-Browser=two")],
    &[("Authorization", "Bearer owner"), ("Cookie", "access_token=other; X-Chainlit-Browser=one")],
    &[("Authorization", "Bearer other"), ("Cookie", "access_token=owner; X-Chainlit-Browser=one")],
];

#[tokio::test]
async fn a_stranger_with_the_id_is_told_that_there_is_none() {
    let server = Server::start(calm()).await;
    let poller = server.open_at("engine.io", OWNER).await;
    for stranger in STRANGERS {
        for method in ["GET", "POST"] {
            let answer = poller.request(method, stranger, "4forged").await;
            assert_eq!((answer.status, &answer.json()["code"]), (400, &json!(1)), "{stranger:?}");
        }
        let refused = server.socket(&poller.target("websocket"), stranger).await.err().unwrap();
        assert_eq!(refused.0, 400, "{stranger:?}");
        assert!(refused.1.contains("\"code\":1"), "{}", refused.1);
    }
    assert_eq!(poller.request("POST", OWNER, "4own").await.status, 200);
    assert_eq!(poller.request("GET", OWNER, "").await.text(), "4own");
    let mut socket = server.socket(&poller.target("websocket"), OWNER).await.unwrap();
    socket.send("2probe").await;
    socket.send("5").await;
    socket.send("4moved").await;
    assert_eq!(socket.text().await.unwrap(), "3probe");
    assert_eq!(socket.text().await.unwrap(), "4moved");
    let stranger = server.socket(&poller.target("websocket"), STRANGERS[2]).await.err().unwrap();
    assert_eq!(stranger.0, 400, "after it moved");
    server.stop().await;
}

/// A program that keeps no cookies works; so does one that gets some later.
#[tokio::test]
async fn what_the_first_request_had_not_is_not_asked_for() {
    let server = Server::start(calm()).await;
    let poller = server.open().await;
    assert_eq!(poller.request("POST", &[], "4a").await.status, 200);
    assert_eq!(poller.request("GET", OWNER, "").await.text(), "4a");
    server.stop().await;
}

/// The first answer offers a cookie. Who has come back with it has to go on doing so.
#[tokio::test]
async fn a_browser_is_known_from_its_second_request_on() {
    let server = Server::start(calm()).await;
    let answer = server.send("GET", "engine.io/?transport=polling", &[], "").await;
    let cookie = answer.header("set-cookie").unwrap().to_owned();
    assert!(cookie.ends_with("; HttpOnly; Path=/; SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let open: serde_json::Value = serde_json::from_str(&answer.text()[1..]).unwrap();
    let target = format!("engine.io/?transport=polling&sid={}", open["sid"].as_str().unwrap());
    let with = |cookie| [("Cookie", cookie)];
    assert_eq!(server.send("POST", &target, &[], "4a").await.status, 200, "not known yet");
    assert_eq!(server.send("POST", &target, &with(cookie), "4b").await.status, 200);
    assert_eq!(server.send("POST", &target, &[], "4c").await.status, 400);
    assert_eq!(server.send("POST", &target, &with("X-Chainlit-Browser=x"), "4d").await.status, 400);
    assert_eq!(server.send("GET", &target, &with(cookie), "").await.text(), "4a\x1e4b");
    let again = server.send("GET", "engine.io/?transport=polling", &with(cookie), "").await;
    assert!(again.header("set-cookie").is_none(), "it has one");
    server.stop().await;
}
