//! Questions that are answered by a custom element.

use chainlit::{self as cl, App};
use serde_json::{Value, json};

use crate::support::{Client, Event, TestServer};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Ticket {
    title: String,
    places: Vec<Place>,
}

#[derive(serde::Deserialize)]
struct Place {
    row: u32,
}

fn form() -> cl::CustomElement {
    cl::CustomElement::new("TicketForm").prop("title", "")
}

async fn ask() -> cl::Result {
    let question = cl::AskElementMessage::new("Which seat?", form()).timeout(None);
    let text = match question.send::<Ticket>().await? {
        Some(cl::ElementAnswer::Submitted(ticket)) => {
            format!("{} {}", ticket.title, ticket.places[0].row)
        }
        Some(cl::ElementAnswer::Cancelled) => "cancelled".to_owned(),
        None => "nothing".to_owned(),
    };
    cl::Message::new(text).send().await?;
    Ok(())
}

async fn ignore() {}

fn app() -> App {
    App::new().on_chat_start(ask).on_message(ignore)
}

async fn asked(client: &mut Client) -> [Event; 2] {
    let element = client.until("element").await.pop().unwrap();
    [element, client.expect("ask").await]
}

fn filled_in() -> Value {
    json!({ "submitted": true, "title": "Aida", "places": [{ "row": 3 }] })
}

#[tokio::test]
async fn a_submitted_form_is_read_as_a_type() {
    let server = TestServer::start(app()).await;
    let mut client = server.join().await;
    let [element, ask] = asked(&mut client).await;
    assert_eq!(ask.data["spec"]["type"], "element");
    assert_eq!(ask.data["spec"]["element_id"], element.data["id"]);
    assert_eq!(element.data["forId"], ask.data["msg"]["id"]);
    assert_eq!(element.data["threadId"], ask.data["msg"]["threadId"]);
    client.ack(&ask, filled_in()).await;
    for name in ["task_end", "first_interaction", "clear_ask", "task_start", "remove_element"] {
        let event = client.expect(name).await;
        if name == "first_interaction" {
            assert_eq!(event.data["interaction"], "custom_element");
        }
    }
    assert_eq!(client.expect("update_message").await.output(), "Thanks for submitting");
    assert_eq!(client.answers().await, ["Aida 3"]);
    server.stop().await;
}

#[tokio::test]
async fn a_cancelled_form_is_an_answer_of_its_own() {
    let server = TestServer::start(app()).await;
    let mut client = server.join().await;
    let [_, ask] = asked(&mut client).await;
    client.ack(&ask, json!({ "submitted": false })).await;
    assert_eq!(client.until("update_message").await.pop().unwrap().output(), "Cancelled");
    assert_eq!(client.answers().await, ["cancelled"]);
    server.stop().await;
}

/// With Chainlit the question stays, and nobody can answer it any more.
#[tokio::test]
async fn a_form_that_takes_itself_away_is_cancelled() {
    let server = TestServer::start(app()).await;
    let mut client = server.join_as("tab").await;
    let [element, ask] = asked(&mut client).await;
    let body = json!({ "sessionId": "tab", "element": element.data });
    let (status, answer) = server.request("DELETE", "/project/element", Some(body.clone())).await;
    assert_eq!((status, answer), (200, json!({ "success": true })));
    let events = client.until("update_message").await;
    assert!(events.iter().any(|event| event.name == "clear_ask"), "{events:?}");
    let removed = events.iter().find(|event| event.name == "remove_element").unwrap();
    assert_eq!(removed.data["id"], element.data["id"]);
    assert_eq!(events.last().unwrap().output(), "Cancelled");
    assert_eq!(client.answers().await, ["cancelled"]);
    // It is gone, and an answer that comes late changes nothing.
    assert_eq!(server.request("DELETE", "/project/element", Some(body)).await.0, 404);
    client.ack(&ask, filled_in()).await;
    server.keeps_files(0).await;
    server.stop().await;
}

#[tokio::test]
async fn what_does_not_fit_is_asked_for_again() {
    let server = TestServer::start(app()).await;
    let mut client = server.join().await;
    let [_, mut ask] = asked(&mut client).await;
    let row = json!({ "submitted": true, "title": "Aida", "places": [{ "row": "three" }] });
    for (wrong, reason) in [
        (row, "places[0].row: invalid type: string \"three\", expected u32"),
        (json!({ "title": "Aida" }), "it does not say whether the form was submitted"),
        (json!({ "submitted": "yes" }), "it does not say whether the form was submitted"),
        (json!([filled_in()]), "it does not say whether the form was submitted"),
        (Value::Null, "it does not say whether the form was submitted"),
    ] {
        client.ack(&ask, wrong).await;
        let toast = client.expect("toast").await;
        assert_eq!(toast.data["message"], format!("That answer can't be taken: {reason}"));
        ask = client.expect("ask").await;
    }
    client.ack(&ask, filled_in()).await;
    client.until("task_start").await;
    assert_eq!(client.answers().await, ["Aida 3"]);
    server.stop().await;
}

