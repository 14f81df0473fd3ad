//! What a user sees of the calls of real clients, against a scripted model.

mod genai_client;
mod model;

use chainlit::testing::{Entry, Screen, TestApp, TestUser};
use chainlit::{self as cl, App, StepLayer};
use hyper::StatusCode;
use rig_agent::Agent;
use rig_core::providers::openai::OpenAIConfig;
use serde_json::{Value, json};
use tracing::subscriber::DefaultGuard;
use tracing::{Instrument, info_span};
use tracing_subscriber::layer::SubscriberExt;

use self::model::{Model, Turn};

/// Spans of this thread go to a layer from now on.
fn watch(layer: StepLayer) -> DefaultGuard {
    tracing::subscriber::set_default(tracing_subscriber::registry().with(layer.layer()))
}

/// The example's application, with an agent that talks to a model.
async fn open(model: &Model, with_content: bool) -> (TestApp, TestUser) {
    let agent = crate::assistant(config(model), "tiny").record_content_telemetry(with_content);
    let app = TestApp::start(App::discover().state(agent.build())).await;
    let ada = app.user("ada").await;
    (app, ada)
}

fn config(model: &Model) -> OpenAIConfig {
    OpenAIConfig::new("").with_base_url(model.base_url.clone())
}

fn sum() -> (&'static str, Value) {
    ("calculator", json!({ "a": 6, "operator": "*", "b": 7 }))
}

fn steps<'a>(screen: &'a Screen, name: &str) -> Vec<&'a Entry> {
    screen.steps().filter(|step| step.name == name).collect()
}

fn step<'a>(screen: &'a Screen, name: &str) -> &'a Entry {
    steps(screen, name).first().unwrap_or_else(|| panic!("no {name} in\n{screen}"))
}

fn assert_all_ended(screen: &Screen) {
    for step in screen.steps() {
        assert!(step.dict["end"].is_string(), "{} has no end in\n{screen}", step.name);
    }
}

#[tokio::test]
async fn what_an_agent_does_is_shown_as_steps() {
    let _guard = watch(StepLayer::new());
    let model =
        Model::start([Turn::Call(vec![sum(), ("clock", json!({}))]), Turn::Say("It is 42.")]).await;
    let (_app, ada) = open(&model, false).await;
    ada.send("Six times seven?").await;
    let screen = ada.screen();
    assert_eq!(
        screen.to_string(),
        "User: Six times seven?\n\
         [undefined] invoke_agent assistant\n\
         [llm] chat tiny\n\
         [tool] calculator\n\
         [tool] clock\n\
         [llm] chat tiny\n\
         Assistant: It is 42.\n"
    );
    assert_all_ended(&screen);
    let agent = step(&screen, "invoke_agent assistant");
    for inner in screen.steps().filter(|step| step.id != agent.id) {
        assert_eq!(inner.parent_id, Some(agent.id.clone()), "{}", inner.name);
    }
    for call in steps(&screen, "chat tiny") {
        assert_eq!(call.dict["metadata"]["gen_ai.usage.input_tokens"], 12);
        assert_eq!(call.dict["metadata"]["gen_ai.usage.output_tokens"], 30);
        assert_eq!(call.dict["metadata"]["gen_ai.response.model"], "tiny-1");
    }
    // Two calls of the model; the agent's own sum of them is not counted.
    assert_eq!(screen.tokens, 84);
    // What was said is not in the steps.
    for step in screen.steps() {
        assert_eq!((&*step.input, &*step.output), ("", ""), "{}", step.name);
    }
}

