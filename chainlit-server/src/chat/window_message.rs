use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use chainlit_core::OnWindowMessage;
use futures_util::FutureExt;
use serde_json::value::RawValue;

use super::dispatch::Place;
use super::lane::Lane;
use super::sessions::{Chat, Chats};

/// What the window around the page has said, as JSON that was not read yet.
#[derive(Default)]
pub(super) struct WindowMessages {
    lane: Lane<Box<RawValue>>,
}

impl WindowMessages {
    /// Forgets what waits.
    pub(super) fn clear(&mut self) {
        self.lane.waiting.clear();
    }

    fn push(&mut self, data: Box<RawValue>, max_count: usize, max_bytes: usize) -> bool {
        let bytes: usize = self.lane.waiting.iter().map(|waiting| waiting.get().len()).sum();
        let has_room = self.lane.waiting.len() < max_count && bytes + data.get().len() <= max_bytes;
        if has_room {
            self.lane.waiting.push_back(data);
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
            if !state.window_messages.lane.begin() {
                return;
            }
        }
        let (chats, chat) = (self.clone(), Arc::clone(chat));
        self.spawn(async move {
            while let Some((data, place)) = chat.next_window_message() {
                let Ok(data) = serde_json::from_str(data.get()) else { continue };
                let work = chats.dispatcher().aside::<OnWindowMessage>(&chat, place, data, false);
                // An application's destructor may panic where nothing else can catch it.
                if AssertUnwindSafe(work).catch_unwind().await.is_err() {
                    tracing::error!(session = ?chat.session, "a handler's end panicked");
                }
            }
        });
    }
}

impl Chat {
    fn next_window_message(&self) -> Option<(Box<RawValue>, Place)> {
        let mut state = self.state.lock();
        state.window_messages.lane.next().map(|data| (data, Place::new(self)))
    }
}
