//! Questions that are answered by a button.

use std::time::Duration;

use chainlit::{self as cl, App};
use serde_json::{Value, json};

use crate::support::{Client, Event, TestServer};

fn choices() -> [cl::Action; 2] {
    [
        cl::Action::new("pay", json!({ "cents": 700 })).label("Pay"),
        cl::Action::new("leave", json!({})).label("Leave"),
    ]
}

async fn ask() -> cl::Result {
    let question = cl::AskActionMessage::new("Well?", choices()).timeout(None);
    let text = match question.send().await? {
        Some(action) => format!("{} {}", action.name, action.payload),
        None => "nothing".to_owned(),
    };
    cl::Message::new(text).send().await?;
    Ok(())
}

async fn ignore() {}

fn app() -> App {
    App::new().on_chat_start(ask).on_message(ignore)
}

/// The two buttons and the question.
async fn asked(client: &mut Client) -> [Event; 3] {
    let pay = client.until("action").await.pop().unwrap();
    let leave = client.expect("action").await;
    [pay, leave, client.expect("ask").await]
}

fn names(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.name.as_str()).collect()
}

#[tokio::test]
async fn the_servers_copy_is_the_answer() {
    let server = TestServer::start(app()).await;
    let mut client = server.join().await;
    let [pay, leave, ask] = asked(&mut client).await;
    assert_eq!(ask.data["spec"]["keys"], json!([pay.data["id"], leave.data["id"]]));
    assert_eq!(pay.data["forId"], ask.data["msg"]["id"]);
    let forged = json!({
        "id": pay.data["id"], "name": "leave", "payload": { "cents": 1 }, "label": "Leave",
    });
    client.ack(&ask, forged).await;
    let events = client.until("task_end").await;
    assert_eq!(names(&events), ["task_end"]);
    for name in ["first_interaction", "clear_ask", "task_start", "remove_action", "remove_action"] {
        let event = client.expect(name).await;
        if name == "first_interaction" {
            assert_eq!(event.data["interaction"], "pay");
        }
    }
    let update = client.expect("update_message").await;
    assert_eq!(update.output(), "**Selected:** Pay");
    assert_eq!(update.data["waitForAnswer"], false);
    assert_eq!(client.answers().await, [r#"pay {"cents":700}"#]);
    server.stop().await;
}

#[tokio::test]
async fn only_what_was_offered_is_an_answer() {
    let server = TestServer::start(app()).await;
    let mut client = server.join().await;
    let [_, leave, mut ask] = asked(&mut client).await;
    for wrong in [
        json!({ "name": "pay", "payload": {}, "id": uuid::Uuid::new_v4().to_string() }),
        json!({ "name": "pay", "payload": { "cents": 700 } }),
        json!({ "id": 7 }),
        json!("pay"),
        Value::Null,
    ] {
        client.ack(&ask, wrong).await;
        let toast = client.expect("toast").await;
        assert_eq!(toast.data["type"], "error");
        assert_eq!(toast.data["message"], "That answer can't be taken: it is none of the choices");
        ask = client.expect("ask").await;
    }
    client.ack(&ask, leave.data.clone()).await;
    client.until("task_start").await;
    assert_eq!(client.answers().await, ["leave {}"]);
    server.stop().await;
}

/// With Chainlit the question is lost with the connection.
#[tokio::test]
async fn an_open_question_keeps_its_buttons_through_a_cut_and_a_reload() {
    let server = TestServer::start(app()).await;
    let mut client = server.join_as("tab").await;
    let [pay, ..] = asked(&mut client).await;
    client.cut();
    let mut client = server.join_as("tab").await;
    let events = client.until("ask").await;
    let shown = events.iter().filter(|event| event.name == "action");
    assert_eq!(shown.map(|event| &event.data["label"]).collect::<Vec<_>>(), ["Pay", "Leave"]);
    assert!(events.contains(&pay), "the button is another one");
    client.ack(events.last().unwrap(), pay.data.clone()).await;
    client.until("task_start").await;
    assert_eq!(client.answers().await, [r#"pay {"cents":700}"#]);
    client.leave().await;

    let mut client = server.join_as("tab").await;
    client.send("40/nowhere,").await;
    let mut rest = Vec::new();
    while let Some(frame) = client.frame().await.filter(|frame| !frame.starts_with("44")) {
        rest.push(frame);
    }
    assert!(rest.iter().any(|frame| frame.contains("**Selected:** Pay")), "{rest:#?}");
    assert!(!rest.iter().any(|frame| frame.starts_with("42[\"action\"")), "{rest:#?}");
    server.stop().await;
}

/// With Chainlit the page still asks after Stop, and the buttons stay.
#[tokio::test]
async fn stop_takes_the_question_and_its_buttons_away() {
    let server = TestServer::start(app()).await;
    let mut client = server.join_as("tab").await;
    let [pay, _, ask] = asked(&mut client).await;
    client.emit("stop", None).await;
    let events = client.until("task_end").await;
    assert_eq!(
        names(&events),
        [
            "new_message",
            "clear_ask",
            "remove_action",
            "remove_action",
            "update_message",
            "task_end"
        ]
    );
    client.ack(&ask, pay.data).await;
    let toast = client.expect("toast").await;
    assert_eq!(toast.data["message"], "That question is not open any more.");
    server.stop().await;
}

/// With Chainlit an error of the timeout leaves the buttons behind.
#[tokio::test]
async fn a_timeout_takes_the_buttons_away_also_when_it_is_an_error() {
    async fn hurry() -> cl::Result {
        let limit = Duration::from_millis(20);
        let question = cl::AskActionMessage::new("Quick!", choices()).timeout(limit);
        assert_eq!(question.send().await?, None);
        let error = question.raise_on_timeout(true).send().await.unwrap_err();
        assert!(matches!(error, cl::Error::AskTimeout { .. }));
        Ok(())
    }
    let server = TestServer::start(App::new().on_chat_start(hurry).on_message(ignore)).await;
    let mut client = server.join().await;
    for _ in 0..2 {
        asked(&mut client).await;
        for name in ["ask_timeout", "task_start", "remove_action", "remove_action"] {
            client.expect(name).await;
        }
        let update = client.expect("update_message").await;
        assert_eq!(update.output(), "Timed out: no action was taken");
    }
    client.until("task_end").await;
    server.stop().await;
}

/// With Chainlit a question that is taken back blocks its handler until the timeout.
#[tokio::test]
async fn a_question_that_is_taken_back_gives_none_and_takes_its_buttons() {
    async fn change_of_mind() -> cl::Result {
        let question = cl::AskActionMessage::new("Well?", choices()).timeout(None);
        let (answer, removed) = tokio::join!(question.send(), question.remove());
        removed?;
        assert_eq!(answer?, None);
        Ok(())
    }
    let app = App::new().on_chat_start(change_of_mind).on_message(ignore);
    let server = TestServer::start(app).await;
    let mut client = server.join().await;
    asked(&mut client).await;
    for name in ["delete_message", "clear_ask", "remove_action", "remove_action"] {
        client.expect(name).await;
    }
    client.until("task_end").await;
    server.stop().await;
}

#[tokio::test]
async fn another_session_answers_nothing_and_nobody_answers_twice() {
    let server = TestServer::start(app()).await;
    let mut ada = server.join().await;
    let [pay, _, ask] = asked(&mut ada).await;
    // The stranger's own question has the same number; it is answered with Ada's action.
    let mut eve = server.join().await;
    let [.., own] = asked(&mut eve).await;
    assert_eq!(own.ack, ask.ack);
    eve.ack(&own, pay.data.clone()).await;
    eve.expect("toast").await;
    eve.expect("ask").await;

    ada.ack(&ask, pay.data.clone()).await;
    ada.until("task_start").await;
    assert_eq!(ada.answers().await, [r#"pay {"cents":700}"#]);
    ada.ack(&ask, pay.data).await;
    let toast = ada.expect("toast").await;
    assert_eq!(toast.data["message"], "That question is not open any more.");
    server.stop().await;
}

/// The buttons of one question don't answer another one.
#[tokio::test]
async fn two_open_questions_with_one_parent_are_kept_apart() {
    async fn both() -> cl::Result {
        let one = cl::AskActionMessage::new("one?", [cl::Action::new("one", json!({}))]);
        let two = cl::AskActionMessage::new("two?", [cl::Action::new("two", json!({}))]);
        let (one, two) = tokio::join!(one.send(), two.send());
        let name = |chosen: Option<cl::Action>| chosen.map_or(String::new(), |it| it.name);
        cl::Message::new(format!("{} {}", name(one?), name(two?))).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_chat_start(both).on_message(ignore)).await;
    let mut client = server.join().await;
    let one = client.until("action").await.pop().unwrap();
    client.expect("ask").await;
    let two = client.expect("action").await;
    let second = client.expect("ask").await;
    assert_eq!(second.data["msg"]["output"], "two?");
    client.ack(&second, one.data.clone()).await;
    client.expect("toast").await;
    let again = client.expect("ask").await;
    client.ack(&again, two.data).await;
    let events = client.until("ask").await;
    assert!(names(&events).contains(&"clear_ask"), "{events:?}");
    let first = events.last().unwrap();
    assert_eq!(first.data["msg"]["output"], "one?");
    client.ack(first, one.data).await;
    client.until("clear_ask").await;
    assert_eq!(client.answers().await, ["one two"]);
    server.stop().await;
}

#[tokio::test]
async fn a_choice_is_no_call_of_the_actions_function() {
    async fn paid() -> cl::Result {
        cl::Message::new("paid by itself").send().await?;
        Ok(())
    }
    let server = TestServer::start(app().action_callback("pay", paid)).await;
    let mut client = server.join_as("tab").await;
    let [pay, _, ask] = asked(&mut client).await;
    let body = json!({ "sessionId": "tab", "action": pay.data });
    let (status, answer) = server.request("POST", "/project/action", Some(body.clone())).await;
    assert_eq!(
        (status, &answer["detail"]),
        (409, &json!("The action answers a question, it is not called by itself"))
    );
    client.ack(&ask, pay.data).await;
    client.until("task_start").await;
    assert_eq!(client.answers().await, [r#"pay {"cents":700}"#]);
    // The question is over, and what it offered with it.
    let (status, _) = server.request("POST", "/project/action", Some(body)).await;
    assert_eq!(status, 404);
    server.stop().await;
}

#[derive(Debug, serde::Deserialize, serde::Serialize)]
enum Size {
    Small,
    Large { extra: u32 },
}

#[tokio::test]
async fn a_choice_has_the_payload_as_a_type() {
    async fn ask() -> cl::Result {
        let sizes = [Size::Small, Size::Large { extra: 2 }];
        let actions = sizes.iter().map(|size| cl::Action::typed("size", size));
        let actions = actions.collect::<Result<Vec<_>, _>>()?;
        let question = cl::AskActionMessage::new("Which?", actions);
        let chosen = question.send_as::<Size>().await?.ok_or("nobody answered")?;
        let Size::Large { extra } = chosen.payload else { return Err("not that one".into()) };
        cl::Message::new(format!("{extra} more")).send().await?;
        // What does not fit is not even asked.
        let error = question.send_as::<u32>().await.unwrap_err().to_string();
        assert!(error.starts_with("the payload of action `size` does not fit `u32`"), "{error}");
        let nothing = cl::AskActionMessage::new("Which?", []).send().await.unwrap_err();
        assert!(matches!(nothing, cl::Error::Definition { .. }), "{nothing}");
        Ok(())
    }
    let server = TestServer::start(App::new().on_chat_start(ask).on_message(ignore)).await;
    let mut client = server.join().await;
    let [_, large, ask] = asked(&mut client).await;
    client.ack(&ask, large.data).await;
    client.until("task_start").await;
    assert_eq!(client.answers().await, ["2 more"]);
    server.stop().await;
}
