//! Run with: cargo run --example openai_history
//!
//! Each answer shows, as JSON, the conversation that a model of the OpenAI kind would be given.

use chainlit as cl;

#[cl::on_message]
async fn show(history: cl::ChatContext) -> cl::Result {
    let json = serde_json::to_string_pretty(&history.to_openai())?;
    cl::Message::new(format!("```json\n{json}\n```")).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
