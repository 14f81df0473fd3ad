//! Sound in both directions, over both transports.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use chainlit::{self as cl, App, Config, testing::TestApp};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::support::{Client, Memory, Recovering, TestServer, auth};

static HEARD: cl::SessionKey<Vec<u8>> = cl::SessionKey::new("heard");

fn with_audio(config: &mut Config) {
    config.features.audio.enabled = true;
}

async fn allow() {}

async fn collect(chunk: cl::InputAudioChunk) {
    HEARD.update(|heard| heard.extend_from_slice(&chunk.data));
}

async fn tell() -> cl::Result {
    let heard = HEARD.get().unwrap_or_default();
    cl::Message::new(format!("heard {heard:?}")).send().await?;
    Ok(())
}

async fn ignore() {}

/// Collects what is said and tells it at the end.
fn listener() -> App {
    App::new().on_message(ignore).on_audio_start(allow).on_audio_chunk(collect).on_audio_end(tell)
}

async fn speak(client: &mut Client, data: &[u8]) {
    let chunk = json!({ "isStart": true, "mimeType": "pcm16", "elapsedTime": 120 });
    client.emit_binary("audio_chunk", chunk, data).await;
}

async fn start(client: &mut Client) {
    client.emit("audio_start", None).await;
    assert_eq!(client.expect("audio_connection").await.data, "on");
}

#[tokio::test]
async fn what_is_said_comes_back_in_order_over_both_transports() {
    async fn repeat(chunk: cl::InputAudioChunk) -> cl::Result {
        assert_eq!((chunk.is_start, chunk.elapsed_time.as_millis()), (true, 120));
        cl::Message::new("before").send().await?;
        cl::send_audio_chunk(cl::OutputAudioChunk::new("t1", chunk.data)).await?;
        cl::send_audio_interrupt().await?;
        Ok(())
    }
    let app = App::new().on_message(ignore).on_audio_start(allow).on_audio_chunk(repeat);
    let server = TestServer::start_with(app.on_audio_end(ignore), with_audio).await;
    for mut client in [server.join().await, server.join_by_polling("poller").await] {
        start(&mut client).await;
        for data in [&[1_u8, 2, 255, 0][..], &[], &[7; 3000]] {
            speak(&mut client, data).await;
            client.expect("new_message").await;
            let sound = client.expect("audio_chunk").await;
            assert_eq!(sound.data, json!({ "mimeType": "pcm16", "data": data, "track": "t1" }));
            assert_eq!(client.expect("audio_interrupt").await.data, json!({}));
        }
        client.emit("audio_end", None).await;
        client.expect("task_start").await;
        assert_eq!(client.expect("first_interaction").await.data["interaction"], "audio");
        let run = client.expect("new_message").await.data;
        assert_eq!((&run["name"], &run["parentId"]), (&json!("on_audio_end"), &Value::Null));
        let run = client.expect("update_message").await.data;
        assert_eq!((&run["input"], &run["isError"]), (&json!("{}"), &json!(false)));
        client.expect("task_end").await;
        client.leave().await;
    }
    server.stop().await;
}

/// Chainlit starts a task for each piece: they overtake each other.
#[tokio::test]
async fn pieces_are_handled_one_after_the_other_and_the_end_after_them() {
    async fn collect_slowly(chunk: cl::InputAudioChunk) {
        // The later ones would overtake the first.
        for _ in chunk.data[0]..10 {
            tokio::task::yield_now().await;
        }
        HEARD.update(|heard| heard.extend_from_slice(&chunk.data));
    }
    let app = App::new().on_message(ignore).on_audio_start(allow);
    let app = app.on_audio_chunk(collect_slowly).on_audio_end(tell);
    let server = TestServer::start_with(app, with_audio).await;
    let mut client = server.join().await;
    start(&mut client).await;
    for n in 0..10 {
        speak(&mut client, &[n]).await;
    }
    client.emit("audio_end", None).await;
    assert_eq!(client.answers().await, ["heard [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"]);
    server.stop().await;
}

