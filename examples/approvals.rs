//! Run with: cargo run --example approvals
//!
//! Each message is an order with two buttons. They work as long as the chat lives, in any order and
//! also after a reload; a decision takes both buttons away. The payload's type says which action it
//! belongs to, so that the button and its function can't disagree.

use chainlit as cl;
use serde::{Deserialize, Serialize};

static BUTTONS: cl::SessionKey<Vec<cl::Message>> = cl::SessionKey::new("orders");

#[derive(Serialize, Deserialize, cl::ActionPayload)]
struct Approval {
    order: String,
    approved: bool,
}

#[cl::on_message]
async fn order(message: cl::Message) -> cl::Result {
    let decision = |approved| Approval { order: message.content.clone(), approved };
    let mut question = cl::Message::new(format!("Shall I order {}?", message.content))
        .action(cl::Action::of(&decision(true))?.label("Approve").icon("check"))
        .action(cl::Action::of(&decision(false))?.label("Reject").icon("x"));
    question.send().await?;
    BUTTONS.update(|orders| orders.push(question.clone()));
    Ok(())
}

#[cl::action_callback]
async fn decide(action: cl::Action<Approval>) -> cl::Result {
    let mut asked = None;
    BUTTONS.update(|orders| {
        let place = orders.iter().position(|order| Some(&order.id) == action.for_id.as_ref());
        asked = place.map(|place| orders.swap_remove(place));
    });
    // Both buttons were pressed at once: the first one counts.
    let Some(mut asked) = asked else { return Ok(()) };
    asked.remove_actions().await?;
    let Approval { order, approved } = action.payload;
    let verb = if approved { "Ordered" } else { "Dropped" };
    cl::Message::new(format!("{verb}: {order}.")).send().await?;
    Ok(())
}

fn main() -> cl::Result {
    cl::run()
}
