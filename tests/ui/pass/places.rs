//! In a module, in a function, from a macro, and with other attributes around.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs)]

//! A crate that is strict with itself.

use chainlit as cl;

mod inner {
    use chainlit::{Message, on_message};

    /// Answers.
    #[on_message]
    #[allow(clippy::unused_async)]
    pub(crate) async fn reply(#[allow(unused_variables)] message: Message) {}
}

/// Two events, one function.
#[cl::on_chat_start]
#[cl::on_chat_resume]
#[inline]
async fn greet(session: cl::Session) {
    let _ = session.id();
}

#[cfg(any())]
#[cl::on_stop]
async fn never(nothing: Nothing) {}

#[cl::on_stop]
#[cfg(any())]
async fn never(nothing: Nothing) {}

#[cl::on_chat_end]
#[cfg_attr(all(), must_use)]
async fn end(
    #[cfg(any())] nothing: Nothing,
    #[cfg(all())] session: cl::Session,
    history: cl::ChatContext,
) -> cl::Result {
    let _ = (session, history);
    Ok(())
}

macro_rules! actions {
    ($($name:ident: $ty:ty => $action:literal;)*) => {$(
        #[cl::action_callback($action)]
        async fn $name(action: cl::Action<$ty>) -> $ty {
            action.payload
        }
    )*};
}

actions! {
    number: u32 => "number";
    list: Vec<String> => "list";
}

fn main() {
    #[derive(serde::Deserialize)]
    struct Local;

    #[cl::action_callback("local")]
    async fn local(_action: cl::Action<Local>) {}

    let registry = cl::Registry::from_inventory();
    let mut names: Vec<String> = registry.iter().map(|entry| entry.to_string()).collect();
    names.sort();
    let names: Vec<&str> = names.iter().filter_map(|name| name.split(" (").next()).collect();
    assert_eq!(names.len(), 7, "{names:#?}");
    assert!(names[0].starts_with("action_callback(\"list\") -> "), "{names:#?}");
    assert!(names[6].ends_with("::inner::reply"), "{names:#?}");
}
