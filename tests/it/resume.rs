//! A stored conversation is taken up again: by the page that was there when the server went down, or
//! by one that opens it.

use std::time::Duration;

use chainlit::testing::{MemoryDataLayer, TestApp};
use chainlit::{self as cl, App};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::support::layer::TestLayer;
use crate::support::{Client, TestServer, auth};

/// Longer than it takes until a change is written.
const FLUSHED: Duration = Duration::from_secs(1);

static COUNT: cl::SessionKey<u32> = cl::SessionKey::persistent("count");

async fn count(message: cl::Message, history: cl::ChatContext) -> cl::Result {
    let n = COUNT.update(|n| *n += 1);
    let known = history.messages().len();
    cl::Message::new(format!("{}: {n}, {known} known", message.content)).send().await?;
    Ok(())
}

async fn greet(thread: cl::Thread) -> cl::Result {
    let words = thread.messages().count();
    let profile: Option<String> = cl::user_session::get("last")?;
    cl::Message::new(format!("Welcome back to {words} messages, {profile:?}")).send().await?;
    Ok(())
}

fn app(layer: &MemoryDataLayer) -> App {
    App::new().on_message(count).data_layer(layer.clone())
}

#[tokio::test(start_paused = true)]
async fn a_page_finds_its_conversation_on_the_server_that_comes_next() {
    let layer = MemoryDataLayer::new();
    let first = TestApp::start(app(&layer)).await;
    let mut ada = first.user("ada").await;
    ada.send("one").await;
    ada.send("two").await;
    let before = ada.screen();
    first.shutdown().await;
    let second = TestApp::start(app(&layer).on_chat_resume(greet)).await;
    ada.move_to(&second).await;
    ada.until(|screen| screen.answers().len() == 3).await;
    assert_eq!(ada.screen().thread_id, before.thread_id);
    let welcome = "Assistant: Welcome back to 4 messages, None\n";
    assert_eq!(ada.screen().to_string(), format!("{before}{welcome}"));
    ada.send("three").await;
    assert_eq!(ada.screen().last_answer(), Some("three: 3, 6 known"), "the values are there");
    second.shutdown().await;
    let threads = layer.threads();
    assert_eq!(threads.len(), 1);
    assert_eq!(threads[0].messages().count(), 7);
}

#[tokio::test(start_paused = true)]
async fn without_a_function_for_it_the_conversation_is_there_and_begins_like_any_other() {
    async fn hello() -> cl::Result {
        cl::Message::new("Hello").send().await?;
        Ok(())
    }
    let layer = MemoryDataLayer::new();
    let first = TestApp::start(app(&layer).on_chat_start(hello)).await;
    let mut ada = first.user("ada").await;
    ada.send("one").await;
    let before = ada.screen();
    first.shutdown().await;
    let second = TestApp::start(app(&layer).on_chat_start(hello)).await;
    ada.move_to(&second).await;
    let screen = ada.until(|screen| screen.answers().len() == 3).await;
    assert_eq!(screen.to_string(), format!("{before}Assistant: Hello\n"));
}

#[tokio::test(start_paused = true)]
async fn what_the_hook_sends_survives_and_it_runs_once() {
    let layer = MemoryDataLayer::new();
    let first = TestApp::start(app(&layer)).await;
    let mut ada = first.user("ada").await;
    ada.send("one").await;
    first.shutdown().await;
    let second = TestApp::start(app(&layer).on_chat_resume(greet)).await;
    ada.move_to(&second).await;
    let screen = ada.until(|screen| screen.answers().len() == 2).await;
    ada.drop_connection();
    assert!(ada.reconnect().await);
    assert_eq!(ada.screen().to_string(), screen.to_string());
    ada.reload().await;
    assert_eq!(ada.screen().to_string(), screen.to_string());
    second.shutdown().await;
    assert_eq!(layer.threads()[0].messages().count(), 3);
}

