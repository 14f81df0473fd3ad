//! The application on this framework, as anyone would write it.

use chainlit as cl;

use super::command::Command;
use super::{Pace, text};
use crate::session::{GREETING, TOKEN};
use crate::{RECORD, Result};

#[cl::on_chat_start]
async fn start() -> cl::Result {
    cl::Message::new(GREETING).send().await?;
    Ok(())
}

#[cl::on_message]
async fn reply(message: cl::Message) -> cl::Result {
    let mut reply = cl::Message::new("");
    match Command::of(&message.content) {
        Command::Echo => {
            cl::Message::new(format!("Echo: {}", message.content)).send().await?;
            return Ok(());
        }
        Command::Steps(calls) => {
            for number in 0..calls {
                search(format!("question {number}")).await?;
            }
            return Ok(());
        }
        Command::Messages(messages) => {
            for number in 1..=messages {
                cl::Message::new(text::message(number, messages)).send().await?;
            }
            return Ok(());
        }
        Command::Text { tokens, has_paragraphs } => {
            for number in 1..=tokens {
                reply.stream_token(text::token(number, has_paragraphs)).await?;
            }
            reply.stream_token(text::end()).await?;
        }
        Command::Stream(tokens) => {
            for _ in 0..tokens {
                reply.stream_token(TOKEN).await?;
            }
        }
        Command::Yield(tokens) => {
            for _ in 0..tokens {
                reply.stream_token(TOKEN).await?;
                tokio::task::yield_now().await;
            }
        }
        Command::Paced { tokens, per_second } => {
            let mut pace = Pace::new(tokens, per_second);
            while let Some(token) = pace.next().await {
                reply.stream_token(token).await?;
            }
        }
    }
    reply.update().await?;
    Ok(())
}

#[cl::step(kind = "tool")]
async fn search(query: String) -> cl::Result<String> {
    let found = retrieve(query).await?;
    Ok(format!("{found}!"))
}

#[cl::step(kind = "retrieval")]
async fn retrieve(query: String) -> cl::Result<String> {
    let vector = embed(query).await?;
    Ok(format!("{} numbers", vector.len()))
}

#[cl::step(kind = "embedding")]
async fn embed(text: String) -> cl::Result<Vec<f32>> {
    Ok(vec![0.5; text.len()])
}

/// What any application's `main` does: command line, configuration, log, server.
pub(super) fn serve() -> Result {
    let app = cl::App::discover();
    match std::env::var_os(RECORD) {
        Some(_) => app.data_layer(cl::testing::MemoryDataLayer::new()).run(),
        None => app.run(),
    }
}
