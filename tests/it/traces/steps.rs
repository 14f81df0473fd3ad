//! Steps between question and answer.

use chainlit::config::ChainOfThought;
use chainlit::{self as cl, App};
use serde::Serialize;
use serde_json::json;

use super::Replay;

#[derive(Serialize)]
struct Found {
    x: u8,
    b: Vec<u8>,
}

#[cl::step(kind = "tool", language = "json", show_input = "python")]
async fn child(x: u8) -> Found {
    Found { x, b: vec![b'b'; 100] }
}

async fn by_hand(step: cl::Step) -> cl::Result {
    step.set_input(json!({ "a": 1 }));
    step.stream_token("tok1").await?;
    step.stream_token("tok2").await?;
    step.stream_input("in").await?;
    Ok(())
}

#[cl::step(kind = "llm")]
async fn parent_step(q: &str) -> cl::Result<&'static str> {
    child(3).await;
    cl::Step::new("manual")
        .kind(cl::StepType::Retrieval)
        .metadata("k", 1)
        .icon("search")
        .tag("t1")
        .default_open(true)
        .run(by_hand)
        .await?;
    cl::Message::new("inside step").send().await?;
    assert_eq!(q, "go");
    Ok("done")
}

#[cl::step(kind = "tool")]
fn failing() -> Result<(), String> {
    Err("boom".to_owned())
}

#[tokio::test]
async fn steps() {
    async fn answer(message: cl::Message) -> cl::Result {
        parent_step(&message.content).await?;
        failing().unwrap_err();
        cl::Message::new("final").send().await?;
        Ok(())
    }
    Replay::new("steps", App::new().on_message(answer)).run().await;
}

#[tokio::test]
async fn cot_hidden() {
    #[cl::step(kind = "tool")]
    async fn tool() -> cl::Result<String> {
        let context = cl::Context::current();
        let step = context.current_step().ok_or("no step")?;
        step.stream_token("secret").await?;
        step.stream_token(" thought").await?;
        Ok("out".to_owned())
    }
    async fn answer(_: cl::Message) -> cl::Result {
        tool().await?;
        cl::Message::new("done").send().await?;
        Ok(())
    }
    Replay::new("cot_hidden", App::new().on_message(answer))
        .config(|config| config.ui.cot = ChainOfThought::Hidden)
        .run()
        .await;
}
