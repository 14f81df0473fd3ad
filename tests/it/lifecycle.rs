//! When a chat starts, ends, and what is gone then.

use std::sync::Arc;
use std::time::Duration;

use chainlit::{self as cl, App, State};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::support::TestServer;

type Notes = UnboundedSender<String>;

async fn started(State(notes): State<Notes>) -> cl::Result {
    cl::user_session::set("secret", Arc::new("swordfish"))?;
    notes.send("start".to_owned())?;
    Ok(())
}

async fn ended(State(notes): State<Notes>) -> cl::Result {
    let secret = cl::user_session::get::<Arc<&'static str>>("secret")?;
    notes.send(format!("end {secret:?}"))?;
    Ok(())
}

async fn ignore() {}

fn app() -> (App, UnboundedReceiver<String>) {
    let (notes, heard) = unbounded_channel();
    let app = App::new().state(notes).on_chat_start(started).on_message(ignore).on_chat_end(ended);
    (app, heard)
}

async fn next(heard: &mut UnboundedReceiver<String>) -> String {
    tokio::time::timeout(Duration::from_secs(10), heard.recv()).await.unwrap().unwrap()
}

const END: &str = "end Some(\"swordfish\")";

/// Chainlit ends the chat at every dropped connection.
#[tokio::test]
async fn a_dropped_connection_is_no_end_and_coming_back_is_no_start() {
    let (app, mut heard) = app();
    let server = TestServer::start(app).await;
    let mut client = server.join_as("tab").await;
    client.until("task_end").await;
    for _ in 0..3 {
        client.cut();
        client = server.join_as("tab").await;
    }
    client.say("still here?").await;
    client.until("task_end").await;
    client.leave().await;
    let mut client = server.join_as("tab").await;
    client.say("and now?").await;
    client.until("task_end").await;
    drop(client);
    server.stop().await;
    assert_eq!(next(&mut heard).await, "start");
    assert_eq!(next(&mut heard).await, END);
    assert_eq!(heard.recv().await, None);
}

/// What Chainlit's client does on "New chat", back to back; there the clearing loses the race.
#[tokio::test]
async fn a_new_chat_ends_the_old_one_at_once() {
    let (app, mut heard) = app();
    let server = TestServer::start(app).await;
    let mut client = server.join_as("tab").await;
    client.until("task_end").await;
    client.emit("clear_session", None).await;
    client.leave().await;
    assert_eq!(next(&mut heard).await, "start");
    assert_eq!(next(&mut heard).await, END);
    // The same id is a new chat now.
    let mut client = server.join_as("tab").await;
    client.until("task_end").await;
    assert_eq!(next(&mut heard).await, "start");
    server.stop().await;
}

/// With Chainlit the next dropped connection deletes the session.
#[tokio::test]
async fn who_comes_back_after_all_has_not_left() {
    let (app, mut heard) = app();
    let server = TestServer::start(app).await;
    let mut client = server.join_as("tab").await;
    client.until("task_end").await;
    client.emit("clear_session", None).await;
    // The connection that said it is replaced before it ends.
    let client = server.join_as("tab").await;
    client.cut();
    let mut client = server.join_as("tab").await;
    client.say("here").await;
    client.until("task_end").await;
    assert_eq!(next(&mut heard).await, "start");
    assert!(heard.try_recv().is_err());
    server.stop().await;
}

#[tokio::test]
async fn a_chat_without_a_connection_ends_after_the_timeout() {
    let (app, mut heard) = app();
    let server = TestServer::start_with(app, |config| {
        config.project.session_timeout = Duration::from_millis(50);
    })
    .await;
    let mut client = server.join_as("tab").await;
    client.until("task_end").await;
    client.cut();
    assert_eq!(next(&mut heard).await, "start");
    assert_eq!(next(&mut heard).await, END);
    server.stop().await;
}

/// With Chainlit the tasks of an ended chat run on.
#[tokio::test]
async fn the_end_of_a_chat_drops_what_runs() {
    struct Gone(Notes);
    impl Drop for Gone {
        fn drop(&mut self) {
            let _ = self.0.send("dropped".to_owned());
        }
    }
    async fn hang(State(notes): State<Notes>) {
        let _gone = Gone(notes.as_ref().clone());
        let child = Gone(notes.as_ref().clone());
        drop(cl::spawn(async move {
            let _child = child;
            std::future::pending::<()>().await;
        }));
        std::future::pending::<()>().await;
    }
    let (notes, mut heard) = unbounded_channel();
    let app = App::new().state(notes).on_message(hang).on_chat_end(ended);
    let server = TestServer::start(app).await;
    let mut client = server.join().await;
    client.say("go").await;
    client.until("new_message").await;
    client.emit("clear_session", None).await;
    client.leave().await;
    assert_eq!(next(&mut heard).await, "dropped");
    assert_eq!(next(&mut heard).await, "dropped");
    assert_eq!(next(&mut heard).await, "end None");
    server.stop().await;
}

