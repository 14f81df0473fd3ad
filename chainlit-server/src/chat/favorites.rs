use std::sync::Arc;

use chainlit_core::wire::{AnyStep, Facts, MarkedMessage, MessageDict, ServerEvent};
use chainlit_core::{DataError, DataResult, Emitter, SharedDataLayer, ThreadStep};
use serde_json::Value;

use super::dispatch::Place;
use super::lane::{Entry, Lane};
use super::sessions::{Chat, ChatState, Chats};
use crate::recorder::Stored;

/// Marks of one chat that may wait to be stored.
const MAX_WAITING: usize = 64;

/// Bytes of memory that a list of favourites may have; the oldest are left out.
const MAX_LIST_BYTES: usize = 256 * 1024;

/// What a user is told who wants to keep a message among the favourites.
const NOTHING_STORED: &str = "Favourites can't be kept: this application stores nothing.";
const NO_FAVORITES: &str = "Favourites can't be kept here.";
const NOT_FOUND: &str = "This message is not stored, so that it can't be marked.";
const NOT_NOW: &str = "Favourites can't be stored now, try again in a moment.";

/// What the user wants of their favourite messages.
#[derive(Default)]
pub(super) struct Favorites {
    lane: Lane<Wanted>,
}

/// One entry of it.
enum Wanted {
    List,
    Mark { thread_id: Option<String>, id: String, is_favorite: bool },
}

/// What keeps somebody's favourites.
struct Shelf<'a> {
    layer: &'a SharedDataLayer,
    user_id: String,
    identifier: String,
}

impl Favorites {
    /// Forgets what waits.
    pub(super) fn clear(&mut self) {
        self.lane.waiting.clear();
    }

    /// False when too much waits already.
    fn push(&mut self, wanted: Wanted) -> bool {
        let waiting = &mut self.lane.waiting;
        if matches!((&wanted, waiting.back()), (Wanted::List, Some(_))) {
            return true; // Each mark is followed by the list.
        }
        let has_room = waiting.len() < MAX_WAITING;
        if has_room {
            waiting.push_back(wanted);
        }
        has_room
    }
}

impl Chats {
    /// The page wants the favourite messages. Where none can be kept, it shows none.
    pub(super) fn fetch_favorites(&self, chat: &Arc<Chat>) {
        if self.keeps_favorites(chat) {
            self.want_favorites(chat, Wanted::List);
        }
    }

    /// The user marks a message as a favourite, or takes the mark away.
    pub(super) fn mark_favorite(&self, chat: &Arc<Chat>, marked: MarkedMessage) {
        let step = marked.message;
        let (id, is_favorite) = (step.id, step.metadata.favorite);
        let thread_id = step.thread_id.filter(|id| !id.is_empty());
        let wanted = Wanted::Mark { thread_id, id, is_favorite };
        if !self.keeps_favorites(chat) || !self.want_favorites(chat, wanted) {
            let message = if self.persistence().is_on() { NO_FAVORITES } else { NOTHING_STORED };
            chat.log.emit(&ServerEvent::Toast { message, kind: "warning" });
        }
    }

    fn keeps_favorites(&self, chat: &Chat) -> bool {
        chat.config.features.favorites
            && self.persistence().is_on()
            && chat.session.user().is_some()
    }

    fn want_favorites(&self, chat: &Arc<Chat>, wanted: Wanted) -> bool {
        {
            let mut state = chat.state.lock();
            if state.is_ended || self.is_closing() || !state.favorites.push(wanted) {
                return false;
            }
        }
        self.see_to::<Wanted>(chat);
        true
    }

    async fn shelf(&self, chat: &Chat) -> DataResult<Option<Shelf<'_>>> {
        let layer = self.persistence().layer().await.map_err(DataError::Unavailable)?;
        let (Some(layer), Some(user)) = (layer, chat.session.user()) else { return Ok(None) };
        let user_id = match chat.session.user_id() {
            Some(id) => Some(id.to_owned()),
            // The database was away when the user came.
            None => layer.get_user(&user.identifier).await?.map(|known| known.id),
        };
        let identifier = user.identifier;
        Ok(user_id.map(|user_id| Shelf { layer, user_id, identifier }))
    }
}

impl Entry for Wanted {
    fn lane(state: &mut ChatState) -> &mut Lane<Self> {
        &mut state.favorites.lane
    }

    async fn handle(self, chats: &Chats, chat: &Arc<Chat>, _place: Place) {
        let done = async {
            let Some(shelf) = chats.shelf(chat).await? else { return Ok(()) };
            if let Self::Mark { thread_id, id, is_favorite } = &self {
                let thread_id = thread_id.as_deref().unwrap_or_else(|| chat.session.thread_id());
                // It may be so new that it is not written yet.
                chats.settle(thread_id).await;
                shelf.mark(chat, thread_id, id, *is_favorite).await?;
            }
            shelf.list(chat).await
        };
        if let Err(error) = done.await {
            tracing::error!(session = ?chat.session, %error, "favourites can't be stored or read");
            if matches!(self, Self::Mark { .. }) {
                chat.log.emit(&ServerEvent::Toast { message: NOT_NOW, kind: "error" });
            }
        }
    }
}

impl Shelf<'_> {
    async fn mark(
        &self,
        chat: &Chat,
        thread_id: &str,
        id: &str,
        is_favorite: bool,
    ) -> DataResult<()> {
        // Favourites of other conversations are shown too, but only the user's own.
        let author = self.layer.get_thread_author(thread_id).await?;
        let is_own = author.as_deref() == Some(self.identifier.as_str());
        let stored = match is_own {
            true => self.layer.set_step_favorite(thread_id, id, is_favorite).await?,
            false => None,
        };
        match (chat.log.shown(id), stored) {
            (Some(shown), _) => chat.show_mark(&shown, is_favorite),
            (None, Some(mut stored)) => {
                Stored::clean_step(&mut stored);
                chat.log.emit(&ServerEvent::UpdateMessage(stored.as_any()));
            }
            (None, None) => {
                chat.log.emit(&ServerEvent::Toast { message: NOT_FOUND, kind: "warning" });
            }
        }
        Ok(())
    }

    async fn list(&self, chat: &Chat) -> DataResult<()> {
        let mut steps = self.layer.get_favorite_steps(&self.user_id).await?;
        steps.iter_mut().for_each(Stored::clean_step);
        let mut bytes = 0;
        let fitting = |step: &ThreadStep| {
            bytes += step.as_any().weight();
            bytes <= MAX_LIST_BYTES
        };
        let count = steps.iter().map(fitting).take_while(|fits| *fits).count();
        steps.truncate(count);
        chat.log.emit(&ServerEvent::SetFavorites(&steps));
        Ok(())
    }
}

impl Chat {
    /// The message with its mark, to the page and to what this chat keeps of it: an edit would bring
    /// the old mark back.
    fn show_mark(&self, shown: &MessageDict, is_favorite: bool) {
        let mut facts = shown.metadata.to_map();
        facts.insert("favorite".to_owned(), Value::Bool(is_favorite));
        let marked = Arc::new(MessageDict { metadata: Facts::from(&facts), ..shown.clone() });
        self.session.replace_in_chat_context(&marked);
        self.log.emit(&ServerEvent::UpdateMessage(AnyStep::Message(&marked)));
    }
}
