//! Run with: cargo run --example ask_element
//!
//! Write what went wrong. A form of this application's own asks for the rest; the chat waits until
//! it is sent or put away, and the answer is a struct.
//!
//! The form is `public/elements/TicketForm.jsx` beside this file: this example brings its own
//! application folder.

use chainlit::{self as cl, App, AppRoot, AskElementMessage, CustomElement, ElementAnswer};
use serde::{Deserialize, Serialize};

/// What the form begins with, and what it gives back.
#[derive(Serialize, Deserialize)]
struct Ticket {
    title: String,
    urgent: bool,
}

#[cl::on_message]
async fn report(message: cl::Message) -> cl::Result {
    let begun = Ticket { title: message.content, urgent: false };
    let form = CustomElement::typed("TicketForm", &begun)?;
    let question = AskElementMessage::new("Is this right?", form).timeout(None);
    let text = match question.send::<Ticket>().await? {
        Some(ElementAnswer::Submitted(Ticket { title, urgent: true })) => {
            format!("“{title}” is at the top of the list.")
        }
        Some(ElementAnswer::Submitted(Ticket { title, .. })) => format!("“{title}” is noted."),
        Some(ElementAnswer::Cancelled) | None => "Nothing is noted.".to_owned(),
    };
    cl::Message::new(text).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/ask_element");
    App::discover().root(AppRoot::new(folder)?).run()
}
