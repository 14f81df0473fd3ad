//! Users' logins and the chats that are open by them.

use std::sync::Arc;

use chainlit_core::{Headers, OnLogout, User};
use serde_json::{Value, json};

use super::request::Caller;
use super::sessions::{Chat, Chats};
use crate::engineio::Outbox;
use crate::login::{LoggedIn, LoginId};
use crate::socketio;

/// Our page goes to where one logs in, and keeps what it shows.
const LOGGED_OUT: &str = "logged_out";

/// Chainlit's page knows only this. It loads again, finds that nobody is logged in, and goes there.
const RELOAD: &str = "reload";

impl Chat {
    /// Whether that user made it. Where nobody logs in, it is everybody's who knows its id.
    pub(crate) fn belongs_to(&self, user: Option<&LoggedIn>) -> bool {
        let owner = self.session.user();
        owner.as_ref().map(|user| &user.identifier) == user.map(|user| &user.user.identifier)
    }

    fn is_of(&self, identifier: &str) -> bool {
        self.session.user().is_some_and(|user| user.identifier == identifier)
    }
}

impl Chats {
    /// Ends one login: its token does not hold any more, and its sockets are closed.
    pub(crate) async fn end_login(&self, user: &LoggedIn) {
        self.login().end(&user.user.identifier, &user.login).await;
        self.cut(|chat, login| login.id == user.login.id && chat.is_of(&user.user.identifier));
    }

    /// Ends all logins of a user.
    pub(crate) async fn end_all_logins(&self, identifier: &str) {
        self.login().end_all(identifier).await;
        self.cut(|chat, _| chat.is_of(identifier));
    }

    /// Lets the application know that somebody has logged out; gives what it answers.
    pub(crate) async fn on_logout(
        &self,
        user: Option<LoggedIn>,
        headers: Headers,
    ) -> Option<Value> {
        let caller = Caller::new(user, "en-US");
        let answer = self.call::<OnLogout>(&caller, None, headers).await?;
        Some(if answer.is_null() { json!({"success": true}) } else { answer })
    }

    /// Gives live chats of the user the user as they are now.
    pub(crate) fn replace_user(&self, user: &User) {
        for chat in self.all().iter().filter(|chat| chat.is_of(&user.identifier)) {
            chat.session.replace_user(user.clone());
        }
    }

    /// Closes the sockets of chats whose login does not hold any more. The chats stay for a while, as
    /// after any break: their user may log in again.
    pub(super) fn cut(&self, is_over: impl Fn(&Chat, &LoginId) -> bool) {
        for chat in self.all() {
            let outbox = {
                let state = chat.state.lock();
                let is_over = state.login.as_ref().is_some_and(|login| is_over(&chat, login));
                state.connection.clone().filter(|_| is_over)
            };
            if let Some(outbox) = outbox {
                self.close_socket(&chat, &outbox);
            }
        }
    }

    pub(super) fn close_socket(&self, chat: &Arc<Chat>, outbox: &Arc<Outbox>) {
        // From here on, what the client says is not heard.
        self.disconnect(chat, outbox);
        for event in [LOGGED_OUT, RELOAD] {
            outbox.push(format!("42[\"{event}\"]"));
        }
        socketio::disconnect(outbox);
    }
}
