use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;

use super::dispatch::Place;
use super::sessions::{Chat, ChatState, Chats};

/// What of a chat is handled one after the other.
pub(super) struct Lane<T> {
    pub(super) waiting: VecDeque<T>,
    is_working: bool,
}

/// What waits in a lane.
pub(super) trait Entry: Sized + Send + 'static {
    /// Where such entries wait.
    fn lane(state: &mut ChatState) -> &mut Lane<Self>;

    /// The next one; whoever works on it must end when there is none.
    fn next(state: &mut ChatState) -> Option<Self> {
        Self::lane(state).next()
    }

    /// Has it handled. `place` is where Stop and the end of the chat reach it.
    fn handle(
        self,
        chats: &Chats,
        chat: &Arc<Chat>,
        place: Place,
    ) -> impl Future<Output = ()> + Send;
}

impl<T> Default for Lane<T> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), is_working: false }
    }
}

impl<T> Lane<T> {
    /// Whether nothing waits and nothing is being handled.
    #[cfg(feature = "testing")]
    pub(super) fn is_idle(&self) -> bool {
        self.waiting.is_empty() && !self.is_working
    }

    /// Whether somebody is to begin to work on it: there is work, and nobody does.
    fn begin(&mut self) -> bool {
        !self.waiting.is_empty() && !std::mem::replace(&mut self.is_working, true)
    }

    /// The next work; whoever works on it must end when there is none.
    pub(super) fn next(&mut self) -> Option<T> {
        let work = self.waiting.pop_front();
        self.is_working = work.is_some();
        work
    }
}

impl Chats {
    /// Starts the worker of one of the chat's lanes if there is work and none works.
    pub(super) fn see_to<E: Entry>(&self, chat: &Arc<Chat>) {
        if !E::lane(&mut chat.state.lock()).begin() {
            return;
        }
        let (chats, chat) = (self.clone(), Arc::clone(chat));
        self.spawn(async move {
            while let Some((entry, place)) = chat.next::<E>() {
                let work = entry.handle(&chats, &chat, place);
                // An application's destructor may panic where nothing else can catch it.
                if AssertUnwindSafe(work).catch_unwind().await.is_err() {
                    tracing::error!(session = ?chat.session, "a handler's end panicked");
                }
            }
            #[cfg(feature = "testing")]
            chat.settled.notify_waiters();
        });
    }
}

impl Chat {
    /// The next entry of a lane and its place among what runs.
    ///
    /// Both are taken under one lock: a Stop or an end finds the work waiting or running, never in
    /// between.
    fn next<E: Entry>(&self) -> Option<(E, Place)> {
        let mut state = self.state.lock();
        E::next(&mut state).map(|entry| (entry, Place::new(self)))
    }
}
