//! Buttons under messages, and the functions behind them.

use chainlit::testing::TestApp;
use chainlit::{self as cl, ActionPayload, App};
use serde_json::{Value, json};

use crate::support::{Client, Event, TestServer};

#[derive(Debug, serde::Deserialize, serde::Serialize, cl::ActionPayload)]
#[action("approve_order")]
struct Approval {
    order: u32,
    lines: Vec<Line>,
}

#[derive(Debug, serde::Deserialize, serde::Serialize)]
struct Line {
    count: u32,
}

async fn ignore() {}

/// All events that have come until now.
async fn all(client: &mut Client) -> Vec<Event> {
    // Nobody asked this: the server says so after what it said before.
    client.ack(&Event { name: String::new(), data: Value::Null, ack: Some(9) }, Value::Null).await;
    client.until("toast").await
}

async fn press(server: &TestServer, session: &str, action: &Event) -> (u16, Value) {
    let body = json!({ "sessionId": session, "action": action.data });
    server.request("POST", "/project/action", Some(body)).await
}

#[tokio::test]
async fn removed_buttons_do_not_come_back() {
    async fn start() -> cl::Result {
        let action = |name: &str| cl::Action::new(name, json!({ "name": name }));
        cl::Message::new("one").action(action("keep")).action(action("once")).send().await?;
        cl::Message::new("two").action(action("all")).action(action("keep")).send().await?;
        Ok(())
    }
    async fn once(action: cl::Action) -> cl::Result {
        action.remove().await?;
        Ok(())
    }
    async fn remove_all() -> cl::Result {
        let mut message = cl::Message::new("three").action(cl::Action::new("keep", json!({})));
        message.send().await?;
        message.remove_actions().await?;
        assert!(message.actions.is_empty());
        Ok(())
    }
    let app = App::new()
        .on_chat_start(start)
        .on_message(ignore)
        .action_callback("keep", ignore)
        .action_callback("once", once)
        .action_callback("all", remove_all);
    let server = TestServer::start(app).await;
    let mut client = server.join_as("tab").await;
    let events = client.until("task_end").await;
    let buttons: Vec<_> = events.iter().filter(|event| event.name == "action").collect();
    assert_eq!(buttons.len(), 4);
    assert_eq!(press(&server, "tab", buttons[1]).await.0, 200);
    let removed = client.until("remove_action").await.pop().unwrap();
    assert_eq!(removed.data["id"], buttons[1].data["id"]);
    assert_eq!(press(&server, "tab", buttons[2]).await.0, 200);
    let third = client.until("action").await.pop().unwrap();
    client.expect("remove_action").await;
    client.cut();

    // A client that merges what it is told into what it shows.
    let mut client = server.join_as("tab").await;
    let events = all(&mut client).await;
    let mut shown = vec![&third.data["id"], &buttons[1].data["id"]];
    for event in &events {
        match event.name.as_str() {
            "action" => shown.push(&event.data["id"]),
            "remove_action" => shown.retain(|id| **id != event.data["id"]),
            _ => {}
        }
    }
    let kept = [buttons[0], buttons[2], buttons[3]].map(|button| &button.data["id"]);
    assert_eq!(shown, kept);
    assert_eq!(press(&server, "tab", buttons[1]).await.0, 404, "it is not offered any more");
    server.stop().await;
}

#[tokio::test]
async fn a_button_that_leads_nowhere_is_not_sent() {
    async fn start() -> cl::Result {
        let mut message =
            cl::Message::new("Order 7?").action(cl::Action::new("approve", json!({})));
        let error = message.send().await.unwrap_err();
        assert!(matches!(&error, cl::Error::NoActionCallback { name } if name == "approve"));
        assert!(message.stream_token("Order").await.is_err());
        assert!(cl::Action::new("approve", json!({})).send("m").await.is_err());
        cl::Message::new(error.to_string()).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_chat_start(start).on_message(ignore)).await;
    let mut client = server.join().await;
    assert_eq!(
        client.answers().await,
        ["no function handles the action `approve`: put `#[cl::action_callback(\"approve\")]` on \
          an `async fn`, or ask with an `AskActionMessage`, which needs none"]
    );
    server.stop().await;
}

