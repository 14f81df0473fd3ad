//! Questions to the user.

use std::time::Duration;

use chainlit::{self as cl, App};
use serde_json::json;

use crate::support::{TestServer, user_message};

async fn ask_name() -> cl::Result {
    let ask = cl::AskUserMessage::new("Your name?").timeout(None);
    let text = match ask.send().await? {
        Some(answer) => format!("Hello {}", answer.content),
        None => "no answer".to_owned(),
    };
    cl::Message::new(text).send().await?;
    Ok(())
}

async fn ignore() {}

fn app() -> App {
    App::new().on_chat_start(ask_name).on_message(ignore)
}

#[tokio::test]
async fn an_answer_reaches_the_handler() {
    let server = TestServer::start(app()).await;
    let mut client = server.join().await;
    let ask = client.until("ask").await.pop().unwrap();
    assert_eq!(ask.ack, Some(1));
    assert_eq!(ask.data["msg"]["waitForAnswer"], true);
    assert_eq!(ask.data["spec"]["type"], "text");
    assert_eq!(ask.data["spec"]["step_id"], ask.data["msg"]["id"]);
    client.ack(&ask, user_message("Ada")).await;
    for name in ["task_end", "clear_ask", "first_interaction", "task_start"] {
        client.expect(name).await;
    }
    assert_eq!(client.answers().await, ["Hello Ada"]);
    server.stop().await;
}

#[tokio::test]
async fn an_ask_that_nobody_answers_ends_with_its_timeout() {
    async fn hurry() -> cl::Result {
        let ask = cl::AskUserMessage::new("Quick!").timeout(Duration::from_millis(20));
        assert!(ask.send().await?.is_none());
        let error = ask.raise_on_timeout(true).send().await.unwrap_err();
        cl::Message::new(error.to_string()).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_chat_start(hurry).on_message(ignore)).await;
    let mut client = server.join().await;
    for _ in 0..2 {
        client.until("ask").await;
        client.expect("ask_timeout").await;
        client.expect("task_start").await;
    }
    assert_eq!(client.answers().await, ["the user did not answer within 20ms"]);
    server.stop().await;
}

/// With Chainlit the ask is lost with the connection and blocks its handler.
#[tokio::test]
async fn an_open_ask_survives_a_cut_connection_and_a_reload() {
    let server = TestServer::start(app()).await;
    let mut client = server.join_as("tab").await;
    client.until("ask").await;
    client.cut();
    let mut client = server.join_as("tab").await;
    let events = client.until("ask").await;
    assert!(events.iter().any(|event| event.name == "task_start"));
    client.ack(events.last().unwrap(), user_message("Ada")).await;
    client.until("task_start").await;
    assert_eq!(client.answers().await, ["Hello Ada"]);
    server.stop().await;
}

/// With Chainlit the page still asks after Stop.
#[tokio::test]
async fn stop_withdraws_an_open_ask() {
    let server = TestServer::start(app()).await;
    let mut client = server.join().await;
    client.until("ask").await;
    client.emit("stop", None).await;
    client.expect("new_message").await;
    client.expect("clear_ask").await;
    client.until("task_end").await;
    server.stop().await;
}

/// With Chainlit a removed ask blocks its handler until the timeout.
#[tokio::test]
async fn a_removed_ask_gives_none() {
    async fn change_of_mind() -> cl::Result {
        let ask = cl::AskUserMessage::new("Well?").timeout(None);
        let (answer, removed) = tokio::join!(ask.send(), async {
            tokio::task::yield_now().await;
            ask.remove().await
        });
        removed?;
        assert!(answer?.is_none());
        cl::Message::new("never mind").send().await?;
        Ok(())
    }
    let server =
        TestServer::start(App::new().on_chat_start(change_of_mind).on_message(ignore)).await;
    let mut client = server.join().await;
    client.until("ask").await;
    client.expect("delete_message").await;
    client.expect("clear_ask").await;
    assert_eq!(client.answers().await, ["never mind"]);
    server.stop().await;
}

#[tokio::test]
async fn an_answer_of_the_wrong_shape_is_asked_for_again() {
    let server = TestServer::start(app()).await;
    let mut client = server.join().await;
    let ask = client.until("ask").await.pop().unwrap();
    client.ack(&ask, json!({ "id": "not-a-uuid", "output": "x" })).await;
    client.expect("toast").await;
    let again = client.expect("ask").await;
    assert_eq!(again.ack, Some(2));
    // The first question is used up: an answer to it is nobody's.
    client.ack(&ask, user_message("Eve")).await;
    client.ack(&again, user_message("Ada")).await;
    client.until("task_start").await;
    assert_eq!(client.answers().await, ["Hello Ada"]);
    server.stop().await;
}

/// A page shows one question at a time: the other comes back when that one is over.
#[tokio::test]
async fn two_open_questions_are_both_answered() {
    async fn both() -> cl::Result {
        let (one, two) = (cl::AskUserMessage::new("one?"), cl::AskUserMessage::new("two?"));
        let (one, two) = tokio::join!(one.send(), two.send());
        let text = |answer: Option<cl::Message>| answer.map_or(String::new(), |it| it.content);
        cl::Message::new(format!("{} {}", text(one?), text(two?))).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_chat_start(both).on_message(ignore)).await;
    let mut client = server.join_as("tab").await;
    client.until("ask").await;
    client.expect("ask").await;
    client.cut();
    let mut client = server.join_as("tab").await;
    client.until("ask").await;
    let two = client.expect("ask").await;
    assert_eq!(two.data["msg"]["output"], "two?");
    client.ack(&two, user_message("second")).await;
    let one = client.until("ask").await.pop().unwrap();
    assert_eq!(one.data["msg"]["output"], "one?");
    client.ack(&one, user_message("first")).await;
    client.until("clear_ask").await;
    assert_eq!(client.answers().await, ["first second"]);
    server.stop().await;
}
