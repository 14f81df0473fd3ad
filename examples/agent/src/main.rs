//! Run with: cargo run --manifest-path examples/agent/Cargo.toml
//!
//! An agent with two tools, a calculator and a clock. Its calls appear as steps while it works: the
//! agent, each call of the model with its tokens, each tool. Nothing below says so: `rig` describes
//! its calls in spans of `tracing`, and `cl::run` shows such spans.
//!
//! Any server with OpenAI's chat API and a model that calls tools will do; the environment says
//! which: `OPENAI_BASE_URL`, `OPENAI_API_KEY` when it wants one, and `OPENAI_MODEL`, `gpt-4o-mini`
//! when unset.

#[cfg(test)]
mod tests;

use std::env;

use chainlit as cl;
use futures_util::TryStreamExt;
use rig_agent::agent::{MultiTurnStreamItem, WithBuilderTools};
use rig_agent::core::message::Message;
use rig_agent::core::providers::openai::OpenAIConfig;
use rig_agent::core::streaming::{Item, StreamEvent};
use rig_agent::core::tool::ToolExecutionError;
use rig_agent::{Agent, AgentBuilder, rig_tool};

/// How often the model may be called for one answer.
const MAX_TURNS: usize = 8;

#[rig_tool(
    description = "Calculates with two numbers",
    params(a = "The first number", operator = "One of + - * /", b = "The second number")
)]
fn calculator(a: f64, operator: String, b: f64) -> Result<f64, ToolExecutionError> {
    match operator.as_str() {
        "+" => Ok(a + b),
        "-" => Ok(a - b),
        "*" => Ok(a * b),
        "/" if b != 0.0 => Ok(a / b),
        "/" => Err(ToolExecutionError::invalid_args("a number can't be divided by zero")),
        _ => Err(ToolExecutionError::invalid_args(format!("there is no operator {operator}"))),
    }
}

#[rig_tool(description = "Tells the date and the time, in UTC")]
fn clock() -> Result<String, ToolExecutionError> {
    Ok(cl::Timestamp::now().to_string())
}

/// The agent that all users share.
fn assistant(config: OpenAIConfig, model: &str) -> AgentBuilder<WithBuilderTools> {
    AgentBuilder::new(config.client().chat(model))
        .name("assistant")
        .preamble("Use the calculator for sums and the clock for the time.")
        .default_max_turns(MAX_TURNS)
        .tool(Calculator)
        .tool(Clock)
}

#[cl::on_message]
async fn answer(
    message: cl::Message,
    history: cl::ChatContext,
    cl::State(agent): cl::State<Agent>,
) -> cl::Result {
    let mut before: Vec<Message> = history.to_openai().into_iter().map(said).collect();
    // The newest message is the prompt itself.
    before.pop();
    let events = agent.prompt(message.content).history(before).stream();
    cl::Message::new("").stream(events.map_ok(text)).await
}

/// A message of the chat, as `rig` has it.
fn said(message: cl::OpenAiMessage) -> Message {
    match message.role {
        "assistant" => Message::assistant(message.content),
        "system" => Message::system(message.content),
        _ => Message::user(message.content),
    }
}

/// The part of the answer in what the agent does; most of it is none.
fn text(event: MultiTurnStreamItem) -> String {
    match event {
        MultiTurnStreamItem::StreamAssistantItem(Item::Event(StreamEvent::Text {
            text, ..
        })) => text,
        _ => String::new(),
    }
}

fn main() -> cl::Result {
    let mut config = OpenAIConfig::new(env::var("OPENAI_API_KEY").unwrap_or_default());
    if let Ok(base_url) = env::var("OPENAI_BASE_URL") {
        config = config.with_base_url(base_url);
    }
    let model = env::var("OPENAI_MODEL").unwrap_or_else(|_| "gpt-4o-mini".to_owned());
    cl::App::discover().state(assistant(config, &model).build()).run()
}
