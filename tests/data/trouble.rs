//! A database that is away, or busy with somebody else: what is written may come again.

use std::io::Write;
use std::process::{Command, Stdio};

use chainlit::{DataLayer, SqlDataLayer, User};

#[tokio::test]
async fn a_file_that_another_program_locks_is_busy() {
    let (_folder, url) = super::sqlite();
    let layer = SqlDataLayer::open(&url).await.unwrap();
    let script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('BEGIN IMMEDIATE'); \
                  print('locked', flush=True); sys.stdin.read()";
    let mut other = Command::new("python3")
        .args(["-c", script, url.strip_prefix("sqlite://").unwrap()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(
        &mut std::io::BufReader::new(other.stdout.as_mut().unwrap()),
        &mut line,
    )
    .unwrap();
    assert_eq!(line, "locked\n");
    let error = layer.create_user(&User::new("ada")).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    assert!(layer.check_health().await.unwrap_err().is_transient());
    assert_eq!(layer.get_user("ada").await.unwrap(), None, "reading goes on");
    other.stdin.take().unwrap().flush().unwrap();
    other.wait().unwrap();
    layer.create_user(&User::new("ada")).await.unwrap();
    layer.check_health().await.unwrap();
}

#[tokio::test]
async fn a_write_that_is_given_up_leaves_nothing_behind() {
    let (_folder, url) = super::sqlite();
    let layer = SqlDataLayer::open(&url).await.unwrap();
    for place in 0..50 {
        let user = User::new(format!("user {place}"));
        let mut writing = Box::pin(layer.create_user(&user));
        // Some of them get further than others.
        for _ in 0..place % 7 {
            let _ = futures_util::poll!(&mut writing);
            tokio::task::yield_now().await;
        }
        drop(writing);
    }
    layer.create_user(&User::new("ada")).await.unwrap();
    assert!(layer.get_user("ada").await.unwrap().is_some());
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_database_that_hangs_up_is_called_again() {
    let url = crate::postgres::Postgres::database();
    let layer = SqlDataLayer::open(&url).await.unwrap();
    layer.create_user(&User::new("ada")).await.unwrap();
    super::execute(
        &url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    assert!(layer.get_user("ada").await.unwrap().is_some());
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_database_that_is_away_may_come_back() {
    let url = crate::postgres::Postgres::database();
    let layer = SqlDataLayer::open(&url).await.unwrap();
    let (server, name) = url.rsplit_once('/').unwrap();
    let admin = format!("{server}/postgres");
    let kick =
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    super::execute(&admin, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
    super::execute(&admin, &kick);
    let error = layer.create_user(&User::new("ada")).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    super::execute(&admin, &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
    layer.create_user(&User::new("ada")).await.unwrap();
}
