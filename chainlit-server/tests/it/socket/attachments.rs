use chainlit_server::conformance::Options;

use super::server::{Server, Socket, calm};

async fn join(server: &Server) -> Socket {
    let mut socket = server.open_socket("socket.io").await;
    socket.send("40").await;
    socket.text().await.unwrap();
    socket.text().await.unwrap();
    socket
}

const TWO: &str = r#"[{"_placeholder":true,"num":1},{"deep":[{"_placeholder":true,"num":0}]}]"#;

#[tokio::test]
async fn events_and_answers_have_attachments() {
    let server = Server::start(calm()).await;
    let mut socket = join(&server).await;
    let args = TWO.strip_prefix('[').unwrap();
    socket.send(format!(r#"452-["message",{args}"#)).await;
    socket.send_binary(&[1, 2]).await;
    socket.send_binary(&[]).await;
    assert_eq!(socket.text().await.unwrap(), format!(r#"452-["message-back",{args}"#));
    assert_eq!((socket.binary().await, socket.binary().await), (vec![1, 2], vec![]));
    socket.send(format!(r#"452-12["message-with-ack",{args}"#)).await;
    socket.send_binary(&[3]).await;
    socket.send_binary(&[4]).await;
    assert_eq!(socket.text().await.unwrap(), format!("462-12{TWO}"));
    assert_eq!((socket.binary().await, socket.binary().await), (vec![3], vec![4]));
    // An answer of ours to nothing is let pass.
    socket.send(format!("462-5{TWO}")).await;
    socket.send_binary(&[5]).await;
    socket.send_binary(&[6]).await;
    socket.send(r#"450-["message"]"#).await;
    assert_eq!(socket.text().await.unwrap(), r#"42["message-back"]"#);
    // In a packet without attachments it is only an object.
    let plain = r#"["message-back",{"_placeholder":true,"num":9}]"#;
    socket.send(format!("42{}", plain.replace("-back", ""))).await;
    assert_eq!(socket.text().await.unwrap(), format!("42{plain}"));
    server.stop().await;
}

#[tokio::test]
async fn attachments_that_do_not_fit_end_the_connection() {
    let server = Server::start(Options { max_payload: 1000, ..calm() }).await;
    for wrong in [
        r#"451-["message",{"_placeholder":true,"num":1}]"#,
        r#"451-["message",{"_placeholder":true,"num":-1}]"#,
        r#"451-["message",[{"_placeholder":true,"num":0.5}]]"#,
        r#"451-["message",{"a":{"_placeholder":true}}]"#,
        r#"4517-["message"]"#,
        r#"45999999999999999999-["message"]"#,
        r#"45-["message"]"#,
        "461-[]",
    ] {
        let mut socket = join(&server).await;
        socket.send(wrong).await;
        assert_eq!(socket.text().await, None, "{wrong}");
    }
    let mut unasked = join(&server).await;
    unasked.send_binary(&[1]).await;
    assert_eq!(unasked.text().await, None, "an attachment of nothing");
    let mut mixed = join(&server).await;
    mixed.send(r#"451-["message",{"_placeholder":true,"num":0}]"#).await;
    mixed.send(r#"42["message"]"#).await;
    assert_eq!(mixed.text().await, None, "a text where an attachment was to come");
    let mut large = join(&server).await;
    large.send(r#"452-["message"]"#).await;
    large.send_binary(&[0; 600]).await;
    large.send_binary(&[0; 600]).await;
    assert_eq!(large.text().await, None, "too large together");
    server.stop().await;
}
