//! Conversations of users who log in, while they go on: the socket, the routes and the rows say the
//! same.

use std::time::Duration;

use chainlit::testing::{MemoryDataLayer, TestApp, TestUser};
use chainlit::{self as cl, App};
use serde_json::{Value, json};
use tokio::sync::Notify;

/// Signs the tokens, which are good after a restart.
const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// Longer than it takes until a change is written.
const FLUSHED: Duration = Duration::from_secs(1);

async fn echo(message: cl::Message) -> cl::Result {
    let again = cl::Action::new("again", json!({}));
    cl::Message::new(format!("{}?", message.content)).action(again).send().await?;
    Ok(())
}

fn app(layer: &MemoryDataLayer) -> App {
    without_answers(layer).on_message(echo)
}

fn without_answers(layer: &MemoryDataLayer) -> App {
    App::new()
        .env(cl::config::Env::from_pairs([("CHAINLIT_AUTH_SECRET", SECRET)]))
        .password_auth_callback(async |credentials: cl::Credentials| {
            Some(cl::User::new(credentials.username))
        })
        .on_feedback(async || {})
        .action_callback("again", async || {})
        .data_layer(layer.clone())
}

async fn start(app: App) -> TestApp {
    TestApp::start_with(app, |config| {
        config.features.allow_thread_sharing = true;
        config.features.favorites = true;
    })
    .await
}

fn thread_of(user: &TestUser) -> String {
    user.screen().thread_id.unwrap()
}

async fn get(user: &TestUser, path: &str) -> Result<Value, String> {
    user.call("GET", path, &Value::Null).await
}

fn outputs(thread: &Value) -> Vec<&str> {
    let steps = thread["steps"].as_array().unwrap().iter();
    let messages = steps.filter(|step| step["type"].as_str().unwrap().ends_with("_message"));
    messages.map(|step| step["output"].as_str().unwrap()).collect()
}

/// Everything that only the server keeps is named like this.
fn tells_secrets(shown: &Value) -> bool {
    shown.to_string().contains("chainlit_")
}

