//! An application: its functions, its shared state, and how it is served.

use std::future::Future;
use std::io::{self, IsTerminal};
use std::time::Duration;

use chainlit_core::{
    AppParts, AuthorRename, BoxError, DataLayer, Handler, HeaderAuthCallback, IntoHandler,
    OAuthCallback, OnAction, OnAppShutdown, OnAppStartup, OnAudioChunk, OnAudioEnd, OnAudioStart,
    OnChatEnd, OnChatResume, OnChatStart, OnError, OnFeedback, OnLogout, OnMessage, OnSettingsEdit,
    OnSettingsUpdate, OnSharedThreadView, OnStop, OnWindowMessage, PasswordAuthCallback,
    ProvideDataLayer, Registry, SetChatProfiles, SetStarterCategories, SetStarters,
    SharedDataLayer, StartError, StepLayer,
};
use tokio::net::TcpListener;

use crate::cli::{self, ServeOptions};
use crate::config::{self, AppRoot, Changes, Config, ConfigError, Env, EnvError};
use crate::login::{LoginSettings, LoginSetupError};
use crate::logins::Logins;
use crate::ready::Ready;
use crate::service::ChainlitService;
use crate::shutdown::listen_for_signals;

/// How long threads that handlers block may keep the process after everything else has ended.
const THREAD_PATIENCE: Duration = Duration::from_secs(1);

/// Serves the functions that the attributes registered, as the command line and the configuration
/// say: the whole `main` of most applications.
///
/// Reads `.chainlit/config.toml` and `chainlit.md` in the working directory (created on the first
/// run), starts a multi-threaded runtime, listens on 127.0.0.1:8000 unless told otherwise, opens
/// the browser unless `--headless`, and serves until Ctrl-C or SIGTERM; a second one ends the
/// process at once. `--help` lists the options.
///
/// A handler that blocks its thread harms its own chat only: other threads take over. Work that
/// blocks still belongs into [`spawn_blocking`](chainlit_core::spawn_blocking), where Stop works.
///
/// A mistake that keeps it from starting is told in one line with the remedy, and the process
/// ends with 1 (2 for the command line).
///
/// # Errors
///
/// What [`App::run`] fails with.
pub fn run() -> Result<(), BoxError> {
    App::discover().run()
}

/// An application, step by step: state, functions without attributes, an own listener, or a
/// service to be mounted elsewhere.
///
/// Several applications can live in one process; they share nothing.
#[derive(Debug)]
#[must_use = "an application does nothing until it is served"]
pub struct App {
    registry: Registry,
    parts: AppParts,
    config: Option<Config>,
    changes: Changes,
    root: Option<AppRoot>,
    options: ServeOptions,
    step_layer: StepLayer,
    env: Option<Env>,
}

