//! Who may do what: the rules of Chainlit's routes.

use std::sync::Arc;

use http::StatusCode;

use super::{AppState, HttpError, Request};
use crate::chat::Chat;
use crate::login::{LoggedIn, LoginError};

impl AppState {
    /// The user of a request; `None` where nobody logs in.
    pub(super) async fn user(&self, request: &Request) -> Result<Option<LoggedIn>, HttpError> {
        Ok(self.chats().login().user(&request.headers).await?)
    }

    /// The chat with that session id, which must be the request's user's own. `not_found` is told
    /// where there is none, `forbidden` where it is somebody else's.
    pub(super) async fn own_chat(
        &self,
        request: &Request,
        session_id: &str,
        not_found: HttpError,
        forbidden: &str,
    ) -> Result<Arc<Chat>, HttpError> {
        let user = self.user(request).await?;
        self.chat_of(user.as_ref(), session_id, not_found, forbidden)
    }

    /// The same for a user that is known already, where the request has been read.
    pub(super) fn chat_of(
        &self,
        user: Option<&LoggedIn>,
        session_id: &str,
        not_found: HttpError,
        forbidden: &str,
    ) -> Result<Arc<Chat>, HttpError> {
        let chat = self.chats().get(session_id).ok_or(not_found)?;
        if chat.belongs_to(user) {
            Ok(chat)
        } else {
            Err(HttpError::new(StatusCode::UNAUTHORIZED, forbidden))
        }
    }
}

impl From<LoginError> for HttpError {
    fn from(error: LoginError) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, error.to_string())
    }
}
