//! Answers to questions that were not asked so.

use chainlit::{self as cl, App};
use serde_json::{Value, json};

use super::{answered, complaints, nested};
use crate::support::{Client, Event, TestServer, user_message};

/// Asks in each way at once, and tells the answers.
async fn ask_all(message: cl::Message) -> cl::Result {
    match message.content.as_str() {
        "text" => drop(cl::spawn(async {
            let answer = cl::AskUserMessage::new("Who?").timeout(None).send().await?;
            let answer = answer.unwrap();
            let text = format!("{} {:?} {:?}", answer.content, answer.command, answer.modes);
            cl::Message::new(text).send().await?;
            Ok::<_, cl::Error>(())
        })),
        "file" => drop(cl::spawn(async {
            let question = cl::AskFileMessage::new("A file?", ["text/plain"]).timeout(None);
            let files = question.send().await?.unwrap();
            cl::Message::new(format!("file {}", files[0].name)).send().await?;
            Ok::<_, cl::Error>(())
        })),
        "action" => drop(cl::spawn(async {
            let actions = [cl::Action::new("yes", json!({ "sum": 1 }))];
            let question = cl::AskActionMessage::new("Sure?", actions).timeout(None);
            let chosen = question.send().await?.unwrap();
            cl::Message::new(format!("chosen {}", chosen.payload)).send().await?;
            Ok::<_, cl::Error>(())
        })),
        "element" => drop(cl::spawn(async {
            let form = cl::CustomElement::new("Form");
            let question = cl::AskElementMessage::new("Fill in", form).timeout(None);
            let answer = question.send::<Form>().await?.unwrap().submitted().unwrap();
            cl::Message::new(format!("form {}", answer.title)).send().await?;
            Ok::<_, cl::Error>(())
        })),
        "step" => drop(cl::Step::new("tool").send().await?),
        text => cl::Message::new(text).send().await?,
    }
    Ok(())
}

#[derive(serde::Deserialize)]
struct Form {
    title: String,
}

async fn offer() -> cl::Result {
    cl::set_commands([cl::Command::new("search", "Search")]).await?;
    let llm = cl::Mode::new("llm", "Model")
        .option(cl::ModeOption::new("small", "Small").default(true))
        .option(cl::ModeOption::new("large", "Large"));
    cl::set_modes([llm]).await?;
    Ok(())
}

fn app() -> App {
    App::new().on_chat_start(offer).on_message(ask_all)
}

/// Has that question asked.
async fn asked(client: &mut Client, kind: &str) -> Event {
    client.say(kind).await;
    client.until("ask").await.pop().unwrap()
}

/// The event of the question that is asked again after a wrong answer, and what the user is told.
async fn asked_again(client: &mut Client) -> (Event, String) {
    let mut events = client.until("ask").await;
    let ask = events.pop().unwrap();
    let complaints = complaints(&events);
    let [complaint] = complaints[..] else { panic!("{complaints:?} in {events:?}") };
    (ask, complaint.to_owned())
}

async fn told(client: &mut Client, text: &str) {
    while client.next().await.expect("the end").data["output"] != text {}
}

