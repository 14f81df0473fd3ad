use std::sync::Arc;

use chainlit_core::wire::{AnyStep, MessageDict, ServerEvent};
use chainlit_core::{Message, Session};

use super::sessions::Chat;

/// Tells the user what was wrong with what the client sent.
pub(super) fn refuse(chat: &Chat, reason: String) {
    chat.log.task_start();
    show_error(&chat.session, reason);
    chat.log.task_end();
}

/// Shows an error of the server or of a handler: at the top level, not part of the conversation.
pub(super) fn show_error(session: &Session, text: String) {
    let dict = notice(session, text);
    let dict = Arc::new(MessageDict { name: "Error".to_owned(), is_error: true, ..dict });
    session.emitter().emit(&ServerEvent::NewMessage(AnyStep::Message(&dict)));
}

/// A message of the server itself.
pub(super) fn notice(session: &Session, text: String) -> MessageDict {
    let mut message = Message::new(text);
    message.created_at = Some(session.now());
    message.to_dict(session)
}
