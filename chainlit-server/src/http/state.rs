//! What the routes know of the application.

use std::path::Path;
use std::sync::Arc;

use super::OriginPolicy;
use crate::chat::Chats;
use crate::cli::ServeOptions;
use crate::config::{AppRoot, Config};
use crate::root_path::RootPath;
use crate::ui::UiSource;

/// What the routes share; cheap to clone.
#[derive(Clone)]
pub(crate) struct AppState {
    inner: Arc<Inner>,
}

struct Inner {
    chats: Chats,
    config: Config,
    app_root: AppRoot,
    root_path: RootPath,
    facts: FrontendFacts,
    origins: OriginPolicy,
    ui: UiSource,
}

/// What a frontend is told about the application that is not in the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) struct FrontendFacts {
    /// Whether a data layer keeps the threads.
    pub data_persistence: bool,
    /// Whether the application can resume a thread (`on_chat_resume`).
    pub thread_resumable: bool,
    /// Whether the application decides who may see a shared thread (`on_shared_thread_view`).
    pub shared_thread_view: bool,
    /// How users log in.
    pub login: LoginFacts,
}

/// How users log in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) struct LoginFacts {
    /// Whether a login is required.
    pub required: bool,
    /// By email address and password.
    pub password: bool,
    /// By headers that a proxy sets.
    pub header: bool,
    /// By these providers.
    pub oauth_providers: Vec<String>,
}

impl AppState {
    /// Puts together what the routes need.
    #[must_use]
    pub(crate) fn new(
        config: Config,
        app_root: AppRoot,
        options: &ServeOptions,
        facts: FrontendFacts,
        chats: Chats,
        origins: OriginPolicy,
    ) -> Self {
        let ui = UiSource::choose(&app_root, &config, options.ui_dir.as_deref());
        Self {
            inner: Arc::new(Inner {
                chats,
                config,
                app_root,
                root_path: options.root_path.clone(),
                facts,
                origins,
                ui,
            }),
        }
    }

    /// The chats that live on this server.
    pub(super) fn chats(&self) -> &Chats {
        &self.inner.chats
    }

    /// The configuration.
    #[must_use]
    pub(crate) fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The application's folder.
    #[must_use]
    pub(crate) fn app_root(&self) -> &Path {
        self.inner.app_root.path()
    }

    /// The path below which everything is served.
    #[must_use]
    pub(crate) fn root_path(&self) -> &RootPath {
        &self.inner.root_path
    }

    /// What a frontend is told beside the configuration.
    #[must_use]
    pub(crate) fn facts(&self) -> &FrontendFacts {
        &self.inner.facts
    }

    /// Whose pages may call this server. The socket's upgrade asks it too.
    #[must_use]
    pub(crate) fn origins(&self) -> &OriginPolicy {
        &self.inner.origins
    }

    pub(super) fn ui(&self) -> &UiSource {
        &self.inner.ui
    }
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AppState")
            .field("app_root", &self.app_root())
            .field("root_path", self.root_path())
            .field("facts", self.facts())
            .finish_non_exhaustive()
    }
}
