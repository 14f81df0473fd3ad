//! What is written down of a conversation, when, and what happens when it can't be.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chainlit::testing::{TestApp, TestUser};
use chainlit::{self as cl, App, DataLayer, ThreadStep};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::support::layer::TestLayer;

/// Longer than it takes until a change is written.
const FLUSHED: Duration = Duration::from_secs(1);

async fn greet() -> cl::Result {
    cl::Message::new("Hi!").send().await?;
    Ok(())
}

async fn echo(message: cl::Message) -> cl::Result {
    cl::Message::new(format!("{}?", message.content)).send().await?;
    Ok(())
}

async fn start(app: App) -> (TestApp, TestLayer, TestUser) {
    let layer = TestLayer::new();
    let app = TestApp::start(app.data_layer(layer.clone())).await;
    let ada = app.user("ada").await;
    (app, layer, ada)
}

fn step<'a>(thread: &'a cl::Thread, name: &str) -> &'a cl::wire::StepDict {
    let mut steps = thread.steps.iter().filter_map(|step| match step {
        ThreadStep::Step(step) => Some(&**step),
        ThreadStep::Message(_) => None,
    });
    steps.find(|step| step.name == name).unwrap()
}

#[tokio::test(start_paused = true)]
async fn nothing_is_written_until_the_user_says_something() {
    let (app, layer, ada) = start(App::new().on_chat_start(greet).on_message(echo)).await;
    tokio::time::sleep(FLUSHED).await;
    assert_eq!(layer.kept.threads().len(), 0);
    ada.send("one").await;
    tokio::time::sleep(FLUSHED).await;
    assert_eq!(layer.words(), ["Assistant: Hi!", "User: one", "Assistant: one?"]);
    let thread = layer.thread();
    assert_eq!(thread.summary.name.as_deref(), Some("one"));
    assert_eq!(Some(&thread.summary.id), ada.screen().thread_id.as_ref());
    assert_eq!(thread.summary.metadata["client_type"], "webapp");
    let run = step(&thread, "on_message");
    assert_eq!((run.input.as_str(), run.end.is_some(), run.is_error), ("one", true, false));
    ada.send("two").await;
    app.shutdown().await;
    assert_eq!(layer.thread().summary.name.as_deref(), Some("one"), "the title stays");
    assert_eq!(layer.words()[3..], ["User: two", "Assistant: two?"]);
}

