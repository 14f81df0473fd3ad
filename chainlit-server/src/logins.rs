//! Users' logins, for the application to change and to end.

use std::sync::{Arc, OnceLock};

use chainlit_core::{DataResult, User};

use crate::chat::{Chats, WeakChats};

/// The users' logins: for an administrator's page, or for word from elsewhere that somebody's rights
/// have changed. Cheap to clone.
///
/// Handlers take it as `State<Logins>`; [`App::logins`](crate::App::logins) gives it before the
/// application is served. Before that, and after its end, its functions find nobody.
///
/// ```no_run
/// use chainlit as cl;
///
/// #[cl::action_callback("block")]
/// async fn block(action: cl::Action<String>, cl::State(logins): cl::State<cl::Logins>) -> cl::Result {
///     logins.logout_user(&action.payload).await;
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Logins(Arc<OnceLock<WeakChats>>);

impl Logins {
    pub(crate) fn connect(&self, chats: &Chats) {
        // An application is served once.
        let _ = self.0.set(chats.downgrade());
    }

    /// Ends all logins of the user with that identifier: tokens that were issued until now do not
    /// hold any more, and their sockets are closed. Chats that run go on until they time out.
    ///
    /// Where there is a data layer, other processes that use it follow within some seconds, and a
    /// restarted server still knows. Without one, only this process knows.
    pub async fn logout_user(&self, identifier: &str) {
        if let Some(chats) = self.chats() {
            chats.end_all_logins(identifier).await;
        }
    }

    /// Changes who the user with that identifier is: from now on, [`Session::user`] gives this one in
    /// all live chats of theirs, and so does every further request. Where there is a data layer, the
    /// user's row is changed, too, and other processes follow within some seconds.
    ///
    /// # Errors
    ///
    /// When the row can't be written; this process knows it all the same.
    ///
    /// [`Session::user`]: chainlit_core::Session::user
    pub async fn refresh_user(&self, user: User) -> DataResult<()> {
        match self.chats() {
            Some(chats) => chats.change_user(&user).await,
            None => Ok(()),
        }
    }

    fn chats(&self) -> Option<Chats> {
        self.0.get()?.upgrade()
    }
}
