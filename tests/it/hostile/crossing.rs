//! Two users who do everything at once: nothing of the one reaches the other.

use serde_json::json;

use super::app::{everything, without_pace};
use crate::support::{TestServer, user_message};

/// Does a bit of everything, with a word of its own in each; gives all that came back.
async fn life(server: &TestServer, session: &str, word: &str) -> Vec<String> {
    let mut client = server.join_as(session).await;
    let mut frames = Vec::new();
    client.emit("audio_start", None).await;
    let http =
        async |method: &str, path: &str, body| server.request(method, path, Some(body)).await;
    for round in 0..15 {
        let mark = format!("{word} {round}");
        let file = server.upload(session, &format!("{mark}.txt"), "text/plain", b"a").await;
        client.emit("chat_settings_change", json!({ "text": mark })).await;
        client.emit("chat_settings_edit", json!({ "text": mark, "heat": 9 })).await;
        client.emit("window_message", json!(mark)).await;
        client.emit("edit_message", json!({ "message": user_message(&mark) })).await;
        client.emit_binary("audio_chunk", json!({ "mimeType": mark }), mark.as_bytes()).await;
        client.emit("client_message", json!(mark)).await;
        let mut unknown = user_message("x");
        unknown["command"] = json!(mark);
        client.emit("client_message", json!({ "message": unknown })).await;
        let with_file =
            json!({ "message": user_message(&mark), "fileReferences": [{ "id": file }] });
        client.emit("client_message", with_file).await;
        client.say("component").await;
        let (mut element, mut action) = (None, None);
        while element.is_none() || action.is_none() {
            let frame = client.frame().await.unwrap();
            if let Some(event) = frame.strip_prefix("42") {
                let (name, data): (String, serde_json::Value) =
                    serde_json::from_str(event).unwrap();
                match name.as_str() {
                    "element" if data["type"] == "custom" => element = Some(data),
                    "action" => action = Some(data),
                    _ => {}
                }
            }
            frames.push(frame);
        }
        let mut element = element.unwrap();
        element["props"] = json!({ "mark": mark });
        let body = json!({ "sessionId": session, "element": element });
        assert_eq!(http("PUT", "/project/element", body).await.0, 200);
        let body = json!({ "sessionId": session, "action": action });
        assert_eq!(http("POST", "/project/action", body).await.0, 200);
        let body = json!({ "sessionId": session, "action": { "name": mark, "payload": null } });
        assert_eq!(http("POST", "/project/action", body).await.0, 404);
        if round % 5 == 4 {
            client.cut();
            client = server.join_as(session).await;
        }
    }
    let last = format!("{word} last");
    client.say(&last).await;
    while !frames
        .last()
        .is_some_and(|frame| frame.contains(&last) && frame.contains("assistant_message"))
    {
        frames.push(client.frame().await.unwrap());
    }
    frames
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_users_who_do_everything_at_once_do_not_meet() {
    let server = TestServer::start_with(everything(), without_pace).await;
    let (first, second) =
        tokio::join!(life(&server, "first-tab", "apple"), life(&server, "second-tab", "pear"));
    for (frames, own, foreign) in
        [(first, "apple", ["pear", "second-tab"]), (second, "pear", ["apple", "first-tab"])]
    {
        assert!(frames.iter().filter(|frame| frame.contains(own)).count() > 100);
        for frame in frames {
            assert!(foreign.iter().all(|word| !frame.contains(word)), "{own}: {frame}");
        }
    }
    server.stop().await;
}
