//! Run with: OAUTH_GITHUB_CLIENT_ID=… OAUTH_GITHUB_CLIENT_SECRET=… cargo run --example oauth
//!
//! Lets in whoever has an account at a provider: GitHub here, or any other one of docs/login.md whose
//! variables are set. Register the application there with the address
//! `http://localhost:8000/auth/oauth/github/callback`, and open it as `http://localhost:8000`. Tokens
//! are signed with a secret: `cargo run -- create-secret` prints one, as a line for the file `.env`.

use chainlit as cl;

/// Whom the provider vouches for; `None` would refuse them.
#[cl::oauth_callback]
async fn log_in(login: cl::OAuthLogin) -> Option<cl::User> {
    // Some providers let people write any address into their account.
    if login.raw_user.get("email_verified").is_some_and(|verified| verified == false) {
        return None;
    }
    let name = login.raw_user.get("name").and_then(|name| name.as_str());
    let mut user = login.default_user;
    user.display_name = name.map(str::to_owned);
    // The user can read what is in the metadata: a token for the provider has no place there.
    user.metadata.remove("refresh_token");
    Some(user)
}

#[cl::on_chat_start]
async fn greet(user: cl::User) -> cl::Result {
    let name = user.display_name.as_deref().unwrap_or(&user.identifier);
    let provider = user.metadata.get("provider").and_then(|provider| provider.as_str());
    let provider = provider.unwrap_or("nobody");
    cl::Message::new(format!("Welcome, {name}! {provider} knows you.")).send().await?;
    Ok(())
}

#[cl::on_message]
async fn reply(message: cl::Message, user: cl::User) -> cl::Result {
    cl::Message::new(format!("{} says: {}", user.identifier, message.content)).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
