use std::sync::Arc;

use bytes::Bytes;
use chainlit_core::guard::{shortened, unknown_command};
use chainlit_core::wire::{
    AnyStep, ClientAudioChunk, ClientMessage, ClientStep, EditedMessage, ServerEvent,
};
use chainlit_core::{Emitter, Message, SessionFile, UploadError};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::audio;
use super::connect::ChatSocket;
use super::lifecycle::QueueError;
use super::notice::refuse;
use super::sessions::{Edit, Work};

/// The event that carries sound.
pub(super) const AUDIO_CHUNK: &str = "audio_chunk";

impl ChatSocket {
    /// Takes one event of the client. Runs no code of the application: that is queued or spawned.
    /// False when the event was not taken and is to be sent again. `payload` is JSON.
    pub(super) fn on_event(&mut self, name: &str, payload: &str, attachments: &[Bytes]) -> bool {
        if !self.chat.speaks(&self.outbox) {
            tracing::debug!(name, "an event of a replaced connection was ignored");
            return false;
        }
        let taken = match name {
            "connection_successful" => {
                // Each greeting sends the whole conversation.
                if !std::mem::replace(&mut self.is_greeted, true) {
                    self.chats.greet(&self.chat, &self.outbox);
                }
                Ok(())
            }
            "client_message" => {
                read::<ClientMessage>(payload).and_then(|event| self.take_message(event))
            }
            "edit_message" => {
                read::<EditedMessage>(payload).and_then(|event| self.take_edit(event))
            }
            "chat_settings_change" => {
                read(payload).and_then(|values| self.take_settings(values, true))
            }
            "chat_settings_edit" => {
                read(payload).and_then(|values| self.take_settings(values, false))
            }
            "stop" => {
                self.chats.stop(&self.chat);
                Ok(())
            }
            "clear_session" => {
                self.chat.leave();
                Ok(())
            }
            "window_message" => {
                self.chats.window_message(&self.chat, payload);
                Ok(())
            }
            "audio_start" => {
                self.chats.audio_start(&self.chat);
                Ok(())
            }
            AUDIO_CHUNK => read::<ClientAudioChunk>(payload).and_then(|chunk| {
                let chunk = audio::read(chunk, attachments).ok_or_else(|| {
                    Refusal::Because("a piece of sound comes without the sound".to_owned())
                })?;
                self.chats.audio_chunk(&self.chat, chunk);
                Ok(())
            }),
            "audio_end" => {
                self.chats.audio_end(&self.chat);
                Ok(())
            }
            "fetch_favorites" => {
                self.chats.fetch_favorites(&self.chat);
                Ok(())
            }
            "message_favorite" => read(payload).map(|marked| {
                self.chats.mark_favorite(&self.chat, marked);
            }),
            _ => {
                tracing::debug!(name, "an unknown event was ignored");
                Ok(())
            }
        };
        match taken {
            Ok(()) => true,
            Err(Refusal::Ended) => false,
            Err(Refusal::Closing) => {
                // A client that asks for acknowledgements sends it to the server that comes next.
                self.chat.turn_away();
                false
            }
            Err(Refusal::Settings(reason)) => {
                // The form is not part of the conversation: neither is this.
                tracing::debug!(name, reason, "values of the form were refused");
                self.chat.log.emit(&ServerEvent::Toast { message: &reason, kind: "error" });
                true
            }
            Err(Refusal::Because(reason)) => {
                // The client is told what was wrong with what it sent; the chat goes on.
                tracing::debug!(name, reason, "an event was refused");
                refuse(&self.chat, reason);
                true
            }
        }
    }

