//! What a handler sends and in which order it comes.

use std::time::Duration;

use chainlit::{self as cl, App};
use serde_json::json;

use crate::support::TestServer;

async fn echo(message: cl::Message) -> cl::Result {
    cl::Message::new(format!("You said: {}", message.content)).send().await?;
    Ok(())
}

#[tokio::test]
async fn a_message_is_answered_in_the_order_of_chainlit() {
    let server = TestServer::start(App::new().on_message(echo)).await;
    let mut client = server.join().await;
    let id = client.say("Hi").await;
    client.expect("task_start").await;
    let first = client.expect("first_interaction").await;
    assert_eq!(first.data["interaction"], "Hi");
    let run = client.expect("new_message").await;
    assert_eq!(run.data["name"], "on_message");
    assert_eq!(run.data["parentId"], json!(id));
    let answer = client.expect("new_message").await;
    assert_eq!(answer.output(), "You said: Hi");
    assert_eq!(answer.data["parentId"], run.data["id"]);
    assert_eq!(answer.data["threadId"], first.data["thread_id"]);
    let end = client.expect("update_message").await;
    assert_eq!(
        (end.data["input"].as_str(), end.data["id"].as_str()),
        (Some("Hi"), run.data["id"].as_str())
    );
    client.expect("task_end").await;
    server.stop().await;
}

#[tokio::test]
async fn tokens_come_one_by_one_and_the_last_state_follows() {
    async fn stream(_: cl::Message) -> cl::Result {
        let mut reply = cl::Message::new("");
        reply.stream(futures_util::stream::iter(["one", "", " two", " three"])).await
    }
    let server = TestServer::start(App::new().on_message(stream)).await;
    let mut client = server.join().await;
    client.say("go").await;
    let events = client.until("task_end").await;
    let of_reply: Vec<_> = events
        .iter()
        .skip_while(|event| event.name != "stream_start")
        .take_while(|event| !event.is_run())
        .map(|event| {
            let text = event.data.get("token").or(event.data.get("output")).unwrap();
            (event.name.as_str(), text.as_str().unwrap())
        })
        .collect();
    assert_eq!(
        of_reply,
        [
            ("stream_start", "one"),
            ("stream_token", " two"),
            ("stream_token", " three"),
            ("update_message", "one two three"),
        ]
    );
    server.stop().await;
}

#[tokio::test]
async fn a_stream_that_a_handler_forgets_is_closed() {
    async fn forget(_: cl::Message) -> cl::Result {
        let mut reply = cl::Message::new("");
        reply.stream_token("half a ").await?;
        Err("the model is gone".into())
    }
    let server = TestServer::start(App::new().on_message(forget)).await;
    let mut client = server.join().await;
    client.say("go").await;
    let events = client.until("task_end").await;
    let closed = events
        .iter()
        .find(|event| event.name == "update_message" && !event.is_run())
        .expect("the stream's end");
    assert_eq!(closed.output(), "half a ");
    assert_eq!(closed.data["streaming"], false);
    server.stop().await;
}

#[tokio::test]
async fn one_sessions_messages_are_handled_in_order() {
    async fn slow_first(message: cl::Message) -> cl::Result {
        if message.content == "1" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        echo(message).await
    }
    let server = TestServer::start(App::new().on_message(slow_first)).await;
    let mut client = server.join().await;
    for text in ["1", "2", "3"] {
        client.say(text).await;
    }
    for text in ["1", "2", "3"] {
        assert_eq!(client.answers().await, [format!("You said: {text}")]);
    }
    server.stop().await;
}

#[tokio::test]
async fn an_edited_message_is_answered_anew_and_the_rest_goes() {
    async fn count(message: cl::Message, history: cl::ChatContext) -> cl::Result {
        let text = format!("{} after {}", message.content, history.messages().len() - 1);
        cl::Message::new(text).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(count)).await;
    let mut client = server.join().await;
    let mut ids = Vec::new();
    for (text, answer) in
        [("one", "one after 0"), ("two", "two after 2"), ("three", "three after 4")]
    {
        ids.push(client.say(text).await);
        assert_eq!(client.answers().await, [answer]);
    }
    let edited = json!({ "message": { "id": ids[1], "output": "two!" } });
    client.emit("edit_message", edited).await;
    let update = client.expect("update_message").await;
    assert_eq!((update.output(), update.data["id"].as_str()), ("two!", Some(ids[1].as_str())));
    for gone in ["two after 2", "three", "three after 4"] {
        assert_eq!(client.expect("delete_message").await.output(), gone);
    }
    assert_eq!(client.answers().await, ["two! after 2"]);
    server.stop().await;
}

/// Chainlit lets a client rewrite the assistant's words too.
#[tokio::test]
async fn only_the_users_own_messages_can_be_edited() {
    let server = TestServer::start(App::new().on_message(echo)).await;
    let mut client = server.join().await;
    client.say("Hi").await;
    let events = client.until("task_end").await;
    let answer =
        events.iter().find(|event| event.name == "new_message" && !event.is_run()).unwrap();
    let edited = json!({ "message": { "id": answer.data["id"], "output": "forged" } });
    client.emit("edit_message", edited).await;
    client.expect("task_start").await;
    // The page has cut its conversation there: it gets it back.
    assert_eq!(client.expect("new_message").await.output(), "You said: Hi");
    let error = client.expect("new_message").await;
    assert_eq!(error.data["isError"], true);
    client.expect("task_end").await;
    server.stop().await;
}

