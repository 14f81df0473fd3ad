//! The application on this framework, as anyone would write it.

use chainlit as cl;

use super::Pace;
use super::command::Command;
use crate::Result;
use crate::session::{GREETING, TOKEN};

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

/// What any application's `main` does: command line, configuration, log, server.
pub(super) fn serve() -> Result {
    cl::run()
}
