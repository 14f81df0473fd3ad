//! What applications tell the page beside messages, and under which names they speak.

use std::time::Duration;

use chainlit::{self as cl, App, testing::TestApp};
use serde_json::json;
use tokio::sync::Notify;

use crate::support::TestServer;

async fn ignore() {}

#[tokio::test]
async fn authors_are_renamed_wherever_they_speak() {
    async fn shout(author: String) -> String {
        author.to_uppercase()
    }
    async fn speak() -> cl::Result {
        let mut message = cl::Message::new("one").author("bot");
        message.send().await?;
        message.content = "two".to_owned();
        message.update().await?;
        assert_eq!(message.author, "BOT");
        cl::ErrorMessage::new("three").send().await?;
        let mut stream = cl::Message::new("").author("streamer");
        stream.stream_token("four").await?;
        stream.update().await?;
        let ask = cl::AskUserMessage::new("five").author("asker");
        ask.timeout(Duration::from_millis(1)).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(speak).author_rename(shout)).await;
    let mut client = server.join().await;
    client.say("go").await;
    let events = client.until("ask").await;
    let names: Vec<_> = events
        .iter()
        .filter(|event| event.name.ends_with("message") || event.name == "stream_start")
        .filter(|event| !event.is_run())
        .map(|event| (event.output().to_owned(), event.data["name"].clone()))
        .collect();
    let wanted = [
        ("one", "BOT"),
        ("two", "BOT"),
        ("three", "ASSISTANT"),
        ("four", "STREAMER"),
        ("four", "STREAMER"),
    ];
    assert_eq!(names, wanted.map(|(text, name)| (text.to_owned(), json!(name))));
    assert_eq!(events.last().unwrap().data["msg"]["name"], "ASKER");
    server.stop().await;
}

#[cl::step]
async fn look_up() {}

#[cl::step]
fn add_up() {}

/// As with Chainlit; a run is not, the page knows it by its name.
#[tokio::test]
async fn steps_are_renamed_once() {
    async fn shout(name: String) -> String {
        format!("{}!", name.to_uppercase())
    }
    async fn work() -> cl::Result {
        look_up().await;
        add_up();
        let opened = cl::Step::new("opened").start().await?;
        opened.set_output("done");
        opened.end().await?;
        opened.send().await?;
        assert_eq!(opened.name(), "OPENED!");
        opened.set_name("another");
        opened.update().await?;
        cl::Step::new("run").run(async |_| Ok::<_, cl::BoxError>(())).await?;
        cl::Step::new("streamed").stream_token("so").await?;
        cl::Step::new("sent").send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(work).author_rename(shout)).await;
    let mut client = server.join().await;
    client.say("go").await;
    let mut names: Vec<String> = Vec::new();
    for event in client.until("task_end").await {
        let is_step = event.name.ends_with("message") || event.name == "stream_start";
        if let Some(name) = event.data["name"].as_str().filter(|_| is_step)
            && names.last().is_none_or(|last| last != name)
        {
            names.push(name.to_owned());
        }
    }
    let wanted = ["LOOK_UP!", "ADD_UP!", "OPENED!", "another", "RUN!", "STREAMED!", "SENT!"];
    assert_eq!(names[1..names.len() - 1], wanted);
    assert_eq!((names[0].as_str(), names[names.len() - 1].as_str()), ("on_message", "on_message"));
    server.stop().await;
}

/// It can't wait for the name.
#[tokio::test]
async fn a_step_that_does_not_wait_keeps_its_name_where_renaming_does() {
    async fn rename(name: String) -> String {
        tokio::task::yield_now().await;
        format!("{name}!")
    }
    async fn work() -> cl::Result {
        look_up().await;
        add_up();
        cl::Step::new("small").run_sync(|_| Ok::<_, cl::BoxError>(()))
    }
    let app = TestApp::start(App::new().on_message(work).author_rename(rename)).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    let screen = ada.screen();
    let names: Vec<_> = screen.steps().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["look_up!", "add_up", "small"]);
}

