//! An application that is checked and can be served.

use std::future::Future;
use std::sync::Arc;

use chainlit_core::hook::AuthorRenamer;
use chainlit_core::{
    AppParts, AuthorRename, Event, EventContext, HeaderAuthCallback, OnAction, OnAppShutdown,
    OnAppStartup, OnChatResume, OnSharedThreadView, PasswordAuthCallback, Registry,
    SessionSettings, guard::BlockedThreads,
};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use warp::Filter;

use crate::addresses::Addresses;
use crate::app::AppError;
use crate::chat::{ChatNamespace, ChatSettings, Chats, Dispatcher, PaceLimits};
use crate::cli::ServeOptions;
use crate::config::{AppRoot, Config, Limits};
use crate::files::{Disk, FileLimits};
use crate::http::{self, AppState, FrontendFacts, LoginFacts, OriginPolicy};
use crate::login::{Login, LoginSettings};
use crate::logins::Logins;
use crate::persistence::Persistence;
use crate::service::ChainlitService;
use crate::shutdown::Running;
use crate::socket::SocketRoute;
use crate::socketio::Clients;
use crate::storage::Storage;
use crate::{engineio, serve};

/// Threads for files and `spawn_blocking`, beside those that handlers may block: the runtime's usual
/// number.
const BLOCKING_THREADS: usize = 512;

pub(crate) struct Ready {
    pub(crate) service: ChainlitService,
    running: Running,
    parts: AppParts,
    limits: Limits,
}

impl Ready {
    pub(crate) fn new(
        registry: Registry,
        parts: AppParts,
        config: Config,
        root: AppRoot,
        options: &ServeOptions,
        login: LoginSettings,
    ) -> Result<Self, AppError> {
        let (storage_url, signs) = (&config.data.storage_url, config.data.storage_signed_urls);
        let storage = Storage::new(storage_url.as_deref(), signs, root.path())
            .map_err(|error| AppError::Storage(error.into()))?;
        let has_login = login.is_required(&registry);
        let persistence = Persistence::new(&registry, &parts, &config.data, &root, has_login);
        let room = BlockedThreads::new(config.limits.blocked_threads);
        let login = Login::new(&registry, &parts, login, persistence.clone(), room.clone())?;
        let facts = FrontendFacts {
            data_persistence: persistence.is_on(),
            thread_resumable: registry.get::<OnChatResume>().is_some(),
            shared_thread_view: registry.get::<OnSharedThreadView>().is_some(),
            login: LoginFacts {
                required: login.is_required(),
                password: registry.get::<PasswordAuthCallback>().is_some(),
                header: registry.get::<HeaderAuthCallback>().is_some(),
                oauth_providers: login.oauth_providers(),
            },
        };
        let limits = config.limits.clone();
        let origins = origins(&config, login.is_required());
        let author_rename = registry.get::<AuthorRename>().cloned();
        let author_rename = author_rename.map(|handler| AuthorRenamer::new(handler, parts.clone()));
        let settings = chat_settings(&config, &registry, options, author_rename, room);
        let logins = parts.get::<Logins>();
        let dispatcher = Dispatcher::new(registry, parts.clone(), limits.tasks_per_session);
        let disk = Disk::new(root.path(), file_limits(&limits));
        let chats = Chats::new(settings, dispatcher, disk, login, persistence, storage);
        if let Some(logins) = logins {
            logins.connect(&chats);
        }
        let sockets = TaskTracker::new();
        let close_sockets = CancellationToken::new();
        let socket = SocketRoute {
            path: format!("{}/ws/socket.io/", options.root_path.as_str()),
            settings: engineio::Settings {
                linger: limits.shutdown.min(engineio::Settings::default().linger),
                max_payload: limits.max_message_bytes,
                write_timeout: limits.write_timeout,
                login_cookie: chats.login().cookie().name().into(),
                ..engineio::Settings::default()
            },
            origins: origins.clone(),
            application: Clients::new(ChatNamespace::new(chats.clone()), limits.max_message_bytes),
            addresses: Addresses::new(limits.connections_per_address),
            cookie_path: options.root_path.cookie_path().to_owned(),
            sockets: sockets.clone(),
            shutdown: close_sockets.clone(),
        };
        let state = AppState::new(config, root, options, facts, chats.clone(), origins);
        // Boxed, or each socket that opens would need the room that the routes do.
        let routes = socket.filter().or(http::routes(state).boxed()).unify();
        let running = Running { chats, sockets, close_sockets, limit: limits.shutdown };
        let service = ChainlitService::new(routes.boxed(), running.clone());
        Ok(Self { service, running, parts, limits })
    }

