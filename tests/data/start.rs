//! An application opens its database, or says in one line what keeps it from that.

use std::path::Path;

use chainlit::config::Env;
use chainlit::testing::TestApp;
use chainlit::{self as cl, App, AppError, AppRoot, Config, SqlDataLayer, User};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

async fn login(credentials: cl::Credentials) -> Option<User> {
    (credentials.password == "secret").then(|| User::new(credentials.username))
}

/// Starts and stops an application with that configuration in that folder.
async fn start(app: App, folder: &Path, config: Config) -> Result<(), AppError> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let app = app.root(AppRoot::new(folder).unwrap()).config(config);
    app.serve(listener, std::future::pending()).await
}

fn with_url(url: &str) -> Config {
    let mut config = Config::default();
    config.data.database_url = Some(url.into());
    config
}

/// Why the application does not start.
async fn refusal(folder: &Path, config: Config) -> String {
    start(App::new(), folder, config).await.unwrap_err().to_string()
}

/// Starts the application and stops it once it has started.
async fn run(app: App, folder: &Path, config: Config) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let stop = CancellationToken::new();
    let started = stop.clone();
    let app = app.on_app_startup(move || {
        started.cancel();
        std::future::ready(())
    });
    let app = app.root(AppRoot::new(folder).unwrap()).config(config);
    app.serve(listener, stop.cancelled_owned()).await.unwrap();
}

#[tokio::test]
async fn a_login_is_enough_for_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(".chainlit/chat.db");
    let secret = || Env::from_pairs([("CHAINLIT_AUTH_SECRET", "s".repeat(32))]);
    let app = || App::new().env(secret()).password_auth_callback(login);
    let mut off = Config::default();
    off.data.enabled = Some(false);
    run(app(), folder.path(), off).await;
    run(App::new(), folder.path(), Config::default()).await;
    assert!(!file.exists(), "nothing asked for it");
    run(app(), folder.path(), Config::default()).await;
    assert!(file.exists());
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "it is for this user only");
    }
}

#[tokio::test]
async fn a_test_keeps_nothing_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new().password_auth_callback(login);
    let app = app.root(AppRoot::new(folder.path()).unwrap());
    TestApp::start(app).await.shutdown().await;
    assert!(!folder.path().join(".chainlit").exists());
}

#[tokio::test]
async fn a_database_that_is_named_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    run(App::new(), folder.path(), with_url("sqlite://a%20b/chat.db")).await;
    assert!(folder.path().join("a b/chat.db").exists(), "relative to the application's folder");
}

#[tokio::test]
async fn what_is_no_address_is_told_with_the_key() {
    let folder = tempfile::tempdir().unwrap();
    for (url, problem) in [
        ("mysql://ada:secret@host/chat", "`mysql` is no engine that is known"),
        ("chat.db", "is no address"),
        ("sqlite::memory:", "keeps nothing"),
        ("sqlite://chat.db?mode=ro", "takes no parameters"),
    ] {
        let message = refusal(folder.path(), with_url(url)).await;
        assert!(message.contains("`data.database_url` (DATABASE_URL)"), "{message}");
        assert!(message.contains(problem) && !message.contains("secret"), "{message}");
        assert!(!message.contains('\n'), "{message}");
    }
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let message = refusal(folder.path(), with_url("sqlite://file/chat.db")).await;
    assert!(message.contains("file/chat.db: can't be opened or made"), "{message}");
    assert!(message.contains("`data.database_url`"), "{message}");
}

#[tokio::test]
async fn a_damaged_file_is_told() {
    let (folder, url) = super::sqlite();
    let file = folder.path().join("chat.db");
    std::fs::write(&file, "this is no database, but long enough to be taken for one. ".repeat(50))
        .unwrap();
    let message = refusal(folder.path(), with_url(&url)).await;
    assert!(message.contains("chat.db: is damaged, or no SQLite database"), "{message}");
    assert!(message.contains("backup"), "{message}");

    std::fs::remove_file(&file).unwrap();
    let layer = SqlDataLayer::open(&url).await.unwrap();
    chainlit::DataLayer::close(&layer).await.unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[100..4096].fill(0xff);
    std::fs::write(&file, bytes).unwrap();
    let message = refusal(folder.path(), with_url(&url)).await;
    assert!(message.contains("chat.db: is damaged"), "{message}");
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_server_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody listens where nobody may.
    let message = refusal(folder.path(), with_url("postgres://ada:secret@127.0.0.1:1/chat")).await;
    assert!(message.contains("can't be reached") && !message.contains("secret"), "{message}");

    let url = crate::postgres::Postgres::database();
    let (server, _) = url.rsplit_once('/').unwrap();
    let message = refusal(folder.path(), with_url(&format!("{server}/nowhere"))).await;
    assert!(message.contains("can't be reached") && message.contains("\"nowhere\""), "{message}");
}

#[cfg(not(feature = "postgres"))]
#[tokio::test]
async fn an_engine_that_is_not_built_in_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let message = refusal(folder.path(), with_url("postgres://localhost/chat")).await;
    assert!(message.contains("the feature `postgres`"), "{message}");
}