/// With Chainlit an error makes the author null.
#[tokio::test]
async fn an_author_whose_new_name_can_not_be_had_keeps_the_old_one() {
    async fn rename(author: String) -> Result<Option<String>, String> {
        match author.as_str() {
            "a" => Err("the list is gone".to_owned()),
            "b" => panic!("the list is broken"),
            "c" => Ok(None),
            _ => Ok(Some("someone".to_owned())),
        }
    }
    async fn speak() -> cl::Result {
        for author in ["a", "b", "c", "d"] {
            cl::Message::new("x").author(author).send().await?;
        }
        Ok(())
    }
    let app = TestApp::start(App::new().on_message(speak).author_rename(rename)).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    let names: Vec<_> = ada.screen().messages().map(|entry| entry.name.clone()).collect();
    assert_eq!(names, ["User", "a", "b", "c", "someone"]);
}

#[tokio::test]
async fn what_the_renaming_function_sends_keeps_its_author() {
    async fn rename(author: String) -> cl::Result<String> {
        cl::Message::new(format!("renaming {author}")).author("registrar").send().await?;
        Ok("renamed".to_owned())
    }
    async fn speak() -> cl::Result {
        cl::Message::new("hello").author("a").send().await?;
        Ok(())
    }
    let app = TestApp::start(App::new().on_message(speak).author_rename(rename)).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    let wanted = "User: go\nregistrar: renaming a\nrenamed: hello\n";
    assert_eq!(ada.screen().to_string(), wanted);
}

#[tokio::test]
async fn the_page_is_told_notices_counts_and_what_is_for_its_window() {
    #[derive(serde::Serialize)]
    struct Size {
        height: u32,
    }
    async fn tell() -> cl::Result {
        let kinds = [
            cl::ToastKind::Info,
            cl::ToastKind::Success,
            cl::ToastKind::Warning,
            cl::ToastKind::Error,
        ];
        for kind in kinds {
            cl::send_toast(kind.as_str(), kind).await?;
        }
        cl::update_token_count(5).await?;
        cl::update_token_count(7).await?;
        cl::send_window_message(&Size { height: 600 }).await?;
        cl::send_window_message(&"plain").await?;
        Ok(())
    }
    let app = TestApp::start(App::new().on_message(tell)).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    let screen = ada.screen();
    let kinds = ["info", "success", "warning", "error"];
    assert_eq!(screen.toasts, kinds.map(|kind| (kind.to_owned(), kind.to_owned())));
    assert_eq!(screen.tokens, 12);
    assert_eq!(screen.window_messages, [json!({ "height": 600 }), json!("plain")]);
}

#[derive(serde::Deserialize)]
struct Visit {
    page: String,
}

async fn greet(cl::Json(visit): cl::Json<Visit>) -> cl::Result {
    cl::send_window_message(&visit.page).await?;
    Ok(())
}

#[tokio::test]
async fn the_window_is_heard_while_a_message_is_handled() {
    async fn wait(go: cl::State<Notify>) -> cl::Result {
        cl::Message::new("waiting").send().await?;
        go.notified().await;
        Ok(())
    }
    async fn go(data: serde_json::Value, go: cl::State<Notify>) -> cl::Result {
        cl::send_window_message(&data).await?;
        if data == 3 {
            go.notify_one();
        }
        Ok(())
    }
    let app = App::new().state(Notify::new()).on_message(wait).on_window_message(go);
    let server = TestServer::start(app).await;
    let mut client = server.join().await;
    client.say("hello").await;
    while client.next().await.unwrap().data["output"] != "waiting" {}
    for n in [1, 2, 3] {
        client.emit("window_message", json!(n)).await;
    }
    let events = client.until("task_end").await;
    let said: Vec<_> = events.iter().filter(|event| event.name == "window_message").collect();
    assert_eq!(said.iter().map(|event| &event.data).collect::<Vec<_>>(), [1, 2, 3]);
    server.stop().await;
}