#[tokio::test]
async fn a_type_brings_its_actions_name() {
    async fn start() -> cl::Result {
        let approval = Approval { order: 7, lines: vec![Line { count: 2 }] };
        cl::Message::new("Order 7?").action(cl::Action::of(&approval)?).send().await?;
        Ok(())
    }
    async fn approve(action: cl::Action<Approval>) -> cl::Result<cl::Json<u32>> {
        Ok(cl::Json(action.payload.order + action.payload.lines[0].count))
    }
    let app =
        App::new().on_chat_start(start).on_message(ignore).action_callback(Approval::NAME, approve);
    let server = TestServer::start(app).await;
    let mut client = server.join_as("tab").await;
    let button = client.until("action").await.pop().unwrap();
    assert_eq!(button.data["name"], "approve_order");
    let (status, answer) = press(&server, "tab", &button).await;
    assert_eq!((status, answer), (200, json!({ "success": true, "response": 9 })));
    server.stop().await;
}

#[tokio::test]
async fn a_payload_of_another_shape_is_told_with_its_place() {
    async fn start() -> cl::Result {
        let payload = json!({ "order": 7, "lines": [{ "count": "two" }] });
        let action = cl::Action::new("approve_order", payload);
        cl::Message::new("Order 7?").action(action).send().await?;
        Ok(())
    }
    async fn approve(_: cl::Action<Approval>) {}
    for show_errors in [false, true] {
        let app = App::new()
            .on_chat_start(start)
            .on_message(ignore)
            .action_callback(Approval::NAME, approve);
        let change = |config: &mut cl::Config| config.ui.show_errors = show_errors;
        let server = TestServer::start_with(app, change).await;
        let mut client = server.join_as("tab").await;
        let button = client.until("action").await.pop().unwrap();
        client.until("task_end").await;
        let (status, answer) = press(&server, "tab", &button).await;
        assert_eq!(status, 422);
        let text = answer["detail"].as_str().unwrap();
        assert!(text.contains("at `lines[0].count`"), "{text}");
        assert_eq!(text.contains("expected u32"), show_errors, "{text}");
        client.until("first_interaction").await;
        assert_eq!(client.expect("new_message").await.output(), text);
        server.stop().await;
    }
}

#[tokio::test]
async fn a_function_for_another_action_than_its_payloads_refuses_to_start() {
    async fn approve(_: cl::Action<Approval>) {}
    let app = App::new().on_message(ignore).action_callback("pay", approve);
    let error = app.config(cl::Config::default()).into_service().unwrap_err().to_string();
    let wanted = "it is for the action `pay`, and its payload `Approval` belongs to the action \
                  `approve_order`; leave the name out or write `approve_order`";
    assert!(error.ends_with(wanted), "{error}");
}

/// What a message can carry to the page can come back.
#[tokio::test]
async fn a_payload_may_be_as_large_as_a_packet() {
    async fn offer() -> cl::Result {
        let text = "a".repeat(70_000);
        let action = cl::Action::new("go", json!({ "text": text }));
        cl::Message::new("Press").action(action).send().await?;
        Ok(())
    }
    async fn length(action: cl::Action) -> cl::Json<usize> {
        cl::Json(action.payload["text"].as_str().unwrap().len())
    }
    let app = || App::new().on_message(offer).action_callback("go", length);
    let server = TestApp::start(app()).await;
    let ada = server.user("ada").await;
    ada.send("hello").await;
    assert_eq!(ada.click("go").await, Ok(json!(70_000)));
    let narrow = |config: &mut cl::Config| config.limits.max_message_bytes = 60_000;
    let server = TestApp::start_with(app(), narrow).await;
    let bob = server.user("bob").await;
    bob.send("hello").await;
    let refused = bob.click("go").await.unwrap_err();
    assert!(refused.contains("too large"), "{refused}");
}
