use super::server::{Server, Socket, calm};

/// Past CONNECT to the default namespace.
async fn join(server: &Server) -> Socket {
    let mut socket = server.open_socket("socket.io").await;
    socket.send(r#"40{"token":"t"}"#).await;
    assert!(socket.text().await.unwrap().starts_with(r#"40{"sid":""#));
    assert_eq!(socket.text().await.unwrap(), r#"42["auth",{"token":"t"}]"#);
    socket
}

#[tokio::test]
async fn one_connection_carries_several_namespaces() {
    let server = Server::start(calm()).await;
    let mut socket = join(&server).await;
    socket.send("40/random,").await;
    assert_eq!(socket.text().await.unwrap(), r#"44/random,{"message":"Invalid namespace"}"#);
    socket.send("40/custom").await;
    assert!(socket.text().await.unwrap().starts_with(r#"40/custom,{"sid":""#));
    assert_eq!(socket.text().await.unwrap(), r#"42/custom,["auth",{}]"#);
    socket.send(r#"42/custom,["message",1]"#).await;
    assert_eq!(socket.text().await.unwrap(), r#"42/custom,["message-back",1]"#);
    socket.send(r#"42/custom,7["message-with-ack",1]"#).await;
    assert_eq!(socket.text().await.unwrap(), "43/custom,7[1]");
    socket.send("41/custom,").await;
    // What was on its way to it is ignored.
    socket.send(r#"42/custom,["message","late"]"#).await;
    socket.send(r#"42["message",2]"#).await;
    assert_eq!(socket.text().await.unwrap(), r#"42["message-back",2]"#);
    server.stop().await;
}

#[tokio::test]
async fn events_are_answered_when_the_client_wants_it() {
    let server = Server::start(calm()).await;
    let mut socket = join(&server).await;
    socket.send(r#"4218446744073709551615["message-with-ack",{"a":[1]},"2"]"#).await;
    assert_eq!(socket.text().await.unwrap(), r#"4318446744073709551615[{"a":[1]},"2"]"#);
    socket.send(r#"420["message"]"#).await;
    assert_eq!(socket.text().await.unwrap(), r#"42["message-back"]"#);
    assert_eq!(socket.text().await.unwrap(), "430[]");
    server.stop().await;
}

#[tokio::test]
async fn a_packet_at_the_wrong_time_ends_the_connection() {
    let server = Server::start(calm()).await;
    for early in [r#"42["message"]"#, "431[]", "41", "44{}", r#"42/custom,["message"]"#] {
        let mut socket = server.open_socket("socket.io").await;
        socket.send(early).await;
        assert_eq!(socket.text().await, None, "{early}");
    }
    let long = format!("40/{},", "n".repeat(200));
    for wrong in ["40", r#"42/custom,["message"]"#, "41/custom,", "44{}", "4", "40{}x", &long] {
        let mut socket = join(&server).await;
        socket.send(wrong).await;
        assert_eq!(socket.text().await, None, "{wrong}");
    }
    let mut socket = join(&server).await;
    socket.send("41").await;
    socket.send("40").await;
    assert_eq!(socket.text().await, None, "back after it left");
    server.stop().await;
}

#[tokio::test]
async fn socketio_works_over_polling() {
    let server = Server::start(calm()).await;
    let poller = server.open_at("socket.io", &[]).await;
    poller.post("40").await;
    let (_, body) = poller.poll().await;
    let (connected, auth) = body.split_once('\x1e').unwrap();
    assert!(connected.starts_with(r#"40{"sid":""#), "{connected}");
    assert!(!connected.contains(&poller.sid), "the id of the transport stays with its owner");
    assert_eq!(auth, r#"42["auth",{}]"#);
    let event = r#"451-["message",{"_placeholder":true,"num":0}]"#;
    poller.post(&format!("{event}\x1ebAQID\x1e423[\"message-with-ack\"]")).await;
    assert_eq!(
        poller.poll().await.1,
        "451-[\"message-back\",{\"_placeholder\":true,\"num\":0}]\x1ebAQID\x1e433[]"
    );
    server.stop().await;
}
