//! All arguments, in several orders.

use chainlit as cl;

struct Llm;

#[derive(serde::Deserialize)]
struct Approval {
    order: u32,
}

#[cl::on_app_startup]
async fn warm_up(llm: cl::State<Llm>) {
    let _ = llm;
}

#[cl::on_app_shutdown]
async fn goodbye() {}

#[cl::on_chat_start]
async fn start(user: Option<cl::User>, session: cl::Session, context: cl::Context) {
    let _ = (user, session, context);
}

#[cl::on_message]
async fn reply(
    mut message: cl::Message,
    session: cl::Session,
    cl::State(llm): cl::State<Llm>,
    context: cl::Context,
    history: cl::ChatContext,
    user: cl::User,
    anybody: Option<cl::User>,
) -> cl::Result {
    message.content.push('!');
    let _ = (session, llm, context, history, user, anybody);
    Ok(())
}

#[cl::on_chat_end]
async fn end(_: cl::ChatContext, _: cl::Session) {}

#[cl::on_chat_resume]
async fn resume(llm: cl::State<Llm>, thread: cl::Thread) {
    let _ = (llm, thread.steps);
}

#[cl::on_stop]
async fn stopped() {}

#[cl::action_callback("approve")]
async fn approve(session: cl::Session, action: cl::Action<Approval>) {
    let _ = (session, action.payload.order);
}

#[cl::action_callback("any")]
async fn any(action: cl::Action) {
    let _ = action.payload["order"].as_u64();
}

fn main() {}
