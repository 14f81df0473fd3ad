use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use serde_json::Value;

use super::connection::Network;
use super::user::TestUser;
use crate::app::App;
use crate::config::Config;
use crate::random::random_id;
use crate::ready::Ready;

/// An application that runs in the test's process.
///
/// Dropped, it is gone without a word. [`shutdown`](Self::shutdown) ends it in order.
pub struct TestApp {
    ready: Ready,
    network: Network,
    /// Where the content of elements is, if the test names no other place.
    _folder: Folder,
}

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    /// It is made when something is kept.
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("chainlit-test-{}", random_id())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Most have never been made.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl TestApp {
    /// Starts what the attributes registered in this program: for tests that stand beside the
    /// functions, in the same crate.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub async fn discover() -> Self {
        Self::start(App::discover()).await
    }

    /// Starts an application, `on_app_startup` included.
    ///
    /// It has the configuration that it was given, else that of `.chainlit/config.toml` in its
    /// folder, which is the package's when `cargo test` runs; else the default. No file is made: where
    /// users and conversations are kept, it is in memory, unless the application has a data layer of
    /// its own or [`start_with`](Self::start_with) names a database.
    ///
    /// # Panics
    ///
    /// When the application can't start, with the reason.
    pub async fn start(app: App) -> Self {
        Self::start_with(app, |_| {}).await
    }

    /// The same, with a configuration that `change` has changed.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub async fn start_with(app: App, change: impl FnOnce(&mut Config)) -> Self {
        let folder = Folder::new();
        let ready = app.prepare_for_test(|config| {
            change(config);
            let path = || folder.0.display().to_string();
            config.data.storage_url.get_or_insert_with(path);
        });
        let ready = ready.unwrap_or_else(|error| panic!("the application can't start: {error}"));
        if let Err(error) = ready.start_up().await {
            panic!("the application can't start: {error}");
        }
        let network = Network::new(ready.service.clone());
        Self { ready, network, _folder: folder }
    }

    /// Somebody opens the page: a new chat of their own, connected and greeted. The name is for the
    /// messages of failing tests.
    ///
    /// # Panics
    ///
    /// When the server refuses the connection, with the reason.
    pub async fn user(&self, name: &str) -> TestUser {
        let has_reply = self.ready.has_on_message();
        TestUser::join(Arc::new(self.network.browser()), name, None, has_reply).await
    }

    /// Somebody logs in by name and password, as with the form, and opens the page.
    ///
    /// The server believes the user's browser to be on this machine. A secret to sign tokens with is
    /// made up unless `CHAINLIT_AUTH_SECRET` is set.
    ///
    /// # Errors
    ///
    /// What the page is told when the login is refused: `credentialssignin` for a wrong password.
    ///
    /// # Panics
    ///
    /// As [`user`](Self::user).
    pub async fn login(&self, username: &str, password: &str) -> Result<TestUser, String> {
        let browser = Arc::new(self.network.browser());
        browser.login(username, password).await?;
        Ok(TestUser::join(browser, username, None, self.ready.has_on_message()).await)
    }

    /// The same with that chat profile.
    ///
    /// # Panics
    ///
    /// As [`user`](Self::user).
    pub async fn user_with_profile(&self, name: &str, profile: &str) -> TestUser {
        let has_reply = self.ready.has_on_message();
        TestUser::join(Arc::new(self.network.browser()), name, Some(profile), has_reply).await
    }

    /// What the application answers to a GET of that path, as JSON.
    ///
    /// # Panics
    ///
    /// When it answers with an error, or with no JSON.
    pub async fn get(&self, path: &str) -> Value {
        let (status, body) =
            self.network.request(Method::GET, path, "text/plain", Bytes::new()).await;
        assert!(status.is_success(), "{path} is answered with {status}");
        serde_json::from_slice(&body).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    #[cfg(test)]
    pub(crate) fn chats(&self) -> &crate::chat::Chats {
        self.ready.chats()
    }

    /// The way to the application.
    pub(super) fn network(&self) -> &Network {
        &self.network
    }

    /// Ends the application in order: all chats with `on_chat_end`, then `on_app_shutdown`.
    pub async fn shutdown(self) {
        self.ready.service.shutdown().await;
        self.ready.shut_down().await;
    }
}

impl fmt::Debug for TestApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestApp").finish_non_exhaustive()
    }
}
