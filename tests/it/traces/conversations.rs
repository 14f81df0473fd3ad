//! Messages, streams, edits and errors.

use chainlit::{self as cl, App};

use super::Replay;

/// A list of texts as Python prints it: the recorded applications answer with such.
pub(super) fn python_list(texts: impl IntoIterator<Item = String>) -> String {
    let texts: Vec<_> = texts
        .into_iter()
        .map(|text| match (text.contains('\''), text.contains('"')) {
            (true, false) => format!("\"{text}\""),
            _ => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
        })
        .collect();
    format!("[{}]", texts.join(", "))
}

async fn welcome() -> cl::Result {
    cl::Message::new("Welcome").send().await?;
    Ok(())
}

async fn echo(message: cl::Message) -> cl::Result {
    cl::Message::new(format!("Echo: {}", message.content)).send().await?;
    Ok(())
}

pub(super) async fn echo_with_context(message: cl::Message, known: cl::ChatContext) -> cl::Result {
    let known = python_list(known.into_messages().into_iter().map(|known| known.content));
    cl::Message::new(format!("Echo: {} ctx={known}", message.content)).send().await?;
    Ok(())
}

pub(super) fn welcome_and_echo() -> App {
    App::new().on_chat_start(welcome).on_message(echo)
}

#[tokio::test]
async fn hello() {
    Replay::new("hello", welcome_and_echo()).run().await;
}

#[tokio::test]
async fn stream() {
    async fn stream(_: cl::Message) -> cl::Result {
        let mut first = cl::Message::new("");
        for token in ["Hello", " ", "streaming", " world"] {
            first.stream_token(token).await?;
        }
        first.stream_sequence("Replaced").await?;
        first.update().await?;

        let mut second = cl::Message::new("");
        second.send().await?;
        for token in ["after", " send"] {
            second.stream_token(token).await?;
        }
        second.update().await?;
        second.remove().await?;
        Ok(())
    }
    Replay::new("stream", App::new().on_message(stream)).run().await;
}

#[tokio::test]
async fn edit_message() {
    Replay::new("edit_message", App::new().on_message(echo_with_context)).run().await;
}

#[tokio::test]
async fn handler_error() {
    async fn start() -> cl::Result {
        Err("start failed".into())
    }
    async fn fail(message: cl::Message) -> cl::Result {
        Err(if message.content == "empty" { "" } else { "handler failed" }.into())
    }
    let app = App::new().on_chat_start(start).on_message(fail);
    Replay::new("handler_error", app).run().await;
}

#[tokio::test]
async fn concurrent_messages() {
    async fn done(message: cl::Message) -> cl::Result {
        cl::Message::new(format!("done {}", message.content)).send().await?;
        Ok(())
    }
    Replay::new("concurrent_messages", App::new().on_message(done)).run().await;
}

#[tokio::test]
async fn profile_and_message_fields() {
    async fn profiles() -> Vec<cl::ChatProfile> {
        vec![cl::ChatProfile::new("P 2", "second")]
    }
    async fn start(session: cl::Session) -> cl::Result {
        let search = cl::Command::new("Search", "Find").icon("globe");
        cl::set_commands([search.button(true).persistent(true)]).await?;
        let a = cl::ModeOption::new("a", "A").description("d").icon("x").default(true);
        let llm = cl::Mode::new("llm", "Model").option(a).option(cl::ModeOption::new("b", "B"));
        cl::set_modes([llm]).await?;
        let mut json = cl::Message::json(&serde_json::json!({ "json": 1 }))?
            .author("Bot")
            .metadata("k", "v")
            .tag("t");
        json.send().await?;
        let text = format!(
            "profile {} env {{'KEY': '{}'}} ct {}",
            session.chat_profile().unwrap_or_default(),
            session.user_env()["KEY"],
            session.client_type(),
        );
        cl::Message::new(text).author("Other").send().await?;
        Ok(())
    }
    async fn answer(message: cl::Message) -> cl::Result {
        let command = message.command.unwrap_or_default();
        let mode = message.modes.unwrap_or_default()["llm"].as_str().unwrap_or_default().to_owned();
        let text = format!("cmd={command} modes={{'llm': '{mode}'}}");
        cl::Message::new(text).author("Bot").send().await?;
        cl::ErrorMessage::new("err").author("Bot").send().await?;
        Ok(())
    }
    let app = App::new().set_chat_profiles(profiles).on_chat_start(start).on_message(answer);
    Replay::new("profile_and_message_fields", app)
        .config(|config| config.project.user_env = Some(vec!["KEY".to_owned()]))
        .run()
        .await;
}
