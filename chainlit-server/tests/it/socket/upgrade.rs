use super::server::{Poller, Server, Socket, calm};

/// Probes, and lets the last poll come back.
async fn probe(server: &Server, poller: &Poller) -> Socket {
    let mut socket = server.socket(&poller.target("websocket"), &[]).await.unwrap();
    socket.send("2probe").await;
    assert_eq!(socket.text().await.unwrap(), "3probe");
    socket
}

/// Messages go both ways before, while and after the connection moves.
#[tokio::test]
async fn a_connection_moves_while_messages_flow() {
    let server = Server::start(calm()).await;
    for _ in 0..20 {
        let poller = server.open().await;
        let polls = tokio::spawn({
            let poller = poller.clone();
            async move {
                let mut texts = Vec::new();
                loop {
                    let (status, body) = poller.poll().await;
                    assert_eq!(status, 200, "{body}");
                    for packet in body.split('\x1e') {
                        if packet == "6" {
                            return texts;
                        }
                        texts.push(packet.to_owned());
                    }
                }
            }
        });
        let texts: Vec<String> = (0..30).map(|number| format!("4{number}")).collect();
        for text in &texts[..10] {
            assert_eq!(poller.post(text).await.0, 200);
        }
        let mut socket = probe(&server, &poller).await;
        for text in &texts[10..20] {
            assert_eq!(poller.post(text).await.0, 200);
        }
        let mut came = polls.await.unwrap();
        socket.send("5").await;
        for text in &texts[20..] {
            socket.send(text.clone()).await;
        }
        while came.len() < texts.len() {
            came.push(socket.text().await.unwrap());
        }
        assert_eq!(came, texts);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_connection_moves_once() {
    let server = Server::start(calm()).await;
    let poller = server.open().await;
    let mut socket = probe(&server, &poller).await;
    let mut second = server.socket(&poller.target("websocket"), &[]).await.unwrap();
    assert_eq!(second.text().await, None, "while it moves");
    socket.send("5").await;
    socket.send("4moved").await;
    assert_eq!(socket.text().await.unwrap(), "4moved");
    assert_eq!(poller.poll().await.0, 400);
    assert_eq!(poller.post("4x").await.0, 400);
    let mut third = server.socket(&poller.target("websocket"), &[]).await.unwrap();
    assert_eq!(third.text().await, None, "after it moved");
    socket.send("4unmoved").await;
    assert_eq!(socket.text().await.unwrap(), "4unmoved");
    // When it has ended, nobody knows it.
    socket.send("1").await;
    assert_eq!(socket.text().await, None);
    let forgotten = async {
        while server.socket(&poller.target("websocket"), &[]).await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(super::server::PATIENCE, forgotten).await.unwrap();
    server.stop().await;
}

#[tokio::test]
async fn a_socket_that_fails_leaves_the_polling_as_it_was() {
    let server = Server::start(calm()).await;
    let poller = server.open().await;
    for wrong in ["4too early", "5", "2", "nonsense"] {
        let mut socket = server.socket(&poller.target("websocket"), &[]).await.unwrap();
        socket.send(wrong).await;
        assert_eq!(socket.text().await, None, "{wrong}");
    }
    for last in [None, Some("4too early"), Some("2probe")] {
        let mut socket = loop {
            // The server may not have seen the end of the one before.
            let mut socket = server.socket(&poller.target("websocket"), &[]).await.unwrap();
            socket.send("2probe").await;
            if socket.text().await.as_deref() == Some("3probe") {
                break socket;
            }
        };
        if let Some(last) = last {
            socket.send(last).await;
            assert_eq!(socket.text().await, None, "{last}");
        }
    }
    poller.post("4still here").await;
    let (mut status, mut body) = (200, "6".to_owned());
    while body == "6" {
        (status, body) = poller.poll().await;
    }
    assert_eq!((status, body.as_str()), (200, "4still here"));
    server.stop().await;
}

/// A client whose socket works may drop the poll that waits: it carries nothing.
#[tokio::test]
async fn a_poll_that_is_dropped_for_the_socket_breaks_nothing() {
    let server = Server::start(calm()).await;
    let poller = server.open().await;
    let mut socket = server.socket(&poller.target("websocket"), &[]).await.unwrap();
    let poll = poller.waiting_poll().await;
    socket.send("2probe").await;
    assert_eq!(socket.text().await.unwrap(), "3probe");
    drop(poll);
    socket.send("5").await;
    socket.send("4moved").await;
    assert_eq!(socket.text().await.unwrap(), "4moved");
    server.stop().await;
}

#[tokio::test]
async fn binary_messages_go_both_ways() {
    let server = Server::start(calm()).await;
    let poller = server.open().await;
    let mut socket = probe(&server, &poller).await;
    assert_eq!(poller.poll().await.1, "6");
    socket.send("5").await;
    for bytes in [&[][..], &[0, 255, 30, 98], &[7; 100_000]] {
        socket.send_binary(bytes).await;
        assert_eq!(socket.binary().await, bytes);
    }
    server.stop().await;
}
