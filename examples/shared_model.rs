//! Run with: cargo run --example shared_model
//!
//! One model and one configuration serve everybody; the number of calls is common to all windows.
//! `/temperature 0.5` changes your own copy of the configuration and nobody else's.

use std::sync::atomic::{AtomicU64, Ordering};

use chainlit as cl;

/// Stands for something that is loaded once and is expensive to have twice.
struct Model {
    name: &'static str,
    calls: AtomicU64,
}

impl Model {
    fn load(name: &'static str) -> Self {
        Self { name, calls: AtomicU64::new(0) }
    }

    async fn complete(&self, prompt: &str, config: &Config) -> String {
        let call = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        format!("{} (temperature {:?}, call {call}): {prompt}", self.name, config.temperature)
    }
}

#[derive(Clone)]
struct Config {
    temperature: f32,
}

/// What this user changed; without a value the common configuration holds.
static CONFIG: cl::SessionKey<Config> = cl::SessionKey::new("config");

#[cl::on_message]
async fn reply(
    message: cl::Message,
    cl::State(model): cl::State<Model>,
    cl::State(common): cl::State<Config>,
) -> cl::Result {
    let mut config = CONFIG.get().unwrap_or_else(|| Config::clone(&common));
    let text = match message.content.strip_prefix("/temperature ") {
        Some(value) => match value.trim().parse() {
            Ok(temperature) => {
                config.temperature = temperature;
                CONFIG.set(config);
                format!("Your temperature is now {temperature:?}.")
            }
            Err(_) => format!("`{value}` is no number."),
        },
        None => model.complete(&message.content, &config).await,
    };
    cl::Message::new(text).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::App::discover().state(Model::load("parrot")).state(Config { temperature: 1.0 }).run()
}
