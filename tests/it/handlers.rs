//! The four ends of a handler, actions, and what refuses to start.

use chainlit::{self as cl, App, AppError};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{Client, TestServer};

async fn error_of(client: &mut Client) -> String {
    let events = client.until("task_end").await;
    let error = events.iter().find(|event| event.data["isError"] == true && !event.is_run());
    error.expect("an error message").output().to_owned()
}

/// Chainlit says nothing to the user when `on_message` fails.
#[tokio::test]
async fn an_error_is_seen_by_its_user_with_an_id_but_without_its_text() {
    async fn fail() -> cl::Result {
        Err("the password is swordfish".into())
    }
    let server = TestServer::start(App::new().on_message(fail)).await;
    let mut client = server.join().await;
    client.say("go").await;
    let text = error_of(&mut client).await;
    assert!(text.starts_with("Something went wrong. (error ") && text.len() == 42, "{text}");
    server.stop().await;
}

#[tokio::test]
async fn an_application_may_show_its_errors() {
    async fn fail() -> cl::Result {
        Err("the model is away".into())
    }
    let server = TestServer::start_with(App::new().on_message(fail), |config| {
        config.ui.show_errors = true;
    })
    .await;
    let mut client = server.join().await;
    client.say("go").await;
    assert!(error_of(&mut client).await.starts_with("the model is away (error "));
    server.stop().await;
}

#[tokio::test]
async fn a_panic_harms_its_own_session_only_and_its_text_stays_here() {
    async fn fragile(message: cl::Message) -> cl::Result {
        assert_ne!(message.content, "break", "swordfish");
        cl::Message::new("fine").send().await?;
        Ok(())
    }
    let server = TestServer::start_with(App::new().on_message(fragile), |config| {
        config.ui.show_errors = true;
    })
    .await;
    let (mut ada, mut bob) = (server.join().await, server.join().await);
    ada.say("break").await;
    assert!(!error_of(&mut ada).await.contains("swordfish"));
    for client in [&mut ada, &mut bob] {
        client.say("and now?").await;
        assert_eq!(client.answers().await, ["fine"]);
    }
    server.stop().await;
}

mod actions {
    use super::*;

    async fn offer() -> cl::Result {
        let action = cl::Action::new("add", json!({ "a": 2, "b": 3 })).label("Add");
        cl::Message::new("Shall I?").action(action).send().await?;
        cl::Message::new("Or?").action(cl::Action::new("fail", json!({}))).send().await?;
        Ok(())
    }

    #[derive(serde::Deserialize)]
    struct Add {
        a: i32,
        b: i32,
    }

    async fn add(action: cl::Action<Add>) -> cl::Result<i32> {
        let sum = action.payload.a + action.payload.b;
        cl::Message::new(sum.to_string()).send().await?;
        Ok(sum)
    }

    async fn fail() -> cl::Result {
        Err("no".into())
    }

    async fn ignore() {}

    async fn start() -> (TestServer, Client, Vec<Value>) {
        let app = App::new()
            .on_chat_start(offer)
            .on_message(ignore)
            .action_callback("add", add)
            .action_callback("fail", fail);
        let server = TestServer::start(app).await;
        let mut client = server.join_as("tab").await;
        let events = client.until("task_end").await;
        let actions =
            events.into_iter().filter(|event| event.name == "action").map(|event| event.data);
        (server, client, actions.collect())
    }

    async fn press(server: &TestServer, session: &str, action: &Value) -> (u16, Value) {
        let body = json!({ "sessionId": session, "action": action });
        server.request("POST", "/project/action", Some(body)).await
    }

    #[tokio::test]
    async fn an_action_is_answered() {
        let (server, mut client, actions) = start().await;
        let answer = press(&server, "tab", &actions[0]).await;
        assert_eq!(answer, (200, json!({ "success": true, "response": 5 })));
        let first = client.expect("first_interaction").await;
        assert_eq!(first.data["interaction"], "add");
        assert_eq!(client.expect("new_message").await.output(), "5");
        server.stop().await;
    }

    /// With Chainlit the callback gets whatever the client sends.
    #[tokio::test]
    async fn what_runs_is_what_was_offered() {
        let (server, mut client, actions) = start().await;
        let mut changed = actions[0].clone();
        changed["payload"] = json!({ "a": 1000, "b": 0 });
        assert_eq!(press(&server, "tab", &changed).await.1["response"], 5);
        client.until("new_message").await;
        let mut invented = actions[0].clone();
        invented["id"] = json!("invented");
        assert_eq!(press(&server, "tab", &invented).await.0, 404);
        server.stop().await;
    }

    #[tokio::test]
    async fn what_can_not_be_done_is_said() {
        let (server, _client, actions) = start().await;
        assert_eq!(press(&server, "somebody else's", &actions[0]).await.0, 404);
        let mut unknown = actions[0].clone();
        unknown["name"] = json!("none");
        let (status, answer) = press(&server, "tab", &unknown).await;
        assert_eq!((status, &answer["detail"]), (404, &json!("No callback found for action none")));
        assert_eq!(press(&server, "tab", &json!({ "name": "x" })).await.0, 422);
        assert_eq!(press(&server, "tab", &actions[1]).await.0, 500);
        server.stop().await;
    }
}

#[tokio::test]
async fn two_functions_for_one_event_refuse_to_start_and_name_both() {
    async fn one() {}
    async fn other() {}
    let root = tempfile::tempdir().unwrap();
    let app = App::new()
        .config(cl::Config::default())
        .root(cl::AppRoot::new(root.path()).unwrap())
        .on_message(one)
        .on_message(other);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let error = app.serve(listener, std::future::pending()).await.unwrap_err();
    assert!(matches!(error, AppError::Start(_)));
    let text = error.to_string();
    for part in ["on_message", "::one (tests/it/handlers.rs:", "::other (tests/it/handlers.rs:"] {
        assert!(text.contains(part), "{text}");
    }
}
