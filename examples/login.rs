//! Run with: cargo run --example login
//!
//! Asks for a name and a password: `ada` with `lovelace`, who is an administrator, or `grace` with
//! `hopper`. Tokens are signed with a secret: `cargo run -- create-secret` prints one, as a line for
//! the file `.env`.

use argon2::{Argon2, password_hash::PasswordVerifier, password_hash::phc::PasswordHash};
use chainlit as cl;

/// Somebody who may log in. A password is never kept, only what argon2 made of it.
struct Account {
    name: &'static str,
    display_name: &'static str,
    role: &'static str,
    password_hash: &'static str,
}

const ACCOUNTS: [Account; 2] = [
    Account {
        name: "ada",
        display_name: "Ada Lovelace",
        role: "admin",
        password_hash: "$argon2id$v=19$m=19456,t=2,p=1$Nchbb/SqRk+ZVovHvVJquA$Vwic8N3D9cfQIss8whb/vjp82RwEoqKd8zIlox85/Dg",
    },
    Account {
        name: "grace",
        display_name: "Grace Hopper",
        role: "user",
        password_hash: "$argon2id$v=19$m=19456,t=2,p=1$i5hfaji4oV1o2BmRLcL+Vw$AQi7I16pT6VJTTxFvnDz/bklBUKIW3eKNSiehl99b2Q",
    },
];

#[cl::password_auth_callback]
async fn log_in(credentials: cl::Credentials) -> Option<cl::User> {
    let account = ACCOUNTS.iter().find(|account| account.name == credentials.username);
    // A name that nobody has takes as long as a wrong password: who waits learns nothing.
    let hash = account.unwrap_or(&ACCOUNTS[0]).password_hash;
    let hash = PasswordHash::new(hash).ok()?;
    let password = credentials.password.as_bytes();
    let is_right = Argon2::default().verify_password(password, &hash).is_ok();
    let account = account.filter(|_| is_right)?;
    let mut user = cl::User::new(account.name).display_name(account.display_name);
    user.metadata.insert("role".to_owned(), account.role.into());
    Some(user)
}

#[cl::on_chat_start]
async fn greet(user: cl::User) -> cl::Result {
    let name = user.display_name.as_deref().unwrap_or(&user.identifier);
    let mut message = cl::Message::new(format!("Welcome, {name}!"));
    if user.metadata.get("role").is_some_and(|role| role == "admin") {
        let action = cl::Action::new("log_out", "grace").label("Log Grace out everywhere");
        message = message.action(action);
    }
    message.send().await?;
    Ok(())
}

#[cl::on_message]
async fn reply(message: cl::Message, user: cl::User) -> cl::Result {
    cl::Message::new(format!("{} says: {}", user.identifier, message.content)).send().await?;
    Ok(())
}

/// Whoever may not do this is told so, whatever their page offers.
#[cl::action_callback("log_out")]
async fn log_out(
    action: cl::Action<String>,
    user: cl::User,
    cl::State(logins): cl::State<cl::Logins>,
) -> cl::Result {
    if user.metadata.get("role").is_none_or(|role| role != "admin") {
        return Err("only administrators may do this".into());
    }
    logins.logout_user(&action.payload).await;
    cl::Message::new(format!("{} has to log in again.", action.payload)).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
