//! What the application does between question and answer, and how it ends.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use chainlit::config::ChainOfThought;
use chainlit::{self as cl, App, State};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::support::{Client, Event, Memory, Recovering, TestServer, auth};

/// The last that was said of each step with that name, in the order of their beginnings.
fn named<'a>(events: &'a [Event], name: &str) -> Vec<&'a Value> {
    let mut found: Vec<&Value> = Vec::new();
    for event in events.iter().filter(|event| event.data["name"] == name) {
        match found.iter_mut().find(|known| known["id"] == event.data["id"]) {
            Some(known) => *known = &event.data,
            None => found.push(&event.data),
        }
    }
    found
}

/// The only step with that name.
fn step<'a>(events: &'a [Event], name: &str) -> &'a Value {
    let found = named(events, name);
    assert_eq!(found.len(), 1, "{name} in {events:#?}");
    found[0]
}

/// All events of one turn.
async fn turn(client: &mut Client) -> Vec<Event> {
    client.say("go").await;
    client.until("task_end").await
}

/// All events of the only turn of an application.
async fn events_of(app: App) -> Vec<Event> {
    let server = TestServer::start_with(app, |config| config.ui.show_errors = true).await;
    let mut client = server.join().await;
    let events = turn(&mut client).await;
    server.stop().await;
    events
}

async fn say(text: impl Into<String>) -> cl::Result {
    cl::Message::new(text).send().await?;
    Ok(())
}

fn parent_of(events: &[Event], text: &str) -> Value {
    let said = events.iter().find(|event| event.data["output"] == text && !event.is_run());
    said.unwrap_or_else(|| panic!("no {text} in {events:#?}")).data["parentId"].clone()
}

#[tokio::test]
async fn what_runs_at_once_has_its_own_step_as_parent() {
    #[cl::step(kind = "tool")]
    async fn left() -> cl::Result {
        tokio::task::yield_now().await;
        cl::spawn(async { say("from left").await.is_ok() }).await?;
        Ok(())
    }
    #[cl::step(kind = "tool")]
    async fn right() -> cl::Result {
        tokio::task::yield_now().await;
        say("from right").await
    }
    async fn both() -> cl::Result {
        let outer = cl::Step::new("outer");
        let (left, right) =
            outer.run(|_| async { Ok::<_, String>(tokio::join!(left(), right())) }).await?;
        left?;
        right?;
        say("after").await
    }
    let events = events_of(App::new().on_message(both)).await;
    let (outer, left, right) =
        (step(&events, "outer"), step(&events, "left"), step(&events, "right"));
    assert_eq!(left["parentId"], outer["id"]);
    assert_eq!(right["parentId"], outer["id"]);
    assert_eq!(parent_of(&events, "from left"), left["id"]);
    assert_eq!(parent_of(&events, "from right"), right["id"]);
    assert_eq!(outer["parentId"], step(&events, "on_message")["id"]);
    assert_eq!(parent_of(&events, "after"), outer["parentId"]);
    for step in [outer, left, right] {
        assert!(step["end"].is_string(), "{step}");
    }
}

#[tokio::test]
async fn the_current_step_and_run_are_found_from_anywhere() {
    async fn deep() -> cl::Result {
        let context = cl::Context::current();
        let (step, run) =
            (context.current_step().ok_or("step")?, context.current_run().ok_or("run")?);
        step.set_name("renamed");
        step.set_metadata("seen", true);
        say(format!("run {}", run.name())).await
    }
    async fn work() -> cl::Result {
        cl::Step::new("a").run(|_| cl::Step::new("b").run(|_| deep())).await
    }
    let events = events_of(App::new().on_message(work)).await;
    let b = step(&events, "renamed");
    assert_eq!(b["metadata"], json!({ "seen": true }));
    assert_eq!(b["parentId"], step(&events, "a")["id"]);
    assert_eq!(parent_of(&events, "run on_message"), b["id"]);
}

