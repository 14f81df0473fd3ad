//! A client that speaks connection state recovery goes on where its connection broke.

use std::sync::Arc;

use chainlit::wire::ServerEvent;
use chainlit::{self as cl, App, State};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::support::{Event, Memory, Recovering, TestServer, auth, user_message};

/// Streams a word per permit, then says something short.
async fn words(State(permits): State<Arc<Semaphore>>, session: cl::Session) -> cl::Result {
    let mut reply = cl::Message::new("");
    for n in 0..10 {
        permits.acquire().await?.forget();
        reply.stream_token(format!("{n} ")).await?;
    }
    reply.update().await?;
    session.emitter().emit(&ServerEvent::Toast { message: "done", kind: "info" });
    Ok(())
}

const ALL: &str = "0 1 2 3 4 5 6 7 8 9 ";

fn app(permits: &Arc<Semaphore>) -> App {
    App::new().state(Arc::clone(permits)).on_message(words)
}

async fn join(server: &TestServer, session: &str) -> Recovering {
    let client = Recovering::connect(server.address, auth(session), Memory::default());
    let mut client = client.await.unwrap();
    assert!(!client.is_recovered);
    client.greet().await;
    client
}

async fn back(server: &TestServer, session: &str, memory: &Memory) -> Recovering {
    Recovering::connect(server.address, auth(session), memory.clone()).await.unwrap()
}

/// The texts of the tokens, the first one out of its message.
fn streamed(events: &[Event]) -> String {
    let texts = events.iter().map(|event| match event.name.as_str() {
        "stream_start" => event.output(),
        "stream_token" => event.data["token"].as_str().unwrap(),
        _ => "",
    });
    texts.collect()
}

/// What comes for a message that is answered with [`words`], as told apart by names.
fn names(events: &[Event]) -> Vec<&str> {
    events
        .iter()
        .filter(|event| event.name != "stream_token")
        .map(|event| if event.is_run() { "run" } else { &event.name })
        .collect()
}

const RUN: [&str; 8] = [
    "task_start",
    "first_interaction",
    "run",
    "stream_start",
    "update_message",
    "toast",
    "run",
    "task_end",
];

#[tokio::test]
async fn exactly_what_is_missing_comes_wherever_the_stream_was_cut() {
    for seen in 0..=9 {
        let permits = Arc::new(Semaphore::new(seen));
        let server = TestServer::start(app(&permits)).await;
        let mut client = join(&server, "tab").await;
        client.client.say("go").await;
        let mut events = Vec::new();
        while events.len() < 3 + seen {
            events.push(client.next().await.unwrap());
        }
        let memory = client.cut();
        // Some of the rest is sent while nobody is there, some to the client that is back.
        permits.add_permits((10 - seen) / 2);
        let mut client = back(&server, "tab", &memory).await;
        assert!(client.is_recovered, "cut after {seen}");
        permits.add_permits(10);
        events.extend(client.until("task_end").await);
        assert_eq!(streamed(&events), ALL, "cut after {seen}");
        assert_eq!(names(&events), RUN, "cut after {seen}");
        server.stop().await;
    }
}

#[tokio::test]
async fn an_answer_that_ends_while_nobody_is_there_waits_for_its_client() {
    let permits = Arc::new(Semaphore::new(1));
    let server = TestServer::start(app(&permits)).await;
    let mut client = join(&server, "tab").await;
    client.client.say("go").await;
    let mut events = client.until("stream_start").await;
    let memory = client.cut();
    permits.add_permits(9);
    // All permits are taken before the answer ends.
    while permits.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    let mut client = back(&server, "tab", &memory).await;
    assert!(client.is_recovered);
    events.extend(client.until("task_end").await);
    assert_eq!(streamed(&events), ALL);
    assert_eq!(names(&events), RUN);
    // The greeting says nothing again.
    client.client.emit("connection_successful", None).await;
    permits.add_permits(10);
    client.client.say("go").await;
    assert_eq!(client.next().await.unwrap().name, "task_start");
    server.stop().await;
}

