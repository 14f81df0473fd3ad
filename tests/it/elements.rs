//! Elements beside messages, the task list, the side bar, and components of the application.

use std::io;

use chainlit::{
    self as cl, App, Content, CustomElement, Dataframe, ElementSidebar, File, Image, Plotly,
    SessionKey, Task, TaskList, TaskStatus, Text, testing::TestApp,
};
use serde_json::{Value, json};

use crate::support::{Client, Event, TestServer};

/// An application with that handler of messages.
fn app<F>(handler: fn(String) -> F) -> App
where
    F: Future<Output = cl::Result> + Send + 'static,
{
    App::new().on_message(move |message: cl::Message| handler(message.content))
}

/// The events of the work that a message begins, runs left out.
async fn work(client: &mut Client, text: &str) -> Vec<Event> {
    client.say(text).await;
    let events = client.until("task_end").await;
    let is_frame = |event: &Event| {
        event.is_run() || ["task_start", "first_interaction", "task_end"].contains(&&*event.name)
    };
    events.into_iter().filter(|event| !is_frame(event)).collect()
}

fn names(events: &[Event]) -> Vec<&str> {
    events.iter().map(|event| event.name.as_str()).collect()
}

fn elements(events: &[Event]) -> Vec<&Value> {
    events.iter().filter(|event| event.name == "element").map(|event| &event.data).collect()
}

fn key(element: &Value) -> &str {
    element["chainlitKey"].as_str().unwrap_or_else(|| panic!("no file: {element}"))
}