#[tokio::test(start_paused = true)]
async fn a_chat_without_a_word_leaves_nothing_behind() {
    let (app, layer, ada) = start(App::new().on_chat_start(greet).on_message(echo)).await;
    ada.leave().await;
    app.shutdown().await;
    assert_eq!(layer.kept.threads().len(), 0);
    assert_eq!(layer.written(), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_written_as_it_grows_and_not_by_the_token() {
    async fn stream() -> cl::Result {
        let mut answer = cl::Message::new("");
        for _ in 0..200 {
            answer.stream_token("word ").await?;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        answer.update().await?;
        Ok(())
    }
    let (app, layer, ada) = start(App::new().on_message(stream)).await;
    ada.post("go").await;
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let thread = layer.thread();
    let growing = thread.messages().next_back().unwrap();
    assert!(growing.streaming);
    let words = growing.output.split_whitespace().count();
    assert!((50..=110).contains(&words), "half a second of 100 words in a second: {words}");
    ada.idle().await;
    app.shutdown().await;
    let thread = layer.thread();
    let answer = thread.messages().next_back().unwrap();
    assert!(!answer.streaming);
    assert_eq!(answer.output, "word ".repeat(200));
    let (batches, records) = layer.written();
    assert!(batches <= 10 && records <= 20, "{batches} batches, {records} records");
}

#[tokio::test(start_paused = true)]
async fn a_step_that_changes_often_is_written_once() {
    async fn work() -> cl::Result {
        let step = cl::Step::new("count").start().await?;
        for n in 0..100 {
            step.set_output(n.to_string());
            step.update().await?;
        }
        step.end().await?;
        Ok(())
    }
    let (app, layer, ada) = start(App::new().on_message(work)).await;
    ada.send("go").await;
    app.shutdown().await;
    let thread = layer.thread();
    assert_eq!(step(&thread, "count").output, "99");
    assert!(step(&thread, "count").end.is_some());
    assert!(layer.written().1 < 12, "{:?}", layer.written());
}

#[tokio::test(start_paused = true)]
async fn what_was_removed_stays_removed_and_what_was_edited_away_goes() {
    async fn reply(message: cl::Message) -> cl::Result {
        let mut first = cl::Message::new("draft").action(cl::Action::new("again", json!({})));
        first.send().await?;
        if message.content == "remove" {
            first.remove().await?;
            // A late change of something that is gone.
            first.update().await?;
        }
        Ok(())
    }
    async fn again() {}
    let app = App::new().on_message(reply).action_callback("again", again);
    let (app, layer, ada) = start(app).await;
    let first = ada.send("one").await;
    ada.send("remove").await;
    tokio::time::sleep(FLUSHED).await;
    assert_eq!(layer.words(), ["User: one", "Assistant: draft", "User: remove"]);
    ada.edit(&first, "remove").await;
    app.shutdown().await;
    assert_eq!(layer.words(), ["User: remove"]);
    let thread = layer.thread();
    assert_eq!(thread.steps.len(), 2, "the message and its run: {:#?}", thread.steps);
}

#[tokio::test(start_paused = true)]
async fn hidden_steps_are_written_whole() {
    async fn work() -> cl::Result {
        let step = cl::Step::new("secret").kind(cl::StepType::Tool).start().await?;
        step.stream_token("a").await?;
        step.stream_token("b").await?;
        tokio::time::sleep(FLUSHED).await;
        step.stream_token("c").await?;
        tokio::time::sleep(FLUSHED).await;
        cl::Message::new("done").send().await?;
        tokio::time::sleep(FLUSHED).await;
        step.end().await?;
        Ok(())
    }
    let layer = TestLayer::new();
    let app = App::new().on_message(work).data_layer(layer.clone());
    let app = TestApp::start_with(app, |config| {
        config.ui.cot = cl::config::ChainOfThought::Hidden;
    })
    .await;
    let ada = app.user("ada").await;
    ada.post("go").await;
    ada.until(|screen| screen.last_answer() == Some("done")).await;
    let thread = layer.thread();
    assert_eq!(
        (step(&thread, "secret").output.as_str(), step(&thread, "secret").streaming),
        ("abc", true)
    );
    ada.idle().await;
    app.shutdown().await;
    let thread = layer.thread();
    assert_eq!(
        (step(&thread, "secret").output.as_str(), step(&thread, "secret").streaming),
        ("abc", false)
    );
    assert_eq!(ada.screen().steps().next().unwrap().output, "");
}

#[tokio::test(start_paused = true)]
async fn a_database_that_is_away_costs_only_delay() {
    let (app, layer, ada) = start(App::new().on_message(echo)).await;
    layer.set_away(true);
    for n in 0..20 {
        ada.send(&format!("n{n}")).await;
    }
    layer.tried(3).await;
    assert_eq!(layer.kept.threads().len(), 0);
    layer.set_away(false);
    tokio::time::sleep(Duration::from_secs(6)).await;
    let wanted = (0..20).flat_map(|n| [format!("User: n{n}"), format!("Assistant: n{n}?")]);
    assert_eq!(layer.words(), wanted.collect::<Vec<_>>());
    app.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn one_that_stays_away_is_told_once_and_health_says_so() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let on_error = move |failure: cl::Failure| {
        let heard = Arc::clone(&heard);
        async move { heard.lock().unwrap().push((failure.place, failure.text)) }
    };
    let (app, layer, ada) = start(App::new().on_message(echo).on_error(on_error)).await;
    assert_eq!(app.get("/health").await, json!({ "status": "ok" }));
    layer.set_away(true);
    ada.send("one").await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(told.lock().unwrap().len(), 0);
    assert_eq!(app.get("/health").await["status"], "degraded");
    tokio::time::sleep(Duration::from_secs(60)).await;
    let failures = told.lock().unwrap().clone();
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!(failures[0].0, "recorder");
    assert!(failures[0].1.contains("it is away"), "{failures:?}");
    layer.set_away(false);
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(app.get("/health").await, json!({ "status": "ok" }));
    assert_eq!(layer.words(), ["User: one", "Assistant: one?"]);
}

#[tokio::test(start_paused = true)]
async fn a_record_that_is_refused_keeps_no_other_from_being_written() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let on_error = move |failure: cl::Failure| {
        let heard = Arc::clone(&heard);
        async move { heard.lock().unwrap().push(failure.thread_id) }
    };
    let layer = TestLayer::refusing("bad?");
    let app = App::new().on_message(echo).on_error(on_error).data_layer(layer.clone());
    let app = TestApp::start(app).await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    layer.block();
    bob.send("hello").await;
    ada.send("good").await;
    ada.send("bad").await;
    ada.send("better").await;
    layer.unblock();
    app.shutdown().await;
    assert_eq!(*told.lock().unwrap(), [ada.screen().thread_id]);
    let threads = layer.kept.threads();
    let texts: Vec<Vec<&str>> = threads
        .iter()
        .map(|thread| thread.messages().map(|message| message.output.as_str()).collect())
        .collect();
    assert!(texts.contains(&vec!["hello", "hello?"]), "{texts:?}");
    assert!(texts.contains(&vec!["good", "good?", "bad", "better", "better?"]), "{texts:?}");
}

#[tokio::test(start_paused = true)]
async fn a_layer_that_panics_is_asked_again_for_everything_else() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let on_error = move |failure: cl::Failure| {
        let heard = Arc::clone(&heard);
        async move { heard.lock().unwrap().push(failure.text) }
    };
    let (app, layer, ada) = start(App::new().on_message(echo).on_error(on_error)).await;
    ada.send("good").await;
    ada.send("poison").await;
    ada.send("better").await;
    app.shutdown().await;
    assert_eq!(layer.words()[2..], ["Assistant: poison?", "User: better", "Assistant: better?"]);
    let told = told.lock().unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("panicked"), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn handlers_wait_while_too_much_waits_to_be_written() {
    static SENT: Mutex<usize> = Mutex::new(0);
    async fn flood() -> cl::Result {
        for _ in 0..100 {
            cl::Message::new("x".repeat(10_000)).send().await?;
            *SENT.lock().unwrap() += 1;
        }
        Ok(())
    }
    let layer = TestLayer::new();
    let app = App::new().on_message(flood).data_layer(layer.clone());
    let app = TestApp::start_with(app, |config| config.limits.record_bytes = 200_000).await;
    let ada = app.user("ada").await;
    layer.block();
    ada.post("go").await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    let sent = *SENT.lock().unwrap();
    assert!((10..40).contains(&sent), "{sent}");
    layer.unblock();
    ada.idle().await;
    assert_eq!(*SENT.lock().unwrap(), 100);
    app.shutdown().await;
    assert_eq!(layer.words().len(), 101);
}

#[tokio::test(start_paused = true)]
async fn everything_is_written_before_the_end_also_of_chats_that_are_over() {
    async fn slow(message: cl::Message) -> cl::Result {
        cl::Message::new(message.content).send().await?;
        Ok(())
    }
    async fn end() -> cl::Result {
        cl::Message::new("Bye").send().await?;
        Ok(())
    }
    let (app, layer, ada) = start(App::new().on_message(slow).on_chat_end(end)).await;
    layer.set_away(true);
    ada.send("one").await;
    ada.leave().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let back = layer.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(3)).await;
        back.set_away(false);
    });
    app.shutdown().await;
    assert_eq!(layer.words(), ["User: one", "Assistant: one", "Assistant: Bye"]);
}

