//! Commands and modes of the composer.

use chainlit::{self as cl, App};
use serde_json::{Value, json};

use crate::support::{Client, TestServer, user_message};

async fn offer() -> cl::Result {
    cl::set_commands([cl::Command::new("search", "Search").button(true)]).await?;
    let llm = cl::Mode::new("llm", "Model")
        .option(cl::ModeOption::new("small", "Small"))
        .option(cl::ModeOption::new("large", "Large").default(true));
    cl::set_modes([llm]).await?;
    Ok(())
}

async fn tell(message: cl::Message) -> cl::Result {
    let text = format!("{:?} {:?}", message.command, message.chosen_mode("llm"));
    cl::Message::new(text).send().await?;
    Ok(())
}

/// Says something with that command and these modes; gives what comes.
async fn say(client: &mut Client, command: Value, modes: Value) -> Vec<String> {
    let mut message = user_message("hi");
    message["command"] = command;
    message["modes"] = modes;
    client.emit("client_message", json!({ "message": message, "fileReferences": [] })).await;
    client.answers().await
}

#[tokio::test]
async fn what_is_chosen_is_on_the_message() {
    let server = TestServer::start(App::new().on_chat_start(offer).on_message(tell)).await;
    let mut client = server.join().await;
    let commands = client.until("set_commands").await.pop().unwrap().data;
    let wanted =
        json!([{ "id": "search", "icon": "terminal", "description": "Search", "button": true }]);
    assert_eq!(commands, wanted);
    let modes = client.expect("set_modes").await.data;
    assert_eq!(modes[0]["options"][1]["default"], true);
    client.until("task_end").await;
    let answer = say(&mut client, json!("search"), json!({ "llm": "small" })).await;
    assert_eq!(answer, [r#"Some("search") Some("small")"#]);
    // Each message has an option of each mode, also of a client that knows none.
    assert_eq!(say(&mut client, json!(null), json!(null)).await, [r#"None Some("large")"#]);
    server.stop().await;
}

/// With Chainlit whatever a client names reaches the application.
#[tokio::test]
async fn what_is_not_offered_is_refused() {
    let server = TestServer::start(App::new().on_chat_start(offer).on_message(tell)).await;
    let mut client = server.join().await;
    client.until("task_end").await;
    for (command, modes, wanted) in [
        (json!("delete"), json!(null), "The command `delete` is not offered here."),
        (json!(null), json!({ "tone": "a" }), "The mode `tone` is not offered here."),
        (
            json!(null),
            json!({ "llm": "huge" }),
            "The option `huge` of the mode `llm` is not offered here.",
        ),
        (json!(null), json!({ "llm": 7 }), "The option `` of the mode `llm` is not offered here."),
    ] {
        assert_eq!(say(&mut client, command, modes).await, [wanted]);
    }
    server.stop().await;
}

#[tokio::test]
async fn without_modes_what_a_client_says_of_them_is_ignored() {
    async fn tell(message: cl::Message) -> cl::Result {
        cl::Message::new(format!("{:?}", message.modes)).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().on_message(tell)).await;
    let mut client = server.join().await;
    assert_eq!(say(&mut client, json!(null), json!({ "llm": "x" })).await, ["None"]);
    server.stop().await;
}

/// A starter may send a command that the composer does not offer.
#[tokio::test]
async fn a_starters_command_is_taken() {
    async fn starters() -> Vec<cl::Starter> {
        vec![cl::Starter::new("Draw", "A house").command("draw")]
    }
    async fn tell(message: cl::Message) -> cl::Result {
        cl::Message::new(message.command.unwrap_or_default()).send().await?;
        Ok(())
    }
    let server = TestServer::start(App::new().set_starters(starters).on_message(tell)).await;
    let mut client = server.join().await;
    assert_eq!(say(&mut client, json!("draw"), json!(null)).await, ["draw"]);
    let answer = say(&mut client, json!("delete"), json!(null)).await;
    assert_eq!(answer, ["The command `delete` is not offered here."]);
    server.stop().await;
}

#[tokio::test]
async fn a_reloaded_page_is_offered_the_same() {
    let server = TestServer::start(App::new().on_chat_start(offer).on_message(tell)).await;
    let mut client = server.join_as("tab").await;
    client.until("task_end").await;
    client.cut();
    let mut client = server.join_as("tab").await;
    assert_eq!(client.expect("set_commands").await.data[0]["id"], "search");
    assert_eq!(client.expect("set_modes").await.data[0]["id"], "llm");
    server.stop().await;
}