/// Why an application can't be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// The environment file can't be read.
    #[error(transparent)]
    Env(#[from] EnvError),
    /// The configuration can't be read or is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The functions don't fit together, or lack something.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The address can't be listened on.
    #[error("{0}")]
    Listen(String),
    /// Nobody could log in, though a login is required.
    #[error(transparent)]
    Login(#[from] LoginSetupError),
    /// What keeps users and conversations can't be opened.
    #[error("the data layer can't be opened: {0}")]
    DataLayer(#[source] BoxError),
    /// `data.storage_url` can't be used.
    #[error(transparent)]
    Storage(BoxError),
    /// `on_app_startup` failed.
    #[error("on_app_startup failed: {0}")]
    Startup(#[source] BoxError),
    /// The runtime or a signal handler can't be set up.
    #[error("the runtime can't be started")]
    Runtime(#[from] io::Error),
}

impl App {
    /// An application without any function: add them with [`on_message`](Self::on_message) and
    /// its like.
    pub fn new() -> Self {
        Self::with_registry(Registry::new())
    }

    /// An application with all functions that the attributes registered in this program.
    pub fn discover() -> Self {
        Self::with_registry(Registry::from_inventory())
    }

    fn with_registry(registry: Registry) -> Self {
        let mut parts = AppParts::new();
        parts.insert(Logins::default());
        Self {
            registry,
            parts,
            config: None,
            changes: Changes::default(),
            root: None,
            options: ServeOptions::default(),
            step_layer: StepLayer::new(),
            env: None,
        }
    }

    /// Shares a value with all handlers, which take it as `State<T>`. One value per type.
    pub fn state<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.parts.insert(value);
        self
    }

    /// The users' logins, to be ended or changed from outside of handlers; handlers take
    /// `State<Logins>`.
    #[must_use]
    pub fn logins(&self) -> Logins {
        self.parts.get::<Logins>().map(|logins| Logins::clone(&logins)).unwrap_or_default()
    }

    /// Keeps users and conversations in a database of your own, instead of one that is configured.
    #[track_caller]
    pub fn data_layer(mut self, layer: impl DataLayer) -> Self {
        let layer = SharedDataLayer::from(layer);
        let function = move || std::future::ready(layer.clone());
        let handler: Handler<ProvideDataLayer> = function.into_handler();
        self.registry.add(handler);
        self
    }

    /// Sets the configuration instead of reading `.chainlit/config.toml` and `DATABASE_URL`; no file is
    /// written then.
    pub fn config(mut self, config: Config) -> Self {
        self.config = Some(config);
        self
    }

    /// Changes what the configuration says, after `.chainlit/config.toml` was read or
    /// [`config`](Self::config) was given. What is not changed stays as the file has it.
    ///
    /// ```
    /// chainlit_server::App::new().configure(|config| config.features.audio.enabled = true);
    /// ```
    pub fn configure(mut self, change: impl FnOnce(&mut Config) + Send + 'static) -> Self {
        self.changes.push(change);
        self
    }

    /// Sets the folder of `.chainlit/`, `public/` and `chainlit.md`; `CHAINLIT_APP_ROOT` or the
    /// working directory otherwise.
    pub fn root(mut self, root: AppRoot) -> Self {
        self.root = Some(root);
        self
    }

    /// Sets the variables instead of taking the process's environment and the file `.env`.
    pub fn env(mut self, env: Env) -> Self {
        self.env = Some(env);
        self
    }

    /// Sets what [`run`](Self::run) takes from the command line.
    pub fn options(mut self, options: ServeOptions) -> Self {
        self.options = options;
        self
    }

    /// Sets how [`run`](Self::run) shows the spans of model clients as steps; without what was said,
    /// otherwise. It matters only where the application installs no `tracing` subscriber of its own.
    ///
    /// ```no_run
    /// use chainlit_core::StepLayer;
    /// use chainlit_server::App;
    ///
    /// App::discover().step_layer(StepLayer::new().content(true)).run()?;
    /// # Ok::<(), chainlit_core::BoxError>(())
    /// ```
    pub fn step_layer(mut self, layer: StepLayer) -> Self {
        self.step_layer = layer;
        self
    }

    /// Serves as the command line says; the same as the free function [`run`], with what was set
    /// here.
    ///
    /// # Errors
    ///
    /// Never returns one: a mistake is told in one line and ends the process.
    pub fn run(mut self) -> Result<(), BoxError> {
        let env = self.env.take().map_or_else(Env::load, Ok).unwrap_or_else(|error| fail(&error));
        self.options = cli::Command::from_args_or_exit(&env);
        init_logging(&env, self.options.debug, self.step_layer.clone());
        let root = match self.root.take() {
            Some(root) => Ok(root),
            None => AppRoot::from_env(&env),
        };
        self.root = Some(root.unwrap_or_else(|error| fail(&error)));
        self.env = Some(env);
        let options = self.options.clone();
        let ready = self.prepare().unwrap_or_else(|error| fail(&error));
        let runtime = ready.runtime().unwrap_or_else(|error| fail(&error));
        if let Err(error) = runtime.block_on(listen_and_serve(ready, options)) {
            fail(&error);
        }
        runtime.shutdown_timeout(THREAD_PATIENCE);
        Ok(())
    }

    /// Serves on a listener until `shutdown` is done, then ends all chats as
    /// [`ChainlitService::shutdown`] does, calls `on_app_shutdown`, and returns.
    ///
    /// Reads the configuration unless it was [given](Self::config). Signals are yours to hear. A
    /// runtime with several threads keeps a handler that blocks its thread from harming other chats;
    /// on a `current_thread` runtime such a handler stops everything.
    ///
    /// # Errors
    ///
    /// [`AppError`], before anything is served.
    ///
    /// # Cancel safety
    ///
    /// Dropping it stops accepting at once; chats that live are dropped with the runtime.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()>,
    ) -> Result<(), AppError> {
        self.prepare()?.serve(listener, shutdown, || {}).await
    }

    /// The application as one service, to be mounted in a server of your own: a warp filter and a
    /// `tower::Service`. `on_app_startup` and `on_app_shutdown` are yours to call then; call
    /// [`ChainlitService::shutdown`] when your server stops, so that chats end in order.
    ///
    /// # Errors
    ///
    /// [`AppError`], when the configuration or the functions are wrong.
    pub fn into_service(self) -> Result<ChainlitService, AppError> {
        Ok(self.prepare()?.service)
    }

    /// The application as a test wants it: nothing is written, and the configuration is one that
    /// `change` has changed.
    #[cfg(feature = "testing")]
    pub(crate) fn prepare_for_test(
        mut self,
        change: impl FnOnce(&mut Config),
    ) -> Result<Ready, AppError> {
        let env = self.env.take().map_or_else(Env::load, Ok)?;
        let root = match self.root.take() {
            Some(root) => root,
            None => AppRoot::from_env(&env)?,
        };
        let mut config = match self.config.take() {
            Some(config) => config,
            None => config::read(&root)?,
        };
        std::mem::take(&mut self.changes).apply(&mut config);
        // A test writes nowhere unless it says where itself.
        (config.data.database_url, config.data.storage_url) = (None, None);
        change(&mut config);
        let login = LoginSettings::new(&env, &config, &self.options.root_path)?;
        let is_kept = config.data.is_on(login.is_required(&self.registry));
        let has_own = self.registry.get::<ProvideDataLayer>().is_some();
        if is_kept && !has_own && config.data.database_url.is_none() {
            self = self.data_layer(crate::testing::MemoryDataLayer::new());
        }
        self.config(config).root(root).env(env).prepare_with(LoginSettings::with_some_secret)
    }

    /// Reads and checks everything that can be wrong.
    fn prepare(self) -> Result<Ready, AppError> {
        self.prepare_with(|login| login)
    }

    fn prepare_with(
        self,
        change: impl FnOnce(LoginSettings) -> LoginSettings,
    ) -> Result<Ready, AppError> {
        let env = self.env.map_or_else(Env::load, Ok)?;
        let root = match self.root {
            Some(root) => root,
            None => AppRoot::from_env(&env)?,
        };
        let mut config = match self.config {
            Some(config) => config,
            None => config::prepare(&root)?.with_env(&env),
        };
        self.changes.apply(&mut config);
        for warning in self.registry.check(&self.parts)? {
            tracing::warn!("{warning}");
        }
        let (is_offered, has_start) =
            (config.features.audio.enabled, self.registry.get::<OnAudioStart>().is_some());
        if is_offered && !has_start {
            tracing::warn!("the microphone is offered, but no `on_audio_start` lets anybody speak");
        } else if has_start && !is_offered {
            if self.registry.get::<SetChatProfiles>().is_some() {
                tracing::info!(
                    "`on_audio_start` is called only where a chat profile sets \
                     `features.audio.enabled`"
                );
            } else {
                tracing::warn!("`on_audio_start` is never called: set `features.audio.enabled`");
            }
        }
        for entry in self.registry.iter() {
            tracing::debug!("registered {entry}");
        }
        let login = LoginSettings::new(&env, &config, &self.options.root_path)?;
        Ready::new(self.registry, self.parts, config, root, &self.options, change(login))
    }
}

macro_rules! doors {
    ($($(#[$doc:meta])* $name:ident: $event:ty;)*) => {
        /// Functions without attributes. A second one for the same event refuses to start, as
        /// with attributes.
        impl App {
            $(
                $(#[$doc])*
                #[track_caller]
                pub fn $name<A>(mut self, function: impl IntoHandler<$event, A>) -> Self {
                    let handler: Handler<$event> = function.into_handler();
                    self.registry.add(handler);
                    self
                }
            )*

            /// Adds the function for the action with that name.
            #[track_caller]
            pub fn action_callback<A>(
                mut self,
                name: impl Into<String>,
                function: impl IntoHandler<OnAction, A>,
            ) -> Self {
                let handler: Handler<OnAction> = function.into_handler();
                self.registry.add(handler.with_key(name.into()));
                self
            }
        }
    };
}

doors! {
    /// Adds the function that runs before the server listens.
    on_app_startup: OnAppStartup;
    /// Adds the function that runs after the last chat has ended.
    on_app_shutdown: OnAppShutdown;
    /// Adds the function that runs when a user opens a new chat.
    on_chat_start: OnChatStart;
    /// Adds the function that answers the user's messages.
    on_message: OnMessage;
    /// Adds the function that runs when a chat is over.
    on_chat_end: OnChatEnd;
    /// Adds the function that takes up a stored conversation.
    on_chat_resume: OnChatResume;
    /// Adds the function that runs after the user pressed Stop.
    on_stop: OnStop;
    /// Adds the function that runs when the user has confirmed the form with the settings.
    on_settings_update: OnSettingsUpdate;
    /// Adds the function that runs while the user edits the form with the settings.
    on_settings_edit: OnSettingsEdit;
    /// Adds the function that says as what the assistant can be talked to.
    set_chat_profiles: SetChatProfiles;
    /// Adds the function that says whether a user may speak.
    on_audio_start: OnAudioStart;
    /// Adds the function that takes what a user says, piece by piece.
    on_audio_chunk: OnAudioChunk;
    /// Adds the function that runs when a user has said everything.
    on_audio_end: OnAudioEnd;
    /// Adds the function that takes what the window around the page says.
    on_window_message: OnWindowMessage;
    /// Adds the function that says who somebody is by name and password.
    password_auth_callback: PasswordAuthCallback;
    /// Adds the function that says who somebody is by headers that a proxy sets.
    header_auth_callback: HeaderAuthCallback;
    /// Adds the function that says who somebody is whom a provider has vouched for.
    oauth_callback: OAuthCallback;
    /// Adds the function that runs when a user has logged out.
    on_logout: OnLogout;
    /// Adds the function that says who may see a shared conversation.
    on_shared_thread_view: OnSharedThreadView;
    /// Adds the function that runs when a user has said what they think of an answer.
    on_feedback: OnFeedback;
    /// Adds the function that is told of what fails.
    on_error: OnError;
    /// Adds the function that says under which name an author is shown.
    author_rename: AuthorRename;
    /// Adds the function that says what a new chat offers to begin with.
    set_starters: SetStarters;
    /// Adds the function that says the same in groups.
    set_starter_categories: SetStarterCategories;
}

impl Default for App {
    fn default() -> Self {
        Self::new()
    }
}

async fn listen_and_serve(ready: Ready, options: ServeOptions) -> Result<(), AppError> {
    let signals = listen_for_signals()?;
    let listener = TcpListener::bind((options.host.as_str(), options.port))
        .await
        .map_err(|error| AppError::Listen(cli::listen_error(&options, &error)))?;
    let address = listener.local_addr()?;
    // 0.0.0.0 is no address that a browser can open.
    let host = match address.ip() {
        ip if ip.is_unspecified() => "localhost".to_owned(),
        std::net::IpAddr::V6(ip) => format!("[{ip}]"),
        ip => ip.to_string(),
    };
    let url = format!("http://{host}:{}{}", address.port(), options.root_path.as_str());
    ready
        .serve(listener, signals.cancelled_owned(), || {
            println!("Your app is available at {url}");
            if !options.headless
                && let Err(error) = open::that_detached(&url)
            {
                tracing::debug!(%error, "no browser could be opened");
            }
        })
        .await
}

/// The binary's log, unless the application has set up its own: `RUST_LOG`, or `info`, or `debug`
/// for our crates with `--debug`.
fn init_logging(env: &Env, debug: bool, steps: StepLayer) {
    use tracing_subscriber::layer::{Layer, SubscriberExt};
    use tracing_subscriber::{EnvFilter, util::SubscriberInitExt};
    let default = if debug { "info,chainlit_server=debug,chainlit_core=debug" } else { "info" };
    let filter = env
        .get("RUST_LOG")
        .and_then(|text| EnvFilter::try_new(text).ok())
        .unwrap_or_else(|| EnvFilter::new(default));
    let log = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_filter(filter);
    // An application that has its own subscriber keeps it.
    let _ = tracing_subscriber::registry().with(steps.layer()).with(log).try_init();
}

/// Tells why the application can't be served, in one line, and ends the process.
fn fail(error: &dyn std::error::Error) -> ! {
    eprintln!("error: {error}");
    std::process::exit(1)
}