#[tokio::test(start_paused = true)]
async fn a_database_that_never_comes_back_does_not_keep_the_process() {
    let (app, layer, ada) = start(App::new().on_message(echo)).await;
    layer.block();
    ada.send("one").await;
    let begun = tokio::time::Instant::now();
    app.shutdown().await;
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    drop(layer);
}

#[tokio::test(start_paused = true)]
async fn failures_of_handlers_are_told_with_their_session() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let on_error = move |failure: cl::Failure| {
        let heard = Arc::clone(&heard);
        async move {
            cl::Message::new("I know").send().await.unwrap();
            heard.lock().unwrap().push((failure.text, failure.is_panic, failure.session.is_some()));
        }
    };
    async fn fail(message: cl::Message) -> cl::Result {
        if message.content == "panic" {
            panic!("ouch");
        }
        Err("no such order".into())
    }
    let app = TestApp::start(App::new().on_message(fail).on_error(on_error)).await;
    let ada = app.user("ada").await;
    ada.send("fail").await;
    ada.send("panic").await;
    ada.until(|screen| screen.answers().iter().filter(|text| **text == "I know").count() == 2)
        .await;
    let mut failures = told.lock().unwrap().clone();
    failures.sort();
    assert_eq!(
        failures,
        [("no such order".to_owned(), false, true), ("ouch".to_owned(), true, true)]
    );
}

