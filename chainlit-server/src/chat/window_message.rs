use std::sync::Arc;

use chainlit_core::OnWindowMessage;
use serde_json::value::RawValue;

use super::dispatch::Place;
use super::lane::{Entry, Lane};
use super::sessions::{Chat, ChatState, Chats};

/// What the window around the page has said.
#[derive(Default)]
pub(super) struct WindowMessages {
    lane: Lane<WindowMessage>,
}

/// One of them, as JSON that was not read yet.
struct WindowMessage(Box<RawValue>);

impl WindowMessages {
    /// Forgets what waits.
    pub(super) fn clear(&mut self) {
        self.lane.waiting.clear();
    }

    fn push(&mut self, data: Box<RawValue>, max_count: usize, max_bytes: usize) -> bool {
        let bytes: usize = self.lane.waiting.iter().map(|waiting| waiting.0.get().len()).sum();
        let has_room = self.lane.waiting.len() < max_count && bytes + data.get().len() <= max_bytes;
        if has_room {
            self.lane.waiting.push_back(WindowMessage(data));
        }
        has_room
    }
}

impl Chats {
    /// Has the window's message handled, beside those of the user.
    pub(super) fn window_message(&self, chat: &Arc<Chat>, data: &str) {
        if !self.dispatcher().has::<OnWindowMessage>() || self.is_closing() {
            return;
        }
        let Ok(data) = RawValue::from_string(data.to_owned()) else { return };
        let (max_count, max_bytes) = (self.settings().max_queued, self.settings().max_queued_bytes);
        {
            let mut state = chat.state.lock();
            if state.is_ended {
                return;
            }
            if !state.window_messages.push(data, max_count, max_bytes) {
                // Neither the window nor the user could do anything about it.
                tracing::warn!(session = ?chat.session, "a message of the window was dropped: too many wait");
                return;
            }
        }
        self.see_to::<WindowMessage>(chat);
    }
}

impl Entry for WindowMessage {
    fn lane(state: &mut ChatState) -> &mut Lane<Self> {
        &mut state.window_messages.lane
    }

    async fn handle(self, chats: &Chats, chat: &Arc<Chat>, place: Place) {
        let Ok(data) = serde_json::from_str(self.0.get()) else { return };
        chats.dispatcher().aside::<OnWindowMessage>(chat, place, data, false).await;
    }
}
