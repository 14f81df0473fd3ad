//! The attributes of the `chainlit` crate, which re-exports them.
//!
//! An attribute leaves its function as written and puts an entry into its event's table behind it:
//!
//! | file | step |
//! |---|---|
//! | `table.rs` | the events that have an attribute |
//! | `attr.rs` | reads what stands in the attribute's parentheses |
//! | `model.rs` | reads the function's signature |
//! | `expand.rs` | writes the entry |
//! | `paths.rs` | every path that the entry names |
//!
//! `CHAINLIT_MACROS_DEBUG=1 cargo build` prints what is written.

mod attr;
mod errors;
mod expand;
mod model;
mod paths;
mod table;

use proc_macro::TokenStream;

macro_rules! attributes {
    ($($(#[$doc:meta])* $name:ident = $row:ident;)*) => {$(
        $(#[$doc])*
        #[proc_macro_attribute]
        pub fn $name(options: TokenStream, item: TokenStream) -> TokenStream {
            expand::attribute(table::$row, options.into(), item.into()).into()
        }
    )*};
}

attributes! {
    /// Calls the function once, before the server listens: load a model, warm up a cache.
    ///
    /// An error keeps the application from starting. Chainlit's
    /// [`@cl.on_app_startup`](https://docs.chainlit.io/api-reference/lifecycle-hooks/on-app-startup).
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// struct Llm;
    ///
    /// #[cl::on_app_startup]
    /// async fn warm_up(llm: cl::State<Llm>) -> cl::Result {
    ///     let _: &Llm = &llm;
    ///     Ok(())
    /// }
    /// # let registry = cl::Registry::from_inventory();
    /// # assert!(registry.get::<cl::OnAppStartup>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/app_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    on_app_startup = ON_APP_STARTUP;

    /// Calls the function once, when the server has stopped and no handler runs any more.
    ///
    /// Chainlit's
    /// [`@cl.on_app_shutdown`](https://docs.chainlit.io/api-reference/lifecycle-hooks/on-app-shutdown).
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::on_app_shutdown]
    /// async fn goodbye() {
    ///     println!("goodbye");
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnAppShutdown>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/app_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    on_app_shutdown = ON_APP_SHUTDOWN;

    /// Calls the function when a user opens a new chat: greet, and set up what the session needs.
    ///
    /// Once per chat, also when the connection drops and comes back. Chainlit's
    /// [`@cl.on_chat_start`](https://docs.chainlit.io/api-reference/lifecycle-hooks/on-chat-start).
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::on_chat_start]
    /// async fn start(user: Option<cl::User>) -> cl::Result {
    ///     let name = user.map_or("stranger".to_owned(), |user| user.identifier);
    ///     cl::Message::new(format!("Hello, {name}!")).send().await?;
    ///     Ok(())
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnChatStart>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    on_chat_start = ON_CHAT_START;

    /// Calls the function for each message of the user, and again when the user edits one.
    ///
    /// One at a time per session, in the order they came. Stop drops the function where it stands.
    /// Chainlit's [`@cl.on_message`](https://docs.chainlit.io/api-reference/lifecycle-hooks/on-message).
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::on_message]
    /// async fn reply(message: cl::Message) -> cl::Result {
    ///     cl::Message::new(format!("You said: {}", message.content)).send().await?;
    ///     Ok(())
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnMessage>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    /// And `Message`: what the user sent.
    ///
    /// An argument that this event does not have is an error under its type:
    ///
    /// ```text
    /// error[E0277]: `chainlit::Thread` can't be an argument of `#[on_message]`
    ///   |
    /// 6 | async fn reply(thread: cl::Thread) {
    ///   |                        ^^^^^^^^^^ this event can't give that
    ///   = note: `#[on_message]` can take `Message`, `Session`, `Context`, ...
    /// ```
    ///
    #[doc = include_str!("docs/handler.md")]
    on_message = ON_MESSAGE;

    /// Calls the function once when the chat is over: the user left, began a new chat, or the session
    /// timed out.
    ///
    /// A dropped connection is not the end of a chat. Chainlit's
    /// [`@cl.on_chat_end`](https://docs.chainlit.io/api-reference/lifecycle-hooks/on-chat-end), which runs
    /// at every disconnect.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::on_chat_end]
    /// async fn end(session: cl::Session) {
    ///     println!("{} has left", session.id());
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnChatEnd>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    on_chat_end = ON_CHAT_END;

    /// Calls the function when the user opens a stored conversation to go on with it.
    ///
    /// Chainlit's
    /// [`@cl.on_chat_resume`](https://docs.chainlit.io/api-reference/lifecycle-hooks/on-chat-resume).
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::on_chat_resume]
    /// async fn resume(thread: cl::Thread, session: cl::Session) {
    ///     println!("{} goes on with {} steps", session.id(), thread.steps.len());
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnChatResume>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    /// And `Thread`: the stored conversation.
    ///
    #[doc = include_str!("docs/handler.md")]
    on_chat_resume = ON_CHAT_RESUME;

    /// Calls the function when the user presses Stop, after what ran for the session has been dropped.
    ///
    /// Chainlit's [`@cl.on_stop`](https://docs.chainlit.io/api-reference/lifecycle-hooks/on-stop), where
    /// the handler goes on in a thread.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::on_stop]
    /// async fn stopped() {
    ///     println!("interrupted");
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnStop>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    on_stop = ON_STOP;

    /// Calls the function when the user presses an [`Action`] of that name.
    ///
    /// `Action<T>` reads the payload as `T`; what does not fit is an error that names the field. Chainlit's
    /// [`@cl.action_callback`](https://docs.chainlit.io/api-reference/action).
    ///
    /// [`Action`]: https://docs.rs/chainlit/latest/chainlit/struct.Action.html
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Approval {
    ///     order: u32,
    /// }
    ///
    /// #[cl::action_callback("approve")]
    /// async fn approve(action: cl::Action<Approval>) -> cl::Result {
    ///     cl::Message::new(format!("Order {} is on its way.", action.payload.order)).send().await?;
    ///     Ok(())
    /// }
    /// # assert!(cl::Registry::from_inventory().action("approve").is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    /// And `Action<T>` where `T: serde::Deserialize`, or plain `Action` for any JSON.
    ///
    /// # Options
    ///
    /// | option | default | meaning |
    /// |---|---|---|
    /// | `"name"` | none: it must be there | the action's name; one function per name |
    /// | `crate = path` | `::chainlit` | where the `chainlit` crate is |
    ///
    /// # Results
    ///
    /// Any `T: serde::Serialize`, which is the answer to the caller as JSON; `()` answers `null`. Or a
    /// `Result<T, E>` of it, under any alias, where `E` is any error as for the other events.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Receipt {
    ///     number: u32,
    /// }
    ///
    /// #[cl::action_callback("pay")]
    /// async fn pay() -> Receipt {
    ///     Receipt { number: 7 }
    /// }
    ///
    /// #[cl::action_callback("refund")]
    /// async fn refund() -> Result<Receipt, String> {
    ///     Err("it was paid in cash".to_owned())
    /// }
    /// ```
    ///
    /// # Mistakes
    ///
    /// The name left out:
    ///
    /// ```text
    /// error: `#[action_callback]` needs the action's name: `#[action_callback("approve")]`
    /// ```
    ///
    /// An answer that can't be written as JSON:
    ///
    /// ```text
    /// error[E0277]: `Receipt` can't be the answer of an action
    ///   |
    /// 8 | async fn pay() -> Receipt {
    ///   |                   ^^^^^^^ `Receipt` can't be written as JSON
    ///   = note: add `#[derive(serde::Serialize)]` to the type, or return a `serde_json::Value`
    /// ```
    ///
    /// Two functions for one name keep the application from starting, and it names both.
    action_callback = ACTION_CALLBACK;

    /// Asks the function when the user presses the microphone: true opens it, false leaves it closed.
    ///
    /// `()` counts as true. Needs `features.audio.enabled`; without this function the microphone stays
    /// closed. Each talk that it allowed ends with one `on_audio_end`, whatever happens. Chainlit's
    /// [`@cl.on_audio_start`](https://docs.chainlit.io/api-reference/lifecycle-hooks/on-audio-start).
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::on_audio_start]
    /// async fn may_speak(user: Option<cl::User>) -> bool {
    ///     user.is_some()
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnAudioStart>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    on_audio_start = ON_AUDIO_START;

    /// Calls the function for each piece of what the user says.
    ///
    /// Pieces of one chat come one after the other, in order, beside its messages. What waits for a
    /// function that is slower than the user speaks is bounded (`limits.audio_queue_bytes`): beyond, the
    /// oldest pieces are dropped and the log says so, because a live conversation is better with a gap
    /// than late. So hand the sound over to somebody else, a channel for example, and return. The first
    /// error of a talk is shown to the user, all are in the log. Chainlit's
    /// [`@cl.on_audio_chunk`](https://docs.chainlit.io/api-reference/lifecycle-hooks/on-audio-chunk),
    /// where pieces may overtake each other.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// static HEARD: cl::SessionKey<usize> = cl::SessionKey::new("heard");
    ///
    /// #[cl::on_audio_chunk]
    /// async fn hear(chunk: cl::InputAudioChunk) {
    ///     HEARD.update(|bytes| *bytes += chunk.data.len());
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnAudioChunk>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    /// And `InputAudioChunk`: the piece of sound.
    ///
    #[doc = include_str!("docs/handler.md")]
    on_audio_chunk = ON_AUDIO_CHUNK;

    /// Calls the function when the user has said everything: after the last piece, once for each talk that
    /// `on_audio_start` allowed, also when the connection breaks, the chat ends, or the next talk begins.
    ///
    /// Chainlit's
    /// [`@cl.on_audio_end`](https://docs.chainlit.io/api-reference/lifecycle-hooks/on-audio-end), which is
    /// not called when the connection breaks.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::on_audio_end]
    /// async fn said() -> cl::Result {
    ///     cl::Message::new("I am thinking.").send().await?;
    ///     Ok(())
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnAudioEnd>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    on_audio_end = ON_AUDIO_END;

    /// Calls the function when the window that the page is embedded in says something to it
    /// (`postMessage`).
    ///
    /// Messages of the window come one after the other, beside those of the user. Whoever embeds the page
    /// can say anything, and so can any client: read it into a type, and trust it no more than a message of
    /// the user. An error is only in the log. Chainlit's
    /// [`@cl.on_window_message`](https://docs.chainlit.io/api-reference/window-message).
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Visit {
    ///     page: String,
    /// }
    ///
    /// #[cl::on_window_message]
    /// async fn visited(cl::Json(visit): cl::Json<Visit>) -> cl::Result {
    ///     cl::send_toast(format!("You are on {}.", visit.page), cl::ToastKind::Info).await?;
    ///     Ok(())
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnWindowMessage>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    /// And `Json<T>` where `T: serde::Deserialize`, or a `serde_json::Value`: what was said.
    ///
    #[doc = include_str!("docs/handler.md")]
    on_window_message = ON_WINDOW_MESSAGE;

    /// Asks the function under which name an author is shown, before a message, an error or a question of
    /// the application is shown for the first time.
    ///
    /// `None` keeps the name, and so does an error, which is in the log. What the function itself sends
    /// keeps its author. Chainlit's
    /// [`@cl.author_rename`](https://docs.chainlit.io/api-reference/author-rename), where an error loses
    /// the name, and a streamed message is not renamed.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::author_rename]
    /// async fn rename(author: String) -> String {
    ///     match author.as_str() {
    ///         "Assistant" => "Albert Einstein".to_owned(),
    ///         _ => author,
    ///     }
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::AuthorRename>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    /// And `String`: the author.
    ///
    #[doc = include_str!("docs/handler.md")]
    author_rename = AUTHOR_RENAME;

    /// Calls the function when somebody opens the page of a new chat: what it returns is offered
    /// there.
    ///
    /// There is no chat yet: the session knows the user, the language and the chosen profile, and
    /// what is sent goes nowhere. Chainlit's
    /// [`@cl.set_starters`](https://docs.chainlit.io/concepts/starters).
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::set_starters]
    /// async fn starters(user: Option<cl::User>) -> Vec<cl::Starter> {
    ///     let name = user.map_or("a guest".to_owned(), |user| user.identifier);
    ///     vec![cl::Starter::new("Introduce me", format!("I am {name}."))]
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::SetStarters>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    set_starters = SET_STARTERS;
}