/// With Chainlit a re-used session id sees the old conversation.
#[tokio::test]
async fn nothing_of_an_ended_chat_is_left_for_the_next_one_with_its_id() {
    async fn look(history: cl::ChatContext) -> cl::Result {
        let value = cl::user_session::get::<u32>("n")?;
        cl::user_session::set("n", 1_u32)?;
        cl::Message::new(format!("{} {value:?}", history.messages().len())).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(look)).await;
    for _ in 0..2 {
        let mut client = server.join_as("tab").await;
        client.say("look").await;
        assert_eq!(client.answers().await, ["1 None"]);
        client.emit("clear_session", None).await;
        client.leave().await;
        while server.connect(crate::support::auth("tab")).await.is_err() {}
    }
    server.stop().await;
}

#[tokio::test]
async fn two_users_see_nothing_of_each_other() {
    static COUNT: cl::SessionKey<u32> = cl::SessionKey::new("count");
    async fn count(message: cl::Message) -> cl::Result {
        tokio::task::yield_now().await;
        let n = COUNT.update(|n| *n += 1);
        cl::Message::new(format!("{} {n}", message.content)).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(count)).await;
    let (mut ada, mut bob) = (server.join().await, server.join().await);
    for n in 1..=5 {
        ada.say("ada").await;
        bob.say("bob").await;
        assert_eq!(ada.answers().await, [format!("ada {n}")]);
        assert_eq!(bob.answers().await, [format!("bob {n}")]);
    }
    server.stop().await;
}

#[tokio::test]
async fn start_up_and_shutdown_run_once_around_everything() {
    async fn up(State(notes): State<Notes>) -> cl::Result {
        Ok(notes.send("up".to_owned())?)
    }
    async fn down(State(notes): State<Notes>) -> cl::Result {
        Ok(notes.send("down".to_owned())?)
    }
    let (app, mut heard) = app();
    let server = TestServer::start(app.on_app_startup(up).on_app_shutdown(down)).await;
    let mut client = server.join().await;
    client.until("task_end").await;
    server.stop().await;
    // No goodbye: a client that is told to go does not come back when the server is up again.
    while let Some(frame) = client.frame().await {
        assert_ne!(frame, "41");
    }
    let mut all = Vec::new();
    while let Ok(note) = heard.try_recv() {
        all.push(note);
    }
    assert_eq!(all, ["up", "start", END, "down"]);
}

/// With Chainlit whoever knows a thread's id writes to it.
#[tokio::test]
async fn a_thread_belongs_to_its_session_whatever_a_client_names() {
    async fn echo(message: cl::Message) -> cl::Result {
        cl::Message::new(message.content).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(echo)).await;
    let mut ours = server.join().await;
    ours.say("private").await;
    let events = ours.until("task_end").await;
    let first = events.iter().find(|event| event.name == "first_interaction").unwrap();
    let thread = first.data["thread_id"].clone();

    let mut auth = crate::support::auth("another");
    auth["threadId"] = thread.clone();
    let mut theirs = server.connect(auth).await.unwrap();
    theirs.emit("connection_successful", None).await;
    theirs.until("clear_call_fn").await;
    theirs.say("let me in").await;
    let events = theirs.until("task_end").await;
    assert!(events.iter().all(|event| event.data["threadId"] != thread), "{events:?}");
    assert!(events.iter().all(|event| event.data["thread_id"] != thread), "{events:?}");
    server.stop().await;
}

/// Chainlit lets them be written and overwrites them at the next read.
#[tokio::test]
async fn reserved_session_keys_hold_the_session_and_are_read_only() {
    async fn look(session: cl::Session) -> cl::Result {
        for key in cl::user_session::RESERVED_KEYS {
            let refused = cl::user_session::set(key, "mine".to_owned());
            assert!(
                matches!(refused, Err(cl::user_session::SessionError::Reserved { .. })),
                "{key}"
            );
        }
        assert_eq!(cl::user_session::get("id")?, Some(session.id().to_owned()));
        assert_eq!(cl::user_session::get("thread_id")?, Some(session.thread_id().to_owned()));
        let profile: Option<String> = cl::user_session::get("chat_profile")?;
        let client: Option<String> = cl::user_session::get("client_type")?;
        let env: Option<std::collections::BTreeMap<String, String>> = cl::user_session::get("env")?;
        cl::Message::new(format!("{profile:?} {client:?} {env:?}")).send().await?;
        Ok(())
    }
    async fn profiles() -> Vec<cl::ChatProfile> {
        vec![cl::ChatProfile::new("A B", "Both")]
    }
    let app = App::new().set_chat_profiles(profiles).on_message(look);
    let server = TestServer::start_with(app, |config| {
        config.project.user_env = Some(vec!["KEY".to_owned()]);
    })
    .await;
    let mut auth = crate::support::auth("tab");
    auth["chatProfile"] = "A%20B".into();
    auth["userEnv"] = r#"{"KEY":"k"}"#.into();
    let mut client = server.connect(auth).await.unwrap();
    client.emit("connection_successful", None).await;
    client.until("clear_call_fn").await;
    client.say("look").await;
    assert_eq!(client.answers().await, [r#"Some("A B") Some("webapp") Some({"KEY": "k"})"#]);
    server.stop().await;
}