#[tokio::test(start_paused = true)]
async fn values_are_written_with_the_thread_and_taken_away_with_it() {
    static BASKET: cl::SessionKey<Vec<u32>> = cl::SessionKey::persistent("basket");
    async fn shop(message: cl::Message) -> cl::Result {
        BASKET.update(|basket| basket.push(7));
        cl::user_session::set("last", message.content.clone())?;
        if message.content == "forget" {
            cl::user_session::remove("last")?;
        }
        Ok(())
    }
    let (app, layer, ada) = start(App::new().on_message(shop)).await;
    ada.send("one").await;
    tokio::time::sleep(FLUSHED).await;
    let metadata = layer.thread().summary.metadata;
    assert_eq!((&metadata["basket"], &metadata["last"]), (&json!([7]), &json!("one")));
    let session = Value::from(ada.session_id());
    assert!(metadata.values().all(|value| *value != session), "the id is a secret: {metadata:?}");
    ada.send("forget").await;
    app.shutdown().await;
    let metadata = layer.thread().summary.metadata;
    assert_eq!((&metadata["basket"], metadata.get("last")), (&json!([7, 7]), None));
}

#[tokio::test(start_paused = true)]
async fn elements_and_buttons_are_written_with_their_message() {
    async fn show() -> cl::Result {
        let mut message = cl::Message::new("look")
            .element(cl::Text::new("content").name("notes"))
            .action(cl::Action::new("again", json!({ "n": 1 })));
        message.send().await?;
        let mut list = cl::TaskList::new();
        list.send().await?;
        Ok(())
    }
    async fn again() {}
    let app = App::new().on_message(show).action_callback("again", again);
    let (app, layer, ada) = start(app).await;
    ada.send("go").await;
    app.shutdown().await;
    let thread = layer.thread();
    assert_eq!(thread.elements.len(), 1, "{:#?}", thread.elements);
    let look = thread.messages().next_back().unwrap();
    assert_eq!(thread.elements[0].for_id, look.id);
    assert_eq!(look.metadata.to_map()["chainlit_actions"][0]["payload"], json!({ "n": 1 }));
}

#[tokio::test(start_paused = true)]
async fn a_stopped_handler_leaves_what_it_had() {
    static STARTED: Notify = Notify::const_new();
    async fn endless() -> cl::Result {
        let mut answer = cl::Message::new("");
        answer.stream_token("so far").await?;
        STARTED.notify_one();
        std::future::pending::<()>().await;
        Ok(())
    }
    let (app, layer, ada) = start(App::new().on_message(endless)).await;
    ada.post("go").await;
    STARTED.notified().await;
    ada.stop().await;
    app.shutdown().await;
    let wanted = ["User: go", "Assistant: so far", "Assistant: Task manually stopped."];
    assert_eq!(layer.words(), wanted);
    let thread = layer.thread();
    assert!(thread.messages().all(|message| !message.streaming));
    assert!(step(&thread, "on_message").end.is_some());
}

#[tokio::test(start_paused = true)]
async fn the_layer_is_asked_no_more_than_it_can_answer() {
    let (app, layer, ada) = start(App::new().on_message(echo)).await;
    layer.block();
    for n in 0..50 {
        ada.send(&n.to_string()).await;
    }
    layer.unblock();
    app.shutdown().await;
    assert_eq!(layer.words().len(), 100);
    assert!(layer.written().0 < 10, "what came meanwhile is one batch: {:?}", layer.written());
    assert!(layer.kept.get_thread_summary("none").await.unwrap().is_none());
}
