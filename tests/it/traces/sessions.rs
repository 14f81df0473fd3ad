//! Connections that break and come back, sessions that end.

use std::sync::Arc;
use std::time::Duration;

use chainlit::{self as cl, App, State};
use tokio::sync::Notify;

use super::Replay;
use super::conversations::{echo_with_context, welcome_and_echo};

#[tokio::test]
async fn reconnect() {
    #[derive(Default)]
    struct Signals {
        /// The client is back.
        back: Notify,
        /// A session has ended.
        ended: Notify,
    }
    async fn start() -> cl::Result {
        cl::Message::new("started").send().await?;
        Ok(())
    }
    async fn count(message: cl::Message, State(signals): State<Arc<Signals>>) -> cl::Result {
        let count = cl::user_session::get::<u32>("count")?.unwrap_or(0) + 1;
        cl::user_session::set("count", count)?;
        cl::Message::new(format!("count {count}")).send().await?;
        if message.content == "slow" {
            signals.back.notified().await;
            cl::Message::new("after reconnect").send().await?;
        }
        Ok(())
    }
    async fn ended(State(signals): State<Arc<Signals>>) {
        signals.ended.notify_one();
    }
    let signals = Arc::new(Signals::default());
    let app = App::new()
        .state(Arc::clone(&signals))
        .on_chat_start(start)
        .on_message(count)
        .on_chat_end(ended);
    let back = {
        let signals = Arc::clone(&signals);
        async move { signals.back.notify_one() }
    };
    Replay::new("reconnect", app)
        .config(|config| config.project.session_timeout = Duration::from_secs(3))
        .before(40, back)
        .before(50, async move { signals.ended.notified().await })
        .run()
        .await;
}

#[tokio::test]
async fn clear_session_race() {
    Replay::new("clear_session_race", welcome_and_echo()).run().await;
}

#[tokio::test]
async fn stale_chat_context() {
    Replay::new("stale_chat_context", App::new().on_message(echo_with_context)).run().await;
}