#[tokio::test]
async fn arguments_and_results_of_any_function_are_shown() {
    #[derive(Clone, Serialize)]
    struct Query {
        text: String,
        limit: Option<u8>,
    }
    struct Index {
        base: u32,
    }
    impl Index {
        #[cl::step(kind = "retrieval", name = "Look up", tags = ["a", "b"], metadata(source = "disk", size = 3))]
        async fn look_up<T>(
            &self,
            query: &Query,
            (page, _): (u32, T),
            #[step(skip)] secret: &str,
        ) -> u32
        where
            T: Send,
        {
            self.base + page + secret.len() as u32 + u32::from(query.limit.is_none())
        }

        #[cl::step(kind = "rerank", skip_output, auto_collapse, default_open = false)]
        fn order<'a>(&self, mut hits: Vec<&'a str>) -> impl Iterator<Item = &'a str> + use<'a> {
            hits.sort_unstable();
            hits.into_iter()
        }
    }
    async fn work() -> cl::Result {
        let index = Index { base: 10 };
        let query = Query { text: "x\ny".to_owned(), limit: None };
        assert_eq!(index.look_up(&query, (2, "unseen"), "key").await, 16);
        assert_eq!(index.order(vec!["b", "a"]).next(), Some("a"));
        Ok(())
    }
    let events = events_of(App::new().on_message(work)).await;
    let found = step(&events, "Look up");
    assert_eq!(
        found["input"],
        "{\n    \"query\": {\n        \"text\": \"x\\ny\",\n        \"limit\": null\n    },\n    \"page\": 2\n}"
    );
    assert_eq!((&found["output"], &found["language"]), (&json!("16"), &json!("text")));
    assert_eq!((&found["type"], &found["tags"]), (&json!("retrieval"), &json!(["a", "b"])));
    assert_eq!(found["metadata"], json!({ "source": "disk", "size": 3 }));
    let ordered = step(&events, "order");
    assert_eq!((&ordered["output"], &ordered["autoCollapse"]), (&json!(""), &json!(true)));
    assert!(ordered["end"].is_string());
}

#[tokio::test]
async fn outside_of_a_chat_the_function_just_runs() {
    #[cl::step(kind = "tool")]
    async fn twice(n: u32) -> Result<u32, String> {
        n.checked_mul(2).ok_or("too much".to_owned())
    }
    #[cl::step]
    fn half(n: u32) -> u32 {
        n / 2
    }
    assert_eq!(twice(2).await, Ok(4));
    assert_eq!(twice(u32::MAX).await, Err("too much".to_owned()));
    assert_eq!(half(4), 2);
    let step = cl::Step::new("by hand").start().await.unwrap();
    step.stream_token("kept").await.unwrap();
    step.end().await.unwrap();
    assert_eq!(step.output(), "kept");
}

