//! The application of `long_answer.mjs`: answers "prose 200000" with so many tokens, as fast as they
//! can be sent, and says on the standard output when the last one was.

use std::time::{SystemTime, UNIX_EPOCH};

use chainlit as cl;

/// Tokens of a paragraph.
const PARAGRAPH: u32 = 80;

#[cl::on_message]
async fn answer(message: cl::Message) -> cl::Result {
    let (form, tokens) = message.content.split_once(' ').unwrap_or(("prose", "1000"));
    let tokens: u32 = tokens.parse()?;
    let mut reply = cl::Message::new("");
    for n in 1..=tokens {
        reply.stream_token(token(form, n)).await?;
    }
    reply.stream_token("The end.").await?;
    println!("sent {}", SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis());
    reply.update().await?;
    Ok(())
}

/// Five characters each: what a model writes, or the same as one paragraph without an end.
fn token(form: &str, n: u32) -> &'static str {
    match n % PARAGRAPH {
        0 if form == "prose" => "end\n\n",
        1 if form == "prose" && n % (20 * PARAGRAPH) == 1 => "### A",
        7 if form == "prose" => "**b**",
        n if n % 9 == 8 => "then ",
        n if n % 2 == 0 => "some ",
        _ => "word ",
    }
}

fn main() -> cl::Result {
    cl::run()
}