/// The content that a page fetches for an element of the session `tab`.
async fn content(server: &TestServer, element: &Value) -> String {
    let answer = server.get_file("tab", key(element), "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text()
}

/// What a page gets that opens the chat anew, up to the message that ends it here.
async fn reloaded(server: &TestServer, session: &str) -> Vec<Event> {
    let mut client = server.join_as(session).await;
    work(&mut client, "nothing").await
}

/// An array or an iterator of one kind, a tuple of several.
#[tokio::test]
async fn several_elements_are_given_at_once() {
    async fn answer() -> cl::Result {
        let two = || (Text::new("a").name("text"), Image::url("https://x.test/a.png"));
        cl::Message::new("mixed").elements(two()).send().await?;
        let texts = (1..=3).map(|n| Text::new(n.to_string()).name(format!("text {n}")));
        cl::Message::new("of one kind").elements(texts).send().await?;
        cl::Step::new("step").elements(two()).send().await?;
        ElementSidebar::set_elements(two(), None).await?;
        Ok(())
    }
    let app = TestApp::start(App::new().on_message(answer)).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    let screen = ada.screen();
    let names = |of: &[Value]| -> Vec<String> {
        of.iter().map(|element| element["name"].as_str().unwrap().to_owned()).collect()
    };
    let below: Vec<_> = screen.entries.iter().map(|entry| names(&entry.elements)).collect();
    let wanted: [&[&str]; 4] =
        [&[], &["text", "a.png"], &["text 1", "text 2", "text 3"], &["text", "a.png"]];
    assert_eq!(below, wanted);
    assert_eq!(names(&screen.sidebar), ["text", "a.png"]);
}

#[tokio::test]
async fn contents_are_fetched_and_never_sent() {
    let app = app(|_| async {
        let parts = ["a ", "stream"].map(|part| Ok::<_, io::Error>(part.into()));
        let stream = Content::stream(futures_util::stream::iter(parts));
        #[derive(serde::Serialize)]
        struct Row {
            n: u8,
        }
        let figure = json!({ "data": [{ "y": [1] }] });
        cl::Message::new("all")
            .element(Text::new("").name("empty"))
            .element(File::new(stream).name("s.bin"))
            .element(Image::path(concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE")))
            .element(Dataframe::rows(&[Row { n: 1 }])?.name("table"))
            .element(Plotly::new(&figure)?.name("chart"))
            .send()
            .await?;
        Ok(())
    });
    let server = TestServer::start(app).await;
    let mut client = server.join_as("tab").await;
    let events = work(&mut client, "show").await;
    assert_eq!(events[0].name, "new_message");
    let elements = elements(&events);
    let shown: Vec<_> = elements
        .iter()
        .map(|element| (element["name"].as_str().unwrap(), element["mime"].as_str()))
        .collect();
    let (text, json) = (Some("text/plain"), Some("application/json"));
    assert_eq!(
        shown,
        [("empty", text), ("s.bin", text), ("LICENSE", text), ("table", None), ("chart", json)]
    );
    assert!(elements.iter().all(|element| element["forId"] == events[0].data["id"]));
    let table = server.get_file("tab", key(elements[3]), "").await;
    let media_type = table.header("content-type");
    assert!(media_type.starts_with("text/plain"), "Chainlit's page wants no JSON: {media_type}");
    let mut contents = Vec::new();
    for element in &elements {
        contents.push(content(&server, element).await);
    }
    assert_eq!(contents[..2], ["", "a stream"]);
    assert!(contents[2].contains("Apache License"));
    assert_eq!(contents[3], r#"{"columns":["n"],"index":[0],"data":[[1]]}"#);
    assert_eq!(contents[4], r#"{"data":[{"y":[1]}],"layout":{"autosize":true}}"#);
    server.stop().await;
}

/// With Chainlit the message is shown, and the element is missing.
#[tokio::test]
async fn a_message_whose_element_can_not_be_shown_is_not_sent() {
    let app = app(|text| async move {
        let mut message = cl::Message::new("half a message");
        message = match text.as_str() {
            "file" => message.element(Image::path("/nowhere/cat.png")),
            "script" => message.element(Image::url("javascript:alert(1)").name("cat.png")),
            "stream" => {
                let broken = futures_util::stream::iter([Err(io::Error::other("cable"))]);
                message.element(File::new(Content::stream(broken)).name("cat.png"))
            }
            _ => message.element(CustomElement::new("../../cat.png")),
        };
        let error = message.send().await.unwrap_err();
        cl::Message::new(format!("told: {error}")).send().await?;
        Ok(())
    });
    let server = TestServer::start(app).await;
    let mut client = server.join().await;
    for case in ["file", "script", "stream", "name"] {
        let events = work(&mut client, case).await;
        assert_eq!(names(&events), ["new_message"], "{case}");
        assert!(events[0].output().starts_with("told: "), "{events:?}");
        assert!(events[0].output().contains("cat.png"), "{events:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_reloaded_page_shows_what_is_left() {
    let app = app(|text| async move {
        if text == "nothing" {
            return Ok(());
        }
        let gone = Text::new("gone").name("gone");
        let mut note = Text::new("old").name("note");
        cl::Message::new("first")
            .element(note.clone())
            .element(gone.clone())
            .element(Text::new("last").name("last"))
            .send()
            .await?;
        gone.remove().await?;
        note.set_content("new");
        note.update().await?;
        let mut removed = cl::Message::new("removed").element(Text::new("x").name("with it"));
        removed.send().await?;
        removed.remove().await?;
        TaskList::new().send().await?;
        ElementSidebar::set_elements([Text::new("old bar").name("old bar")], None).await?;
        let mut bar = Text::new("bar").name("bar");
        ElementSidebar::set_elements([bar.clone()], Some("open")).await?;
        ElementSidebar::set_elements([Text::new("late").name("late")], Some("open")).await?;
        ElementSidebar::set_title("Bar").await?;
        bar.set_content("new bar");
        bar.update().await?;
        Ok(())
    });
    let server = TestServer::start(app).await;
    let mut client = server.join_as("tab").await;
    let live = work(&mut client, "show").await;
    assert_eq!(names(&live).iter().filter(|name| **name == "remove_element").count(), 2);
    client.cut();
    let events = reloaded(&server, "tab").await;
    let shown: Vec<_> = elements(&events);
    let names: Vec<_> = shown.iter().map(|element| element["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["tasklist", "bar", "late", "note", "last"]);
    assert_eq!(content(&server, shown[3]).await, "new");
    let at = |name: &str| events.iter().position(|event| event.name == name).unwrap();
    let bar = &events[at("set_sidebar_elements")].data;
    assert_eq!(bar["key"], "open");
    assert_eq!(bar["elements"], json!([shown[1]]), "the bar has the present state");
    assert_eq!(events[at("set_sidebar_title")].data, "Bar");
    server.stop().await;
}

#[tokio::test]
async fn a_closed_side_bar_stays_closed() {
    let app = app(|text| async move {
        if text == "show" {
            ElementSidebar::set_elements([Text::new("bar").name("bar")], None).await?;
            ElementSidebar::set_title("Bar").await?;
            ElementSidebar::close().await?;
        }
        Ok(())
    });
    let server = TestServer::start(app).await;
    let mut client = server.join_as("tab").await;
    work(&mut client, "show").await;
    client.cut();
    let events = reloaded(&server, "tab").await;
    assert!(!names(&events).iter().any(|name| name.starts_with("set_sidebar")), "{events:?}");
    assert!(elements(&events).is_empty());
    server.stop().await;
}

#[tokio::test]
async fn an_update_has_the_present_content() {
    let app = app(|_| async {
        let mut list = TaskList::new().status("Working");
        let first = list.add_task(Task::new("one").for_id("m1"));
        list.send().await?;
        list.tasks[first].status = TaskStatus::Failed;
        list.update().await?;
        let mut counter = CustomElement::typed("Counter", &json!({ "count": 1 }))?;
        counter.send("m1").await?;
        counter.set_prop("count", 2);
        counter.update().await?;
        Ok(())
    });
    let server = TestServer::start(app).await;
    let mut client = server.join_as("tab").await;
    let events = work(&mut client, "show").await;
    let elements = elements(&events);
    assert_eq!(elements.len(), 4);
    assert_eq!(elements[0]["id"], elements[1]["id"]);
    assert_eq!(
        content(&server, elements[1]).await,
        r#"{"status":"Working","tasks":[{"title":"one","status":"failed","forId":"m1"}]}"#
    );
    // With Chainlit the file keeps the first props for ever.
    assert_eq!(elements[3]["props"], json!({ "count": 2 }));
    assert_eq!(content(&server, elements[3]).await, r#"{"count":2}"#);
    server.stop().await;
}

/// With Chainlit each update leaves a file behind until the chat ends.
#[tokio::test]
async fn updates_do_not_pile_up_files() {
    async fn grow(size: String) -> cl::Result {
        let size = size.parse()?;
        let mut text = Text::new("").name("grows");
        for _ in 0..50 {
            text.set_content("x".repeat(size));
            text.update().await?;
        }
        text.remove().await?;
        Ok(())
    }
    // A page may ask late for what is small.
    for (size, left) in [("10", 16), ("2000000", 0)] {
        let server = TestServer::start(app(grow)).await;
        let mut client = server.join_as("tab").await;
        let events = work(&mut client, size).await;
        let shown = elements(&events);
        assert_eq!(shown.len(), 50);
        server.keeps_files(left).await;
        let before = server.get_file("tab", key(shown[48]), "").await;
        assert_eq!(before.status == 200, left > 0, "{size}");
        let last = server.get_file("tab", key(shown[49]), "").await;
        assert_eq!(last.status, 404, "removed is removed");
        server.stop().await;
    }
}

#[tokio::test]
async fn elements_without_end_do_not_fill_the_memory() {
    let app = app(|text| async move {
        for _ in 0..if text == "show" { 100 } else { 0 } {
            let mut text = Text::new("x").name("n".repeat(1000));
            text.send("").await?;
        }
        Ok(())
    });
    let server = TestServer::start_with(app, |config| config.limits.log_bytes = 20_000).await;
    let mut client = server.join_as("tab").await;
    assert_eq!(elements(&work(&mut client, "show").await).len(), 100);
    client.cut();
    let left = elements(&reloaded(&server, "tab").await).len();
    assert!((1..20).contains(&left), "{left} are kept");
    server.stop().await;
}

static COUNTER: SessionKey<CustomElement> = SessionKey::new("counter");

/// An application with a component, a text, a button, and two callbacks.
fn counting() -> App {
    async fn message(message: cl::Message) -> cl::Result {
        if message.content == "tell" {
            let mut counter = COUNTER.get().unwrap();
            let is_shown = counter.refresh();
            let text = format!("{is_shown} {}", json!(counter.props()));
            cl::Message::new(text).send().await?;
            return Ok(());
        }
        let button = cl::Action::new("add", json!({ "by": 1 }));
        let mut shown = cl::Message::new("count").action(button.clone());
        if message.content == "component" {
            let counter = CustomElement::new("Counter").prop("count", 1);
            COUNTER.set(counter.clone());
            let elsewhere = Image::url("/public/cat.png");
            shown = shown.element(counter).element(elsewhere);
        }
        shown.send().await?;
        button.remove().await?;
        Ok(())
    }
    async fn add(action: cl::Action) -> cl::Json<Value> {
        cl::Json(json!([action.payload, action.for_id]))
    }
    App::new().on_message(message).action_callback("add", add)
}

async fn put(server: &TestServer, session: &str, element: &Value) -> (u16, Value) {
    let body = json!({ "sessionId": session, "element": element });
    server.request("PUT", "/project/element", Some(body)).await
}

#[tokio::test]
async fn a_component_changes_its_props_and_nothing_else() {
    let server = TestServer::start(counting()).await;
    let mut client = server.join_as("tab").await;
    let events = work(&mut client, "component").await;
    let shown = elements(&events);
    let (counter, image) = (shown[0].clone(), shown[1].clone());
    let mut hostile = counter.clone();
    for key in ["url", "chainlitKey", "objectKey", "threadId", "forId", "path", "name", "mime"] {
        hostile[key] = json!("/etc/passwd");
    }
    hostile["props"] = json!({ "count": 9 });
    assert_eq!(put(&server, "tab", &hostile).await, (200, json!({ "success": true })));
    let mut changed = client.expect("element").await.data;
    let mut wanted = counter.clone();
    wanted["props"] = json!({ "count": 9 });
    for element in [&mut changed, &mut wanted] {
        element["chainlitKey"] = json!(null);
    }
    assert_eq!(changed, wanted);
    assert_eq!(work(&mut client, "tell").await[0].output(), r#"true {"count":9}"#);

    hostile["props"] = json!(null);
    assert_eq!(put(&server, "tab", &hostile).await.0, 200);
    assert_eq!(client.expect("element").await.data["props"], json!({}));

    let no = (200, json!({ "success": false }));
    assert_eq!(put(&server, "tab", &image).await, no);
    let mut disguised = image.clone();
    disguised["type"] = json!("custom");
    assert_eq!(put(&server, "tab", &disguised).await, no);
    let unknown = json!({ "id": "x", "type": "text", "name": "n", "display": "inline" });
    assert_eq!(put(&server, "tab", &unknown).await, no);
    let planted = json!({ "id": "x", "type": "custom", "name": "Counter", "display": "inline" });
    assert_eq!(put(&server, "tab", &planted).await.0, 404);
    server.stop().await;
}

#[tokio::test]
async fn an_element_is_changed_through_its_own_session_only() {
    let server = TestServer::start(counting()).await;
    let (mut owner, mut other) = (server.join_as("owner").await, server.join_as("other").await);
    let counter = elements(&work(&mut owner, "component").await)[0].clone();
    work(&mut other, "component").await;
    assert_eq!(put(&server, "other", &counter).await.0, 404);
    // With Chainlit this is a failure of the server.
    assert_eq!(put(&server, "nobody", &counter).await.0, 404);
    let mut large = counter.clone();
    large["props"] = json!({ "x": "x".repeat(1_000_000) });
    assert_eq!(put(&server, "owner", &large).await.0, 413);
    let mut wrong = counter.clone();
    wrong["props"] = json!([1]);
    assert_eq!(put(&server, "owner", &wrong).await.0, 422);
    assert_eq!(work(&mut owner, "tell").await[0].output(), r#"true {"count":1}"#);
    server.stop().await;
}

#[tokio::test]
async fn a_component_takes_itself_away() {
    let server = TestServer::start(counting()).await;
    let mut client = server.join_as("tab").await;
    let counter = elements(&work(&mut client, "component").await)[0].clone();
    let body = json!({ "sessionId": "tab", "element": counter });
    let (status, answer) = server.request("DELETE", "/project/element", Some(body.clone())).await;
    assert_eq!((status, answer), (200, json!({ "success": true })));
    assert_eq!(client.expect("remove_element").await.data, json!({ "id": counter["id"] }));
    assert_eq!(work(&mut client, "tell").await[0].output(), r#"false {"count":1}"#);
    assert_eq!(server.request("DELETE", "/project/element", Some(body)).await.0, 404);
    assert_eq!(put(&server, "tab", &counter).await.0, 404);
    server.stop().await;
}

/// A component calls actions that were never offered, as `callAction` of Chainlit's page does.
#[tokio::test]
async fn a_component_opens_the_door_to_actions() {
    let server = TestServer::start(counting()).await;
    let mut client = server.join_as("tab").await;
    let call = async |action: Value| {
        let body = json!({ "sessionId": "tab", "action": action });
        server.request("POST", "/project/action", Some(body)).await
    };
    let own = json!({ "name": "add", "payload": { "by": 5 } });
    let events = work(&mut client, "button").await;
    let button = &events.iter().find(|event| event.name == "action").unwrap().data;
    assert_eq!(call(own.clone()).await.0, 404, "no component is shown");

    work(&mut client, "component").await;
    let (status, answer) = call(own.clone()).await;
    assert_eq!((status, &answer["response"]), (200, &json!([{ "by": 5 }, null])));
    let full = json!({ "name": "add", "payload": {}, "id": "a1", "forId": "m1" });
    assert_eq!(call(full).await.1["response"], json!([{}, "m1"]));
    assert_eq!(call(json!({ "name": "nobody's", "payload": {} })).await.0, 404);
    assert_eq!(call(button.clone()).await.0, 404, "a removed button stays removed");
    server.stop().await;
}

#[tokio::test]
async fn props_may_be_as_large_as_a_packet() {
    async fn show() -> cl::Result {
        cl::Message::new("x").element(CustomElement::new("Form")).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_chat_start(show)).await;
    let mut client = server.join_as("s1").await;
    let mut element = client.until("element").await.pop().unwrap().data;
    element["props"] = json!({ "text": "a".repeat(70_000) });
    assert_eq!(put(&server, "s1", &element).await, (200, json!({ "success": true })));
    let shown = client.until("element").await.pop().unwrap();
    assert_eq!(shown.data["props"]["text"].as_str().unwrap().len(), 70_000);
    server.stop().await;
}
