use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use chainlit_core::wire::{AnyStep, ServerEvent};
use chainlit_core::{
    Emitter, OnChatEnd, OnChatResume, OnChatStart, OnSettingsEdit, OnSettingsUpdate, OnStop,
    TaskScope,
};
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use super::audio::Heard;
use super::dispatch::Place;
use super::lane::{Entry, Lane};
use super::notice::notice;
use super::sessions::{Chat, ChatState, Chats, SettingsChange, Work};
use crate::engineio::Outbox;
use crate::login::LoginId;
use crate::socketio;

/// How long Stop waits for what it dropped to be gone. Only code that blocks its thread takes
/// longer than a moment.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

/// A message that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum QueueError {
    #[error("too many messages are waiting to be answered; wait for an answer, then send it again")]
    Full,
    #[error("the chat has ended; reload the page to begin a new one")]
    Ended,
    #[error("the server is going down; send it again in a moment")]
    Closing,
}

impl Chats {
    /// The client is ready to be shown the chat; a new chat starts.
    pub(super) fn greet(&self, chat: &Arc<Chat>, outbox: &Arc<Outbox>) {
        {
            let mut state = chat.state.lock();
            if !state.is_connection(outbox) {
                return;
            }
            chat.log.attach(outbox);
            self.start(&mut state);
        }
        self.see_to::<Work>(chat);
    }

    /// A chat begins with `on_chat_start` or `on_chat_resume`, whatever its client says first. Without
    /// the latter a conversation that is taken up begins like any other: what the application has set
    /// up for it is gone.
    fn start(&self, state: &mut ChatState) {
        if self.is_closing() || std::mem::replace(&mut state.is_started, true) {
            return;
        }
        let has_resume = self.dispatcher().has::<OnChatResume>();
        let beginning = match state.resumed.take().filter(|_| has_resume) {
            Some(thread) => Some(Work::Resume(thread)),
            None => self.dispatcher().has::<OnChatStart>().then_some(Work::Start),
        };
        state.queue.waiting.extend(beginning);
    }

    /// A connection speaks for the chat from now on; the one before it is ended. False when the chat
    /// has ended.
    pub(super) fn take_over(
        &self,
        chat: &Arc<Chat>,
        outbox: &Arc<Outbox>,
        login: Option<&LoginId>,
    ) -> bool {
        let old = {
            let mut state = chat.state.lock();
            if state.is_ended {
                return false;
            }
            self.leave_line(state.alone.take());
            state.is_leaving = false;
            if let Some(clock) = state.expiry.take() {
                clock.cancel();
            }
            let old = state.connection.replace(Arc::clone(outbox));
            state.login = login.cloned();
            if old.is_some() {
                state.talk.end();
            }
            old
        };
        if let Some(old) = old {
            chat.log.detach(&old);
            socketio::disconnect(&old);
            self.see_to::<Heard>(chat);
        }
        true
    }

    /// The connection is gone. The chat stays for a while, unless its user said goodbye.
    pub(super) fn disconnect(&self, chat: &Arc<Chat>, outbox: &Arc<Outbox>) {
        chat.log.detach(outbox);
        let clock = {
            let mut state = chat.state.lock();
            if !state.is_connection(outbox) {
                return;
            }
            state.connection = None;
            chat.disconnected.notify_waiters();
            if state.is_ended {
                return;
            }
            // Nobody misses a chat that never began.
            if state.is_leaving || !state.is_started {
                drop(state);
                return self.end_if(chat, |state| state.connection.is_none());
            }
            // Who is gone says nothing more.
            state.talk.end();
            state.alone = Some(self.stand_in_line(chat));
            let clock = CancellationToken::new();
            state.expiry = Some(clock.clone());
            clock
        };
        self.see_to::<Heard>(chat);
        let chats = self.clone();
        // A reference that does not keep an ended chat's memory.
        let chat = Arc::downgrade(chat);
        let timeout = self.settings().session_timeout;
        tokio::spawn(async move {
            if clock.run_until_cancelled(tokio::time::sleep(timeout)).await.is_some()
                && let Some(chat) = chat.upgrade()
            {
                // Somebody may have come back just now.
                chats.end_if(&chat, |state| state.connection.is_none() && !clock.is_cancelled());
            }
        });
    }

    /// Puts work at the end of the chat's queue and sees to it that somebody works on it.
    pub(super) fn enqueue(&self, chat: &Arc<Chat>, work: Work) -> Result<(), QueueError> {
        {
            let mut state = chat.state.lock();
            if state.is_ended {
                return Err(QueueError::Ended);
            }
            // Looked at under the lock: who goes down empties the queue under it.
            if self.is_closing() {
                return Err(QueueError::Closing);
            }
            let waiting: usize = state.queue.waiting.iter().map(Work::bytes).sum();
            if state.queue.waiting.len() >= self.settings().max_queued
                || waiting + work.bytes() > self.settings().max_queued_bytes
            {
                return Err(QueueError::Full);
            }
            self.start(&mut state);
            state.queue.waiting.push_back(work);
        }
        self.see_to::<Work>(chat);
        Ok(())
    }

