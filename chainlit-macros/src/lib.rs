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
//! | `form.rs`, `form_expand.rs`, `choice.rs` | the derives for forms, which read and write by themselves |
//! | `derive_options.rs` | reads what stands in the derives' attributes |
//!
//! `#[step]` is no event: it writes its function anew (`step/`). `payload.rs` is the derive.
//!
//! `CHAINLIT_MACROS_DEBUG=1 cargo build` prints what is written.

mod attr;
mod choice;
mod derive_options;
mod errors;
mod expand;
mod form;
mod form_expand;
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
    /// the application is shown for the first time. The name of a step is renamed the same way.
    ///
    /// `None` keeps the name, and so does an error, which is in the log. What the function itself sends
    /// keeps its author. A step of a `fn` that is not `async` can't wait: it takes the new name only where
    /// the function gives it without waiting. Steps of spans ([`StepLayer`](../chainlit/struct.StepLayer.html))
    /// and errors of the server itself keep their names. Chainlit's
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

    /// Calls the function when somebody writes a name and a password into the login form: it says who
    /// that is, or `None`.
    ///
    /// With this attribute, or another of the logins, nobody gets in without. Attempts are limited.
    /// An error is logged and refuses, too. Keep passwords hashed: `examples/login.rs` shows it.
    /// Chainlit's
    /// [`@cl.password_auth_callback`](https://docs.chainlit.io/authentication/password), which gives
    /// the two texts as arguments of their own.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// # fn verify(_: &cl::Credentials) -> bool { true }
    /// #[cl::password_auth_callback]
    /// async fn login(credentials: cl::Credentials) -> Option<cl::User> {
    ///     verify(&credentials).then(|| cl::User::new(credentials.username))
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::PasswordAuthCallback>().is_some());
    /// ```
    ///
    /// And `Credentials`: what was written.
    ///
    #[doc = include_str!("docs/app_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    password_auth_callback = PASSWORD_AUTH_CALLBACK;

    /// Calls the function when somebody comes without a login: it reads from the headers, which a proxy
    /// in front has set, who that is.
    ///
    /// Headers count only where they come from a proxy that `login.trusted_proxies` names: anybody else
    /// can write what they like. Chainlit's
    /// [`@cl.header_auth_callback`](https://docs.chainlit.io/authentication/header).
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::header_auth_callback]
    /// async fn login(headers: cl::Headers) -> Option<cl::User> {
    ///     headers.get("x-forwarded-user").map(cl::User::new)
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::HeaderAuthCallback>().is_some());
    /// ```
    ///
    /// And `Headers`: those of the request.
    ///
    #[doc = include_str!("docs/app_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    header_auth_callback = HEADER_AUTH_CALLBACK;

    /// Calls the function when a provider has vouched for somebody: it says who that is here, or `None`.
    ///
    /// Needs the feature `oauth`, without which an application with this attribute does not start.
    /// Providers are set up by environment variables (`docs/login.md`), as in Chainlit:
    /// [`@cl.oauth_callback`](https://docs.chainlit.io/authentication/oauth).
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::oauth_callback]
    /// async fn login(login: cl::OAuthLogin) -> Option<cl::User> {
    ///     (login.provider == "github").then_some(login.default_user)
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OAuthCallback>().is_some());
    /// ```
    ///
    /// And `OAuthLogin`: what the provider tells.
    ///
    #[doc = include_str!("docs/app_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    oauth_callback = OAUTH_CALLBACK;

    /// Calls the function when the user has logged out.
    ///
    /// What it returns, anything that can be written as JSON, is the answer to the page; nothing is
    /// success. Chainlit's `@cl.on_logout`, which is given the request and the response.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::on_logout]
    /// async fn bye(user: Option<cl::User>) {
    ///     println!("{:?} has gone", user.map(|user| user.identifier));
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnLogout>().is_some());
    /// ```
    ///
    /// And `Headers`: those of the request.
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    on_logout = ON_LOGOUT;

    /// Calls the function when somebody opens another user's conversation by its link: may they?
    ///
    /// Its word is final: true shows the conversation even where its author does not share it, false
    /// denies it. In Chainlit false does not deny what the author shares:
    /// [`@cl.on_shared_thread_view`](https://docs.chainlit.io/advanced-features/share-thread).
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::on_shared_thread_view]
    /// async fn may_see(view: cl::SharedThreadView, viewer: Option<cl::User>) -> bool {
    ///     view.is_shared && viewer.is_some()
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnSharedThreadView>().is_some());
    /// ```
    ///
    /// And `SharedThreadView`, or `Thread`: the conversation. The session's user is the one who looks.
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    on_shared_thread_view = ON_SHARED_THREAD_VIEW;

    /// Calls the function when the user has said what they think of an answer.
    ///
    /// It is stored by then. Chainlit's `@cl.on_feedback`.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::on_feedback]
    /// async fn heard(feedback: cl::Feedback) {
    ///     println!("{:?} for {}", feedback.value, feedback.for_id);
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnFeedback>().is_some());
    /// ```
    ///
    /// And `Feedback`: what was said.
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    on_feedback = ON_FEEDBACK;

    /// Calls the function when something has failed: a function of yours returned an error or
    /// panicked, or a conversation could not be recorded. For alarms and for counting; the log and
    /// the user have been told.
    ///
    /// Where a session was concerned, the function runs in its context. What it fails with itself is
    /// only logged. When many things fail at once, some are only logged.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::on_error]
    /// async fn failed(failure: cl::Failure) {
    ///     eprintln!("{} failed: {} ({})", failure.place, failure.text, failure.id);
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnError>().is_some());
    /// ```
    ///
    /// And `Failure`: what failed.
    ///
    #[doc = include_str!("docs/app_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    on_error = ON_ERROR;

    /// Calls the function when the server starts: what it returns keeps users and conversations.
    ///
    /// It runs before `on_app_startup`; an error keeps the server from starting. Only for a database of
    /// your own: those that the server knows are set up by configuration. Chainlit's
    /// [`@cl.data_layer`](https://docs.chainlit.io/data-layers/overview).
    ///
    #[doc = include_str!("docs/app_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    data_layer = DATA_LAYER;

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

    /// Calls the function when somebody opens the page of a new chat: what it returns is offered
    /// there in groups, instead of `set_starters`.
    ///
    /// The session knows the chosen profile. Chainlit's `@cl.set_starter_categories`.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::set_starter_categories]
    /// async fn categories(session: cl::Session) -> Vec<cl::StarterCategory> {
    ///     let who = session.chat_profile().unwrap_or_default();
    ///     let hello = cl::Starter::new("Hello", format!("Hello {who}"));
    ///     vec![cl::StarterCategory::new("Greetings").starter(hello)]
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::SetStarterCategories>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    set_starter_categories = SET_STARTER_CATEGORIES;

    /// Calls the function when somebody opens the page: it says as what the assistant can be talked
    /// to.
    ///
    /// The user chooses one of the profiles at the beginning of a chat. A client that names another
    /// one is refused. There is no chat yet: the session knows the user and the language, and what is
    /// sent goes nowhere. Chainlit's
    /// [`@cl.set_chat_profiles`](https://docs.chainlit.io/advanced-features/chat-profiles).
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::set_chat_profiles]
    /// async fn profiles() -> Vec<cl::ChatProfile> {
    ///     vec![
    ///         cl::ChatProfile::new("prose", "Speaks plainly.").default(true),
    ///         cl::ChatProfile::new("poet", "Speaks in *rhymes*.")
    ///             .config_overrides(cl::ConfigOverrides::new().set("UI.name", "Poet")),
    ///     ]
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::SetChatProfiles>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    ///
    #[doc = include_str!("docs/handler.md")]
    set_chat_profiles = SET_CHAT_PROFILES;

    /// Calls the function when the user has confirmed the form with the chat's settings.
    ///
    /// The form is sent by [`ChatSettings`] or by a struct that derives
    /// [`SettingsForm`](derive.SettingsForm.html). The values were checked before: a value that its
    /// widget does not allow never comes here, and the user is told. Changes do not wait behind
    /// messages; they are handled one after the other. Chainlit's
    /// [`@cl.on_settings_update`](https://docs.chainlit.io/api-reference/chat-settings), where the
    /// function gets only what was sent; here it gets all values.
    ///
    /// [`ChatSettings`]: https://docs.rs/chainlit/latest/chainlit/struct.ChatSettings.html
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[derive(cl::SettingsForm)]
    /// struct Preferences {
    ///     stream: bool,
    /// }
    ///
    /// #[cl::on_settings_update]
    /// async fn updated(preferences: Preferences) -> cl::Result {
    ///     cl::Message::new(format!("stream: {}", preferences.stream)).send().await?;
    ///     Ok(())
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnSettingsUpdate>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    /// And a struct with `#[derive(SettingsForm)]`, which every event of a session has; `Json<T>` where
    /// `T: serde::Deserialize`; `serde_json::Map<String, Value>`.
    ///
    #[doc = include_str!("docs/handler.md")]
    on_settings_update = ON_SETTINGS_UPDATE;

    /// Calls the function while the user edits the form with the chat's settings, before they
    /// confirm it.
    ///
    /// It gets all values as they stand in the form; none is kept yet. While one call runs, only the
    /// last of the changes that follow waits. Use it to show another form, with
    /// [`ChatSettings::refresh`]. Chainlit's `@cl.on_settings_edit`.
    ///
    /// [`ChatSettings::refresh`]: https://docs.rs/chainlit/latest/chainlit/struct.ChatSettings.html#method.refresh
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// #[cl::on_settings_edit]
    /// async fn edited(values: serde_json::Map<String, serde_json::Value>) {
    ///     println!("{values:?}");
    /// }
    /// # assert!(cl::Registry::from_inventory().get::<cl::OnSettingsEdit>().is_some());
    /// ```
    ///
    #[doc = include_str!("docs/session_arguments.md")]
    /// And what `on_settings_update` can take.
    ///
    #[doc = include_str!("docs/handler.md")]
    on_settings_edit = ON_SETTINGS_EDIT;
}

