use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use chainlit_core::guard::unknown_command;
use chainlit_core::wire::{ActionDict, AnyStep, MessageDict, ServerEvent};
use chainlit_core::{
    Action, AppParts, BoxError, Context, Emitter, Error, Event, EventContext, Failure, Handler,
    Message, OnAudioEnd, OnChatResume, OnChatStart, OnError, OnMessage, OnSettingsEdit,
    OnSettingsUpdate, Registry, Run, Session, SessionEvent, TaskScope, guard,
};
use futures_util::FutureExt;
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::notice::show_error;
use super::sessions::{Chat, Edit, SettingsChange, Work};

/// How long a page or a connection waits for what the application offers.
const VISIT_PATIENCE: Duration = Duration::from_secs(10);

/// Calls of `on_error` at once.
const MAX_TOLD: usize = 64;

/// Calls the application's functions. The one place that knows how such a call ends.
#[derive(Clone)]
pub(crate) struct Dispatcher(Arc<Inner>);

struct Inner {
    registry: Registry,
    app: AppParts,
    /// What may run at once for one chat when an action begins.
    max_running: usize,
    /// Calls of `on_error` that may still begin.
    told: Arc<Semaphore>,
}

/// A place among what runs for a session: whoever stops that waits until it is free.
pub(super) struct Place {
    context: Context,
    _tracked: [TaskTrackerToken; 2],
}

impl Place {
    /// Where Stop and the end of the chat reach it.
    pub(super) fn new(chat: &Chat) -> Self {
        Self::of(chat, Context::new(chat.session.clone()))
    }

    /// In a scope that the caller keeps, where Stop does not reach it.
    pub(super) fn apart(chat: &Chat, scope: TaskScope) -> Self {
        Self::of(chat, Context::new(chat.session.clone()).in_scope(scope))
    }

    fn of(chat: &Chat, context: Context) -> Self {
        let tracked = [context.task_scope().tracker().token(), chat.handlers.token()];
        Self { context, _tracked: tracked }
    }
}

/// Something that happens for a chat, from its first event to its last.
struct Task<'a> {
    chat: &'a Chat,
    place: Place,
    is_shown: bool,
}

impl<'a> Task<'a> {
    /// `is_shown` tells the browser that something runs, until this is dropped.
    fn begin(chat: &'a Chat, place: Place, is_shown: bool) -> Self {
        if is_shown {
            chat.log.task_start();
        }
        Self { chat, place, is_shown }
    }
}

impl Drop for Task<'_> {
    fn drop(&mut self) {
        if self.is_shown {
            self.chat.log.task_end();
        }
        self.chat.log.hurry();
    }
}

/// How a call ended.
enum End<T> {
    Done(T),
    /// It gave an error.
    Failed(BoxError),
    /// It panicked; the text stays on the server.
    Panicked(String),
    /// The user stopped it, left, or the server goes down: it was dropped.
    Cancelled,
}

/// Why an action gave no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ActionError {
    #[error("No callback found for action {0}")]
    NoCallback(String),
    #[error("{0}")]
    Failed(String),
    /// The payload has another shape than the function takes.
    #[error("{0}")]
    Payload(String),
    #[error("The action was stopped")]
    Cancelled,
    #[error("Too much is going on in this chat, try again when something has ended")]
    Busy,
    #[error("The server is going down, try again in a moment")]
    Closing,
}

impl Dispatcher {
    pub(crate) fn new(registry: Registry, app: AppParts, max_running: usize) -> Self {
        let told = Arc::new(Semaphore::new(MAX_TOLD));
        Self(Arc::new(Inner { registry, app, max_running, told }))
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.0.registry
    }

    /// Whether the application has a function for the event.
    pub(super) fn has<E: Event>(&self) -> bool {
        self.0.registry.get::<E>().is_some()
    }

    /// Does one piece of a chat's queue.
    pub(super) async fn work(&self, chat: &Arc<Chat>, work: Work, place: Place) {
        match work {
            Work::Start => self.start(chat, place).await,
            Work::Resume(thread) => self.notify_of::<OnChatResume>(chat, place, thread).await,
            Work::Message { said, shown, is_offered } => {
                self.message(chat, said, &shown, is_offered, place).await;
            }
            Work::Edit(edit) => Box::pin(self.edit(chat, edit, place)).await,
        }
    }

