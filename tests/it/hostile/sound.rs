//! Sound that nobody asked for, and too much of what somebody did.

use serde_json::json;

use super::app::{everything, without_pace};
use super::{answered, complaints};
use crate::support::TestServer;

const CHUNK: &str =
    r#"{"isStart":true,"mimeType":"pcm16","elapsedTime":1,"data":{"_placeholder":true,"num":0}}"#;

#[tokio::test]
async fn sound_at_any_time_leaves_the_chat_as_it_was() {
    let server = TestServer::start_with(everything(), without_pace).await;
    let mut client = server.join().await;
    client.until("task_end").await;
    let chunk = format!("451-[\"audio_chunk\",{CHUNK}]");
    // Before the beginning, and after the end.
    client.send_with(&chunk, b"early").await;
    client.emit("audio_end", None).await;
    client.emit("audio_end", None).await;
    client.emit("audio_start", None).await;
    client.until("audio_connection").await;
    client.send_with(&chunk, b"now").await;
    client.emit("audio_end", None).await;
    client.send_with(&chunk, b"late").await;
    let mut events = answered(&mut client).await;
    assert_eq!(complaints(&events), [""; 0]);
    for _ in 0..200 {
        client.emit("audio_start", None).await;
        client.send_with(&chunk, &[0; 2_000]).await;
    }
    for odd in ["1e308", "-1", "0.0000001"] {
        let chunk = chunk.replace("\"elapsedTime\":1", &format!("\"elapsedTime\":{odd}"));
        client.send_with(&chunk, b"now").await;
    }
    events = answered(&mut client).await;
    assert_eq!(complaints(&events), [""; 0]);
    server.stop().await;
}

#[tokio::test]
async fn attachments_that_are_too_many_or_too_large_end_that_connection_only() {
    let server = TestServer::start_with(everything(), without_pace).await;
    let mut other = server.join_as("other").await;
    for (head, attachments, bytes) in [
        ("4517-", 0, 0),
        ("45100-", 0, 0),
        ("4599999999999999999999-", 0, 0),
        ("4516-", 16, 100_000),
        ("451-", 1, 1_100_000),
        ("451-", 1, 16_000_000),
        ("452-", 1, 10),
    ] {
        let mut client = server.join_as("tab").await;
        let frame = format!("{head}[\"audio_chunk\",{CHUNK}]");
        if attachments == 0 {
            client.send(frame).await;
        } else {
            assert!(client.try_send(&frame).await);
            for _ in 0..attachments {
                if !client.try_send_binary(&vec![0; bytes]).await {
                    break;
                }
            }
        }
        // A text where an attachment belongs.
        let _ = client.try_send("42[\"stop\"]").await;
        while client.next().await.is_some() {}
    }
    let mut client = server.join_as("tab").await;
    client.emit("audio_start", None).await;
    client.until("audio_connection").await;
    // As many as are allowed, of which the event uses one.
    client.send_with(&format!("4516-[\"audio_chunk\",{CHUNK}]"), b"a").await;
    for _ in 1..16 {
        assert!(client.try_send_binary(b"a").await);
    }
    for client in [&mut client, &mut other] {
        assert_eq!(complaints(&answered(client).await), [""; 0]);
    }
    server.stop().await;
}

/// What the window around the page says is dropped where there is no room, and nobody is bothered.
#[tokio::test]
async fn a_window_that_talks_at_length_is_not_listened_to() {
    let server = TestServer::start_with(everything(), without_pace).await;
    let mut client = server.join().await;
    client.until("task_end").await;
    let long = "x".repeat(900_000);
    for _ in 0..30 {
        client.emit("window_message", json!(long)).await;
    }
    for _ in 0..2_000 {
        client.emit("window_message", json!(1)).await;
    }
    assert_eq!(complaints(&answered(&mut client).await), [""; 0]);
    server.stop().await;
}
