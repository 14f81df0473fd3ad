//! Stop.

use std::time::Duration;

use chainlit::{self as cl, App};

use super::Replay;

#[tokio::test]
async fn stop() {
    async fn count(_: cl::Message) -> cl::Result {
        let mut reply = cl::Message::new("");
        for n in 0..6 {
            reply.stream_token(&format!("{n} ")).await?;
        }
        std::future::pending().await
    }
    async fn stopped() -> cl::Result {
        cl::Message::new("on_stop ran").send().await?;
        Ok(())
    }
    Replay::new("stop", App::new().on_message(count).on_stop(stopped)).run().await;
}

#[tokio::test]
async fn stop_during_ask() {
    async fn ask(_: cl::Message) -> cl::Result {
        cl::AskUserMessage::new("Q?").timeout(Duration::from_secs(20)).send().await?;
        Ok(())
    }
    Replay::new("stop_during_ask", App::new().on_message(ask)).run().await;
}