    async fn start(&self, chat: &Arc<Chat>, place: Place) {
        let Some(handler) = self.0.registry.get::<OnChatStart>() else { return };
        let task = Task::begin(chat, place, true);
        let run = Run::begin(&chat.session, OnChatStart::NAME, None);
        let end = self.call(&task, handler, (), Some(&run)).await;
        self.finish(chat, handler, end, Some((run, "{}".to_owned())));
    }

    async fn message(
        &self,
        chat: &Arc<Chat>,
        said: Arc<Message>,
        shown: &Arc<MessageDict>,
        is_offered: bool,
        place: Place,
    ) {
        let task = Task::begin(chat, place, true);
        if let Some(id) = &said.command
            && !is_offered
            && !Box::pin(self.starter_sends(&chat.session, id)).await
        {
            return show_error(&chat.session, unknown_command(id));
        }
        chat.remember(shown);
        chat.session.note_interaction(&said.content);
        for file in &said.files {
            let element = file.to_element(chat.session.thread_id(), &shown.id);
            chat.log.emit(&ServerEvent::Element(&element));
        }
        self.answer(&task, said, shown).await;
    }

    /// The user rewrote one of their messages: what came after it goes, and it is answered anew.
    async fn edit(&self, chat: &Arc<Chat>, edit: Edit, place: Place) {
        let session = &chat.session;
        let mut found = session.truncate_chat_context(&edit.id);
        if found.is_none() && chat.recall(&edit.id).await {
            found = session.truncate_chat_context(&edit.id);
        }
        let Some((mut message, later)) = found else {
            let _task = Task::begin(chat, place, true);
            // The page has cut its conversation already: it gets it back.
            chat.show_from(&edit.id);
            show_error(session, "The message to edit is not part of this conversation.".to_owned());
            return;
        };
        message.content = edit.text;
        let shown = Arc::new(message.to_dict(session));
        chat.remember(&shown);
        chat.log.emit(&ServerEvent::UpdateMessage(AnyStep::Message(&shown)));
        // The page has taken them away with what stood below the message.
        for element in chat.log.elements(&shown.id) {
            chat.log.emit(&ServerEvent::Element(&element));
        }
        for gone in &later {
            chat.log.emit(&ServerEvent::DeleteMessage(AnyStep::Message(gone)));
        }
        // Steps, notices and errors too, as the page does it; what waits for its answer stays.
        chat.log.truncate_after(&shown.id, &chat.waiting_ids());
        session.release_forgotten();
        let task = Task::begin(chat, place, true);
        self.answer(&task, Arc::new(message), &shown).await;
    }

    async fn answer(&self, task: &Task<'_>, said: Arc<Message>, shown: &MessageDict) {
        let chat = task.chat;
        let Some(handler) = self.0.registry.get::<OnMessage>() else { return };
        let run = Run::begin(&chat.session, OnMessage::NAME, Some(Arc::clone(&shown.id)));
        let end = self.call(task, handler, said, Some(&run)).await;
        self.finish(chat, handler, end, Some((run, shown.output.clone())));
    }

    /// Tells the application of a change of the settings.
    pub(super) async fn settings(&self, chat: &Arc<Chat>, change: SettingsChange, place: Place) {
        if change.is_final {
            self.notify_of::<OnSettingsUpdate>(chat, place, change.values).await;
        } else {
            self.notify_of::<OnSettingsEdit>(chat, place, change.values).await;
        }
    }

    async fn notify_of<E>(
        &self,
        chat: &Arc<Chat>,
        place: Place,
        payload: impl Into<Arc<E::Payload>>,
    ) where
        E: SessionEvent + Event<Answer = ()>,
    {
        let Some(handler) = self.0.registry.get::<E>() else { return };
        let task = Task::begin(chat, place, true);
        let end = self.call(&task, handler, payload, None).await;
        self.finish(chat, handler, end, None);
    }

    /// Calls a function that gets nothing and answers nothing, if the application has one.
    pub(super) async fn notify<E>(&self, chat: &Arc<Chat>, place: Place, is_shown: bool)
    where
        E: SessionEvent + Event<Payload = (), Answer = ()>,
    {
        let Some(handler) = self.0.registry.get::<E>() else { return };
        let task = Task::begin(chat, place, is_shown);
        let end = self.call(&task, handler, (), None).await;
        self.finish(chat, handler, end, None);
    }

