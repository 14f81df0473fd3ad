//! Users in the database, where there is one, and the ends of their logins there.

use chainlit_core::{DataResult, PersistedUser, SharedDataLayer, User};

use super::ended::EndedOfUser;
use super::{LoggedIn, Login, LoginId, now};

impl Login {
    /// The user of a token as the database has them; `None` when the login was ended. Without a
    /// database, or while it is away, the user is what the token says.
    pub(super) async fn known_user(&self, user: User, login: LoginId) -> Option<LoggedIn> {
        let user = self.0.changed.newer(user, &login);
        let Some(layer) = self.layer().await else { return Some(from_token(user, login)) };
        let found = match layer.get_user(&user.identifier).await {
            Ok(Some(found)) => Ok(found),
            Ok(None) => layer.create_user(&user).await,
            Err(error) => Err(error),
        };
        match found {
            Ok(PersistedUser { id, created_at, user: mut kept }) => {
                if !EndedOfUser::take(&mut kept.metadata).holds(&login) {
                    return None;
                }
                kept.display_name = user.display_name;
                Some(LoggedIn { user: kept, id: Some(id), created_at, login })
            }
            Err(error) => {
                tracing::warn!(%error, "a user can't be looked up; what their token says counts");
                Some(from_token(user, login))
            }
        }
    }

    /// Keeps a user who logs in.
    pub(super) async fn remember_user(&self, user: &User) {
        if let Some(layer) = self.layer().await
            && let Err(error) = write(layer, user.clone(), |_| {}).await
        {
            tracing::error!(%error, "a user who logs in can't be kept");
        }
    }

    /// Changes who a user is: for the logins that there are, and in the database.
    pub(crate) async fn change_user(&self, user: &User) -> DataResult<()> {
        self.0.changed.change(user, now());
        match self.layer().await {
            Some(layer) => write(layer, user.clone(), |_| {}).await,
            None => Ok(()),
        }
    }

    /// The user of live chats as the database has them now, and whether a login of theirs holds;
    /// `None` where there is nothing to be learned from.
    pub(crate) async fn look_again(&self, identifier: &str) -> Option<(User, EndedOfUser)> {
        let layer = self.0.persistence.opened()?;
        match layer.get_user(identifier).await {
            Ok(found) => found.map(|PersistedUser { mut user, .. }| {
                let ended = EndedOfUser::take(&mut user.metadata);
                (user, ended)
            }),
            Err(error) => {
                tracing::debug!(%error, "a user of a live chat can't be looked up");
                None
            }
        }
    }

    /// Ends one login.
    pub(crate) async fn end(&self, identifier: &str, login: &LoginId) {
        let now = now();
        self.0.ended.end(login, now);
        self.write_ended(identifier, |ended| ended.end(login, now)).await;
    }

    /// Ends all logins of a user that there are now.
    pub(crate) async fn end_all(&self, identifier: &str) {
        let now = now();
        self.0.ended.end_all(identifier, now);
        self.write_ended(identifier, |ended| ended.end_all(now)).await;
    }

    async fn write_ended(&self, identifier: &str, change: impl FnOnce(&mut EndedOfUser) + Send) {
        let Some(layer) = self.layer().await else { return };
        let written = match layer.get_user(identifier).await {
            Ok(Some(found)) => write_over(layer, found.user.clone(), found.user, change).await,
            Ok(None) => return,
            Err(error) => Err(error),
        };
        if let Err(error) = written {
            tracing::error!(%error, "the end of a login is known to this process alone");
        }
    }

    async fn layer(&self) -> Option<&SharedDataLayer> {
        match self.0.persistence.layer().await {
            Ok(layer) => layer,
            Err(error) => {
                tracing::error!(%error, "the data layer can't be opened");
                None
            }
        }
    }
}

/// Writes a user and keeps what the row says of ended logins, which `change` may change.
async fn write(
    layer: &SharedDataLayer,
    user: User,
    change: impl FnOnce(&mut EndedOfUser) + Send,
) -> DataResult<()> {
    match layer.get_user(&user.identifier).await? {
        Some(found) => write_over(layer, found.user, user, change).await,
        None => layer.create_user(&user).await.map(drop),
    }
}

async fn write_over(
    layer: &SharedDataLayer,
    mut old: User,
    mut new: User,
    change: impl FnOnce(&mut EndedOfUser) + Send,
) -> DataResult<()> {
    let mut ended = EndedOfUser::take(&mut old.metadata);
    EndedOfUser::take(&mut new.metadata);
    change(&mut ended);
    ended.put(&mut new.metadata);
    layer.create_user(&new).await.map(drop)
}

fn from_token(user: User, login: LoginId) -> LoggedIn {
    LoggedIn { user, id: None, created_at: None, login }
}