#[tokio::test]
async fn a_new_connection_goes_on_while_the_old_one_is_open_and_unread() {
    let permits = Arc::new(Semaphore::new(2));
    let server = TestServer::start(app(&permits)).await;
    let mut client = join(&server, "tab").await;
    client.client.say("go").await;
    let mut events = client.until("stream_start").await;
    let (memory, dark) = client.leave_open();
    // These are written to the connection that nobody reads.
    permits.add_permits(4);
    while permits.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    let mut client = back(&server, "tab", &memory).await;
    assert!(client.is_recovered);
    permits.add_permits(4);
    events.extend(client.until("task_end").await);
    assert_eq!(streamed(&events), ALL);
    assert_eq!(names(&events), RUN);
    drop(dark);
    server.stop().await;
}

#[tokio::test]
async fn a_client_may_come_back_again_and_again_before_anything_reaches_it() {
    let permits = Arc::new(Semaphore::new(4));
    let server = TestServer::start(app(&permits)).await;
    let mut client = join(&server, "tab").await;
    client.client.say("go").await;
    let mut events = client.until("stream_start").await;
    let mut memory = client.cut();
    for _ in 0..5 {
        let client = back(&server, "tab", &memory).await;
        assert!(client.is_recovered);
        memory = client.cut();
    }
    permits.add_permits(6);
    let mut client = back(&server, "tab", &memory).await;
    events.extend(client.until("task_end").await);
    assert_eq!(streamed(&events), ALL);
    assert_eq!(names(&events), RUN);
    server.stop().await;
}

/// The first events carry the first offset.
#[tokio::test]
async fn a_client_that_has_got_nothing_yet_goes_on_from_the_beginning() {
    let permits = Arc::new(Semaphore::new(10));
    let server = TestServer::start(app(&permits)).await;
    let client = Recovering::connect(server.address, auth("tab"), Memory::default());
    let mut client = client.await.unwrap();
    client.client.emit("connection_successful", None).await;
    // The server has read the greeting when it answers this.
    client.client.send("40/nowhere,").await;
    while !client.client.frame().await.unwrap().starts_with("44/nowhere,") {}
    let memory = Memory { offset: None, ..client.cut() };
    let mut client = back(&server, "tab", &memory).await;
    assert!(client.is_recovered);
    for name in ["task_end", "clear_ask", "clear_call_fn"] {
        client.expect(name).await;
    }
    server.stop().await;
}

/// Nobody has been shown anything: there is nothing to go on from.
#[tokio::test]
async fn a_client_that_was_cut_before_its_greeting_is_shown_everything() {
    let server = TestServer::start(app(&Arc::new(Semaphore::new(10)))).await;
    let mut client = join(&server, "tab").await;
    client.client.say("go").await;
    client.until("task_end").await;
    client.client.leave().await;
    // A reloaded page, which then keeps an offset of another count.
    let client = back(&server, "tab", &Memory::default()).await;
    let memory = client.cut();
    let mut client = back(&server, "tab", &memory).await;
    assert!(!client.is_recovered);
    client.greet().await;
    let shown = [client.next().await.unwrap(), client.next().await.unwrap()];
    assert_eq!([shown[0].output(), shown[1].is_run().then_some("run").unwrap()], ["go", "run"]);
    server.stop().await;
}

#[tokio::test]
async fn an_open_ask_is_answered_once_with_the_id_that_it_had() {
    async fn ask() -> cl::Result {
        let ask = cl::AskUserMessage::new("Your name?").timeout(None);
        let answer = ask.send().await?.ok_or("no answer")?;
        cl::Message::new(format!("Hello {}", answer.content)).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_chat_start(ask)).await;
    let mut client = join(&server, "tab").await;
    let events = client.until("ask").await;
    let asked = events.last().unwrap().clone();
    let memory = client.cut();
    // Whether the ask had come nobody knows: it comes again, the same.
    let mut client = back(&server, "tab", &memory).await;
    assert!(client.is_recovered);
    assert_eq!(client.expect("ask").await, asked);
    client.client.ack(&asked, user_message("Ada")).await;
    for name in ["task_end", "clear_ask", "first_interaction", "task_start"] {
        client.expect(name).await;
    }
    let memory = client.cut();
    let mut client = back(&server, "tab", &memory).await;
    // A second answer is heard by nobody.
    client.client.ack(&asked, user_message("Bob")).await;
    let answer = client.expect("new_message").await;
    assert_eq!(answer.output(), "Hello Ada");
    server.stop().await;
}