    /// Calls a function beside the queue and gives its answer: `None` when there is no such function,
    /// or it gave none. The user is told why only when `tells`.
    pub(super) async fn aside<E: SessionEvent>(
        &self,
        chat: &Arc<Chat>,
        place: Place,
        payload: E::Payload,
        tells: bool,
    ) -> Option<E::Answer> {
        let handler = self.0.registry.get::<E>()?;
        let task = Task::begin(chat, place, false);
        match self.call(&task, handler, payload, None).await {
            End::Done(answer) => return Some(answer),
            end if tells => drop(self.finish(chat, handler, end, None)),
            end => drop(self.failure_text(&chat.session, handler, &end)),
        }
        None
    }

    /// The user has said everything.
    pub(super) async fn audio_end(&self, chat: &Arc<Chat>, place: Place) {
        let task = Task::begin(chat, place, true);
        chat.session.note_interaction("audio");
        let Some(handler) = self.0.registry.get::<OnAudioEnd>() else { return };
        let run = Run::begin(&chat.session, OnAudioEnd::NAME, None);
        let end = self.call(&task, handler, (), Some(&run)).await;
        self.finish(chat, handler, end, Some((run, "{}".to_owned())));
    }

    /// What the application's function says to a visitor who has no chat yet; `None` when there is
    /// no such function, or it failed, or takes too long.
    pub(crate) async fn visit<E>(&self, visitor: &Session) -> Option<E::Answer>
    where
        E: SessionEvent + Event<Payload = ()>,
    {
        self.visit_with::<E>(visitor, (), VISIT_PATIENCE).await
    }

    /// The same for an event that brings something along, and may take that long.
    pub(super) async fn visit_with<E: SessionEvent>(
        &self,
        visitor: &Session,
        payload: E::Payload,
        patience: Duration,
    ) -> Option<E::Answer> {
        let handler = self.0.registry.get::<E>()?;
        let call = self.run(handler, payload, Context::new(visitor.clone()));
        let Ok(end) = tokio::time::timeout(patience, call).await else {
            tracing::error!(handler = %handler.code_place(), "a handler takes too long");
            return None;
        };
        match end {
            End::Done(answer) => Some(answer),
            end => {
                // Nobody is there to be told.
                self.failure_text(visitor, handler, &end);
                None
            }
        }
    }

    /// Calls the function of an action and gives its answer.
    pub(crate) async fn action(
        &self,
        chat: &Arc<Chat>,
        action: ActionDict,
    ) -> Result<Value, ActionError> {
        let Some(handler) = self.0.registry.action(&action.name) else {
            return Err(ActionError::NoCallback(action.name));
        };
        if chat.session.task_scope().tracker().len() >= self.0.max_running {
            return Err(ActionError::Busy);
        }
        let task = Task::begin(chat, Place::new(chat), false);
        chat.session.note_interaction(&action.name);
        let end = self.call(&task, handler, Action::from(action), None).await;
        match end {
            End::Done(answer) => Ok(answer),
            End::Cancelled => Err(ActionError::Cancelled),
            end => {
                let wrong_payload = matches!(
                    &end,
                    End::Failed(error) if matches!(error.downcast_ref(), Some(Error::Payload { .. }))
                );
                let text = self.finish(chat, handler, end, None).unwrap_or_default();
                let error = if wrong_payload { ActionError::Payload } else { ActionError::Failed };
                Err(error(text))
            }
        }
    }

    /// Runs a function in the session's context until it ends, one way or another.
    async fn call<E: SessionEvent>(
        &self,
        task: &Task<'_>,
        handler: &Handler<E>,
        payload: impl Into<Arc<E::Payload>>,
        run: Option<&Run>,
    ) -> End<E::Answer> {
        let mut context = task.place.context.clone();
        if let Some(run) = run {
            context = context.with_step(run.step());
        }
        let end = self.run(handler, payload, context).await;
        task.chat.note_facts();
        end
    }

    /// Runs a function in that context until it ends, one way or another.
    async fn run<E: SessionEvent>(
        &self,
        handler: &Handler<E>,
        payload: impl Into<Arc<E::Payload>>,
        context: Context,
    ) -> End<E::Answer> {
        let session = context.session().clone();
        let scope = context.task_scope().clone();
        let event = EventContext::new(payload, context.clone(), self.0.app.clone());
        // Nothing of the application's is used again after a panic but its session, whose locks
        // know no poison.
        let room = &session.settings().blocked_threads;
        // In a block of its own, so that the function is dropped where a panic is caught.
        let call = AssertUnwindSafe(async move {
            let call = context.scope(handler.call(event));
            let call = guard::guarded(room, handler.code_place(), call);
            scope.token().run_until_cancelled(call).await
        });
        match call.catch_unwind().await {
            Ok(Some(Ok(answer))) => End::Done(answer),
            Ok(Some(Err(error))) => End::Failed(error),
            Ok(None) => End::Cancelled,
            Err(panic) => End::Panicked(panic_text(&*panic)),
        }
    }

