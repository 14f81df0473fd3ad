//! Run with: cargo run --example author_rename
//!
//! The code names the parts that answer and the steps they take; the page shows who they are for the user. Put a picture
//! into `public/avatars/ada_lovelace.png`, and it stands beside her answers.

use chainlit as cl;

#[cl::author_rename]
async fn rename(author: String) -> String {
    match author.as_str() {
        "calculator" => "Ada Lovelace".to_owned(),
        "critic" => "The Critic".to_owned(),
        "count_words" => "Counting words".to_owned(),
        _ => author,
    }
}

#[cl::step(kind = "tool")]
fn count_words(text: &str) -> usize {
    text.split_whitespace().count()
}

#[cl::on_message]
async fn answer(message: cl::Message) -> cl::Result {
    let words = count_words(&message.content);
    let text = format!("You wrote {words} words.");
    cl::Message::new(text).author("calculator").send().await?;
    if words < 3 {
        cl::ErrorMessage::new("That is too short.").author("critic").send().await?;
        cl::send_toast("Write at least three words.", cl::ToastKind::Warning).await?;
    }
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