#[tokio::test]
async fn content_is_shown_when_both_sides_want_it() {
    let _guard = watch(StepLayer::new().content(true));
    let model = Model::start([Turn::Call(vec![sum()]), Turn::Say("It is 42.")]).await;
    let (_app, ada) = open(&model, true).await;
    ada.send("Six times seven?").await;
    let screen = ada.screen();
    let agent = step(&screen, "invoke_agent assistant");
    assert_eq!((&*agent.input, &*agent.output), ("Six times seven?", "It is 42."));
    let tool = step(&screen, "calculator");
    let arguments: Value = serde_json::from_str(&tool.input).unwrap();
    assert_eq!(arguments, sum().1);
    assert_eq!(tool.output, "42.0");
    let calls = steps(&screen, "chat tiny");
    assert!(calls[0].input.contains("Six times seven?"), "{}", calls[0].input);
    assert!(calls[1].output.contains("It is 42."), "{}", calls[1].output);
}

#[tokio::test]
async fn a_tool_that_fails_is_a_failed_step_and_the_agent_goes_on() {
    let _guard = watch(StepLayer::new());
    let by_zero = ("calculator", json!({ "a": 1, "operator": "/", "b": 0 }));
    let model = Model::start([Turn::Call(vec![by_zero]), Turn::Say("No.")]).await;
    let (_app, ada) = open(&model, false).await;
    ada.send("Divide by zero").await;
    let screen = ada.screen();
    let tool = step(&screen, "calculator");
    assert!(tool.is_error);
    assert_eq!(tool.output, "invalid_args");
    assert_eq!(screen.last_answer(), Some("No."));
    // The model was told why.
    let told = model.requests()[1].to_string();
    assert!(told.contains("divided by zero"), "{told}");
}

#[tokio::test]
async fn a_model_that_refuses_leaves_no_open_step() {
    let _guard = watch(StepLayer::new());
    let model = Model::start([Turn::Refuse(StatusCode::BAD_REQUEST)]).await;
    let (_app, ada) = open(&model, false).await;
    ada.send("Hello").await;
    let screen = ada.screen();
    assert_eq!(steps(&screen, "chat tiny").len(), 1, "{screen}");
    assert_all_ended(&screen);
    assert!(screen.messages().any(|message| message.is_error), "{screen}");
}

#[tokio::test]
async fn the_conversation_so_far_goes_to_the_model_once() {
    let model = Model::start([Turn::Say("Hi Ada."), Turn::Say("You are Ada.")]).await;
    let (_app, ada) = open(&model, false).await;
    ada.send("I am Ada").await;
    ada.send("Who am I?").await;
    assert_eq!(ada.screen().answers(), ["Hi Ada.", "You are Ada."]);
    let messages = model.requests()[1]["messages"].clone();
    let roles: Vec<_> = messages.as_array().unwrap().iter().map(|said| &said["role"]).collect();
    assert_eq!(roles, ["system", "user", "assistant", "user"], "{messages}");
}

/// An application's own span around an agent: `rig` takes it for the agent's.
async fn inside_a_span(cl::State(agent): cl::State<Agent>) -> cl::Result {
    let span = info_span!("research", chainlit.step = "tool");
    let run = async { agent.prompt("Six times seven?").await };
    let answer = run.instrument(span).await;
    cl::Message::new(answer?.output()).send().await?;
    Ok(())
}

#[tokio::test]
async fn an_agent_inside_a_span_of_the_application_has_its_calls_there() {
    let _guard = watch(StepLayer::new());
    let model = Model::start([Turn::Call(vec![sum()]), Turn::Say("It is 42.")]).await;
    let agent = crate::assistant(config(&model), "tiny").build();
    let app = TestApp::start(App::new().on_message(inside_a_span).state(agent)).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    let screen = ada.screen();
    assert_eq!(
        screen.to_string(),
        "User: go\n[tool] research\n[llm] chat tiny\n[tool] calculator\n[llm] chat tiny\n\
         Assistant: It is 42.\n"
    );
    let outer = step(&screen, "research");
    for inner in screen.steps().filter(|step| step.id != outer.id) {
        assert_eq!(inner.parent_id, Some(outer.id.clone()), "{}", inner.name);
    }
    assert_eq!(screen.tokens, 84);
}