#[tokio::test]
async fn an_answer_of_any_shape_is_asked_for_again() {
    let server = TestServer::start_with(app(), |config| config.limits.events_per_second = 0).await;
    let mut client = server.join().await;
    client.until("task_end").await;
    for (kind, right, wanted) in [
        ("text", user_message("me"), r#"me None Some({"llm": String("small")})"#.to_owned()),
        ("action", Value::Null, r#"chosen {"sum":1}"#.to_owned()),
        ("element", json!({ "submitted": true, "title": "t" }), "form t".to_owned()),
        ("file", Value::Null, String::new()),
    ] {
        let mut ask = asked(&mut client, kind).await;
        let mut wrong: Vec<String> =
            super::values().iter().map(|value| format!("[{value}]")).collect();
        wrong.extend([
            "[]".to_owned(),
            "[1,2]".to_owned(),
            format!("[{}]", nested(1_000)),
            format!("[\"{}\"]", "x".repeat(900_000)),
            format!("[[{{\"id\":\"{}\"}}]]", "x".repeat(900_000)),
            format!("[{{\"submitted\":true,\"{}\":1}}]", "x".repeat(900_000)),
            format!("[{{\"submitted\":true,\"title\":[\"{}\"]}}]", "x".repeat(900_000)),
            format!("[{{\"id\":\"{}\"}}]", "x".repeat(900_000)),
        ]);
        for answer in wrong {
            client.send(format!("43{}{answer}", ask.ack.unwrap())).await;
            let complaint;
            (ask, complaint) = asked_again(&mut client).await;
            assert!(complaint.len() < 500, "{kind} {} bytes", complaint.len());
        }
        let binary = format!("461-{}[{{\"_placeholder\":true,\"num\":0}}]", ask.ack.unwrap());
        client.send_with(&binary, &[7; 100_000]).await;
        (ask, _) = asked_again(&mut client).await;
        if wanted.is_empty() {
            continue;
        }
        let right = if kind == "action" { ask.data["spec"]["keys"][0].clone() } else { right };
        let right = if kind == "action" { json!({ "id": right }) } else { right };
        client.ack(&ask, right).await;
        told(&mut client, &wanted).await;
    }
    answered(&mut client).await;
    server.stop().await;
}

/// The answer would stand in the place of what the application has said.
#[tokio::test]
async fn an_answer_takes_the_place_of_nothing() {
    let server = TestServer::start_with(app(), |config| config.limits.events_per_second = 0).await;
    let mut client = server.join_as("tab").await;
    client.until("task_end").await;
    let said = client.say("first").await;
    let mut events = client.until("task_end").await;
    client.say("step").await;
    events.extend(client.until("task_end").await);
    let mut ask = asked(&mut client, "text").await;
    let shown = events.iter().filter(|event| event.name == "new_message");
    let mut ids: Vec<String> =
        shown.map(|event| event.data["id"].as_str().unwrap().to_owned()).collect();
    ids.extend([said, ask.data["msg"]["id"].as_str().unwrap().to_owned()]);
    assert!(ids.len() >= 6, "messages, steps and runs: {ids:?}");
    let upper: Vec<String> = ids.iter().map(|id| id.to_uppercase()).collect();
    for id in ids.iter().chain(&upper) {
        let mut answer = user_message("planted");
        answer["id"] = json!(id);
        client.ack(&ask, answer).await;
        let complaint;
        (ask, complaint) = asked_again(&mut client).await;
        assert!(complaint.contains("`id`"), "{complaint}");
    }
    client.cut();
    let mut client = server.join_as("tab").await;
    let events = answered(&mut client).await;
    for id in &ids {
        let kept =
            events.iter().filter(|event| event.name == "new_message" && event.data["id"] == **id);
        assert_eq!(kept.count(), 1, "{id}");
    }
    assert!(events.iter().all(|event| event.data["output"] != "planted"));
    server.stop().await;
}

/// What is no choice for a message is none for an answer.
#[tokio::test]
async fn an_answer_has_no_command_and_no_mode_that_is_not_offered() {
    let server = TestServer::start(app()).await;
    let mut client = server.join().await;
    client.until("task_end").await;
    let mut ask = asked(&mut client, "text").await;
    for (command, modes, wanted) in [
        (json!("delete"), Value::Null, "The command `delete` is not offered here."),
        (
            Value::Null,
            json!({ "llm": "huge" }),
            "The option `huge` of the mode `llm` is not offered here.",
        ),
        (
            Value::Null,
            json!({ "llm": { "a": 1 } }),
            "The option `` of the mode `llm` is not offered here.",
        ),
        (Value::Null, json!({ "tone": "a" }), "The mode `tone` is not offered here."),
    ] {
        let mut answer = user_message("me");
        answer["command"] = command;
        answer["modes"] = modes;
        client.ack(&ask, answer).await;
        let complaint;
        (ask, complaint) = asked_again(&mut client).await;
        assert_eq!(complaint, format!("That answer can't be taken: {wanted}"));
    }
    let mut answer = user_message("me");
    answer["command"] = json!("search");
    answer["modes"] = json!({ "llm": "large" });
    client.ack(&ask, answer).await;
    told(&mut client, r#"me Some("search") Some({"llm": String("large")})"#).await;
    server.stop().await;
}

#[tokio::test]
async fn a_file_answers_one_question_of_its_own_session() {
    let server = TestServer::start_with(app(), |config| config.limits.events_per_second = 0).await;
    let (mut client, mut other) = (server.join_as("tab").await, server.join_as("other").await);
    let mut ask = asked(&mut client, "file").await;
    let asked_other = asked(&mut other, "file").await;
    let foreign = server.upload("other", "a.txt", "text/plain", b"foreign").await;
    let path = format!(
        "/project/file?session_id=tab&ask_parent_id={}",
        ask.data["msg"]["id"].as_str().unwrap()
    );
    let wrong_type = crate::support::form("a.png", "image/png", b"\x89PNG\r\n\x1a\n");
    assert_eq!(server.post_form(&path, "", &wrong_type).await.status, 400);
    let elsewhere = path.replace("=tab&", "=other&");
    let text = crate::support::form("a.txt", "text/plain", b"a");
    assert_eq!(server.post_form(&elsewhere, "", &text).await.status, 404);

    let used = server.upload("tab", "used.txt", "text/plain", b"used").await;
    let message = json!({ "message": user_message("used"), "fileReferences": [{ "id": used }] });
    client.emit("client_message", message).await;
    client.until("task_end").await;
    for wrong in [&foreign, &used] {
        client.ack(&ask, json!([{ "id": wrong }])).await;
        let complaint;
        (ask, complaint) = asked_again(&mut client).await;
        assert!(complaint.contains("is not there (any more)"), "{complaint}");
    }
    // Each question has its own number, in each session the same ones: they open nothing elsewhere.
    assert_eq!(asked_other.ack, Some(1));
    let own = server.upload("tab", "own.txt", "text/plain", b"own").await;
    client.ack(&ask, json!([{ "id": own }])).await;
    told(&mut client, "file own.txt").await;
    let mut again = asked(&mut client, "file").await;
    client.ack(&again, json!([{ "id": own }])).await;
    (again, _) = asked_again(&mut client).await;
    client.ack(&ask, json!([{ "id": own }])).await;
    while client.next().await.unwrap().data["message"] != "That question is not open any more." {}
    let last = server.upload("tab", "last.txt", "text/plain", b"last").await;
    client.ack(&again, json!([{ "id": last }])).await;
    told(&mut client, "file last.txt").await;
    other.ack(&asked_other, json!([{ "id": foreign }])).await;
    told(&mut other, "file a.txt").await;
    server.stop().await;
}

/// What waits in the composer does not give way to what a question is answered by.
#[tokio::test]
async fn files_for_a_question_drive_out_no_attachment() {
    async fn tell(message: cl::Message) -> cl::Result {
        if message.content == "ask" {
            drop(cl::spawn(async {
                cl::AskFileMessage::new("A file?", ["text/plain"]).timeout(None).send().await
            }));
        } else {
            cl::Message::new(format!("{} files", message.files.len())).send().await?;
        }
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(tell)).await;
    let mut client = server.join_as("tab").await;
    let mut attached = Vec::new();
    for _ in 0..5 {
        attached.push(json!({ "id": server.upload("tab", "a.txt", "text/plain", b"a").await }));
    }
    let ask = asked(&mut client, "ask").await;
    let asking = ask.data["msg"]["id"].as_str().unwrap();
    let path = format!("/project/file?session_id=tab&ask_parent_id={asking}");
    let answer =
        server.post_form(&path, "", &crate::support::form("b.txt", "text/plain", b"b")).await;
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    client.ack(&ask, json!([answer])).await;
    let message = json!({ "message": user_message("with"), "fileReferences": attached });
    client.emit("client_message", message).await;
    told(&mut client, "5 files").await;
    server.stop().await;
}
