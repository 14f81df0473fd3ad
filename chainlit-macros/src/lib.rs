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
//! `#[step]` is no event: it writes its function anew (`step/`). `payload.rs` is the derive.
//!
//! `CHAINLIT_MACROS_DEBUG=1 cargo build` prints what is written.

mod attr;
mod errors;
mod expand;
mod model;
mod paths;
mod payload;
mod step;
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
    /// Without a name the function is for the action that its payload's type belongs to, see the derive
    /// `ActionPayload`:
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[derive(serde::Serialize, serde::Deserialize, cl::ActionPayload)]
    /// struct Refund {
    ///     order: u32,
    /// }
    ///
    /// #[cl::action_callback]
    /// async fn refund(action: cl::Action<Refund>) -> cl::Result {
    ///     cl::Message::new(format!("Order {} is refunded.", action.payload.order)).send().await?;
    ///     Ok(())
    /// }
    /// # assert!(cl::Registry::from_inventory().action("refund").is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    /// And `Action<T>` where `T: serde::Deserialize`, or plain `Action` for any JSON.
    ///
    /// # Options
    ///
    /// | option | default | meaning |
    /// |---|---|---|
    /// | `"name"` | that of the payload's type in `Action<T>` | the action's name; one function per name |
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
    /// error: `#[action_callback]` needs the action's name: `#[action_callback("approve")]`, or an argument `Action<T>` whose `T` derives `ActionPayload`
    /// ```
    ///
    /// A type that belongs to another action than the function is for keeps the application from starting.
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

/// Shows each call of the function as a step: its arguments as input, its result as output.
///
/// The step is opened before the function runs and closed however it ends: with its result, with
/// its error, by a panic, by Stop. What the function sends, steps too, becomes a child of it. The
/// function's result is given back as it is. Outside of a chat the function just runs.
///
/// Goes on an `async fn`, a `fn` and methods of either; generics and borrowed arguments are fine.
/// Chainlit's [`@cl.step`](https://docs.chainlit.io/api-reference/step-decorator).
///
/// ```
/// use chainlit as cl;
///
/// #[derive(serde::Serialize)]
/// struct Hit {
///     title: String,
/// }
///
/// #[cl::step(kind = "tool", name = "Search", icon = "search")]
/// async fn search(query: &str, limit: usize) -> cl::Result<Vec<Hit>> {
///     let hits = [query].into_iter().take(limit);
///     Ok(hits.map(|title| Hit { title: title.to_owned() }).collect())
/// }
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # assert_eq!(search("rust", 3).await.unwrap()[0].title, "rust");
/// # }
/// ```
///
/// Inside, [`Context::current_step`] is the step of the function: to stream into it, or to set an
/// output that says more than the result.
///
/// ```
/// use chainlit as cl;
///
/// #[cl::step(kind = "llm", skip_output)]
/// async fn think(question: String, #[step(skip)] key: &str) -> String {
///     if let Some(step) = cl::Context::try_current().as_ref().and_then(|c| c.current_step()) {
///         let _ = step.stream_token("Let me see ...").await;
///     }
///     format!("{question} {}", key.len())
/// }
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # assert_eq!(think("?".to_owned(), "abc").await, "? 3");
/// # }
/// ```
///
/// [`Context::current_step`]: https://docs.rs/chainlit/latest/chainlit/struct.Context.html
///
/// # Options
///
/// | option | default | meaning |
/// |---|---|---|
/// | `kind = "tool"` | `"undefined"` | `run`, `tool`, `llm`, `embedding`, `retrieval`, `rerank`, `undefined` |
/// | `name = "Search"` | the function's name | what the step is called |
/// | `show_input = false` | `"json"` | whether the page shows the input: `false`, `true`, a highlighting language |
/// | `language = "json"` | by the output | highlighting language of the output |
/// | `icon = "search"` | none | a [Lucide](https://lucide.dev/icons) icon |
/// | `tags = ["web"]` | none | labels |
/// | `metadata(key = "value")` | none | free-form facts: strings, numbers, truth values |
/// | `default_open` | no | the page shows it opened |
/// | `auto_collapse` | no | the page closes it when it is done |
/// | `skip_output` | no | the result is not shown, only an error |
/// | `crate = path` | `::chainlit` | where the `chainlit` crate is |
///
/// `#[step(skip)]` before an argument leaves it out of the input; `self` is never in it.
///
/// # Results
///
/// Any `T: serde::Serialize`, or a `Result<T, E>` of it where `E: Display`. An error marks the step
/// and is shown as far as `UI.show_errors` allows.
///
/// # Mistakes
///
/// A kind that there is not:
///
/// ```text
/// error: `tol` is no kind of step; there are `run`, `tool`, ...; did you mean `tool`?
/// ```
///
/// An argument that can't be written as JSON:
///
/// ```text
/// error[E0277]: `Client` can't be shown as the input of a step
///   |
/// 6 | async fn search(client: &Client) {
///   |                         ^^^^^^^ `Client` can't be written as JSON
///   = note: add `#[derive(serde::Serialize)]` to the type, or write `#[step(skip)]` before the argument
/// ```
#[proc_macro_attribute]
pub fn step(options: TokenStream, item: TokenStream) -> TokenStream {
    step::attribute(options.into(), item.into()).into()
}

/// Ties a struct or an enum to one action: it is that action's payload, wherever it is sent or handled.
///
/// The type can be written and read by serde. The action's name is the type's in `snake_case`, or what
/// `#[action("name")]` says.
///
/// ```
/// use chainlit as cl;
///
/// #[derive(serde::Serialize, serde::Deserialize, cl::ActionPayload)]
/// #[action("approve")]
/// struct Approval {
///     order: u32,
/// }
///
/// #[cl::action_callback]
/// async fn approve(action: cl::Action<Approval>) -> cl::Result {
///     cl::Message::new(format!("Order {} is on its way.", action.payload.order)).send().await?;
///     Ok(())
/// }
///
/// let button = cl::Action::of(&Approval { order: 7 })?.label("Approve");
/// assert_eq!(button.name, "approve");
/// # assert!(cl::Registry::from_inventory().action("approve").is_some());
/// # Ok::<(), cl::Error>(())
/// ```
///
/// # Options
///
/// | option of `#[action(..)]` | default | meaning |
/// |---|---|---|
/// | `"name"` | the type's name in `snake_case` | the action's name |
/// | `crate = path` | `::chainlit` | where the `chainlit` crate is |
///
/// # Mistakes
///
/// A generic type, a union, an empty name. A type without serde's derives:
///
/// ```text
/// error[E0277]: the trait bound `Approval: Serialize` is not satisfied
/// ```
#[proc_macro_derive(ActionPayload, attributes(action))]
pub fn action_payload(item: TokenStream) -> TokenStream {
    payload::derive(item.into()).into()
}
