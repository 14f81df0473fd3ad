use std::collections::HashMap;
use std::sync::Arc;

use http::HeaderMap;
use parking_lot::Mutex;

use super::identity::Identity;
use super::polling::Polling;
use super::{Connection, Refusal};

/// The connections that began with polling, by their ids. One that began as a WebSocket is not here:
/// nothing asks for it.
pub(super) struct Registry<C> {
    max_polling: usize,
    state: Mutex<State<C>>,
}

struct State<C> {
    entries: HashMap<String, Entry<C>>,
    /// How many of the entries poll. The others are bounded by their sockets.
    polling: usize,
}

enum Entry<C> {
    Polling(Arc<Polling<C>>),
    /// Remembered to tell a second WebSocket from a stranger's.
    Upgraded(Identity),
}

/// What a request's id names.
pub(super) enum Found<C> {
    Polling(Arc<Polling<C>>),
    Upgraded,
}

impl<C: Connection> Registry<C> {
    pub(super) fn new(max_polling: usize) -> Self {
        let state = State { entries: HashMap::new(), polling: 0 };
        Self { max_polling, state: Mutex::new(state) }
    }

    pub(super) fn is_full(&self) -> bool {
        self.state.lock().polling >= self.max_polling
    }

    pub(super) fn insert(&self, sid: &str, polling: Arc<Polling<C>>) {
        let mut state = self.state.lock();
        state.polling += 1;
        state.entries.insert(sid.to_owned(), Entry::Polling(polling));
    }

    /// The connection with that id, for a request with those headers.
    pub(super) fn find(&self, sid: &str, headers: &HeaderMap) -> Result<Found<C>, Refusal> {
        let mut state = self.state.lock();
        let (is_owner, found) = match state.entries.get_mut(sid).ok_or(Refusal::UnknownSid)? {
            Entry::Polling(polling) => {
                (polling.identity.lock().admits(headers), Found::Polling(Arc::clone(polling)))
            }
            Entry::Upgraded(identity) => (identity.admits(headers), Found::Upgraded),
        };
        // Whose connection it is not learns nothing of it.
        if is_owner { Ok(found) } else { Err(Refusal::UnknownSid) }
    }

    /// The connection polls no more.
    pub(super) fn upgraded(&self, sid: &str) {
        let mut state = self.state.lock();
        if let Some(entry) = state.entries.get_mut(sid)
            && let Entry::Polling(polling) = entry
        {
            let identity = polling.identity.lock().clone();
            *entry = Entry::Upgraded(identity);
            state.polling -= 1;
        }
    }

    pub(super) fn remove(&self, sid: &str) {
        let mut state = self.state.lock();
        if let Some(Entry::Polling(_)) = state.entries.remove(sid) {
            state.polling -= 1;
        }
    }
}