/// Any other window may talk to the page: what does not fit is no error of the chat.
#[tokio::test]
async fn what_does_not_fit_the_window_s_type_is_not_shown() {
    let app = App::new().on_message(ignore).on_window_message(greet);
    let server = TestServer::start(app).await;
    let mut client = server.join().await;
    client.emit("window_message", json!({ "source": "react-devtools" })).await;
    client.emit("window_message", None).await;
    client.emit("window_message", json!({ "page": "home" })).await;
    assert_eq!(client.next().await.unwrap().data, "home");
    server.stop().await;
}

#[tokio::test]
async fn a_window_that_never_stops_talking_fills_nothing() {
    async fn hang(data: serde_json::Value, go: cl::State<Notify>) -> cl::Result {
        cl::send_window_message(&data).await?;
        go.notified().await;
        Ok(())
    }
    async fn count(go: cl::State<Notify>) {
        go.notify_one();
    }
    let app = App::new().state(Notify::new()).on_message(count).on_window_message(hang);
    let server = TestServer::start_with(app, |config| {
        config.limits.inbound_queue_events = 2;
        config.limits.events_per_second = 0;
    })
    .await;
    let mut client = server.join().await;
    client.emit("window_message", json!(0)).await;
    assert_eq!(client.expect("window_message").await.data, 0);
    for n in 1..100 {
        client.emit("window_message", json!(n)).await;
    }
    for wanted in [1, 2] {
        client.say("next").await;
        let events = client.until("window_message").await;
        assert_eq!(events.last().unwrap().data, wanted);
    }
    client.emit("window_message", json!(100)).await;
    client.say("next").await;
    assert_eq!(client.until("window_message").await.last().unwrap().data, 100);
    server.stop().await;
}

/// Nothing is stored: whoever asks for it is told so.
#[tokio::test]
async fn feedback_and_favourites_are_refused_in_clear_words() {
    let server = TestServer::start(App::new().on_message(ignore)).await;
    let (_, settings) = server.request("GET", "/project/settings", None).await;
    assert_eq!(settings["dataPersistence"], false);
    assert_eq!(settings["features"]["favorites"], false);
    for method in ["PUT", "DELETE"] {
        let (status, answer) = server.request(method, "/feedback", Some(json!({}))).await;
        assert!(status >= 400, "{status}");
        assert_eq!(answer["detail"], "Data persistence is not enabled");
    }
    let mut client = server.join().await;
    client.emit("fetch_favorites", None).await;
    client.emit("message_favorite", json!({ "message": { "id": "x" } })).await;
    let toast = client.expect("toast").await.data;
    assert_eq!(toast["type"], "warning");
    assert!(toast["message"].as_str().unwrap().contains("stores nothing"));
    server.stop().await;
}

/// "Regenerate" of a page: the same text once more.
#[tokio::test]
async fn an_edit_with_the_same_text_is_answered_anew() {
    static COUNT: cl::SessionKey<u32> = cl::SessionKey::new("count");
    async fn answer(message: cl::Message) -> cl::Result {
        let n = COUNT.update(|n| *n += 1);
        cl::Message::new(format!("{} #{n}", message.content)).send().await?;
        Ok(())
    }
    let app = TestApp::start(App::new().on_message(answer)).await;
    let mut ada = app.user("ada").await;
    let id = ada.send("tell me").await;
    for n in [2, 3] {
        ada.edit(&id, "tell me").await;
        let wanted = format!("User: tell me\nAssistant: tell me #{n}\n");
        assert_eq!(ada.screen().to_string(), wanted);
    }
    ada.reload().await;
    assert_eq!(ada.screen().to_string(), "User: tell me\nAssistant: tell me #3\n");
}