/// A client says who it is by logging in, not by writing so.
#[tokio::test]
async fn type_and_author_of_a_users_message_are_the_servers_to_decide() {
    async fn who(message: cl::Message) -> cl::Result {
        cl::Message::new(format!("{} {:?} {:?}", message.author, message.kind, message.parent_id))
            .send()
            .await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(who)).await;
    let mut client = server.join().await;
    let mut forged = crate::support::user_message("Hi");
    forged["name"] = json!("Assistant");
    forged["type"] = json!("assistant_message");
    forged["parentId"] = json!("somewhere");
    client.emit("client_message", json!({ "message": forged })).await;
    assert_eq!(client.answers().await, ["User User None"]);
    server.stop().await;
}

/// Chainlit sleeps for a millisecond in each message to tell them apart.
#[tokio::test]
async fn what_comes_later_has_a_later_time() {
    async fn burst(_: cl::Message) -> cl::Result {
        for n in 0..50 {
            cl::Message::new(n.to_string()).send().await?;
        }
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(burst)).await;
    let mut client = server.join().await;
    let mut times = Vec::new();
    for _ in 0..2 {
        client.say("go").await;
        let events = client.until("task_end").await;
        let new = events.iter().filter(|event| event.name == "new_message");
        times.extend(new.map(|event| {
            let time = event.data["createdAt"].as_str().unwrap();
            time.parse::<cl::Timestamp>().unwrap()
        }));
    }
    assert_eq!(times.len(), 2 * 51);
    assert!(times.is_sorted_by(|earlier, later| earlier < later), "{times:?}");
    server.stop().await;
}

/// With Chainlit only the page keeps to `features.edit_message`.
#[tokio::test]
async fn where_editing_is_off_an_edit_changes_nothing() {
    let server = TestServer::start_with(App::new().on_message(echo), |config| {
        config.features.edit_message = false;
    })
    .await;
    let mut client = server.join().await;
    let id = client.say("Hi").await;
    client.until("task_end").await;
    client.emit("edit_message", json!({ "message": { "id": id, "output": "Hello" } })).await;
    // The page has cut its conversation already: it gets it back.
    for shown in ["Hi", "", "You said: Hi"] {
        assert_eq!(client.expect("new_message").await.output(), shown);
    }
    client.expect("task_start").await;
    let error = client.expect("new_message").await;
    assert_eq!(
        (error.output(), &error.data["isError"]),
        ("Messages can't be edited here.", &json!(true))
    );
    client.expect("task_end").await;
    client.say("again").await;
    assert_eq!(client.answers().await, ["You said: again"]);
    server.stop().await;
}

/// With Chainlit's server and page the old answers come back at the next reload.
#[tokio::test]
async fn what_an_edit_removed_does_not_come_back() {
    async fn fail_first(message: cl::Message) -> cl::Result {
        if message.content == "first" {
            return Err("no".into());
        }
        echo(message).await
    }
    let server = TestServer::start(App::new().on_message(fail_first)).await;
    let mut client = server.join_as("tab").await;
    let id = client.say("first").await;
    client.until("task_end").await;
    client.emit("edit_message", json!({ "message": { "id": id, "output": "second" } })).await;
    assert_eq!(client.answers().await, ["You said: second"]);
    client.cut();
    let mut client = server.join_as("tab").await;
    client.say("last").await;
    let shown: Vec<_> = client
        .until("task_start")
        .await
        .into_iter()
        .filter(|event| event.name == "new_message" && !event.is_run())
        .map(|event| event.output().to_owned())
        .collect();
    assert_eq!(shown, ["second", "You said: second"]);
    server.stop().await;
}

#[tokio::test]
async fn a_stream_that_is_left_open_is_kept_as_far_as_it_came() {
    async fn leave_open(message: cl::Message, history: cl::ChatContext) -> cl::Result {
        if message.content == "what?" {
            let texts: Vec<_> =
                history.messages().iter().map(|message| message.content.as_str()).collect();
            cl::Message::new(texts.join(" ")).send().await?;
            return Ok(());
        }
        let mut reply = cl::Message::new("a").action(cl::Action::new("more", json!({})));
        for token in ["b", "c"] {
            reply.stream_token(token).await?;
        }
        if message.content == "removed" {
            // Another handle to the same message: the stream's own one does not know.
            reply.clone().remove().await?;
            reply.stream_token("d").await?;
        }
        Ok(())
    }
    async fn more() {}
    let app = App::new().on_message(leave_open).action_callback("more", more);
    let server = TestServer::start(app).await;
    let mut client = server.join().await;
    client.say("open").await;
    let events = client.until("task_end").await;
    let closed = events.iter().find(|event| event.name == "update_message" && !event.is_run());
    let closed = closed.unwrap();
    assert_eq!((closed.output(), closed.data["streaming"].as_bool()), ("abc", Some(false)));
    client.say("removed").await;
    let events = client.until("task_end").await;
    assert!(!events.iter().any(|event| event.name == "update_message" && !event.is_run()));
    client.say("what?").await;
    assert_eq!(client.answers().await, ["open abc removed what?"]);
    server.stop().await;
}
