//! Run with: cargo run --example ask_element
//!
//! Tell what does not work. A form asks for the rest; it is read as a struct of this program, and
//! what does not fit is asked for again.
//!
//! The form is `public/elements/TicketForm.jsx` beside this file: this example brings its own
//! application folder.

use chainlit::{self as cl, App, AppRoot, AskElementMessage, CustomElement, ElementAnswer};
use serde::{Deserialize, Serialize};

/// What the form begins with, and what it submits.
#[derive(Serialize, Deserialize)]
struct Ticket {
    title: String,
    urgency: Urgency,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Urgency {
    Low,
    High,
}

#[cl::on_message]
async fn open_ticket(message: cl::Message) -> cl::Result {
    let begun = Ticket { title: message.content, urgency: Urgency::Low };
    let form = CustomElement::typed("TicketForm", &begun)?;
    let question = AskElementMessage::new("Is that all?", form).timeout(None);
    let text = match question.send::<Ticket>().await? {
        Some(ElementAnswer::Submitted(Ticket { title, urgency: Urgency::High })) => {
            format!("Somebody is on the way because of “{title}”.")
        }
        Some(ElementAnswer::Submitted(Ticket { title, .. })) => {
            format!("“{title}” is on the list.")
        }
        Some(ElementAnswer::Cancelled) | None => "Then not.".to_owned(),
    };
    cl::Message::new(text).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/ask_element");
    App::discover().root(AppRoot::new(folder)?).run()
}
