use chainlit_core::Message;
use chainlit_core::wire::{AnyStep, ClientMessage, ClientStep, EditedMessage};
use serde_json::Value;

use super::connect::ChatSocket;
use super::sessions::Work;

impl ChatSocket {
    /// Takes one event of the client. Runs no code of the application: that is queued or spawned.
    pub(super) fn on_event(&self, name: &str, payload: Value) {
        if !self.chats.speaks(&self.chat, &self.outbox) {
            return tracing::debug!(name, "an event of a replaced connection was ignored");
        }
        match name {
            "connection_successful" => self.chats.greet(&self.chat, &self.outbox),
            "client_message" => match read::<ClientMessage>(payload)
                .and_then(|event| self.take_message(event.message))
            {
                Ok(()) => {}
                Err(reason) => self.refuse(name, reason),
            },
            "edit_message" => match read::<EditedMessage>(payload)
                .and_then(|event| self.take_edit(event.message))
            {
                Ok(()) => {}
                Err(reason) => self.refuse(name, reason),
            },
            "stop" => self.chats.stop(&self.chat),
            "clear_session" => self.chats.leave(&self.chat),
            // Nothing stores favourites yet, nothing listens to the page.
            "fetch_favorites" | "window_message" => {}
            _ => tracing::debug!(name, "an unknown event was ignored"),
        }
    }

    fn take_message(&self, step: ClientStep) -> Result<(), String> {
        let session = &self.chat.session;
        // A message of the composer stands at the top level, whatever the client says.
        let step = ClientStep { parent_id: None, ..step };
        let message = Message::from_client(session, step).map_err(|error| error.to_string())?;
        if !self.chat.log.take(AnyStep::Message(&message.to_dict(session))) {
            // A client whose connection broke can't know whether its message came: it sends it again.
            tracing::debug!("a message that is known was ignored");
            return Ok(());
        }
        let id = message.id.clone();
        self.chats.enqueue(&self.chat, Work::Message(message)).map_err(|error| {
            self.chat.log.give_back(&id);
            error.to_string()
        })
    }

    fn take_edit(&self, step: ClientStep) -> Result<(), String> {
        if !self.chats.settings().edit_message {
            return Err("messages can't be edited here".to_owned());
        }
        self.chats.enqueue(&self.chat, Work::Edit(step)).map_err(|error| error.to_string())
    }

    /// The client is told what was wrong with what it sent; the chat goes on.
    fn refuse(&self, event: &str, reason: String) {
        tracing::debug!(event, reason, "an event was refused");
        self.chats.tell_error(&self.chat, reason);
    }
}

fn read<T: serde::de::DeserializeOwned>(payload: Value) -> Result<T, String> {
    serde_json::from_value(payload)
        .map_err(|error| format!("the event's payload is wrong: {error}"))
}
