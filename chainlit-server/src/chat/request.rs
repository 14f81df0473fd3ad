//! The application's functions that are called for a request, without a socket.

use std::sync::Arc;
use std::time::Duration;

use chainlit_core::{SessionEvent, guard};
use http::HeaderMap;

use super::connect::language;
use super::dispatch::Place;
use super::sessions::{Chat, Chats};
use crate::login::LoggedIn;

/// How long such a function may take where it is not part of a chat.
const PATIENCE: Duration = Duration::from_secs(60);

/// Who sends a request.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    user: Option<LoggedIn>,
    language: String,
}

/// A chat that is another user's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Foreign;

impl Caller {
    /// That user, whose browser asks for that language.
    pub(crate) fn new(user: Option<LoggedIn>, language: impl Into<String>) -> Self {
        Self { user, language: language.into() }
    }

    /// That user, with a request of these headers.
    pub(crate) fn of(user: Option<LoggedIn>, headers: &HeaderMap) -> Self {
        Self::new(user, language(headers))
    }

    /// Whoever has logged in; `None` for everybody else.
    pub(crate) fn user(&self) -> Option<&LoggedIn> {
        self.user.as_ref()
    }

    /// The language that the browser asks for.
    pub(crate) fn language(&self) -> &str {
        &self.language
    }
}

impl Chats {
    /// The live chat with that session id, if it is the caller's.
    pub(crate) fn get_own(&self, id: &str, caller: &Caller) -> Result<Option<Arc<Chat>>, Foreign> {
        match self.get(id) {
            Some(chat) if !chat.belongs_to(caller.user()) => Err(Foreign),
            found => Ok(found),
        }
    }

    /// Calls the application's function for something that a request brought; `None` when there is no
    /// such function, or it gave no answer. It runs in the session of `chat`, or else in one of the
    /// caller's own that ends with it. It goes on when the request ends: a page that closes is no Stop.
    pub(crate) async fn call<E: SessionEvent>(
        &self,
        caller: &Caller,
        chat: Option<Arc<Chat>>,
        payload: E::Payload,
    ) -> Option<E::Answer> {
        if !self.dispatcher().has::<E>() {
            return None;
        }
        let dispatcher = self.dispatcher().clone();
        let session = self.visitor(&caller.language, None, caller.user.clone());
        let running = self.0.handlers.token();
        let call = async move {
            let _running = running;
            match chat {
                Some(chat) => {
                    let place = Place::new(&chat);
                    dispatcher.aside::<E>(&chat, place, payload, false).await
                }
                None => dispatcher.visit_with::<E>(&session, payload, PATIENCE).await,
            }
        };
        let answer = self.0.tasks.spawn(guard::deferring(call)).await;
        answer.unwrap_or_else(|error| {
            tracing::error!(%error, event = E::NAME, "the task of a request's function panicked");
            None
        })
    }
}
