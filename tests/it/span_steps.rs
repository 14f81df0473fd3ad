//! Spans of `tracing` that a chat shows as steps.

use std::time::Duration;

use chainlit::testing::{Entry, Screen, TestApp};
use chainlit::{self as cl, App, StepLayer};
use tracing::{Instrument, field, info_span};
use tracing_subscriber::layer::SubscriberExt;

/// Spans of this thread go to a layer from now on.
fn watch(layer: StepLayer) -> tracing::subscriber::DefaultGuard {
    tracing::subscriber::set_default(tracing_subscriber::registry().with(layer.layer()))
}

/// As a model's client does it.
async fn call_model() {
    let span = info_span!(
        "chat",
        otel.name = "chat small",
        gen_ai.operation.name = "chat",
        gen_ai.request.model = "small",
        gen_ai.input.messages = "the secret question",
        gen_ai.output.messages = field::Empty,
        gen_ai.usage.input_tokens = field::Empty,
        gen_ai.usage.output_tokens = field::Empty,
    );
    async {
        tokio::time::sleep(Duration::from_millis(5)).await;
        let span = tracing::Span::current();
        span.record("gen_ai.output.messages", "the secret answer");
        span.record("gen_ai.usage.input_tokens", 12_u64);
        span.record("gen_ai.usage.output_tokens", 30_u64);
    }
    .instrument(span)
    .await;
}

async fn call_tool(number: u8) {
    let span = info_span!(
        "tool",
        gen_ai.operation.name = "execute_tool",
        gen_ai.tool.name = %format!("tool {number}"),
        gen_ai.tool.call.arguments = "secret arguments",
        error.type = field::Empty,
    );
    if number == 2 {
        span.record("error.type", "timeout");
    }
    tokio::time::sleep(Duration::from_millis(5)).instrument(span).await;
}

async fn run_agent() -> cl::Result {
    let agent =
        info_span!("agent", gen_ai.operation.name = "invoke_agent", gen_ai.agent.name = "planner");
    async {
        call_model().await;
        tokio::join!(call_tool(1), call_tool(2));
    }
    .instrument(agent)
    .await;
    info_span!("of no interest", size = 3).in_scope(|| {});
    cl::Message::new("done").send().await?;
    Ok(())
}

fn step<'a>(screen: &'a Screen, name: &str) -> &'a Entry {
    let mut found = screen.steps().filter(|step| step.name == name);
    found.next().unwrap_or_else(|| panic!("no {name} in\n{screen}"))
}

#[tokio::test(start_paused = true)]
async fn an_agents_calls_are_steps_that_follow_the_call_tree() {
    let _guard = watch(StepLayer::new());
    let app = TestApp::start(App::new().on_message(run_agent)).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    let screen = ada.screen();
    assert_eq!(
        screen.to_string(),
        "User: go\n[undefined] invoke_agent planner\n[llm] chat small\n[tool] tool 1\n[tool]! tool 2\n\
         Assistant: done\n"
    );
    let agent = step(&screen, "invoke_agent planner");
    for name in ["chat small", "tool 1", "tool 2"] {
        let inner = step(&screen, name);
        assert_eq!(inner.parent_id, Some(agent.id.clone()), "{name}");
        assert!(inner.dict["end"].is_string(), "{name}");
    }
    assert_eq!(step(&screen, "tool 2").output, "timeout");
    let call = step(&screen, "chat small");
    assert_eq!(call.dict["metadata"]["gen_ai.usage.output_tokens"], 30);
    assert_eq!(call.dict["metadata"]["gen_ai.request.model"], "small");
    assert_eq!(screen.tokens, 42);
    // What was said is nobody's business unless the application wants it shown.
    let all = format!("{screen:?}");
    assert!(!all.contains("secret"), "{all}");
}

#[tokio::test(start_paused = true)]
async fn content_is_shown_when_the_application_asks_for_it() {
    let _guard = watch(StepLayer::new().content(true));
    let app = TestApp::start(App::new().on_message(run_agent)).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    let screen = ada.screen();
    let call = step(&screen, "chat small");
    assert_eq!((&*call.input, &*call.output), ("the secret question", "the secret answer"));
    assert_eq!(step(&screen, "tool 1").input, "secret arguments");
}

#[tokio::test]
async fn a_span_is_marked_as_a_step_by_the_application() {
    async fn work() {
        let span = info_span!(
            "load",
            chainlit.step = "retrieval",
            chainlit.input = "x",
            chainlit.output = field::Empty
        );
        span.in_scope(|| {
            info_span!("inner", chainlit.step = "no such type").in_scope(|| {});
            tracing::Span::current().record("chainlit.output", "y");
        });
    }
    let _guard = watch(StepLayer::new());
    let app = TestApp::start(App::new().on_message(work)).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    let screen = ada.screen();
    assert_eq!(screen.to_string(), "User: go\n[retrieval] load\n[undefined] inner\n");
    let load = step(&screen, "load");
    assert_eq!((&*load.input, &*load.output), ("x", "y"));
    assert_eq!(step(&screen, "inner").parent_id, Some(load.id.clone()));
}

