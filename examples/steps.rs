//! Run with: cargo run --example steps
//!
//! Ask something: between the question and the answer stand the steps that led to it. A tool is
//! called, inside of it documents are looked up and a model thinks aloud. Ask for "nothing" to see
//! a step that fails, and press Stop while it thinks: the step keeps what it has.

use std::time::Duration;

use chainlit as cl;

const PAUSE: Duration = Duration::from_millis(40);

const PAGES: [&str; 3] = [
    "A handler is an async function with an attribute.",
    "A step shows what a handler does.",
    "A session outlives its connection.",
];

/// The arguments are the step's input, the result is its output.
#[cl::step(kind = "retrieval", icon = "search")]
async fn look_up(words: &str, limit: usize) -> Vec<&'static str> {
    tokio::time::sleep(PAUSE).await;
    let words: Vec<_> = words.split_whitespace().map(str::to_lowercase).collect();
    let is_near =
        |page: &&str| words.iter().any(|word| page.to_lowercase().contains(word.as_str()));
    PAGES.into_iter().filter(is_near).take(limit).collect()
}

/// Steps by hand: this one streams into its output.
async fn think(step: cl::Step, pages: &[&str]) -> cl::Result<String> {
    step.set_input(pages);
    for word in "I read the pages, and the first one seems to fit.".split_inclusive(' ') {
        tokio::time::sleep(PAUSE).await;
        step.stream_token(word).await?;
    }
    Ok(pages.first().ok_or("no page fits")?.to_string())
}

/// What runs inside of a step becomes its child; an error marks it.
#[cl::step(kind = "tool", name = "Answer from the handbook", icon = "book-open", default_open)]
async fn answer_from_handbook(question: &str) -> cl::Result<String> {
    let pages = look_up(question, 2).await;
    let model = cl::Step::new("think").kind(cl::StepType::Llm);
    model.run(|step| think(step, &pages)).await
}

#[cl::on_chat_start]
async fn greet() -> cl::Result {
    cl::Message::new("Ask me about handlers, steps or sessions.").send().await?;
    Ok(())
}

#[cl::on_message]
async fn answer(message: cl::Message) -> cl::Result {
    let answer = match answer_from_handbook(&message.content).await {
        Ok(page) => page,
        Err(_) => "The handbook says nothing about that.".to_owned(),
    };
    cl::Message::new(answer).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