#[tokio::test]
async fn a_message_has_all_of_its_facts() {
    async fn copy(message: cl::Message, session: cl::Session) -> cl::Result {
        let time = message.created_at.unwrap();
        let mut copy = cl::Message::new("copy")
            .command("search")
            .mode("llm", "large")
            .tag("a")
            .metadata("avatarName", "robot")
            .language("rust")
            .created_at(time);
        copy.send().await?;
        let again = cl::Message::from_dict(&copy.to_dict(&session));
        assert_eq!(again.to_dict(&session), copy.to_dict(&session));
        Ok(())
    }
    let app = TestApp::start(App::new().on_message(copy)).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    let screen = ada.screen();
    let copy = screen.messages().last().unwrap();
    let (dict, said) = (&copy.dict, &screen.entries[0].dict);
    assert_eq!(copy.output, "copy");
    assert_eq!(dict["command"], "search");
    assert_eq!(dict["modes"], json!({ "llm": "large" }));
    assert_eq!(dict["tags"], json!(["a"]));
    assert_eq!(dict["metadata"], json!({ "avatarName": "robot" }));
    assert_eq!(dict["language"], "rust");
    assert!(said.contains_key("createdAt"));
}

#[tokio::test]
async fn an_error_is_changed_and_taken_back() {
    async fn fail() -> cl::Result {
        let mut kept = cl::ErrorMessage::new("bad").author("checker");
        kept.send().await?;
        let id = kept.id().to_owned();
        kept.set_content(format!("{} and worse", kept.content()));
        kept.update().await?;
        assert_eq!(kept.id(), id);
        let mut gone = cl::ErrorMessage::new("gone");
        gone.send().await?;
        gone.remove().await?;
        Ok(())
    }
    let app = TestApp::start(App::new().on_message(fail)).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    assert_eq!(ada.screen().to_string(), "User: go\nchecker! bad and worse\n");
}

/// The page forgets what stood below the message that it edits.
#[tokio::test]
async fn an_edited_message_shows_its_elements_again() {
    use cl::wire::{ElementDict, ElementType, ServerEvent};

    async fn attach(message: cl::Message, session: cl::Session) {
        let thread = session.thread_id();
        let mut element = ElementDict::new("e1", thread, ElementType::Text, "notes");
        element.for_id = message.id.as_str().into();
        if message.content == "first" {
            session.emitter().emit(&ServerEvent::Element(&element));
        }
    }
    let server = TestServer::start(App::new().on_message(attach)).await;
    let mut client = server.join().await;
    let id = client.say("first").await;
    client.until("task_end").await;
    client.emit("edit_message", json!({ "message": { "id": id, "output": "second" } })).await;
    assert_eq!(client.expect("update_message").await.output(), "second");
    let element = client.expect("element").await.data;
    assert_eq!((&element["name"], &element["forId"]), (&json!("notes"), &json!(id)));
    client.until("task_end").await;
    server.stop().await;
}

#[tokio::test]
async fn a_message_that_changes_later_stays_where_it_is() {
    async fn change(message: cl::Message) -> cl::Result {
        let first = cl::chat_context::get().into_iter().find(|known| known.content == "status");
        let mut status = first.unwrap_or_else(|| cl::Message::new("status"));
        if message.content == "begin" {
            status.send().await?;
        } else {
            status.metadata.insert("done".to_owned(), true.into());
            status.update().await?;
        }
        Ok(())
    }
    let app = TestApp::start(App::new().on_message(change)).await;
    let ada = app.user("ada").await;
    ada.send("begin").await;
    let status = |screen: &chainlit::testing::Screen| {
        screen.messages().find(|entry| entry.output == "status").unwrap().clone()
    };
    let before = status(&ada.screen());
    ada.send("change").await;
    let after = status(&ada.screen());
    assert_eq!(after.dict["metadata"], json!({ "done": true }));
    assert!(before.parent_id.is_some());
    assert_eq!(after.parent_id, before.parent_id);
}