/// Makes a form of a struct: each field is a widget, and what the user fills in is the struct.
///
/// `Preferences::form().send().await?` shows the form and gives the first values;
/// `Preferences::current()?` reads the present ones; every handler of a session can take a
/// `Preferences`. What does not fit a field's type is refused before it reaches the application, for
/// example `1.5` for a `u32`.
///
/// ```
/// use chainlit as cl;
///
/// #[derive(cl::Choice, Debug, PartialEq)]
/// enum Model {
///     Small,
///     #[choice(label = "Large (slow)")]
///     Large,
/// }
///
/// #[derive(cl::SettingsForm)]
/// struct Preferences {
///     #[setting(radio, initial = Model::Large)]
///     model: Model,
///     #[setting(slider(min = 0.0, max = 2.0, step = 0.1), initial = 0.7, tooltip = "0 is sober")]
///     temperature: f64,
///     #[setting(label = "Stop at", initial = ["END"])]
///     stop: Vec<String>,
///     max_tokens: Option<u32>,
/// }
///
/// #[cl::on_chat_start]
/// async fn start() -> cl::Result {
///     let preferences = Preferences::form().send().await?;
///     assert_eq!(preferences.model, Model::Large);
///     Ok(())
/// }
///
/// #[cl::on_message]
/// async fn reply(message: cl::Message, preferences: Preferences) -> cl::Result {
///     let text = format!("{} at {}", message.content, preferences.temperature);
///     cl::Message::new(text).send().await?;
///     Ok(())
/// }
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # let session = cl::Session::http("s").build();
/// # cl::Context::new(session).scope(start()).await.unwrap();
/// # }
/// ```
///
/// # Options of a field
///
/// | option | default | meaning |
/// |---|---|---|
/// | the widget, see below | by the type | what the user works with |
/// | `label = "..."` | by the field's name | what the user reads |
/// | `initial = value` | off, 0, empty, the first choice | the first value |
/// | `tooltip`, `description` `= "..."` | none | more about it |
/// | `disabled = true` | `false` | can only be looked at |
/// | `tab = "..."` | none | the tab it is on; all fields are, or none |
/// | `id = "..."` | the field's name | what the value is known by |
///
/// # Widgets
///
/// | field | widgets, the usual one first |
/// |---|---|
/// | `bool` | `switch`, `checkbox` |
/// | a number | `number(placeholder)`, `slider(min, max, step)` |
/// | `Option` of a number | `number(placeholder)` |
/// | `String`, `Option<String>` | `text(placeholder, multiline)`, `select(values, items)`, `radio(values, items)`, `date(min, max, format, placeholder)` |
/// | `Vec<String>` | `tags`, `multiselect(values, items)` |
/// | an enum with `#[derive(Choice)]`, `Option` of it | `select`, `radio` |
/// | `Vec` of such an enum | `multiselect` |
/// | `Option<[String; 2]>` | `date_range(min, max, format, placeholder)` |
/// | `Option` of a day: `jiff::civil::Date`, `chrono::NaiveDate`, `time::Date` | `date(min, max, format, placeholder)` |
/// | `Option<[_; 2]>` of days | `date_range(min, max, format, placeholder)` |
///
/// Days of these libraries are fields with the features `jiff`, `chrono` and `time` of `chainlit`.
///
/// `#[setting(crate = path)]` on the struct says where the `chainlit` crate is.
#[proc_macro_derive(SettingsForm, attributes(setting))]
pub fn settings_form(input: TokenStream) -> TokenStream {
    form_expand::derive(input.into()).into()
}

/// Makes an enum a field's type in a [`SettingsForm`](derive.SettingsForm.html): the user chooses one
/// of its variants.
///
/// A variant's value is its name, its label is made of the name; `#[choice(value = "...", label =
/// "...")]` says otherwise. `#[default]` marks the one that is chosen at first, else it is the first.
///
/// ```
/// use chainlit as cl;
/// use cl::Choice as _;
///
/// #[derive(cl::Choice, Default, Debug, PartialEq)]
/// enum Tone {
///     Friendly,
///     #[default]
///     #[choice(value = "strict", label = "Strict and short")]
///     Strict,
/// }
/// assert_eq!(Tone::ITEMS, [("Friendly", "Friendly"), ("strict", "Strict and short")]);
/// assert_eq!(Tone::at(Tone::FIRST), Some(Tone::Strict));
/// ```
#[proc_macro_derive(Choice, attributes(choice, default))]
pub fn choice(input: TokenStream) -> TokenStream {
    choice::derive(input.into()).into()
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
