//! Profiles to choose from at the beginning of a chat, with suggestions of their own.
//!
//! Run with `cargo run --example profiles`.

use chainlit as cl;

#[cl::set_chat_profiles]
async fn profiles() -> Vec<cl::ChatProfile> {
    vec![
        cl::ChatProfile::new("prose", "Answers **plainly**.").default(true),
        cl::ChatProfile::new("poet", "Answers in *verse*.")
            .display_name("Poet")
            .starter(cl::Starter::new("Spring", "A poem about spring, please."))
            .config_overrides(
                cl::ConfigOverrides::new()
                    .set("UI.name", "Poet")
                    .set("features.edit_message", false),
            ),
    ]
}

#[cl::set_starter_categories]
async fn categories(session: cl::Session) -> Vec<cl::StarterCategory> {
    if session.chat_profile().as_deref() == Some("poet") {
        return Vec::new();
    }
    vec![
        cl::StarterCategory::new("Plans")
            .starter(cl::Starter::new("A week", "Plan my week."))
            .starter(cl::Starter::new("A trip", "Plan a trip.")),
    ]
}

#[cl::on_message]
async fn reply(message: cl::Message, session: cl::Session) -> cl::Result {
    let text = match session.chat_profile().as_deref() {
        Some("poet") => format!("O {}!\nHow could I forget thee?", message.content),
        _ => format!("You said: {}", message.content),
    };
    cl::Message::new(text).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