/// With Chainlit the question is lost with the connection.
#[tokio::test]
async fn an_open_question_keeps_its_element_through_a_reload() {
    let server = TestServer::start(app()).await;
    let mut client = server.join_as("tab").await;
    let [element, _] = asked(&mut client).await;
    client.leave().await;
    let mut client = server.join_as("tab").await;
    let [again, ask] = {
        let events = client.until("ask").await;
        let shown = events.iter().filter(|event| event.name == "element").cloned();
        [shown.collect::<Vec<_>>().pop().unwrap(), events.last().unwrap().clone()]
    };
    assert_eq!(again, element);
    client.ack(&ask, filled_in()).await;
    client.until("task_start").await;
    assert_eq!(client.answers().await, ["Aida 3"]);
    server.stop().await;
}

/// What Chainlit's page shows of a custom element is what it fetches.
#[tokio::test]
async fn the_page_fetches_the_form_until_the_question_is_over() {
    let server = TestServer::start(app()).await;
    let mut client = server.join_as("tab").await;
    let [element, ask] = asked(&mut client).await;
    assert_eq!(element.data["props"], json!({ "title": "" }));
    let key = element.data["chainlitKey"].as_str().unwrap();
    assert_eq!(server.get_file("tab", key, "").await.text(), r#"{"title":""}"#);
    client.ack(&ask, filled_in()).await;
    client.until("task_start").await;
    assert_eq!(client.answers().await, ["Aida 3"]);
    assert_eq!(server.get_file("tab", key, "").await.status, 404);
    server.stop().await;
}

/// A form that changes its props is stored again: that goes, too.
#[tokio::test]
async fn a_form_that_was_changed_leaves_no_file_behind() {
    let server = TestServer::start(app()).await;
    let mut client = server.join_as("tab").await;
    let [mut element, ask] = asked(&mut client).await;
    element.data["props"] = json!({ "title": "Tosca" });
    let body = json!({ "sessionId": "tab", "element": element.data });
    assert_eq!(server.request("PUT", "/project/element", Some(body)).await.0, 200);
    client.expect("element").await;
    client.ack(&ask, json!({ "submitted": false })).await;
    client.until("task_start").await;
    assert_eq!(client.answers().await, ["cancelled"]);
    server.keeps_files(0).await;
    server.stop().await;
}

#[tokio::test]
async fn a_form_that_can_not_be_shown_is_not_asked() {
    async fn ask() -> cl::Result {
        let form = cl::CustomElement::new("../../etc/passwd");
        let error = cl::AskElementMessage::new("?", form).send::<Value>().await.unwrap_err();
        cl::Message::new(error.to_string()).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_chat_start(ask).on_message(ignore)).await;
    let mut client = server.join().await;
    let told = client.answers().await;
    assert!(told[0].contains("public/elements"), "{told:?}");
    server.stop().await;
}

/// Questions that are not asked keep no files.
#[tokio::test]
async fn a_form_that_is_one_too_many_leaves_no_file_behind() {
    async fn ask() -> cl::Result {
        let both = ["a", "b"].map(|text| async move {
            let question = cl::AskElementMessage::new(text, form()).timeout(None);
            question.send::<Value>().await.map(drop)
        });
        let error = futures_util::future::select_all(both.map(Box::pin)).await;
        let text = error.0.unwrap_err().to_string();
        cl::Message::new(text).send().await?;
        futures_util::future::select_all(error.2).await.0?;
        Ok(())
    }
    let app = App::new().on_chat_start(ask).on_message(ignore);
    let change = |config: &mut cl::Config| config.limits.asks_per_session = 1;
    let server = TestServer::start_with(app, change).await;
    let mut client = server.join().await;
    let [_, ask] = asked(&mut client).await;
    let told = client.until("new_message").await.pop().unwrap();
    assert!(told.output().contains("asks_per_session"), "{told:?}");
    server.keeps_files(1).await;
    client.ack(&ask, filled_in()).await;
    client.until("task_end").await;
    server.keeps_files(0).await;
    server.stop().await;
}

#[tokio::test]
async fn stop_takes_the_question_and_its_element_away() {
    let server = TestServer::start(app()).await;
    let mut client = server.join_as("tab").await;
    asked(&mut client).await;
    client.emit("stop", None).await;
    client.until("clear_ask").await;
    client.expect("remove_element").await;
    client.until("task_end").await;
    server.stop().await;
}
