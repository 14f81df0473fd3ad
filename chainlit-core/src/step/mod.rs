//! Steps: what the application does between question and answer.

#[doc(hidden)]
pub mod call;
mod content;
mod elements;
mod kind;
mod run;
mod span_layer;
mod state;
mod stream;

use std::fmt::{self, Display};
use std::future::Future;
use std::sync::Arc;

use parking_lot::Mutex;
use serde::Serialize;
use serde_json::Value;

pub use kind::{StepType, UnknownStepType};
pub use run::Run;
pub use span_layer::StepLayer;

use crate::context::Context;
use crate::error::{Error, ErrorId};
use crate::session::Session;
use crate::wire::{ShowInput, StepDict};
use content::{Content, content};
use state::{Ending, State};

/// A piece of work that the page shows between question and answer: a tool call, a search, a call
/// of a model.
///
/// [`run`](Self::run) opens a step, does the work and closes the step, however the work ends. What
/// the work sends, steps too, becomes a child of it, also from what it does at once (`join!`) and
/// from what it starts with [`spawn`](crate::spawn). The attribute `#[cl::step]` does the same for
/// a function, with its arguments as input and its result as output.
///
/// ```
/// use chainlit as cl;
///
/// async fn look_up(step: cl::Step, city: &str) -> Result<u32, cl::BoxError> {
///     step.set_input(city);
///     let degrees = 21;
///     step.set_output(format!("{degrees} °C"));
///     Ok(degrees)
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// let step = cl::Step::new("weather").kind(cl::StepType::Tool).icon("cloud-sun");
/// let degrees = step.run(|step| look_up(step, "Paris")).await?;
/// assert_eq!(degrees, 21);
/// # Ok::<_, cl::BoxError>(()) }).await.unwrap();
/// # }
/// ```
///
/// Where a closure does not fit, [`start`](Self::start) opens a step and [`end`](Self::end) closes
/// it. A step that nobody closes, because the work was stopped, panicked or gave up with `?`, closes
/// itself when it is dropped. It keeps what it has of an output then, and is marked as an error,
/// unless the user stopped it.
///
/// A clone is the same step. Outside of a chat a step does its work and is shown nowhere.
///
/// Follows [`cl.Step`](https://docs.chainlit.io/api-reference/step-class); there, a step that was
/// stopped loses its output.
#[derive(Clone)]
#[must_use = "dropped, the step closes as failed"]
pub struct Step(Arc<Inner>);

struct Inner(Mutex<State>);

/// The last one who knows the step has gone: nobody can close it any more.
impl Drop for Inner {
    fn drop(&mut self) {
        self.0.get_mut().close(Ending::Dropped);
    }
}

