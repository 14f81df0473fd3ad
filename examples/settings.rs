//! A form with the user's settings, which is a struct.
//!
//! Run with `cargo run --example settings`.

use chainlit as cl;

#[derive(cl::Choice, Debug)]
enum Tone {
    Friendly,
    #[choice(label = "Strict and short")]
    Strict,
}

#[derive(cl::SettingsForm)]
struct Preferences {
    #[setting(radio)]
    tone: Tone,
    #[setting(slider(min = 1, max = 5), label = "Repetitions", tooltip = "How often it is said")]
    times: u32,
    #[setting(text(placeholder = "Anonymous"), description = "How you want to be called")]
    name: String,
}

#[cl::on_chat_start]
async fn start() -> cl::Result {
    Preferences::form().send().await?;
    cl::Message::new("Open the settings and change something, then say hello.").send().await?;
    Ok(())
}

#[cl::on_settings_update]
async fn updated(preferences: Preferences) -> cl::Result {
    let text = format!("From now on: {:?}, {} time(s).", preferences.tone, preferences.times);
    cl::Message::new(text).send().await?;
    Ok(())
}

#[cl::on_message]
async fn reply(message: cl::Message, preferences: Preferences) -> cl::Result {
    for _ in 0..preferences.times {
        let text = match preferences.tone {
            Tone::Friendly if preferences.name.is_empty() => format!("{}!", message.content),
            Tone::Friendly => format!("{}, {}!", message.content, preferences.name),
            Tone::Strict => message.content.to_uppercase(),
        };
        cl::Message::new(text).send().await?;
    }
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
