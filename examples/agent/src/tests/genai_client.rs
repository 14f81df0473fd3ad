//! The same layer with another client, `genai`.

use chainlit::testing::TestApp;
use chainlit::{self as cl, App, StepLayer};
use futures_util::StreamExt;
use genai::adapter::AdapterKind;
use genai::chat::{ChatMessage, ChatOptions, ChatRequest, ChatStreamEvent};
use genai::resolver::{AuthData, Endpoint};
use genai::{Client, ModelIden, ServiceTarget};
use hyper::StatusCode;

use super::model::{Model, Turn};
use super::{assert_all_ended, step, watch};

fn client(model: &Model) -> Client {
    let base_url = model.base_url.clone();
    let resolve = move |target: ServiceTarget| -> Result<ServiceTarget, genai::resolver::Error> {
        Ok(ServiceTarget {
            endpoint: Endpoint::from_owned(base_url.clone()),
            auth: AuthData::from_single("key"),
            model: ModelIden::new(AdapterKind::OpenAI, target.model.model_name),
        })
    };
    Client::builder().with_service_target_resolver_fn(resolve).build().unwrap()
}

fn question() -> ChatRequest {
    ChatRequest::new(vec![ChatMessage::user("a secret")])
}

/// Streams an answer, then calls a tool, as an application does it with `genai`.
async fn stream(cl::State(client): cl::State<Client>) -> cl::Result {
    let options = ChatOptions::default().with_capture_usage(true);
    let answer = client.exec_chat_stream("tiny", question(), Some(&options)).await?;
    let text = answer.stream.map(|event| {
        event.map(|event| match event {
            ChatStreamEvent::Chunk(chunk) => chunk.content,
            _ => String::new(),
        })
    });
    cl::Message::new("").stream(text).await?;
    genai::otel::agent::ExecuteToolSpan::new("clock").start().in_scope(|| {});
    Ok(())
}

async fn ask(cl::State(client): cl::State<Client>) -> cl::Result {
    client.exec_chat("tiny", question(), None).await?;
    Ok(())
}

#[tokio::test]
async fn a_streamed_answer_and_a_tool_are_steps() {
    let _guard = watch(StepLayer::new());
    let model = Model::start([Turn::Say("Hello.")]).await;
    let app = TestApp::start(App::new().on_message(stream).state(client(&model))).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    let screen = ada.screen();
    assert_eq!(screen.to_string(), "User: go\n[llm] chat tiny\nAssistant: Hello.\n[tool] clock\n");
    assert_all_ended(&screen);
    assert_eq!(screen.tokens, 42);
    let all = format!("{screen:?}");
    assert!(!all.contains("secret"), "{all}");
}

#[tokio::test]
async fn a_call_that_the_model_refuses_is_a_failed_step() {
    let _guard = watch(StepLayer::new());
    let model = Model::start([Turn::Refuse(StatusCode::UNAUTHORIZED)]).await;
    let app = TestApp::start(App::new().on_message(ask).state(client(&model))).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    let screen = ada.screen();
    let call = step(&screen, "chat tiny");
    assert!(call.is_error, "{screen}");
    assert_eq!(call.output, "401");
    assert_all_ended(&screen);
}