    /// Has a change of the settings handled, beside the messages. Changes wait for each other only.
    /// `take` gives all values; it is called only when their function will be, too.
    pub(super) fn enqueue_settings<E: From<QueueError>>(
        &self,
        chat: &Arc<Chat>,
        is_final: bool,
        take: impl FnOnce() -> Result<Map<String, Value>, E>,
    ) -> Result<(), E> {
        let has_function = match is_final {
            true => self.dispatcher().has::<OnSettingsUpdate>(),
            false => self.dispatcher().has::<OnSettingsEdit>(),
        };
        {
            let mut state = chat.state.lock();
            if state.is_ended {
                return Err(QueueError::Ended.into());
            }
            if self.is_closing() {
                return Err(QueueError::Closing.into());
            }
            let values = take()?;
            if !has_function {
                return Ok(());
            }
            // Each holds all values: of either kind only the newest matters.
            let waiting = &mut state.settings.waiting;
            waiting.retain(|waiting| waiting.is_final != is_final);
            waiting.push_back(SettingsChange { values, is_final });
        }
        self.see_to::<SettingsChange>(chat);
        Ok(())
    }

    /// Drops what runs and what waits for the chat, then lets the application say something.
    pub(super) fn stop(&self, chat: &Arc<Chat>) {
        let (scope, waiting, place) = {
            let mut state = chat.state.lock();
            if state.is_ended {
                return;
            }
            let (start, waiting): (VecDeque<Work>, _) =
                state.queue.waiting.drain(..).partition(Work::is_beginning);
            state.queue.waiting = start;
            // `on_stop` has a scope of its own: a second Stop does not reach it.
            let place = state.stopping.is_none().then(|| {
                let scope = state.stopping.insert(TaskScope::new());
                Place::apart(chat, scope.clone())
            });
            (chat.session.replace_task_scope(), waiting, place)
        };
        chat.remember_unanswered(&waiting);
        let had_work = !scope.is_idle() || !waiting.is_empty();
        if !had_work && place.is_none() {
            return;
        }
        let (chats, chat) = (self.clone(), Arc::clone(chat));
        self.spawn(async move {
            if had_work {
                let dict = notice(&chat.session, "Task manually stopped.".to_owned());
                let dict = Arc::new(dict);
                chat.log.emit(&ServerEvent::NewMessage(AnyStep::Message(&dict)));
                if !scope.cancel(STOP_PATIENCE).await {
                    tracing::warn!(session = ?chat.session, "what was stopped blocks its thread");
                }
            }
            if let Some(place) = place {
                chats.dispatcher().notify::<OnStop>(&chat, place, false).await;
                chat.state.lock().stopping = None;
            }
        });
    }

    /// Ends a chat, once, if it is in that state, with nothing in between: what runs is dropped,
    /// `on_chat_end` is called, everything is forgotten.
    pub(super) fn end_if(&self, chat: &Arc<Chat>, condition: impl FnOnce(&ChatState) -> bool) {
        let (scope, stopping, was_started, was_talking) = {
            let mut state = chat.state.lock();
            if state.is_ended || !condition(&state) {
                return;
            }
            state.is_ended = true;
            state.queue.waiting.clear();
            state.settings.waiting.clear();
            state.window_messages.clear();
            state.favorites.clear();
            let was_talking = state.talk.close();
            if let Some(clock) = state.expiry.take() {
                clock.cancel();
            }
            self.leave_line(state.alone.take());
            // Nothing is taken from the queue any more: all that runs is in these scopes.
            let stopping = state.stopping.take();
            (chat.session.replace_task_scope(), stopping, state.is_started, was_talking)
        };
        let ending = self.count_ending();
        self.forget(chat);
        let (chats, chat) = (self.clone(), Arc::clone(chat));
        self.spawn(async move {
            let _ending = ending;
            scope.cancel(STOP_PATIENCE).await;
            if let Some(stopping) = stopping {
                stopping.cancel(STOP_PATIENCE).await;
            }
            if was_started {
                let last = TaskScope::new();
                let end = async {
                    if was_talking {
                        let place = Place::apart(&chat, last.clone());
                        chats.dispatcher().audio_end(&chat, place).await;
                    }
                    let place = Place::apart(&chat, last.clone());
                    chats.dispatcher().notify::<OnChatEnd>(&chat, place, true).await;
                };
                let limit = chats.settings().chat_end;
                if tokio::time::timeout(limit, end).await.is_err() {
                    tracing::warn!(session = ?chat.session, "on_chat_end took too long");
                }
                // What it has spawned ends with it.
                last.cancel(STOP_PATIENCE).await;
            }
            chat.session.replace_task_scope().cancel(STOP_PATIENCE).await;
            chat.flush().await;
            chat.note_facts();
            chat.log.close();
            chat.session.clear();
        });
    }
}

impl Chat {
    /// Whether that connection speaks for the chat.
    pub(super) fn speaks(&self, outbox: &Arc<Outbox>) -> bool {
        self.state.lock().is_connection(outbox)
    }

    /// The user leaves or begins a new chat: this one ends when the connection does.
    pub(super) fn leave(&self) {
        self.state.lock().is_leaving = true;
    }
}

impl Entry for Work {
    fn lane(state: &mut ChatState) -> &mut Lane<Self> {
        &mut state.queue
    }

    async fn handle(self, chats: &Chats, chat: &Arc<Chat>, place: Place) {
        chats.dispatcher().work(chat, self, place).await;
    }
}

impl Entry for SettingsChange {
    fn lane(state: &mut ChatState) -> &mut Lane<Self> {
        &mut state.settings
    }

    async fn handle(self, chats: &Chats, chat: &Arc<Chat>, place: Place) {
        chats.dispatcher().settings(chat, self, place).await;
    }
}

impl ChatState {
    /// Whether that connection speaks for the user now.
    pub(super) fn is_connection(&self, outbox: &Arc<Outbox>) -> bool {
        self.connection.as_ref().is_some_and(|current| Arc::ptr_eq(current, outbox))
    }
}
