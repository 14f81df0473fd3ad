//! Run with: cargo run --example ask_action
//!
//! Write what you would like to drink: the answer asks for the size and waits for one of three
//! buttons, for a minute. Only what is offered can be chosen; it arrives as an enum.

use std::time::Duration;

use chainlit as cl;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
enum Size {
    Small,
    Medium,
    Large { with_straw: bool },
}

#[cl::on_message]
async fn order(message: cl::Message) -> cl::Result {
    let drink = message.content;
    let question = cl::AskActionMessage::new(
        format!("{drink}, which size?"),
        [
            cl::Action::typed("size", &Size::Small)?.label("Small"),
            cl::Action::typed("size", &Size::Medium)?.label("Medium"),
            cl::Action::typed("size", &Size::Large { with_straw: true })?.label("Large, a straw"),
        ],
    )
    .timeout(Duration::from_secs(60));
    let answer = match question.send_as::<Size>().await?.map(|chosen| chosen.payload) {
        Some(Size::Small) => format!("A small {drink}."),
        Some(Size::Medium) => format!("A {drink}."),
        Some(Size::Large { with_straw }) => {
            format!("A large {drink}{}.", if with_straw { " with a straw" } else { "" })
        }
        None => "Another time, then.".to_owned(),
    };
    cl::Message::new(answer).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