#[tokio::test]
async fn two_users_steps_are_never_mixed_and_a_stop_closes_them() {
    async fn endless() {
        let span = info_span!("wait", chainlit.step = "tool");
        std::future::pending::<()>().instrument(span).await;
    }
    let _guard = watch(StepLayer::new());
    // Outside of a chat a span is just a span.
    info_span!("nobody's", chainlit.step = "tool").in_scope(|| {});
    let app = TestApp::start(App::new().on_message(endless)).await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    ada.post("go").await;
    ada.until(|screen| screen.steps().count() == 1).await;
    assert_eq!(bob.screen().to_string(), "");
    ada.stop().await;
    let screen = ada.screen();
    assert!(step(&screen, "wait").dict["end"].is_string());
}

#[tokio::test]
async fn what_a_client_learns_late_is_shown_while_the_call_runs() {
    async fn run_tool() {
        let span = info_span!(
            "execute_tool",
            gen_ai.operation.name = "execute_tool",
            gen_ai.tool.name = field::Empty,
            gen_ai.tool.call.arguments = field::Empty,
        );
        span.record("gen_ai.tool.name", "clock");
        span.record("gen_ai.tool.call.arguments", r#"{"zone":"UTC"}"#);
        std::future::pending::<()>().instrument(span).await;
    }
    let _guard = watch(StepLayer::new().content(true));
    let app = TestApp::start(App::new().on_message(run_tool)).await;
    let ada = app.user("ada").await;
    ada.post("go").await;
    let shown = |screen: &Screen| screen.steps().any(|step| step.input.contains("UTC"));
    let screen = ada.until(shown).await;
    assert_eq!(screen.to_string(), "User: go\n[tool] clock\n");
    assert!(step(&screen, "clock").dict["end"].is_null());
    ada.stop().await;
}

#[tokio::test]
async fn an_operation_that_is_recorded_late_makes_a_step_and_counts_once() {
    async fn adopt() {
        let span = info_span!(
            "prepared",
            gen_ai.operation.name = field::Empty,
            gen_ai.request.model = field::Empty,
            gen_ai.usage.input_tokens = field::Empty,
            gen_ai.usage.output_tokens = field::Empty,
        );
        span.record("gen_ai.request.model", "small");
        span.record("gen_ai.operation.name", "chat");
        span.in_scope(|| info_span!("inner", chainlit.step = "tool").in_scope(|| {}));
        // A client and the library around it both say what a call has cost.
        for _ in 0..2 {
            span.record("gen_ai.usage.input_tokens", 12_u64);
            span.record("gen_ai.usage.output_tokens", 30_i64);
        }
        // Never used for anything.
        info_span!("unused", gen_ai.operation.name = field::Empty).in_scope(|| {});
    }
    let _guard = watch(StepLayer::new());
    let app = TestApp::start(App::new().on_message(adopt)).await;
    let ada = app.user("ada").await;
    ada.send("go").await;
    let screen = ada.screen();
    assert_eq!(screen.to_string(), "User: go\n[llm] chat small\n[tool] inner\n");
    let call = step(&screen, "chat small");
    assert!(call.dict["end"].is_string());
    assert_eq!(step(&screen, "inner").parent_id, Some(call.id.clone()));
    assert_eq!(screen.tokens, 42);
}

/// What a model's client says of a failure may name hosts and keys.
#[tokio::test]
async fn the_text_of_a_failure_is_shown_as_errors_are() {
    async fn fail() {
        info_span!(
            "refused",
            chainlit.step = "tool",
            error.type = "timeout",
            otel.status_message = "no answer from db.internal"
        )
        .in_scope(|| {});
        info_span!(
            "broken",
            chainlit.step = "tool",
            otel.status_code = "ERROR",
            otel.status_message = "wrong key sk-1"
        )
        .in_scope(|| {});
    }
    let _guard = watch(StepLayer::new());
    for show_errors in [false, true] {
        let app = App::new().on_message(fail);
        let app = TestApp::start_with(app, |config| config.ui.show_errors = show_errors).await;
        let ada = app.user("ada").await;
        ada.send("go").await;
        let screen = ada.screen();
        let [refused, broken] = ["refused", "broken"].map(|name| step(&screen, name));
        assert!(refused.is_error && broken.is_error);
        if show_errors {
            assert_eq!(refused.output, "no answer from db.internal");
            assert_eq!(broken.output, "wrong key sk-1");
        } else {
            assert!(refused.output.starts_with("timeout (error "), "{}", refused.output);
            assert!(
                broken.output.starts_with("Something went wrong. (error "),
                "{}",
                broken.output
            );
            let all = format!("{screen:?}");
            assert!(!all.contains("db.internal") && !all.contains("sk-1"), "{all}");
        }
    }
}