    /// Logs how a call ended, closes its run and tells the user of a failure. Returns the text that
    /// the user was told.
    fn finish<E: Event>(
        &self,
        chat: &Chat,
        handler: &Handler<E>,
        end: End<E::Answer>,
        run: Option<(Run, String)>,
    ) -> Option<String> {
        let text = self.failure_text(&chat.session, handler, &end);
        if let Some((run, input)) = run {
            run.end(input, text.clone());
        }
        if let Some(text) = &text {
            show_error(&chat.session, text.clone());
        }
        text
    }

    /// Logs a failure, tells the application of it, and gives what the user may know.
    fn failure_text<E: Event>(
        &self,
        session: &Session,
        handler: &Handler<E>,
        end: &End<E::Answer>,
    ) -> Option<String> {
        let error_id = guard::ErrorId::new();
        let failure = |text: &str| {
            let place = handler.code_place().to_string();
            Failure::new(error_id.to_string(), place, text).session(session)
        };
        match end {
            End::Failed(error) if !is_expected(&**error) => {
                self.tell(failure(&error_chain(&**error)));
            }
            End::Panicked(text) => {
                let mut failure = failure(text);
                failure.is_panic = true;
                self.tell(failure);
            }
            _ => {}
        }
        failure_text(session, handler, end, error_id)
    }

    /// Tells the application what has failed, if it wants to know, beside everything else.
    pub(crate) fn tell(&self, failure: Failure) {
        let Some(handler) = self.0.registry.get::<OnError>() else { return };
        let Ok(permit) = Arc::clone(&self.0.told).try_acquire_owned() else {
            return tracing::warn!(
                "too much fails at once: `on_error` is not called for all of it"
            );
        };
        let context = failure.session.clone().map(Context::new);
        let event = EventContext::new(failure, (), self.0.app.clone());
        let handler = handler.clone();
        tokio::spawn(guard::deferring(async move {
            let _permit = permit;
            let call = async { handler.call(event).await };
            let call = async {
                match context {
                    Some(context) => context.scope(call).await,
                    None => call.await,
                }
            };
            match AssertUnwindSafe(call).catch_unwind().await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::error!(%error, "on_error failed"),
                Err(_) => tracing::error!("on_error panicked"),
            }
        }));
    }
}

/// Whether any client can bring the error about: it is no fault of the application.
fn is_expected(error: &(dyn std::error::Error + 'static)) -> bool {
    matches!(error.downcast_ref(), Some(Error::AskTimeout { .. } | Error::ChatEnded))
}

/// Logs a failure and gives what the user may know of it.
fn failure_text<E: Event>(
    session: &Session,
    handler: &Handler<E>,
    end: &End<E::Answer>,
    error_id: guard::ErrorId,
) -> Option<String> {
    let place = handler.code_place();
    let show_errors = session.settings().show_errors;
    let shown = match end {
        End::Done(_) | End::Cancelled => return None,
        End::Failed(error) if is_expected(&**error) => {
            tracing::debug!(%error_id, ?session, handler = %place, "a handler failed: {error}");
            let shown = show_errors.then(|| error.to_string());
            shown.or_else(|| harmless_text(&**error))
        }
        End::Failed(error) => {
            let chain = error_chain(&**error);
            tracing::error!(%error_id, ?session, handler = %place, "a handler failed: {chain}");
            let shown = show_errors.then(|| error.to_string());
            shown.filter(|text| !text.is_empty()).or_else(|| harmless_text(&**error))
        }
        End::Panicked(text) => {
            tracing::error!(%error_id, ?session, handler = %place, "a handler panicked: {text}");
            None
        }
    };
    let shown = shown.unwrap_or_else(|| "Something went wrong.".to_owned());
    Some(format!("{shown} (error {error_id})"))
}

/// What anybody may know of an error whose text is not shown.
fn harmless_text(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    match error.downcast_ref()? {
        Error::ChatEnded => Some("This could not be finished: the chat ends.".to_owned()),
        Error::Payload { action, path, .. } if path.is_empty() => {
            Some(format!("The payload of action `{action}` does not fit."))
        }
        Error::Payload { action, path, .. } => {
            Some(format!("The payload of action `{action}` does not fit at `{path}`."))
        }
        _ => None,
    }
}

/// The error and what it came from, in one line.
fn error_chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no text".to_owned())
}
