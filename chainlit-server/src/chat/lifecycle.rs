use std::sync::Arc;
use std::time::Duration;

use chainlit_core::wire::{AnyStep, MessageDict, ServerEvent};
use chainlit_core::{Emitter, Message, OnChatEnd, OnChatStart, OnStop, Session, TaskScope};
use tokio_util::sync::CancellationToken;

use super::dispatch::Place;
use super::sessions::{Chat, ChatState, Chats, Work};
use crate::engineio::Outbox;
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
}

impl Chats {
    /// A connection speaks for the chat from now on; the one before it is ended. False when the chat
    /// has ended.
    pub(super) fn take_over(&self, chat: &Arc<Chat>, outbox: &Arc<Outbox>) -> bool {
        let old = {
            let mut state = chat.state.lock();
            if state.is_ended {
                return false;
            }
            state.is_leaving = false;
            if let Some(clock) = state.expiry.take() {
                clock.cancel();
            }
            state.connection.replace(Arc::clone(outbox))
        };
        if let Some(old) = old {
            chat.log.detach(&old);
            socketio::disconnect(&old);
        }
        true
    }

    /// Whether that connection speaks for the chat.
    pub(super) fn speaks(&self, chat: &Chat, outbox: &Arc<Outbox>) -> bool {
        chat.state.lock().connection.as_ref().is_some_and(|current| Arc::ptr_eq(current, outbox))
    }

    /// The client is ready to be shown the chat; a new chat starts.
    pub(super) fn greet(&self, chat: &Arc<Chat>, outbox: &Arc<Outbox>) {
        chat.log.attach(outbox);
        let is_first = !std::mem::replace(&mut chat.state.lock().is_started, true);
        if is_first && self.dispatcher().has::<OnChatStart>() {
            // A fresh chat's queue is empty: it always has room.
            if let Err(error) = self.enqueue(chat, Work::Start) {
                tracing::debug!(%error, "on_chat_start was not queued");
            }
        }
    }

    /// The connection is gone. The chat stays for a while, unless its user said goodbye.
    pub(super) fn disconnect(&self, chat: &Arc<Chat>, outbox: &Arc<Outbox>) {
        chat.log.detach(outbox);
        let clock = {
            let mut state = chat.state.lock();
            if !state.connection.as_ref().is_some_and(|current| Arc::ptr_eq(current, outbox)) {
                return;
            }
            state.connection = None;
            if state.is_ended {
                return;
            }
            if state.is_leaving {
                drop(state);
                return self.end_if(chat, |state| state.connection.is_none());
            }
            let clock = CancellationToken::new();
            state.expiry = Some(clock.clone());
            clock
        };
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

    /// The user leaves or begins a new chat: this one ends when the connection does.
    pub(super) fn leave(&self, chat: &Chat) {
        chat.state.lock().is_leaving = true;
    }

    /// Puts work at the end of the chat's queue and sees to it that somebody works on it.
    pub(super) fn enqueue(&self, chat: &Arc<Chat>, work: Work) -> Result<(), QueueError> {
        {
            let mut state = chat.state.lock();
            if state.is_ended {
                return Err(QueueError::Ended);
            }
            if state.queue.len() >= self.settings().max_queued {
                return Err(QueueError::Full);
            }
            state.queue.push_back(work);
            if std::mem::replace(&mut state.is_working, true) {
                return Ok(());
            }
        }
        let (chats, chat) = (self.clone(), Arc::clone(chat));
        self.spawn(async move {
            while let Some((work, place)) = chat.next_work() {
                chats.dispatcher().work(&chat, work, place).await;
            }
        });
        Ok(())
    }

    /// Drops what runs for the chat, then lets the application say something.
    pub(super) fn stop(&self, chat: &Arc<Chat>) {
        let scope = chat.replace_scope();
        let had_work = !scope.is_idle();
        let (chats, chat) = (self.clone(), Arc::clone(chat));
        self.spawn(async move {
            if had_work {
                let dict = notice(&chat.session, "Task manually stopped.".to_owned());
                chat.log.emit(&ServerEvent::NewMessage(AnyStep::Message(&dict)));
                if !scope.cancel(STOP_PATIENCE).await {
                    tracing::warn!(session = ?chat.session, "what was stopped blocks its thread");
                }
            }
            chats.dispatcher().notify::<OnStop>(&chat, false).await;
        });
    }

    /// Ends a chat, once: what runs is dropped, `on_chat_end` is called, everything is forgotten.
    pub(super) fn end(&self, chat: &Arc<Chat>) {
        self.end_if(chat, |_| true);
    }

    /// Ends a chat if it is in that state, with nothing in between.
    fn end_if(&self, chat: &Arc<Chat>, condition: impl FnOnce(&ChatState) -> bool) {
        let scope = {
            let mut state = chat.state.lock();
            if state.is_ended || !condition(&state) {
                return;
            }
            state.is_ended = true;
            state.queue.clear();
            if let Some(clock) = state.expiry.take() {
                clock.cancel();
            }
            // Nothing is taken from the queue any more: all that runs is in this scope.
            chat.session.replace_task_scope()
        };
        self.forget(chat);
        let (chats, chat) = (self.clone(), Arc::clone(chat));
        self.spawn(async move {
            scope.cancel(STOP_PATIENCE).await;
            chats.dispatcher().notify::<OnChatEnd>(&chat, true).await;
            // What the end itself has spawned ends with it.
            chat.session.replace_task_scope().cancel(STOP_PATIENCE).await;
            chat.log.close();
            chat.session.clear();
        });
    }

    /// Shows a refusal of the server in the chat.
    pub(super) fn tell_error(&self, chat: &Arc<Chat>, reason: String) {
        chat.log.task_start();
        show_error(&chat.session, reason);
        chat.log.task_end();
    }
}

impl Chat {
    /// The next work and its place among what runs; the worker must end when there is none.
    ///
    /// Both are taken under one lock: a Stop or an end finds the work in the queue or running,
    /// never in between.
    fn next_work(&self) -> Option<(Work, Place)> {
        let mut state = self.state.lock();
        let work = state.queue.pop_front();
        state.is_working = work.is_some();
        work.map(|work| (work, Place::new(&self.session)))
    }

    /// Takes what runs now; see [`next_work`](Self::next_work).
    fn replace_scope(&self) -> TaskScope {
        let _state = self.state.lock();
        self.session.replace_task_scope()
    }
}

/// Shows an error of the server or of a handler: at the top level, not part of the conversation.
pub(super) fn show_error(session: &Session, text: String) {
    let mut dict = notice(session, text);
    dict.name = "Error".to_owned();
    dict.is_error = true;
    session.emitter().emit(&ServerEvent::NewMessage(AnyStep::Message(&dict)));
}

/// A message of the server itself.
fn notice(session: &Session, text: String) -> MessageDict {
    let mut message = Message::new(text);
    message.created_at = Some(session.now());
    message.to_dict(session)
}