impl Step {
    /// A step of that name. Nothing is shown yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self::of(State::new(name.into().into(), StepType::Undefined))
    }

    fn of(state: State) -> Self {
        Self(Arc::new(Inner(Mutex::new(state))))
    }

    fn with(self, change: impl FnOnce(&mut StepDict)) -> Self {
        change(self.0.0.lock().dict_mut());
        self
    }

    /// Sets what kind of work it is; [`StepType::Undefined`] otherwise.
    ///
    /// With `UI.cot = "tool_call"` the page shows only steps of the kind [`StepType::Tool`].
    pub fn kind(self, kind: StepType) -> Self {
        self.with(|dict| dict.kind = kind.as_str().into())
    }

    /// Sets the id; a fresh UUID v4 otherwise.
    pub fn id(self, id: impl Into<Arc<str>>) -> Self {
        self.with(|dict| dict.id = id.into())
    }

    /// Sets the step or message that it belongs to; the innermost open step otherwise.
    pub fn parent_id(self, id: impl Into<Arc<str>>) -> Self {
        self.with(|dict| dict.parent_id = Some(id.into()))
    }

    /// Adds a label.
    pub fn tag(self, tag: impl Into<String>) -> Self {
        self.tags([tag])
    }

    /// Adds labels.
    pub fn tags<T: Into<String>>(self, tags: impl IntoIterator<Item = T>) -> Self {
        let tags = tags.into_iter().map(Into::into).collect::<Vec<_>>();
        self.with(|dict| dict.tags.get_or_insert_default().extend(tags))
    }

    /// Adds a free-form fact.
    pub fn metadata(self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.set_metadata(key, value);
        self
    }

    /// Sets the highlighting language of the output. [`set_output`](Self::set_output) sets it to
    /// `json` or `text` when the output is no string.
    pub fn language(self, language: impl Into<String>) -> Self {
        self.with(|dict| dict.language = Some(language.into()))
    }

    /// Sets the picture in front of it: the name of a [Lucide](https://lucide.dev/icons) icon.
    pub fn icon(self, icon: impl Into<String>) -> Self {
        self.metadata("icon", icon.into())
    }

    /// Sets whether the page shows the input: `false`, `true`, or a highlighting language;
    /// `"json"` otherwise.
    pub fn show_input(self, show: impl Into<ShowInput>) -> Self {
        self.with(|dict| dict.show_input = show.into())
    }

    /// Sets whether the page shows it opened; it does not otherwise.
    pub fn default_open(self, is_open: bool) -> Self {
        self.with(|dict| dict.default_open = is_open)
    }

    /// Sets whether the page closes it when it is done; it does not otherwise.
    pub fn auto_collapse(self, collapses: bool) -> Self {
        self.with(|dict| dict.auto_collapse = collapses)
    }

    /// Opens the step, does the work in it, and closes it.
    ///
    /// An error is shown as the step's output, behind what it has already, and given back.
    /// Waits first while the browser is too slow to take more. The closure gets the step, to say
    /// what goes in and comes out.
    ///
    /// When the compiler asks for the type of the error, end the closure with
    /// `Ok::<_, cl::BoxError>(..)` or call a function that names it.
    ///
    /// # Errors
    ///
    /// That of the work.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, the work is dropped and the step closes with what it has.
    pub async fn run<F, Fut, T, E>(self, work: F) -> Result<T, E>
    where
        F: FnOnce(Self) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: Display,
    {
        let closing = Closing::open(self).await;
        let step = closing.0.clone();
        let result = closing.0.scope(async { work(step).await }).await;
        closing.0.try_keep_elements().await;
        closing.end(result.as_ref().err().map(|error| error as &dyn Display));
        result
    }

    /// The same for work that does not wait.
    ///
    /// # Errors
    ///
    /// That of the work.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let sum = cl::Step::new("add").run_sync(|_step| Ok::<_, String>(1 + 1));
    /// assert_eq!(sum, Ok(2));
    /// ```
    pub fn run_sync<T, E: Display>(self, work: impl FnOnce(Self) -> Result<T, E>) -> Result<T, E> {
        self.introduce_now();
        let closing = Closing::open_now(self);
        let result = closing.0.sync_scope(|| work(closing.0.clone()));
        closing.end(result.as_ref().err().map(|error| error as &dyn Display));
        result
    }

    /// Runs a future inside the step: what it sends becomes the step's child. The step is neither
    /// opened nor closed.
    pub async fn scope<F: Future>(&self, future: F) -> F::Output {
        match Context::try_current() {
            Some(context) => context.with_step(self).scope(future).await,
            None => future.await,
        }
    }

    fn sync_scope<R>(&self, work: impl FnOnce() -> R) -> R {
        match Context::try_current() {
            Some(context) => context.with_step(self).sync_scope(work),
            None => work(),
        }
    }

    /// Opens the step: the page shows that it runs. Waits while the browser is too slow to take
    /// more.
    ///
    /// ```
    /// # use chainlit as cl;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
    /// let step = cl::Step::new("plan").start().await?;
    /// step.scope(cl::Message::new("a child of the step").send()).await?;
    /// step.set_output("three points");
    /// step.end().await?;
    /// assert!(step.to_dict().end.is_some());
    /// # Ok::<_, cl::BoxError>(()) }).await.unwrap();
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`]; those of [`Element::send`](crate::Element::send) when an element that
    /// was added can't be shown.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was shown.
    pub async fn start(self) -> Result<Self, Error> {
        self.keep_elements().await?;
        self.introduce().await;
        room().await?;
        self.open();
        Ok(self)
    }

    /// Closes the step: the page shows what it has and how long it took.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`]; those of [`Element::send`](crate::Element::send) when an element that
    /// was added can't be shown.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, the step is still open.
    pub async fn end(&self) -> Result<(), Error> {
        self.keep_elements().await?;
        room().await?;
        self.0.0.lock().close(Ending::Done);
        Ok(())
    }

    /// Shows the step without opening it: as something that just is, not as something that runs.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`]; those of [`Element::send`](crate::Element::send) when an element that
    /// was added can't be shown.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent.
    pub async fn send(&self) -> Result<(), Error> {
        self.keep_elements().await?;
        self.introduce().await;
        room().await?;
        self.0.0.lock().send();
        Ok(())
    }

    /// Shows the step's present state; ends a stream into it.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`]; those of [`Element::send`](crate::Element::send) when an element that
    /// was added can't be shown.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent.
    pub async fn update(&self) -> Result<(), Error> {
        self.keep_elements().await?;
        room().await?;
        self.0.0.lock().update();
        Ok(())
    }

    /// Removes the step from the page, with everything below it. Its work goes on.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was removed.
    pub async fn remove(&self) -> Result<(), Error> {
        room().await?;
        self.0.0.lock().remove();
        Ok(())
    }

    /// Sets what went in. The page shows it at the next [`update`](Self::update), or when the step
    /// ends.
    ///
    /// A string stays as it is, `None` and `()` are empty, anything else is shown as JSON. Binary
    /// data is replaced by a placeholder: what serialises as bytes, and lists of more than 32
    /// bytes.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let step = cl::Step::new("embed");
    /// step.set_input([1, 2]);
    /// assert_eq!(step.input(), "[\n    1,\n    2\n]");
    /// step.set_input("as it is");
    /// assert_eq!(step.input(), "as it is");
    /// step.set_input(vec![255_u8; 1000]);
    /// assert_eq!(step.input(), "STRIPPED_BINARY_DATA");
    /// ```
    pub fn set_input(&self, input: impl Serialize) {
        self.0.0.lock().dict_mut().input = content(&input).text;
    }

    /// Sets what came out, as [`set_input`](Self::set_input) does, and the language to `json` or
    /// `text` when it is no string.
    pub fn set_output(&self, output: impl Serialize) {
        let Content { text, language } = content(&output);
        let mut state = self.0.0.lock();
        let dict = state.dict_mut();
        dict.output = text;
        if let Some(language) = language {
            dict.language = Some(language.to_owned());
        }
    }

    /// Marks the step as failed, with the error behind the output that it has.
    ///
    /// What the user may read of an error is up to `UI.show_errors`: without it, they get an id
    /// that is in the log, too.
    pub fn set_error(&self, error: impl Display) {
        let shown = self.shown_of(&error);
        self.0.0.lock().fail(&shown);
    }

    /// Sets a free-form fact.
    pub fn set_metadata(&self, key: impl Into<String>, value: impl Into<Value>) {
        self.0.0.lock().dict_mut().metadata.insert(key.into(), value.into());
    }

    /// Sets the name.
    pub fn set_name(&self, name: impl Into<String>) {
        self.0.0.lock().dict_mut().name = name.into().into();
    }

    /// Sets the record of a model call: messages, settings, token counts.
    pub fn set_generation(&self, generation: impl Into<Value>) {
        self.0.0.lock().dict_mut().generation = Some(generation.into());
    }

    /// The step's id: a UUID v4, unless another was set.
    #[must_use]
    pub fn step_id(&self) -> Arc<str> {
        Arc::clone(&self.0.0.lock().dict().id)
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> String {
        self.0.0.lock().dict().name.clone().into_owned()
    }

    /// What went in, as the page shows it.
    #[must_use]
    pub fn input(&self) -> String {
        self.0.0.lock().dict().input.clone()
    }

    /// What came out, as the page shows it.
    #[must_use]
    pub fn output(&self) -> String {
        self.0.0.lock().dict().output.clone()
    }

    /// Whether it has failed.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.0.0.lock().dict().is_error
    }

    /// The step as the browser sees it.
    #[must_use]
    pub fn to_dict(&self) -> StepDict {
        self.0.0.lock().dict().clone()
    }

    /// Whether its name is the one that the page shows: `author_rename` is not asked again.
    pub(crate) fn is_introduced(&self) -> bool {
        self.0.0.lock().is_introduced
    }

    /// Gives it that name, unless it got another one than `given` meanwhile.
    pub(crate) fn set_introduced(&self, given: &str, name: String) {
        let mut state = self.0.0.lock();
        state.is_introduced = true;
        if state.dict().name == given {
            state.dict_mut().name = name.into();
        }
    }

    /// Whether it is the step around a handler.
    pub(crate) fn is_run(&self) -> bool {
        self.0.0.lock().dict().is_run()
    }

    /// What the user may read of an error. Its text is asked for without a lock: it is the
    /// application's code.
    fn shown_of(&self, error: &dyn Display) -> String {
        let session = self.0.0.lock().session().cloned();
        let Some(session) = session.filter(|session| !session.settings().show_errors) else {
            return error.to_string();
        };
        let (error_id, step) = (ErrorId::new(), self.name());
        tracing::warn!(%error_id, ?session, step, "a step failed: {error}");
        format!("Something went wrong. (error {error_id})")
    }

    /// Opens the step in the current context.
    fn open(&self) {
        if let Some(context) = Context::try_current() {
            self.0.0.lock().open(&context);
        }
    }

    /// For [`Run`], which is shown in a session before there is a context.
    fn in_session(name: &'static str, parent_id: Option<Arc<str>>, session: &Session) -> Self {
        let mut state = State::new(name.into(), StepType::Run);
        state.dict_mut().parent_id = parent_id;
        state.open_in(session, None);
        Self::of(state)
    }
}

/// Closes the step, at the latest when it is dropped, even if others know the step.
struct Closing(Step);

impl Closing {
    async fn open(step: Step) -> Self {
        step.try_keep_elements().await;
        step.introduce().await;
        // The work is done even where nobody can be shown it any more.
        let _ = room().await;
        Self::open_now(step)
    }

    fn open_now(step: Step) -> Self {
        step.open();
        Self(step)
    }

    fn end(&self, error: Option<&dyn Display>) {
        let ending = match error {
            Some(error) => Ending::Failed(self.0.shown_of(error)),
            None => Ending::Done,
        };
        self.0.0.0.lock().close(ending);
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.0.0.lock().close(Ending::Dropped);
    }
}

/// Waits until the browser can take more; outside of a chat nobody waits for anything.
async fn room() -> Result<(), Error> {
    match Context::try_current() {
        Some(context) => context.room().await,
        None => Ok(()),
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.0.0.lock();
        let StepDict { id, name, kind, .. } = state.dict();
        f.debug_struct("Step")
            .field("id", id)
            .field("name", name)
            .field("kind", kind)
            .finish_non_exhaustive()
    }
}
