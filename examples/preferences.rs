//! Run with: cargo run --example preferences
//!
//! `/set colour blue` changes a preference, `/show` lists them. They are kept under a string key,
//! the way Chainlit's Python has it; `counter` shows the typed constant.

use std::collections::BTreeMap;

use chainlit as cl;

type Preferences = BTreeMap<String, String>;

const KEY: &str = "preferences";

#[cl::on_message]
async fn reply(message: cl::Message) -> cl::Result {
    let mut words = message.content.splitn(3, ' ');
    let text = match (words.next(), words.next(), words.next()) {
        (Some("/set"), Some(name), Some(value)) => {
            cl::user_session::update(KEY, |preferences: &mut Preferences| {
                preferences.insert(name.to_owned(), value.to_owned());
            })?;
            format!("{name} is now {value}.")
        }
        (Some("/show"), None, None) => list(&cl::user_session::get(KEY)?.unwrap_or_default()),
        _ => "Try `/set colour blue` or `/show`.".to_owned(),
    };
    cl::Message::new(text).send().await?;
    Ok(())
}

fn list(preferences: &Preferences) -> String {
    if preferences.is_empty() {
        return "You have no preferences yet.".to_owned();
    }
    let lines = preferences.iter().map(|(name, value)| format!("- {name}: {value}"));
    lines.collect::<Vec<_>>().join("\n")
}

fn main() -> cl::Result {
    cl::run()
}