    fn take_message(&self, event: ClientMessage) -> Result<(), Refusal> {
        let ClientMessage { message: step, file_references } = event;
        let session = &self.chat.session;
        let modes = session
            .chosen_modes(step.modes)
            .map_err(|error| Refusal::Because(error.to_string()))?;
        let command = step.command.filter(|id| !id.is_empty());
        // Offered now; by the time it is handled the application may offer others.
        let is_offered = command.as_deref().is_none_or(|id| session.offers_command(id));
        if let Some(id) = &command
            && !is_offered
            && !self.chats.dispatcher().has_starters()
        {
            return Err(Refusal::Because(unknown_command(id)));
        }
        // A message of the composer stands at the top level, whatever the client says.
        let step = ClientStep { parent_id: None, command, modes, ..step };
        let mut message = Message::from_client(session, step)
            .map_err(|error| Refusal::Because(error.to_string()))?;
        let shown = Arc::new(message.to_dict(session));
        let number = Uuid::parse_str(&shown.id).ok();
        let is_known = number.is_some_and(|number| self.chat.knows(number))
            || session.is_in_chat_context(&shown.id);
        if is_known || !self.chat.log.take(AnyStep::Message(&shown)) {
            // A client whose connection broke can't know whether its message came: it sends it again.
            tracing::debug!("a message that is known was ignored");
            return Ok(());
        }
        let id = Arc::clone(&shown.id);
        let named = file_references.unwrap_or_default();
        let ids: Vec<&str> = named.iter().map(|file| file.id.as_str()).collect();
        message.files = self.attachments(&ids, &id).map_err(|error| {
            self.chat.log.give_back(&id);
            Refusal::Because(error.to_string())
        })?;
        for file in &message.files {
            // For a page that reloads before the message is handled.
            let element = file.to_element(session.thread_id(), &id);
            self.chat.log.remember(&ServerEvent::Element(&element));
        }
        let work = Work::Message { said: Arc::new(message), shown, is_offered };
        self.chats.enqueue(&self.chat, work).map_err(|error| {
            session.return_uploads(&id);
            self.chat.log.give_back(&id);
            Refusal::from(error)
        })?;
        // What was accepted is not to be lost with the process.
        self.chat.log.hurry();
        if let Some(number) = number {
            self.chat.note(number);
        }
        Ok(())
    }

    /// The files with these ids, which belong to the message with that id from now on.
    fn attachments(&self, ids: &[&str], message: &str) -> Result<Vec<SessionFile>, UploadError> {
        // They may have been uploaded for something else.
        let rules = self.chat.config.features.upload_rules();
        self.chat
            .session
            .claim_uploads(ids, message, |files| rules.ok_or(UploadError::Off)?.check(files))
    }

    /// Takes values of the form: `is_final` when the user has confirmed them.
    fn take_settings(&self, values: Map<String, Value>, is_final: bool) -> Result<(), Refusal> {
        let session = &self.chat.session;
        self.chats.enqueue_settings(&self.chat, is_final, || {
            let taken = match is_final {
                true => session.change_settings(values),
                false => session.edit_settings(values),
            };
            taken.map_err(|error| Refusal::Settings(error.to_string()))
        })?;
        if is_final && self.chat.log.recorder().is_some() {
            // Elsewhere: the session's values are written by the application's code.
            let chat = Arc::clone(&self.chat);
            self.chats.spawn(async move { chat.note_facts() });
        }
        Ok(())
    }

    fn take_edit(&self, event: EditedMessage) -> Result<(), Refusal> {
        let EditedMessage { message: step, edit_id } = event;
        let edit_id = edit_id.and_then(|id| Uuid::parse_str(&id).ok());
        if edit_id.is_some_and(|id| self.chat.knows(id)) {
            tracing::debug!("an edit that is known was ignored");
            return Ok(());
        }
        if !self.chat.config.features.edit_message {
            // The page has cut its conversation already: it gets it back.
            self.chat.show_from(&step.id);
            return Err(Refusal::Because("Messages can't be edited here.".to_owned()));
        }
        let id = step.id.clone();
        let edit = Edit { id: step.id, text: step.output };
        self.chats.enqueue(&self.chat, Work::Edit(edit)).map_err(|error| {
            self.chat.show_from(&id);
            Refusal::from(error)
        })?;
        if let Some(id) = edit_id {
            self.chat.note(id);
        }
        Ok(())
    }
}

/// Why an event was not taken.
enum Refusal {
    /// The form's values are wrong: the user is told this.
    Settings(String),
    /// The chat is over: another one will take it.
    Ended,
    /// The server goes down: the one that comes next will take it.
    Closing,
    /// The client is told this.
    Because(String),
}

impl From<QueueError> for Refusal {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::Ended => Self::Ended,
            QueueError::Closing => Self::Closing,
            QueueError::Full => Self::Because(error.to_string()),
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(payload: &str) -> Result<T, Refusal> {
    serde_json::from_str(payload).map_err(|error| {
        Refusal::Because(shortened(format_args!("the event's payload is wrong: {error}")))
    })
}
