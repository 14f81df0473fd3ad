//! Handlers without attributes.

use chainlit as cl;
use cl::IntoHandler;

async fn start(session: cl::Session, user: Option<cl::User>) -> cl::Result {
    let _ = (session, user);
    Ok(())
}

async fn eight(
    _: cl::Message,
    _: cl::Session,
    _: cl::Context,
    _: cl::ChatContext,
    _: Option<cl::User>,
    _: cl::State<u8>,
    _: cl::State<u16>,
    _: cl::State<u32>,
) {
}

fn main() {
    let greeting = String::from("hello");
    let mut registry = cl::Registry::new();
    registry
        .add::<cl::OnChatStart>(start.into_handler())
        .add::<cl::OnMessage>(eight.into_handler())
        .add::<cl::OnStop>((async || {}).into_handler())
        .add::<cl::OnAction>(
            (move |action: cl::Action<u8>| {
                let greeting = greeting.clone();
                async move { cl::Json(format!("{greeting} {}", action.payload)) }
            })
            .into_handler()
            .with_key("greet"),
        );
    assert_eq!(registry.iter().count(), 4);
}