    /// The runtime for an application that has the process for itself.
    pub(crate) fn runtime(&self) -> std::io::Result<Runtime> {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.enable_all().max_blocking_threads(self.limits.blocked_threads + BLOCKING_THREADS);
        // A few workers more than cores: a handler that blocks one for a moment costs nobody a core.
        if std::env::var_os("TOKIO_WORKER_THREADS").is_none() {
            let cores = std::thread::available_parallelism().map_or(1, usize::from);
            builder.worker_threads(cores + cores.clamp(2, 8));
        }
        builder.build()
    }

    pub(crate) async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
        listening: impl FnOnce(),
    ) -> Result<(), AppError> {
        tokio::pin!(shutdown);
        tokio::select! {
            started = self.start_up() => started?,
            () = &mut shutdown => return Ok(()),
        }
        listening();
        let addresses = Addresses::new(self.limits.connections_per_address);
        let wind_down = self.running.shut_down();
        serve::serve(
            listener,
            self.service.clone().into_filter(),
            addresses,
            self.limits.write_timeout,
            shutdown,
            wind_down,
        )
        .await;
        self.shut_down().await;
        Ok(())
    }

    /// Opens what keeps the conversations, and calls `on_app_startup`.
    pub(crate) async fn start_up(&self) -> Result<(), AppError> {
        self.running.chats.persistence().layer().await.map_err(AppError::DataLayer)?;
        match self.registry().get::<OnAppStartup>() {
            Some(handler) => handler.call(self.event()).await.map_err(AppError::Startup),
            None => Ok(()),
        }
    }

    /// Calls `on_app_shutdown`, and closes what keeps the conversations.
    pub(crate) async fn shut_down(&self) {
        if let Some(handler) = self.registry().get::<OnAppShutdown>()
            && let Err(error) = handler.call(self.event()).await
        {
            tracing::error!(%error, "on_app_shutdown failed");
        }
        self.running.chats.persistence().close().await;
    }

    #[cfg(test)]
    pub(crate) fn chats(&self) -> &Chats {
        &self.running.chats
    }

    /// Whether messages are answered.
    #[cfg(feature = "testing")]
    pub(crate) fn has_on_message(&self) -> bool {
        self.registry().get::<chainlit_core::OnMessage>().is_some()
    }

    fn registry(&self) -> &Registry {
        self.running.chats.dispatcher().registry()
    }

    /// An event of the whole application.
    fn event<E: Event<Payload = (), Scope = ()>>(&self) -> EventContext<E> {
        EventContext::new((), (), self.parts.clone())
    }
}

/// Whose pages may call.
fn origins(config: &Config, is_login_required: bool) -> OriginPolicy {
    let origins = OriginPolicy::of(&config.project);
    if !is_login_required {
        return origins;
    }
    if config.project.allow_origins.iter().any(|origin| origin == "*") {
        tracing::warn!(
            "`*` in `project.allow_origins` has no effect where users log in: name the origins"
        );
    }
    origins.with_login()
}

fn file_limits(limits: &Limits) -> FileLimits {
    FileLimits {
        session_bytes: limits.file_bytes_per_session,
        session_files: limits.files_per_session,
        bytes: limits.file_bytes,
    }
}

fn chat_settings(
    config: &Config,
    registry: &Registry,
    options: &ServeOptions,
    author_rename: Option<AuthorRenamer>,
    room: BlockedThreads,
) -> ChatSettings {
    let limits = &config.limits;
    let mut session = SessionSettings::default();
    session.assistant_name.clone_from(&config.ui.name);
    session.chat_context_bytes = limits.chat_context_bytes;
    session.open_asks = limits.asks_per_session;
    session.show_errors = config.ui.show_errors || options.debug;
    let names = registry.handlers::<OnAction>().filter_map(|handler| handler.key());
    session.action_names = Some(names.map(str::to_owned).collect());
    session.author_rename = author_rename;
    session.blocked_threads = room;
    ChatSettings {
        session_timeout: config.project.session_timeout,
        max_sessions: limits.sessions,
        max_queued: limits.inbound_queue_events,
        max_queued_bytes: limits.inbound_queue_bytes,
        max_audio_bytes: limits.audio_queue_bytes,
        pace: PaceLimits {
            events_per_second: limits.events_per_second,
            events_burst: limits.events_burst,
            connects_per_minute: limits.connects_per_minute,
        },
        chat_end: limits.chat_end,
        config: Arc::new(config.clone()),
        is_debug: options.debug,
        root_path: options.root_path.clone(),
        session: Arc::new(session),
    }
}
