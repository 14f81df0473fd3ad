use std::sync::Arc;
use std::time::Duration;

use chainlit_core::wire::{AnyStep, MessageDict, ServerEvent};
use chainlit_core::{Emitter, Message, OnChatEnd, OnChatStart, OnStop, Session};
use tokio_util::sync::CancellationToken;

use super::sessions::{Chat, Chats, Work};
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
    /// A connection speaks for the chat from now on; the one before it is ended.
    pub(super) fn take_over(&self, chat: &Arc<Chat>, outbox: &Arc<Outbox>) -> Result<(), String> {
        let old = {
            let mut state = chat.state.lock();
            if state.is_ended {
                return Err("The session has just ended, connect again".to_owned());
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
        Ok(())
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
                return self.end(chat);
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
                chats.expire(&chat, &clock);
            }
        });
    }

    /// The time of a chat without a connection is over, unless somebody came back just now.
    fn expire(&self, chat: &Arc<Chat>, clock: &CancellationToken) {
        {
            let mut state = chat.state.lock();
            if clock.is_cancelled() || state.connection.is_some() {
                return;
            }
            state.is_leaving = true;
        }
        self.end(chat);
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
            while let Some(work) = chat.next_work() {
                chats.dispatcher().work(&chat, work).await;
            }
        });
        Ok(())
    }

    /// Drops what runs for the chat, then lets the application say something.
    pub(super) fn stop(&self, chat: &Arc<Chat>) {
        let scope = chat.session.replace_task_scope();
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
    pub(crate) fn end(&self, chat: &Arc<Chat>) {
        {
            let mut state = chat.state.lock();
            if std::mem::replace(&mut state.is_ended, true) {
                return;
            }
            state.queue.clear();
            if let Some(clock) = state.expiry.take() {
                clock.cancel();
            }
        }
        self.forget(chat);
        let (chats, chat) = (self.clone(), Arc::clone(chat));
        self.spawn(async move {
            let scope = chat.session.replace_task_scope();
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
    /// The next work; the worker must end when there is none.
    fn next_work(&self) -> Option<Work> {
        let mut state = self.state.lock();
        let work = state.queue.pop_front();
        state.is_working = work.is_some();
        work
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