/// Chainlit drops what a stopped step had, and calls it an error.
#[tokio::test]
async fn a_stopped_step_keeps_what_it_has() {
    #[cl::step(kind = "tool")]
    async fn inner(q: u8) -> cl::Result<String> {
        let context = cl::Context::current();
        context.current_step().ok_or("no step")?.stream_token("so far").await?;
        std::future::pending().await
    }
    async fn work() -> cl::Result {
        let outer = cl::Step::new("outer").start().await?;
        outer.set_output("half");
        outer.scope(inner(1)).await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(work)).await;
    let mut client = server.join().await;
    client.say("go").await;
    client.until("stream_start").await;
    client.emit("stop", None).await;
    let events = client.until("task_end").await;
    let order: Vec<_> = events[1..4].iter().map(|event| event.data["name"].as_str()).collect();
    assert_eq!(order, [Some("inner"), Some("outer"), Some("on_message")]);
    let (inner, outer) = (step(&events, "inner"), step(&events, "outer"));
    assert_eq!((&inner["output"], &inner["streaming"]), (&json!("so far"), &json!(false)));
    assert_eq!((&inner["input"], &outer["output"]), (&json!("{\n    \"q\": 1\n}"), &json!("half")));
    for step in [inner, outer] {
        assert_eq!(step["isError"], false, "{step}");
        assert!(step["end"].is_string(), "{step}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_panic_closes_the_steps_around_it_and_says_nothing_of_itself() {
    #[cl::step(kind = "tool")]
    async fn careless() -> cl::Result {
        let context = cl::Context::current();
        context.current_step().ok_or("no step")?.stream_token("so far").await?;
        panic!("the password is 1234");
    }
    #[cl::step]
    fn sync_careless(n: u8) -> u8 {
        panic!("the password is {n}");
    }
    async fn work() -> cl::Result {
        let _ = cl::spawn(async { sync_careless(1234_u16 as u8) }).await;
        careless().await
    }
    let events = events_of(App::new().on_message(work)).await;
    let (careless, sync) = (step(&events, "careless"), step(&events, "sync_careless"));
    assert_eq!((&careless["output"], &careless["isError"]), (&json!("so far"), &json!(true)));
    assert_eq!((&sync["output"], &sync["isError"]), (&json!(""), &json!(true)));
    assert!(careless["end"].is_string() && sync["end"].is_string());
    assert!(!format!("{events:?}").contains("password"), "{events:#?}");
}

#[tokio::test]
async fn an_error_stands_behind_what_was_streamed() {
    async fn fail(step: cl::Step) -> cl::Result {
        step.stream_token("half of it").await?;
        Err("the line broke".into())
    }
    async fn work() -> cl::Result {
        cl::Step::new("download").run(fail).await.unwrap_err();
        Ok(())
    }
    let events = events_of(App::new().on_message(work)).await;
    let failed = step(&events, "download");
    assert_eq!(failed["output"], "half of it\n\nthe line broke");
    assert_eq!((&failed["isError"], &failed["streaming"]), (&json!(true), &json!(false)));
}

#[tokio::test]
async fn users_read_the_texts_of_errors_only_where_they_may() {
    #[cl::step]
    async fn connect(#[step(skip)] text: impl Display) -> Result<(), String> {
        Err(format!("no route to {text}"))
    }
    async fn work() -> cl::Result {
        connect("db.internal").await.unwrap_err();
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(work)).await;
    let mut client = server.join().await;
    let events = turn(&mut client).await;
    let output = step(&events, "connect")["output"].as_str().unwrap();
    assert!(output.starts_with("Something went wrong. (error "), "{output}");
    assert!(!format!("{events:?}").contains("internal"));
    server.stop().await;
}

#[tokio::test]
async fn a_step_that_is_given_up_is_closed_as_an_error() {
    async fn forgets() -> cl::Result {
        let _step = cl::Step::new("forgotten").start().await?;
        Err("too early".into())
    }
    async fn work() -> cl::Result {
        forgets().await.unwrap_err();
        let slow = cl::Step::new("slow").run(|_| std::future::pending::<Result<(), String>>());
        tokio::time::timeout(Duration::from_millis(1), slow).await.unwrap_err();
        let done = cl::Step::new("done").start().await?;
        done.end().await?;
        Ok(())
    }
    let events = events_of(App::new().on_message(work)).await;
    for (name, is_error) in [("forgotten", true), ("slow", true), ("done", false)] {
        let step = step(&events, name);
        assert_eq!(step["isError"], is_error, "{name}");
        assert!(step["end"].is_string(), "{name}");
    }
    // Closed once each: the update of the last one is not repeated when it is dropped.
    assert_eq!(events.iter().filter(|event| event.data["name"] == "done").count(), 2);
}

#[tokio::test]
async fn a_removed_step_is_told_nothing_more() {
    async fn work() -> cl::Result {
        let step = cl::Step::new("brief").start().await?;
        step.stream_token("x").await?;
        step.remove().await?;
        step.end().await?;
        Ok(())
    }
    let events = events_of(App::new().on_message(work)).await;
    let brief: Vec<_> = events.iter().filter(|event| event.data["name"] == "brief").collect();
    let names: Vec<_> = brief.iter().map(|event| &*event.name).collect();
    assert_eq!(names, ["new_message", "stream_start", "delete_message"]);
}

/// Streams numbers into output and input, one of each per permit.
async fn numbers(State(permits): State<Arc<Semaphore>>) -> cl::Result {
    let step = cl::Step::new("count").kind(cl::StepType::Llm).start().await?;
    for n in 0..6 {
        permits.acquire().await?.forget();
        step.stream_token(format!("o{n}")).await?;
        step.stream_input(format!("i{n}")).await?;
    }
    step.end().await?;
    Ok(())
}

const OUTPUT: &str = "o0o1o2o3o4o5";
const INPUT: &str = "i0i1i2i3i4i5";

#[tokio::test]
async fn a_step_that_was_cut_in_the_middle_goes_on_where_it_was() {
    for seen in 1..6 {
        let permits = Arc::new(Semaphore::new(seen));
        let app = App::new().state(Arc::clone(&permits)).on_message(numbers);
        let server = TestServer::start(app).await;
        let client = Recovering::connect(server.address, auth("tab"), Memory::default());
        let mut client = client.await.unwrap();
        client.greet().await;
        client.client.say("go").await;
        let mut events = client.until("stream_start").await;
        for _ in 1..2 * seen {
            events.push(client.expect("stream_token").await);
        }
        let memory = client.cut();
        permits.add_permits(2);
        let client = Recovering::connect(server.address, auth("tab"), memory);
        let mut client = client.await.unwrap();
        assert!(client.is_recovered);
        permits.add_permits(10);
        events.extend(client.until("task_end").await);
        let (mut output, mut input) = (String::new(), String::new());
        for event in &events {
            match event.name.as_str() {
                "stream_start" => output.push_str(event.output()),
                "stream_token" if event.data["isInput"] == true => {
                    input.push_str(event.data["token"].as_str().unwrap());
                }
                "stream_token" => output.push_str(event.data["token"].as_str().unwrap()),
                _ => {}
            }
        }
        assert_eq!((output.as_str(), input.as_str()), (OUTPUT, INPUT), "cut after {seen}");
        let ended = events.iter().rfind(|event| event.data["name"] == "count");
        assert_eq!(
            (&ended.unwrap().data["output"], &ended.unwrap().data["input"]),
            (&json!(OUTPUT), &json!(INPUT))
        );
        server.stop().await;
    }
}

#[tokio::test]
async fn a_reloaded_page_shows_the_step_as_it_is() {
    let permits = Arc::new(Semaphore::new(2));
    let app = App::new().state(Arc::clone(&permits)).on_message(numbers);
    let server = TestServer::start(app).await;
    let mut client = server.join_as("tab").await;
    client.say("go").await;
    client.until("stream_start").await;
    for _ in 0..3 {
        client.expect("stream_token").await;
    }
    client.cut();
    let mut client = server.join_as("tab").await;
    let events = client.until("task_start").await;
    let shown = step(&events, "count");
    assert_eq!((&shown["output"], &shown["input"]), (&json!("o0o1"), &json!("i0i1")));
    assert_eq!((&shown["streaming"], &shown["end"]), (&json!(true), &Value::Null));
    permits.add_permits(10);
    let events = client.until("task_end").await;
    assert_eq!(step(&events, "count")["output"], OUTPUT);
    server.stop().await;
}

/// Chainlit sends a hidden step again for each token, and not when it ended or that it failed.
#[tokio::test]
async fn of_a_hidden_step_the_page_learns_only_that_it_is_there() {
    async fn think(step: cl::Step) -> cl::Result {
        step.set_input("the secret question");
        for _ in 0..3 {
            step.stream_token("a secret thought").await?;
            step.stream_input("a secret word").await?;
        }
        say("said inside").await?;
        Err("a secret error".into())
    }
    async fn work() -> cl::Result {
        let step = cl::Step::new("think").kind(cl::StepType::Llm).icon("secret").tag("secret");
        step.language("secret").run(think).await.unwrap_err();
        let step = cl::Step::new("gone").metadata("a", "secret").start().await?;
        step.remove().await?;
        Ok(())
    }
    let server = TestServer::start_with(App::new().on_message(work), |config| {
        config.ui.cot = ChainOfThought::Hidden;
        config.ui.show_errors = true;
    })
    .await;
    let mut client = server.join_as("tab").await;
    let events = turn(&mut client).await;
    let of_think: Vec<_> = events.iter().filter(|event| event.data["name"] == "think").collect();
    let names: Vec<_> = of_think.iter().map(|event| &*event.name).collect();
    assert_eq!(names, ["new_message", "update_message"]);
    assert!(of_think[0].data["start"].is_string() && of_think[0].data["end"].is_null());
    assert!(of_think[1].data["end"].is_string());
    assert_eq!(of_think[1].data["isError"], true);
    assert_eq!(parent_of(&events, "said inside"), of_think[0].data["id"]);
    assert_eq!(events.iter().filter(|event| event.name == "delete_message").count(), 1);
    assert!(!format!("{events:?}").contains("secret"), "{events:#?}");

    client.cut();
    let mut client = server.join_as("tab").await;
    client.say("go").await;
    let events = client.until("task_end").await;
    assert_eq!(named(&events, "think").len(), 2);
    assert_eq!(parent_of(&events, "said inside"), named(&events, "think")[0]["id"]);
    assert!(!format!("{events:?}").contains("secret"), "{events:#?}");
    server.stop().await;
}

#[tokio::test]
async fn however_many_steps_there_are_the_oldest_make_room() {
    #[cl::step(kind = "tool")]
    async fn one(n: u32) -> u32 {
        n
    }
    #[derive(Clone)]
    struct Gates {
        begin: Arc<Semaphore>,
        done: Arc<Semaphore>,
    }
    async fn work(message: cl::Message, State(gates): State<Gates>) -> cl::Result {
        if message.content != "go" {
            return say("here").await;
        }
        gates.begin.acquire().await?.forget();
        for n in 0..100_000 {
            one(n).await;
        }
        // Each inside the one before.
        let mut open = vec![cl::Step::new("nested").start().await?];
        while open.len() < 10_000 {
            let parent = &open[open.len() - 1];
            open.push(parent.scope(cl::Step::new("nested").start()).await?);
        }
        drop(open);
        gates.done.add_permits(1);
        Ok(())
    }
    let gates = Gates { begin: Arc::new(Semaphore::new(0)), done: Arc::new(Semaphore::new(0)) };
    let app = App::new().state(gates.clone()).on_message(work);
    let server = TestServer::start_with(app, |config| config.limits.log_bytes = 64 * 1024).await;
    let mut client = server.join_as("tab").await;
    client.say("go").await;
    client.until("new_message").await;
    client.cut();
    gates.begin.add_permits(1);
    gates.done.acquire().await.unwrap().forget();
    let mut client = server.join_as("tab").await;
    client.say("still there?").await;
    let events = client.until("task_end").await;
    let is_shown = |event: &&Event| event.name == "new_message" && event.data["name"] == "nested";
    let shown = events.iter().filter(is_shown).count();
    assert!((10..200).contains(&shown), "{shown} of 64 KiB");
    assert!(events.len() < 2_000, "{} events", events.len());
    assert!(parent_of(&events, "here").is_string());
    server.stop().await;
}
