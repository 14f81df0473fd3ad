//! Questions to the user.

use std::time::Duration;

use chainlit::wire::{ElementDict, ElementType};
use chainlit::{self as cl, App};
use serde_json::json;

use super::Replay;

/// One application answers by what it is told, like the recorded one.
async fn ask(message: cl::Message) -> cl::Result {
    let answer = match message.content.as_str() {
        "text" => cl::AskUserMessage::new("Your name?").timeout(Duration::from_secs(5)),
        "timeout" => cl::AskUserMessage::new("Too slow?").timeout(Duration::from_secs(1)),
        _ => cl::AskUserMessage::new("Too slow?")
            .timeout(Duration::from_secs(1))
            .raise_on_timeout(true),
    }
    .send()
    .await?;
    let answer = answer.map_or("None".to_owned(), |answer| answer.content);
    cl::Message::new(format!("got {answer}")).send().await?;
    Ok(())
}

#[tokio::test]
async fn ask_user_text() {
    Replay::new("ask_user_text", App::new().on_message(ask)).run().await;
}

#[tokio::test]
async fn ask_user_timeout() {
    Replay::new("ask_user_timeout", App::new().on_message(ask)).run().await;
}

#[tokio::test]
async fn ask_user_timeout_raise() {
    Replay::new("ask_user_timeout_raise", App::new().on_message(ask)).run().await;
}

#[tokio::test]
async fn ask_action() {
    async fn ask(_: cl::Message) -> cl::Result {
        let go_on = cl::Action::new("continue", json!({ "v": 1 }));
        let cancel = cl::Action::new("cancel", json!({})).label("Cancel");
        let actions = [go_on.label("Continue").tooltip("tip").icon("check"), cancel];
        let question = cl::AskActionMessage::new("Pick", actions).timeout(Duration::from_secs(5));
        let chosen = question.send().await?.ok_or("nobody answered")?;
        cl::Message::new(format!("got {{'v': {}}}", chosen.payload["v"])).send().await?;
        Ok(())
    }
    Replay::new("ask_action", App::new().on_message(ask)).run().await;
}

#[tokio::test]
async fn ask_action_timeout() {
    async fn ask(_: cl::Message) -> cl::Result {
        let actions = [cl::Action::new("continue", json!({ "v": 1 })).label("Continue")];
        let question = cl::AskActionMessage::new("Pick", actions).timeout(Duration::from_secs(1));
        assert_eq!(question.send().await?, None);
        Ok(())
    }
    Replay::new("ask_action_timeout", App::new().on_message(ask)).run().await;
}

#[tokio::test]
async fn ask_element() {
    #[derive(serde::Deserialize)]
    struct Form {
        a: u32,
    }
    async fn ask(_: cl::Message) -> cl::Result {
        let id = || uuid::Uuid::new_v4().to_string();
        let form = ElementDict {
            chainlit_key: Some(id()),
            props: json!({ "a": 1 }).as_object().cloned(),
            mime: Some("application/json".to_owned()),
            ..ElementDict::new(id(), "", ElementType::Custom, "Form")
        };
        let question = cl::AskElementMessage::new("Fill", form).timeout(Duration::from_secs(5));
        let Some(cl::ElementAnswer::Submitted(Form { a })) = question.send().await? else {
            return Err("the form was not submitted".into());
        };
        cl::Message::new(format!("got {{'a': {a}, 'submitted': True}}")).send().await?;
        Ok(())
    }
    Replay::new("ask_element", App::new().on_message(ask)).run().await;
}

#[tokio::test]
async fn ask_remove() {
    async fn remove(_: cl::Message) -> cl::Result {
        let question = cl::AskUserMessage::new("removable").timeout(Duration::from_secs(30));
        // In this order: the question is asked, then taken back.
        let (answer, removed) = tokio::join!(question.send(), question.remove());
        removed?;
        assert!(answer?.is_none());
        cl::Message::new("removed").send().await?;
        Ok(())
    }
    Replay::new("ask_remove", App::new().on_message(remove)).run().await;
}

#[tokio::test]
async fn ask_in_chat_start() {
    async fn start() -> cl::Result {
        let name = cl::AskUserMessage::new("Name?").timeout(Duration::from_secs(10)).send().await?;
        let name = name.ok_or("nobody answered")?.content;
        cl::Message::new(format!("hi {name}")).send().await?;
        Ok(())
    }
    async fn ignore() {}
    let app = App::new().on_chat_start(start).on_message(ignore);
    Replay::new("ask_in_chat_start", app).run().await;
}
