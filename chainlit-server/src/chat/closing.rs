use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chainlit_core::Emitter;
use chainlit_core::wire::ServerEvent;
use tokio::time::timeout;

use super::notice::refuse;
use super::sessions::{Chat, Chats};

/// How long `on_chat_end`, and writing what was sent, may take when the server goes down.
const END_PATIENCE: Duration = Duration::from_secs(10);

/// How long a client may take to read what was sent to it before the server's end.
const FLUSH_PATIENCE: Duration = Duration::from_secs(5);

/// What everybody reads when the server goes down.
const GOING_DOWN: &str = "The server is going down. What it is answering now is finished first.";

/// What is told to a client that writes meanwhile. Some send again by themselves what was not
/// acknowledged, some don't.
const NOT_TAKEN: &str = "The server is going down and takes no more messages. If yours is not \
     answered when it is back, send it again.";

impl Chats {
    /// Takes nothing any more, takes open questions back, lets what runs go on for at most `limit`, then ends all chats.
    pub(crate) async fn close(&self, limit: Duration) {
        self.0.closing.store(true, Ordering::SeqCst);
        for chat in self.all() {
            chat.say_goodbye();
            // Without this, one that has no timeout would hold the server for the whole limit.
            chat.session.end_asks();
        }
        self.0.handlers.close();
        if timeout(limit, self.0.handlers.wait()).await.is_err() {
            tracing::warn!(left = self.0.handlers.len(), "some handlers are dropped unfinished");
        }
        for chat in self.all() {
            self.end_if(&chat, |_| true);
        }
        self.0.tasks.close();
        if timeout(END_PATIENCE, self.0.tasks.wait()).await.is_err() {
            tracing::warn!(left = self.0.tasks.len(), "some chats did not end in time");
        }
    }
}

impl Chat {
    /// The server goes down: the user is told, and what waits is given up, but not in silence.
    fn say_goodbye(&self) {
        let (waiting, is_connected) = {
            let mut state = self.state.lock();
            (std::mem::take(&mut state.queue.waiting), state.connection.is_some())
        };
        if is_connected {
            self.log.emit(&ServerEvent::Toast { message: GOING_DOWN, kind: "warning" });
        }
        self.remember_unanswered(&waiting);
        match waiting.iter().filter(|work| !work.is_beginning()).count() {
            0 => {}
            1 => refuse(
                self,
                "The server is going down: your last message is not answered. Send it again in a \
                 moment."
                    .to_owned(),
            ),
            n => refuse(
                self,
                format!(
                    "The server is going down: your last {n} messages are not answered. Send them \
                     again in a moment."
                ),
            ),
        }
    }

    /// A message came while the server goes down.
    pub(super) fn turn_away(&self) {
        self.log.emit(&ServerEvent::Toast { message: NOT_TAKEN, kind: "warning" });
    }

    /// Ends the connection, if there is one, when its client has got everything or takes too long.
    pub(super) async fn flush(self: &Arc<Self>) {
        let flush = async {
            loop {
                let disconnected = self.disconnected.notified();
                tokio::pin!(disconnected);
                disconnected.as_mut().enable();
                match &self.state.lock().connection {
                    Some(outbox) => outbox.finish(),
                    None => return,
                }
                disconnected.await;
            }
        };
        if timeout(FLUSH_PATIENCE, flush).await.is_err() {
            tracing::debug!(session = ?self.session, "a client did not read to the end");
        }
    }
}