#[tokio::test(start_paused = true)]
async fn nobody_is_shown_what_only_the_server_keeps() {
    let layer = MemoryDataLayer::new();
    let app = start(app(&layer)).await;
    let ada = app.login("ada", "x").await.unwrap();
    let said = ada.send("one").await;
    let id = thread_of(&ada);
    let stored = get(&ada, &format!("/project/thread/{id}")).await.unwrap();
    assert_eq!(outputs(&stored), ["one", "one?"], "what was said just now is there");
    let row = &layer.threads()[0];
    assert!(row.summary.metadata.contains_key("chainlit_session"), "else this proves nothing");

    let body = json!({"threadId": id, "isShared": true});
    ada.call("PUT", "/project/thread/share", &body).await.unwrap();
    let page = json!({"pagination": {"first": 20}, "filter": {}});
    let list = ada.call("POST", "/project/threads", &page).await.unwrap();
    assert_eq!(list["data"][0]["id"], json!(id));
    let steps = get(&ada, &format!("/project/thread/{id}/steps")).await.unwrap();
    let export = get(&ada, &format!("/project/thread/{id}/export?format=json")).await.unwrap();
    let bob = app.login("bob", "x").await.unwrap();
    let shared = get(&bob, &format!("/project/share/{id}")).await.unwrap();
    for shown in [&stored, &list, &steps, &export, &shared] {
        assert!(!tells_secrets(shown), "{shown:#}");
    }
    // The answer is among the favourites with its button's facts in its row.
    let answer =
        ada.screen().entries.iter().find(|entry| entry.output == "one?").unwrap().id.clone();
    for message in [&said, &answer] {
        ada.mark_favorite("", message, true).await;
    }
    let screen = ada.until(|screen| screen.favorites.len() == 2).await;
    assert!(!tells_secrets(&json!(screen.favorites)), "{:#?}", screen.favorites);
    app.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn what_was_interrupted_is_shown_so_by_every_way() {
    static STARTED: Notify = Notify::const_new();
    async fn endless() -> cl::Result {
        let step = cl::Step::new("search").kind(cl::StepType::Tool).start().await?;
        STARTED.notify_one();
        std::future::pending::<()>().await;
        step.end().await?;
        Ok(())
    }
    let layer = MemoryDataLayer::new();
    let first = start(without_answers(&layer).on_message(endless)).await;
    let ada = first.login("ada", "x").await.unwrap();
    ada.post("go").await;
    STARTED.notified().await;
    tokio::time::sleep(FLUSHED).await;
    let path = format!("/project/thread/{}", thread_of(&ada));
    let search = |thread: &Value| {
        let mut steps = thread["steps"].as_array().unwrap().iter();
        steps.find(|step| step["name"] == "search").unwrap().clone()
    };
    // While it runs, it is not interrupted.
    let live = search(&get(&ada, &path).await.unwrap());
    assert_eq!((&live["isError"], &live["end"]), (&json!(false), &Value::Null));
    // The process of the first one is no more; here nothing of it moves.
    let second = start(app(&layer)).await;
    let ada = second.login("ada", "x").await.unwrap();
    let left = search(&get(&ada, &path).await.unwrap());
    assert_eq!((&left["isError"], &left["metadata"]["interrupted"]), (&json!(true), &json!(true)));
    assert!(left["end"].is_string());
    assert!(layer.threads()[0].steps.iter().any(|step| match step {
        cl::ThreadStep::Step(step) => step.name == "search" && step.end.is_none(),
        cl::ThreadStep::Message(_) => false,
    }));
}

#[tokio::test(start_paused = true)]
async fn a_conversation_is_its_authors_on_the_socket_and_over_http() {
    let layer = MemoryDataLayer::new();
    let app = start(app(&layer)).await;
    let mut ada = app.login("ada", "x").await.unwrap();
    ada.send("secret").await;
    let id = thread_of(&ada);
    let bob = app.login("bob", "x").await.unwrap();
    for path in ["", "/steps", "/export", "/element/e", "/element/e/content"] {
        let refused = get(&bob, &format!("/project/thread/{id}{path}")).await;
        assert_eq!(refused.unwrap_err(), "Unauthorized", "{path}");
    }
    for (method, path) in [
        ("PUT", "/project/thread"),
        ("DELETE", "/project/thread"),
        ("PUT", "/project/thread/share"),
    ] {
        let body = json!({"threadId": id, "name": "mine", "isShared": true});
        assert_eq!(bob.call(method, path, &body).await.unwrap_err(), "Unauthorized", "{method}");
    }
    assert_eq!(get(&bob, &format!("/project/share/{id}")).await.unwrap_err(), "Thread not found");
    let mut opening = bob;
    let opened = tokio::spawn(async move { opening.open(&id, false).await }).await;
    let panicked = opened.unwrap_err().into_panic();
    let told = panicked.downcast_ref::<String>().unwrap();
    assert!(told.contains("You may not open this conversation."), "{told}");

    let id = thread_of(&ada);
    ada.open(&id, false).await;
    let screen = ada.until(|screen| screen.resumed.is_some()).await;
    assert_eq!(screen.answers(), ["secret?"]);
    app.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn two_tabs_lose_nothing_and_double_nothing() {
    let layer = MemoryDataLayer::new();
    let app = start(app(&layer)).await;
    let ada = app.login("ada", "x").await.unwrap();
    ada.send("begin").await;
    let id = thread_of(&ada);
    let mut other = ada.second_tab().await;
    other.open(&id, false).await;
    for n in 0..10 {
        let (one, two) = (format!("a{n}"), format!("b{n}"));
        tokio::join!(ada.send(&one), other.send(&two));
    }
    let thread = get(&ada, &format!("/project/thread/{id}")).await.unwrap();
    let mut said = outputs(&thread);
    said.sort_unstable();
    let mut wanted = vec!["begin".to_owned(), "begin?".to_owned()];
    for n in 0..10 {
        wanted.extend([format!("a{n}"), format!("a{n}?"), format!("b{n}"), format!("b{n}?")]);
    }
    wanted.sort_unstable();
    assert_eq!(said, wanted);
    app.shutdown().await;
    let threads = layer.threads();
    assert_eq!(threads.len(), 1);
    assert_eq!(threads[0].messages().count(), 42);
    assert_eq!(threads[0].summary.user_identifier.as_deref(), Some("ada"));
}

#[tokio::test(start_paused = true)]
async fn a_live_conversation_is_renamed_shared_and_judged() {
    let layer = MemoryDataLayer::new();
    let app = start(app(&layer)).await;
    let ada = app.login("ada", "x").await.unwrap();
    let said = ada.send("one").await;
    let id = thread_of(&ada);
    // At once, before anything would be written.
    let answer =
        ada.screen().entries.iter().find(|entry| entry.output == "one?").unwrap().id.clone();
    let feedback = json!({"forId": answer, "value": 1, "comment": "good"});
    let body = json!({"feedback": feedback, "sessionId": ada.session_id()});
    ada.call("PUT", "/feedback", &body).await.unwrap();
    let body = json!({"threadId": id, "name": "Holidays"});
    ada.call("PUT", "/project/thread", &body).await.unwrap();
    let body = json!({"threadId": id, "isShared": true});
    ada.call("PUT", "/project/thread/share", &body).await.unwrap();
    ada.send("two").await;

    let bob = app.login("bob", "x").await.unwrap();
    // Who has the link has it at once, and what is said meanwhile before long.
    tokio::time::sleep(FLUSHED).await;
    let shared = get(&bob, &format!("/project/share/{id}")).await.unwrap();
    assert_eq!(outputs(&shared), ["one", "one?", "two", "two?"]);
    assert_eq!(shared["name"], "Holidays");
    assert!(!shared.to_string().contains("good"), "feedback is the author's: {shared:#}");
    ada.mark_favorite("", &said, true).await;
    ada.until(|screen| screen.favorites.len() == 1).await;
    app.shutdown().await;
    let thread = layer.threads().remove(0);
    assert_eq!(thread.summary.name.as_deref(), Some("Holidays"), "the title stays");
    assert_eq!(thread.feedbacks[0].for_id, answer);
    assert_eq!(thread.summary.metadata["is_shared"], json!(true));

    let second = start(self::app(&layer)).await;
    let ada = second.login("ada", "x").await.unwrap();
    let screen = ada.until(|screen| screen.favorites.len() == 1).await;
    assert_eq!(screen.favorites[0]["output"], "one");
    let thread = get(&ada, &format!("/project/thread/{id}")).await.unwrap();
    let judged = thread["steps"].as_array().unwrap().iter().find(|step| step["id"] == *answer);
    assert_eq!(judged.unwrap()["feedback"]["comment"], "good");
    second.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_conversation_that_is_removed_under_a_live_chat_stays_removed() {
    let layer = MemoryDataLayer::new();
    let app = start(app(&layer)).await;
    let ada = app.login("ada", "x").await.unwrap();
    ada.send("one").await;
    let body = json!({"threadId": thread_of(&ada)});
    ada.call("DELETE", "/project/thread", &body).await.unwrap();
    assert_eq!(layer.threads().len(), 0);
    ada.send("two").await;
    assert_eq!(ada.screen().last_answer(), Some("two?"), "the chat goes on");
    app.shutdown().await;
    assert_eq!(layer.threads().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_long_conversation_is_taken_up_by_its_end_and_read_page_by_page() {
    let layer = MemoryDataLayer::new();
    let first = start(app(&layer)).await;
    let mut ada = first.login("ada", "x").await.unwrap();
    for n in 0..10 {
        ada.send(&n.to_string()).await;
    }
    let id = thread_of(&ada);
    first.shutdown().await;
    let second =
        TestApp::start_with(app(&layer), |config| config.limits.thread_page_steps = 6).await;
    ada.reload_at(&second, &id, true).await;
    let screen = ada.until(|screen| screen.resumed.is_some()).await;
    assert_eq!(screen.answers(), ["8?", "9?"]);
    let mut said: Vec<String> = Vec::new();
    let mut before = screen.resumed.as_ref().unwrap()["steps"][0]["id"].clone();
    loop {
        let before_id = before.as_str().unwrap();
        let path = format!("/project/thread/{id}/steps?count=7&before={before_id}");
        let page = get(&ada, &path).await.unwrap();
        said.splice(0..0, outputs(&page).into_iter().map(str::to_owned));
        before = page["steps"][0]["id"].clone();
        if page["hasEarlier"] == false {
            break;
        }
    }
    let wanted: Vec<String> = (0..8).flat_map(|n| [n.to_string(), format!("{n}?")]).collect();
    assert_eq!(said, wanted);
    // All of it, with what is said after.
    ada.send("last").await;
    let path = format!("/project/thread/{id}/export?format=markdown");
    let text = get(&ada, &path).await.unwrap();
    let text = text.as_str().unwrap();
    assert!(text.contains("0?") && text.contains("last?"), "{text}");
    second.shutdown().await;
}

/// With steps that are hidden, an opened conversation has them without content and elements.
#[tokio::test(start_paused = true)]
async fn a_conversation_is_taken_up_without_what_is_hidden() {
    async fn work() -> cl::Result {
        let step = cl::Step::new("search").kind(cl::StepType::Tool).start().await?;
        step.set_output("secret output");
        step.add_element(cl::Text::new("x").name("secret file")).await?;
        step.end().await?;
        cl::Message::new("done").send().await?;
        Ok(())
    }
    let layer = MemoryDataLayer::new();
    let hidden = |config: &mut cl::config::Config| {
        config.ui.cot = cl::config::ChainOfThought::Hidden;
    };
    let first = TestApp::start_with(without_answers(&layer).on_message(work), hidden).await;
    let mut ada = first.login("ada", "x").await.unwrap();
    ada.send("go").await;
    let id = thread_of(&ada);
    first.shutdown().await;
    assert_eq!(layer.threads()[0].elements.len(), 1, "it is written");
    let second = TestApp::start_with(app(&layer), hidden).await;
    ada.reload_at(&second, &id, false).await;
    let screen = ada.until(|screen| screen.resumed.is_some()).await;
    let path = format!("/project/thread/{id}");
    let thread = get(&ada, &path).await.unwrap();
    for shown in [screen.resumed.unwrap().to_string(), thread.to_string()] {
        assert!(shown.contains("search") && !shown.contains("secret"), "{shown}");
    }
    second.shutdown().await;
}
