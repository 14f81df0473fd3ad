//! What the test kit asks of a chat: whether it is through with what came.

use super::sessions::Chats;

impl Chats {
    /// Waits until no change of that session's settings waits or is being handled.
    pub(crate) async fn settings_settled(&self, session_id: &str) {
        let Some(chat) = self.get(session_id) else { return };
        loop {
            // Before it is looked: who ends in between is heard, too.
            let settled = chat.settled.notified();
            if chat.state.lock().settings.is_idle() {
                return;
            }
            settled.await;
        }
    }

    /// Whether that session's connection has taken all that the chat had to say.
    pub(crate) fn has_said_all(&self, session_id: &str) -> bool {
        self.get(session_id).is_none_or(|chat| chat.log.is_drained())
    }
}
