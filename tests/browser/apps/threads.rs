//! Keeps conversations, in memory, for `ada` and `bob`, whose passwords are `pw-` and their names.
//!
//! With `VIEW_ONLY` in the environment there is no function that takes a conversation up again.

use std::time::Duration;

use chainlit as cl;
use chainlit::testing::MemoryDataLayer;

/// Far longer than any test.
const LONG: Duration = Duration::from_secs(600);

async fn answer(message: cl::Message) -> cl::Result {
    let (word, rest) = message.content.split_once(' ').unwrap_or((&message.content, ""));
    match word {
        // As many answers as it says.
        "many" => {
            for number in 1..=rest.parse().unwrap_or(1) {
                cl::Message::new(format!("Answer {number}.")).send().await?;
            }
        }
        // Begins an answer that does not end.
        "hold" => {
            let mut reply = cl::Message::new("");
            reply.stream_token("Still thinking").await?;
            tokio::time::sleep(LONG).await;
        }
        _ => {
            cl::Message::new(format!("You said **{}**.", message.content)).send().await?;
        }
    }
    Ok(())
}

fn main() -> cl::Result {
    let app = cl::App::new()
        .data_layer(MemoryDataLayer::new())
        .password_auth_callback(async |credentials: cl::Credentials| {
            let known = ["ada", "bob"].contains(&&*credentials.username);
            let is_right = credentials.password == format!("pw-{}", credentials.username);
            (known && is_right).then(|| cl::User::new(credentials.username))
        })
        .on_message(answer)
        .on_shared_thread_view(async |view: cl::SharedThreadView| view.is_shared);
    if std::env::var_os("VIEW_ONLY").is_some() {
        return app.run();
    }
    app.on_chat_resume(async |_: cl::Thread| {}).run()
}