#[tokio::test]
async fn stop_reaches_what_was_begun_before_the_cut() {
    async fn forever() -> cl::Result {
        let mut reply = cl::Message::new("");
        reply.stream_token("so far").await?;
        std::future::pending::<()>().await;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(forever)).await;
    let mut client = join(&server, "tab").await;
    client.client.say("go").await;
    client.until("stream_start").await;
    let memory = client.cut();
    let mut client = back(&server, "tab", &memory).await;
    client.client.emit("stop", None).await;
    let stopped = client.expect("new_message").await;
    assert_eq!(stopped.output(), "Task manually stopped.");
    client.until("task_end").await;
    server.stop().await;
}

/// The state is rebuilt for whoever can't prove where it was, and the old id is worth nothing.
#[tokio::test]
async fn a_foreign_or_used_id_opens_nothing() {
    let permits = Arc::new(Semaphore::new(100));
    let server = TestServer::start(app(&permits)).await;
    let mut other = join(&server, "other").await;
    other.client.say("secret").await;
    other.until("task_end").await;
    let mut client = join(&server, "tab").await;
    client.client.say("go").await;
    client.until("task_end").await;
    let memory = client.cut();
    let guesses = [
        Memory { pid: other.memory.pid.clone(), ..memory.clone() },
        Memory { pid: Some(String::new()), ..memory.clone() },
        Memory { pid: memory.pid.as_ref().map(|pid| pid[1..].to_owned()), ..memory.clone() },
        // Right before the first guess.
        memory.clone(),
    ];
    for guess in guesses {
        let mut client = back(&server, "tab", &guess).await;
        assert!(!client.is_recovered, "{guess:?}");
        assert!(![&memory.pid, &guess.pid].contains(&&client.memory.pid));
        client.greet().await;
        let shown = client.expect("new_message").await;
        assert_eq!(shown.output(), "go");
        client.cut();
    }
    // The right id in another session.
    let client = back(&server, "new", &other.memory).await;
    assert!(!client.is_recovered);
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_offset_is_taken_for_none() {
    let permits = Arc::new(Semaphore::new(100));
    let server = TestServer::start(app(&permits)).await;
    let mut client = join(&server, "tab").await;
    client.client.say("go").await;
    client.until("task_end").await;
    let mut memory = client.cut();
    let tag = memory.offset.as_ref().unwrap()[..4].to_owned();
    for offset in [format!("{tag}{}", u64::MAX), format!("{tag}9999"), tag, "é".repeat(3)] {
        let claim = Memory { offset: Some(offset), ..memory };
        let mut client = back(&server, "tab", &claim).await;
        if client.is_recovered {
            // From the beginning.
            for name in ["task_end", "clear_ask", "clear_call_fn", "task_start"] {
                client.expect(name).await;
            }
        } else {
            client.greet().await;
            client.expect("new_message").await;
        }
        memory = client.cut();
    }
    for wrong in [json!(7), json!([]), json!({ "a": 1 }), json!(null)] {
        let mut auth = auth("tab");
        auth["pid"] = wrong.clone();
        auth["offset"] = wrong;
        auth["recovery"] = json!(false);
        server.connect(auth).await.unwrap().cut();
    }
    let mut auth = auth("tab");
    auth["recovery"] = json!(1);
    assert!(server.connect(auth).await.err().unwrap().0.contains("`recovery`"));
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_lacks_more_than_is_kept_is_shown_everything() {
    async fn much(State(permits): State<Arc<Semaphore>>) -> cl::Result {
        let mut reply = cl::Message::new("");
        reply.stream_token("first ").await?;
        for n in 0..100 {
            permits.acquire().await?.forget();
            // Tokens of different messages are not joined.
            cl::Message::new(format!("{n} {}", "x".repeat(10_000))).send().await?;
        }
        reply.stream_token("last").await?;
        reply.update().await?;
        Ok(())
    }
    let permits = Arc::new(Semaphore::new(0));
    let app = App::new().state(Arc::clone(&permits)).on_message(much);
    let server = TestServer::start(app).await;
    let mut client = join(&server, "tab").await;
    client.client.say("go").await;
    client.until("stream_start").await;
    let memory = client.cut();
    permits.add_permits(100);
    while permits.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    let mut client = back(&server, "tab", &memory).await;
    assert!(!client.is_recovered);
    client.greet().await;
    let mut shown = std::collections::HashMap::new();
    while shown.len() < 103 {
        let event = client.next().await.unwrap();
        if event.name == "new_message" || event.name == "update_message" {
            shown.insert(event.data["id"].clone(), event.output().to_owned());
        }
    }
    assert!(shown.values().any(|text| text.starts_with("99 ")));
    while !shown.values().any(|text| text == "first last") {
        let event = client.next().await.unwrap();
        if let Some(text) = shown.get_mut(&event.data["id"]) {
            match event.data["token"].as_str() {
                Some(token) => text.push_str(token),
                None => *text = event.output().to_owned(),
            }
        }
    }
    server.stop().await;
}

/// Shown everything, a client goes on from there like any other.
#[tokio::test]
async fn a_reloaded_page_recovers_from_what_it_was_shown() {
    let permits = Arc::new(Semaphore::new(10));
    let server = TestServer::start(app(&permits)).await;
    let mut client = join(&server, "tab").await;
    client.client.say("go").await;
    client.until("task_end").await;
    client.client.leave().await;
    let mut client = join(&server, "tab").await;
    for output in ["go", "go", ALL] {
        let event = client.expect("new_message").await;
        if !event.is_run() {
            assert_eq!(event.output(), output);
        }
    }
    let memory = client.cut();
    let mut client = back(&server, "tab", &memory).await;
    assert!(client.is_recovered);
    client.client.say("more").await;
    // No toast of before: the page had it when it left.
    assert_eq!(client.next().await.unwrap().name, "task_start");
    server.stop().await;
}

/// A page that was reloaded does not show again what it showed; one that was cut off may not have.
#[tokio::test]
async fn notices_come_again_only_to_who_may_not_have_them() {
    let permits = Arc::new(Semaphore::new(100));
    let server = TestServer::start(app(&permits)).await;
    let mut client = server.join_as("tab").await;
    client.say("go").await;
    client.until("task_end").await;
    client.cut();
    let toasts = |events: &[Event]| events.iter().filter(|event| event.name == "toast").count();
    let mut client = server.join_as("tab").await;
    client.say("go").await;
    assert_eq!(toasts(&client.until("task_end").await), 2, "one of before, one of now");
    client.leave().await;
    let mut client = server.join_as("tab").await;
    client.say("go").await;
    assert_eq!(toasts(&client.until("task_end").await), 1);
    server.stop().await;
}

/// Nobody waits for a client that reads nothing, and it gets everything when it is back.
#[tokio::test]
async fn a_reader_that_takes_nothing_is_cut_off_and_shown_everything_later() {
    const PIECES: usize = 1_400;
    async fn much(State(done): State<Arc<Semaphore>>) -> cl::Result {
        let mut reply = cl::Message::new("");
        for _ in 0..PIECES {
            reply.stream_token("x".repeat(10_000)).await?;
        }
        reply.update().await?;
        done.add_permits(1);
        Ok(())
    }
    let done = Arc::new(Semaphore::new(0));
    let app = App::new().state(Arc::clone(&done)).on_message(much);
    let server = TestServer::start(app).await;
    let mut client = join(&server, "tab").await;
    client.client.say("go").await;
    client.until("stream_start").await;
    // Time passes when nothing else can happen: nobody reads.
    tokio::time::pause();
    done.acquire().await.unwrap().forget();
    tokio::time::resume();
    let memory = client.cut();
    let mut client = back(&server, "tab", &memory).await;
    assert!(!client.is_recovered);
    client.greet().await;
    // Older steps than this one were forgotten: it alone is more than is kept.
    assert_eq!(client.expect("new_message").await.output().len(), 10_000 * PIECES);
    server.stop().await;
}