/// With Chainlit the second and the third crash the handler of the event.
#[tokio::test]
async fn nobody_speaks_who_was_not_allowed_to() {
    async fn refuse() -> bool {
        false
    }
    async fn fail() -> Result<bool, String> {
        Err("no microphone today".to_owned())
    }
    let without = || App::new().on_message(ignore).on_audio_chunk(collect).on_audio_end(tell);
    let cases = [
        (listener(), false),
        (without(), true),
        (without().on_audio_start(refuse), true),
        (without().on_audio_start(fail), true),
    ];
    for (app, is_enabled) in cases {
        let config = |config: &mut Config| config.features.audio.enabled = is_enabled;
        let server = TestServer::start_with(app, config).await;
        let mut client = server.join().await;
        client.emit("audio_start", None).await;
        let answer = client.until("audio_connection").await.pop().unwrap();
        assert_eq!(answer.data, "off");
        speak(&mut client, &[1]).await;
        client.emit("audio_end", None).await;
        // Nothing of the sound's functions was called: the next thing is the message's.
        client.say("hello").await;
        client.expect("task_start").await;
        assert_eq!(client.expect("first_interaction").await.data["interaction"], "hello");
        assert!(client.answers().await.is_empty());
        server.stop().await;
    }
}

#[tokio::test]
async fn a_cut_connection_ends_the_talk_once() {
    async fn hear(chunk: cl::InputAudioChunk) -> cl::Result {
        HEARD.update(|heard| heard.extend_from_slice(&chunk.data));
        cl::send_audio_interrupt().await?;
        Ok(())
    }
    let app = App::new().on_message(ignore).on_audio_start(allow).on_audio_chunk(hear);
    let server = TestServer::start_with(app.on_audio_end(tell), with_audio).await;
    let mut client = server.join_as("tab").await;
    start(&mut client).await;
    speak(&mut client, &[1]).await;
    client.expect("audio_interrupt").await;
    client.cut();
    let mut client = Client::open(server.address).await;
    client.connect(auth("tab")).await.unwrap();
    client.emit("connection_successful", None).await;
    // The page that comes back says the end that it owed, too.
    client.emit("audio_end", None).await;
    // What was to end has ended before another talk begins.
    client.emit("audio_start", None).await;
    let mut said = Vec::new();
    loop {
        let event = client.next().await.unwrap();
        match event.name.as_str() {
            "new_message" if !event.is_run() => said.push(event.output().to_owned()),
            "audio_connection" if event.data == "on" => break,
            _ => {}
        }
    }
    assert_eq!(said, ["heard [1]"]);
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_goes_on_is_told_that_it_is_not_heard_any_more() {
    let server = TestServer::start_with(listener(), with_audio).await;
    let mut client =
        Recovering::connect(server.address, auth("tab"), Memory::default()).await.unwrap();
    client.greet().await;
    client.client.emit("audio_start", None).await;
    assert_eq!(client.expect("audio_connection").await.data, "on");
    let memory = client.cut();
    let mut client = Recovering::connect(server.address, auth("tab"), memory).await.unwrap();
    assert!(client.is_recovered);
    assert_eq!(client.until("audio_connection").await.last().unwrap().data, "off");
    server.stop().await;
}

/// Sound is for now; what it stood between is not lost.
#[tokio::test]
async fn nothing_is_played_later() {
    #[derive(Default)]
    struct Signals {
        go: Notify,
        done: Notify,
    }
    async fn sing(message: cl::Message, signals: cl::State<Signals>) -> cl::Result {
        if message.content != "sing" {
            signals.go.notify_one();
            signals.done.notified().await;
            return Ok(());
        }
        cl::Message::new("one").send().await?;
        signals.go.notified().await;
        cl::send_audio_chunk(cl::OutputAudioChunk::new("t1", vec![1; 10])).await?;
        cl::send_audio_interrupt().await?;
        cl::Message::new("two").send().await?;
        signals.done.notify_one();
        Ok(())
    }
    let app = App::new().state(Signals::default()).on_message(sing);
    let server = TestServer::start_with(app, with_audio).await;
    let mut client =
        Recovering::connect(server.address, auth("tab"), Memory::default()).await.unwrap();
    client.greet().await;
    client.client.say("sing").await;
    while client.next().await.unwrap().data["output"] != "one" {}
    let memory = client.cut();
    let mut other = server.join().await;
    other.say("go").await;
    other.until("task_end").await;
    let mut client = Recovering::connect(server.address, auth("tab"), memory).await.unwrap();
    assert!(client.is_recovered);
    let events = client.until("task_end").await;
    assert!(events.iter().any(|event| event.data["output"] == "two"), "{events:?}");
    assert!(!events.iter().any(|event| event.name.starts_with("audio")), "{events:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_talk_ends_with_the_chat_and_before_it() {
    static ENDS: cl::SessionKey<u32> = cl::SessionKey::new("ends");
    async fn count() {
        ENDS.update(|ends| *ends += 1);
    }
    async fn check(over: cl::State<AtomicUsize>) {
        over.store(ENDS.get().unwrap_or_default() as usize + 10, Ordering::SeqCst);
    }
    let app = TestApp::start_with(
        App::new()
            .state(AtomicUsize::new(0))
            .on_message(ignore)
            .on_audio_start(allow)
            .on_audio_end(count)
            .on_chat_end(check)
            .action_callback("result", |over: cl::State<AtomicUsize>| async move {
                cl::Json(over.load(Ordering::SeqCst))
            })
            .on_chat_start(|| async {
                let action = cl::Action::new("result", json!({}));
                cl::Message::new("").action(action).send().await
            }),
        with_audio,
    )
    .await;
    let ada = app.user("ada").await;
    ada.start_audio().await;
    assert!(ada.screen().audio);
    ada.leave().await;
    let bob = app.user("bob").await;
    bob.until(|screen| screen.action("result").is_some()).await;
    let mut result = json!(0);
    while result == 0 {
        result = bob.click("result").await.unwrap();
    }
    assert_eq!(result, 11, "on_audio_end was called once, before on_chat_end");
}

#[tokio::test]
async fn a_second_beginning_ends_the_talk_before() {
    let server = TestServer::start_with(listener(), with_audio).await;
    let mut client = server.join().await;
    start(&mut client).await;
    speak(&mut client, &[1]).await;
    client.emit("audio_start", None).await;
    assert_eq!(client.answers().await, ["heard [1]"]);
    assert_eq!(client.expect("audio_connection").await.data, "on");
    server.stop().await;
}

#[tokio::test]
async fn a_slow_listener_hears_what_is_said_now() {
    async fn block(gate: cl::State<Notify>, chunk: cl::InputAudioChunk) -> cl::Result {
        if HEARD.get().unwrap_or_default().is_empty() {
            cl::Message::new("listening").send().await?;
            gate.notified().await;
        }
        assert_eq!(chunk.is_start, HEARD.get().unwrap_or_default().len() < 2);
        HEARD.update(|heard| heard.push(chunk.data[0]));
        Ok(())
    }
    async fn open(gate: cl::State<Notify>) {
        gate.notify_one();
    }
    let app = App::new().state(Notify::new()).on_message(open).on_audio_start(allow);
    let app = app.on_audio_chunk(block).on_audio_end(tell);
    let server = TestServer::start_with(app, |config| {
        with_audio(config);
        config.limits.audio_queue_bytes = 3_500;
    })
    .await;
    let mut client = server.join().await;
    start(&mut client).await;
    speak(&mut client, &[0; 1000]).await;
    client.until("new_message").await;
    let chunk = |n: u8| json!({ "isStart": n == 1, "mimeType": "pcm16", "elapsedTime": 120 });
    for n in 1..=6 {
        client.emit_binary("audio_chunk", chunk(n), &[n; 1000]).await;
    }
    client.say("go on").await;
    client.until("task_end").await;
    client.emit("audio_end", None).await;
    // Three pieces fit; the oldest of them counts as the beginning.
    assert_eq!(client.answers().await, ["heard [0, 4, 5, 6]"]);
    server.stop().await;
}

/// A page sends ten to fifty pieces in a second, and messages are counted apart.
#[tokio::test(start_paused = true)]
async fn sound_does_not_use_up_what_messages_may_cost() {
    let app = TestApp::start_with(listener(), |config| {
        with_audio(config);
        config.limits.events_per_second = 50;
        config.limits.events_burst = 10;
    })
    .await;
    let ada = app.user("ada").await;
    ada.start_audio().await;
    for _ in 0..500 {
        ada.speak(&[0; 960], false);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    ada.end_audio().await;
    assert!(ada.screen().toasts.is_empty(), "{:?}", ada.screen().toasts);
}

#[tokio::test]
async fn a_piece_that_fails_is_told_once() {
    async fn fail() -> Result<(), String> {
        Err("deaf".to_owned())
    }
    let app = App::new().on_message(ignore).on_audio_start(allow).on_audio_chunk(fail);
    let server = TestServer::start_with(app.on_audio_end(ignore), |config| {
        with_audio(config);
        config.ui.show_errors = true;
    })
    .await;
    let mut client = server.join().await;
    start(&mut client).await;
    for _ in 0..3 {
        speak(&mut client, &[1]).await;
    }
    client.emit("audio_end", None).await;
    let events = client.until("task_end").await;
    let errors = events.iter().filter(|event| event.data["isError"] == true);
    assert_eq!(errors.count(), 1);
    server.stop().await;
}

#[tokio::test]
async fn on_audio_end_can_be_stopped() {
    async fn hang() -> cl::Result {
        cl::Message::new("begun").send().await?;
        std::future::pending().await
    }
    let app = App::new().on_message(ignore).on_audio_start(allow).on_audio_end(hang);
    let server = TestServer::start_with(app, with_audio).await;
    let mut client = server.join().await;
    start(&mut client).await;
    client.emit("audio_end", None).await;
    while client.next().await.unwrap().data["output"] != "begun" {}
    client.emit("stop", None).await;
    client.until("task_end").await;
    server.stop().await;
}

#[tokio::test]
async fn the_application_can_close_the_microphone() {
    async fn enough(chunk: cl::InputAudioChunk) -> cl::Result {
        HEARD.update(|heard| heard.extend_from_slice(&chunk.data));
        cl::update_audio_connection(cl::AudioConnection::Off).await?;
        Ok(())
    }
    let app = App::new().on_message(ignore).on_audio_start(allow).on_audio_chunk(enough);
    let server = TestServer::start_with(app.on_audio_end(tell), with_audio).await;
    let mut client = server.join().await;
    start(&mut client).await;
    speak(&mut client, &[1]).await;
    assert_eq!(client.expect("audio_connection").await.data, "off");
    speak(&mut client, &[2]).await;
    client.emit("audio_end", None).await;
    assert_eq!(client.answers().await, ["heard [1]"]);
    server.stop().await;
}

#[tokio::test]
async fn a_piece_without_its_sound_is_refused_and_the_chat_goes_on() {
    static WAS_HEARD: AtomicBool = AtomicBool::new(false);
    async fn hear() {
        WAS_HEARD.store(true, Ordering::SeqCst);
    }
    let app = App::new().on_message(ignore).on_audio_start(allow).on_audio_chunk(hear);
    let server = TestServer::start_with(app, with_audio).await;
    let mut client = server.join().await;
    start(&mut client).await;
    for data in [json!("AQID"), json!({ "_placeholder": true, "num": 0 }), Value::Null] {
        let chunk = json!({ "isStart": true, "mimeType": "pcm16", "elapsedTime": 1, "data": data });
        client.emit("audio_chunk", chunk).await;
        let events = client.until("task_end").await;
        assert!(events.iter().any(|event| event.data["isError"] == true), "{events:?}");
    }
    client.say("hello").await;
    client.until("task_end").await;
    assert!(!WAS_HEARD.load(Ordering::SeqCst));
    server.stop().await;
}
