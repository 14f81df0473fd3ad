//! Users' logins and the chats that are open by them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chainlit_core::{DataResult, Headers, OnLogout, User};
use serde_json::{Value, json};

use super::request::Caller;
use super::sessions::{Chat, Chats};
use crate::engineio::Outbox;
use crate::login::{LoggedIn, LoginId};
use crate::socketio;

/// How often it is looked whether a token has expired.
const TICK: Duration = Duration::from_secs(2);

/// Every how many times the database is asked, too.
const LOOK_AGAIN: u64 = 2;

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

    /// Changes who a user is, in live chats, for further requests and in the database.
    pub(crate) async fn change_user(&self, user: &User) -> DataResult<()> {
        for chat in self.all().iter().filter(|chat| chat.is_of(&user.identifier)) {
            chat.session.replace_user(user.clone());
        }
        self.login().change_user(user).await
    }

    /// Looks after open sockets, from the first user's on: those whose token expires are closed, and
    /// what other processes have written of their users is taken over.
    pub(super) fn watch_logins(&self) {
        if self.0.is_watching.swap(true, Ordering::SeqCst) {
            return;
        }
        let inner = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            for tick in 1_u64.. {
                tokio::time::sleep(TICK).await;
                let Some(chats) = inner.upgrade().map(Self) else { return };
                let is_over =
                    |identifier: &str, login: &LoginId| !chats.login().holds(identifier, login);
                chats.cut(|chat, login| {
                    chat.session.user().is_none_or(|user| is_over(&user.identifier, login))
                });
                if tick.is_multiple_of(LOOK_AGAIN) {
                    chats.look_again().await;
                }
            }
        });
    }

    /// Asks the database about the users who are connected.
    async fn look_again(&self) {
        let mut chats: BTreeMap<String, Vec<Arc<Chat>>> = BTreeMap::new();
        for chat in self.all() {
            let is_connected = chat.state.lock().connection.is_some();
            if let Some(user) = chat.session.user().filter(|_| is_connected) {
                chats.entry(user.identifier).or_default().push(chat);
            }
        }
        for (identifier, chats) in chats {
            let Some((user, ended)) = self.login().look_again(&identifier).await else { continue };
            for chat in chats {
                if let Some(old) = chat.session.user()
                    && old.metadata != user.metadata
                {
                    // The name to show is the login's.
                    let mut user = user.clone();
                    user.display_name = old.display_name;
                    chat.session.replace_user(user);
                }
                let outbox = {
                    let state = chat.state.lock();
                    let is_over = state.login.as_ref().is_some_and(|login| !ended.holds(login));
                    state.connection.clone().filter(|_| is_over)
                };
                if let Some(outbox) = outbox {
                    self.close_socket(&chat, &outbox);
                }
            }
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