#[tokio::test(start_paused = true)]
async fn nobody_else_gets_it_and_an_unknown_one_is_told() {
    let layer = MemoryDataLayer::new();
    let app = TestApp::start(app(&layer).on_chat_resume(greet)).await;
    let ada = app.user("ada").await;
    ada.send("secret").await;
    let thread_id = ada.screen().thread_id.unwrap();
    for id in [thread_id.as_str(), "9d1c4c1e-0000-4000-8000-000000000000"] {
        let mut eve = app.user("eve").await;
        eve.open(id, false).await;
        let screen = eve.screen();
        assert_eq!((screen.to_string().as_str(), &screen.resumed), ("", &None));
        assert_eq!(screen.resume_error.as_deref(), Some("Thread not found."));
        eve.send("hello").await;
        assert_ne!(eve.screen().thread_id.as_ref(), Some(&thread_id));
    }
    app.shutdown().await;
    assert_eq!(layer.threads().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_was_running_when_the_process_was_killed_is_shown_as_interrupted() {
    static STARTED: Notify = Notify::const_new();
    async fn endless() -> cl::Result {
        let step = cl::Step::new("search").kind(cl::StepType::Tool).start().await?;
        let mut answer = cl::Message::new("");
        answer.stream_token("so ").await?;
        answer.stream_token("far").await?;
        STARTED.notify_one();
        std::future::pending::<()>().await;
        step.end().await?;
        Ok(())
    }
    let layer = MemoryDataLayer::new();
    let first = TestApp::start(App::new().on_message(endless).data_layer(layer.clone())).await;
    let mut ada = first.user("ada").await;
    ada.post("go").await;
    STARTED.notified().await;
    tokio::time::sleep(FLUSHED).await;
    // The process of the first one is no more; here nothing of it moves.
    let second = TestApp::start(app(&layer)).await;
    ada.move_to(&second).await;
    let screen = ada.until(|screen| screen.resumed.is_some()).await;
    let answer = screen.entries.iter().find(|entry| entry.output == "so far").unwrap();
    assert!(!answer.streaming);
    assert_eq!(answer.dict["metadata"]["interrupted"], true);
    let step = screen.steps().next().unwrap();
    assert!(step.is_error);
    assert_eq!(step.dict["metadata"]["interrupted"], true);
    assert!(step.dict["end"].is_string());
    drop(first);
}

#[tokio::test(start_paused = true)]
async fn buttons_and_settings_and_values_are_there_again() {
    async fn offer() -> cl::Result {
        cl::user_session::set("last", "apple".to_owned())?;
        let again = cl::Action::new("again", json!({ "n": 7 }));
        cl::Message::new("More?").action(again).send().await?;
        Ok(())
    }
    async fn again(action: cl::Action) -> cl::Result {
        cl::Message::new(format!("again {}", action.payload["n"])).send().await?;
        Ok(())
    }
    let layer = MemoryDataLayer::new();
    let app = || {
        let app = App::new().on_message(offer).action_callback("again", again);
        app.on_chat_resume(greet).data_layer(layer.clone())
    };
    let first = TestApp::start(app()).await;
    let mut ada = first.user("ada").await;
    ada.send("one").await;
    first.shutdown().await;
    let second = TestApp::start(app()).await;
    ada.move_to(&second).await;
    let welcome = "Welcome back to 2 messages, Some(\"apple\")";
    let screen = ada.until(|screen| screen.last_answer() == Some(welcome)).await;
    let resumed = screen.resumed.unwrap();
    assert_eq!(resumed["metadata"]["last"], "apple");
    assert!(!resumed.to_string().contains("chainlit_"), "{resumed}");
    let metadata = &screen.entries[1].dict["metadata"];
    assert_eq!(*metadata, json!({}), "what is kept beside the message is nobody's business");
    ada.click("again").await.unwrap();
    ada.until(|screen| screen.last_answer() == Some("again 7")).await;
    second.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_long_conversation_comes_by_its_end_to_pages_that_ask_for_the_rest() {
    let layer = MemoryDataLayer::new();
    let first = TestApp::start(app(&layer)).await;
    let mut ada = first.user("ada").await;
    for n in 0..100 {
        ada.send(&n.to_string()).await;
    }
    let thread_id = ada.screen().thread_id.unwrap();
    first.shutdown().await;
    for (pages, count) in [(true, 200), (false, 300)] {
        let next = TestApp::start(app(&layer)).await;
        ada.reload_at(&next, &thread_id, pages).await;
        let screen = ada.screen();
        let resumed = screen.resumed.as_ref().unwrap();
        assert_eq!(resumed["hasEarlier"], if pages { json!(true) } else { Value::Null });
        let steps = resumed["steps"].as_array().unwrap();
        assert_eq!(steps.len(), count);
        assert_eq!(screen.last_answer(), Some("99: 100, 199 known"));
        let ids: Vec<&Value> = steps.iter().map(|step| &step["id"]).collect();
        let hangs =
            |step: &&Value| !step["parentId"].is_null() && !ids.contains(&&step["parentId"]);
        assert_eq!(steps.iter().find(hangs), None, "pages drop what hangs in the air");
        next.shutdown().await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_edit_goes_back_behind_the_restart() {
    let layer = MemoryDataLayer::new();
    let first = TestApp::start(app(&layer)).await;
    let mut ada = first.user("ada").await;
    let one = ada.send("one").await;
    ada.send("two").await;
    first.shutdown().await;
    let second = TestApp::start(app(&layer)).await;
    ada.move_to(&second).await;
    ada.edit(&one, "uno").await;
    second.shutdown().await;
    let thread = &layer.threads()[0];
    let texts: Vec<&str> = thread.messages().map(|message| message.output.as_str()).collect();
    assert_eq!(texts, ["uno", "uno: 3, 1 known"]);
    assert_eq!(thread.steps.len(), 3, "{:#?}", thread.steps);
}

#[tokio::test(start_paused = true)]
async fn an_edit_reaches_what_only_the_database_remembers() {
    let layer = MemoryDataLayer::new();
    let first = TestApp::start(app(&layer)).await;
    let mut ada = first.user("ada").await;
    let one = ada.send("one").await;
    let two = ada.send("two").await;
    for n in 0..10 {
        ada.send(&n.to_string()).await;
    }
    let thread_id = ada.screen().thread_id.unwrap();
    first.shutdown().await;
    let second =
        TestApp::start_with(app(&layer), |config| config.limits.thread_page_steps = 6).await;
    ada.reload_at(&second, &thread_id, true).await;
    assert_eq!(ada.screen().messages().count(), 4);
    ada.edit(&two, "zwei").await;
    assert_eq!(ada.screen().last_answer(), Some("zwei: 13, 3 known"));
    second.shutdown().await;
    let thread = &layer.threads()[0];
    let texts: Vec<&str> = thread.messages().map(|message| message.output.as_str()).collect();
    assert_eq!(texts, ["one", "one: 1, 1 known", "zwei", "zwei: 13, 3 known"]);
    assert!(thread.messages().any(|message| *message.id == *one));
    assert_eq!(thread.steps.len(), 6, "{:#?}", thread.steps);
}

#[tokio::test]
async fn over_a_real_socket_the_events_come_in_their_order() {
    let layer = TestLayer::new();
    let app = || App::new().on_message(count).on_chat_resume(greet).data_layer(layer.clone());
    let session_id = uuid::Uuid::new_v4().to_string();
    let first = TestServer::start(app()).await;
    let mut client = first.join_as(&session_id).await;
    client.say("one").await;
    let events = client.until("task_end").await;
    let begun = events.iter().find(|event| event.name == "first_interaction").unwrap();
    let thread_id = begun.data["thread_id"].as_str().unwrap().to_owned();
    first.stop().await;
    let second = TestServer::start(app()).await;
    let mut client = Client::open(second.address).await;
    let mut auth = auth(&session_id);
    auth["threadId"] = json!(thread_id);
    client.connect(auth.clone()).await.unwrap();
    client.emit("connection_successful", None).await;
    for name in ["task_end", "clear_ask", "clear_call_fn"] {
        client.expect(name).await;
    }
    let begun = client.expect("first_interaction").await;
    assert_eq!(begun.data, json!({ "interaction": "resume", "thread_id": thread_id }));
    let thread = client.expect("resume_thread").await.data;
    assert_eq!((&thread["id"], &thread["name"]), (&json!(thread_id), &json!("one")));
    let texts: Vec<&str> = thread["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["output"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["one", "", "one: 1, 1 known"]);
    assert!(thread["steps"][0]["feedback"].is_null());
    client.expect("task_start").await;
    let said = client.expect("new_message").await;
    assert_eq!(said.output(), "Welcome back to 2 messages, None");
    client.expect("task_end").await;
    // Another session gets nothing of it.
    auth["sessionId"] = json!(uuid::Uuid::new_v4().to_string());
    let mut other = Client::open(second.address).await;
    other.connect(auth).await.unwrap();
    other.emit("connection_successful", None).await;
    for name in ["task_end", "clear_ask", "clear_call_fn"] {
        other.expect(name).await;
    }
    assert_eq!(other.expect("resume_thread_error").await.data, "Thread not found.");
    second.stop().await;
}
