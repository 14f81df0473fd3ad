//! A chat whose client has nothing but requests.

use chainlit::{self as cl, App};

use crate::support::TestServer;

async fn greet() -> cl::Result {
    cl::Message::new("welcome").send().await?;
    Ok(())
}

async fn farewell() -> cl::Result {
    cl::Message::new("goodbye").send().await?;
    Ok(())
}

async fn answer(message: cl::Message) -> cl::Result {
    let mut reply = cl::Message::new("");
    match message.content.as_str() {
        "for ever" => {
            reply.stream_token("on").await?;
            std::future::pending::<()>().await;
        }
        words => {
            for word in words.split_inclusive(' ') {
                reply.stream_token(word).await?;
            }
        }
    }
    reply.update().await?;
    Ok(())
}

#[tokio::test]
async fn a_whole_chat_over_polling() {
    let server = TestServer::start(App::new().on_chat_start(greet).on_message(answer)).await;
    let mut client = server.join_by_polling("polls").await;
    let greeting = client.until("task_end").await;
    assert!(
        greeting
            .iter()
            .any(|event| event.name == "new_message" && event.data["output"] == "welcome")
    );

    client.say("one two three").await;
    let answer = client.until("task_end").await;
    let mut text = String::new();
    for event in &answer {
        match event.name.as_str() {
            "stream_start" => text = event.output().to_owned(),
            "stream_token" => text.push_str(event.data["token"].as_str().unwrap()),
            "update_message" if !event.is_run() => assert_eq!(event.output(), text),
            _ => {}
        }
    }
    assert_eq!(text, "one two three");

    client.say("for ever").await;
    client.until("stream_start").await;
    client.emit("stop", None).await;
    client.until("task_end").await;
    client.leave().await;
    server.stop().await;
}

/// Another connection of the same chat takes over, whatever its transport.
#[tokio::test]
async fn a_chat_goes_on_over_a_socket() {
    let server = TestServer::start(App::new().on_chat_start(greet).on_message(answer)).await;
    let mut poller = server.join_by_polling("both").await;
    poller.until("task_end").await;
    let mut client = server.join_as("both").await;
    assert!(client.expect("new_message").await.is_run());
    assert_eq!(client.expect("new_message").await.output(), "welcome");
    // The one before is told that it was replaced.
    assert_eq!(poller.frame().await.as_deref(), Some("41"));
    assert_eq!(poller.frame().await, None);
    server.stop().await;
}

/// Who polls gets what is sent last, like everybody, and holds nothing up.
#[tokio::test]
async fn the_end_reaches_a_client_that_polls() {
    let app = App::new().on_message(answer).on_chat_end(farewell);
    let server = TestServer::start(app).await;
    let mut client = server.join_by_polling("stays").await;
    client.say("one").await;
    client.until("task_end").await;
    let rest = async {
        let mut packets = Vec::new();
        while let Some(packet) = client.frame().await {
            packets.push(packet);
        }
        packets
    };
    let (_, packets) = tokio::join!(server.stop(), rest);
    let has = |text: &str| packets.iter().any(|packet| packet.contains(text));
    assert!(has("The server is going down"), "{packets:?}");
    assert!(has("goodbye"), "{packets:?}");
    assert!(!packets.iter().any(|packet| packet == "41"), "a client would not come back");
}
