//! Run with: cargo run --example openai_chat
//!
//! A chat with a language model: it sees the whole conversation and its answer appears as it is
//! written. Any server with OpenAI's chat API will do; the environment says which:
//!
//! - `OPENAI_BASE_URL`: where it is, for example `http://127.0.0.1:18099/v1`, which is what
//!   `scripts/local-model` prints when it starts a small model on this machine
//! - `OPENAI_API_KEY`: the key, when it wants one
//! - `OPENAI_MODEL`: the model, `gpt-4o-mini` when unset

use std::env;

use async_openai::Client;
use async_openai::config::OpenAIConfig;
use async_openai::types::chat::{
    ChatCompletionRequestMessage, CreateChatCompletionRequestArgs,
    CreateChatCompletionStreamResponse,
};
use chainlit as cl;
use futures_util::StreamExt;

/// What all users share.
struct Llm {
    client: Client<OpenAIConfig>,
    model: String,
}

impl Llm {
    /// Reads the environment; `OpenAIConfig` looks up the base URL and the key itself.
    fn from_env() -> Self {
        let model = env::var("OPENAI_MODEL").unwrap_or_else(|_| "gpt-4o-mini".to_owned());
        Self { client: Client::with_config(OpenAIConfig::default()), model }
    }
}

#[cl::on_message]
async fn answer(history: cl::ChatContext, cl::State(llm): cl::State<Llm>) -> cl::Result {
    let messages: Vec<ChatCompletionRequestMessage> =
        serde_json::from_value(serde_json::to_value(history.to_openai())?)?;
    let request =
        CreateChatCompletionRequestArgs::default().model(&llm.model).messages(messages).build()?;
    let tokens = llm.client.chat().create_stream(request).await?;
    cl::Message::new("").stream(tokens.map(|chunk| chunk.map(text))).await
}

/// The text in one piece of the answer; some pieces have none.
fn text(chunk: CreateChatCompletionStreamResponse) -> String {
    chunk.choices.into_iter().filter_map(|choice| choice.delta.content).collect()
}

fn main() -> cl::Result {
    cl::App::discover().state(Llm::from_env()).run()
}
