//! The way down: what ends, in which order, and what tells the process to.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::chat::Chats;

/// How long sockets may take to close.
const SOCKET_PATIENCE: Duration = Duration::from_secs(5);

/// How long what waits to be written down may take at least.
const RECORD_PATIENCE: Duration = Duration::from_secs(5);

/// What lives of an application that is served.
#[derive(Clone)]
pub(crate) struct Running {
    pub(crate) chats: Chats,
    /// Open sockets.
    pub(crate) sockets: TaskTracker,
    /// Closes all sockets.
    pub(crate) close_sockets: CancellationToken,
    /// How long running handlers may go on.
    pub(crate) limit: Duration,
}

impl Running {
    /// Ends all chats, as [`ChainlitService::shutdown`](crate::ChainlitService::shutdown) says.
    pub(crate) async fn shut_down(&self) {
        self.chats.close(self.limit).await;
        if let Some(recorder) = self.chats.recorder() {
            recorder.close(self.limit.max(RECORD_PATIENCE)).await;
        }
        self.close_sockets.cancel();
        self.sockets.close();
        if tokio::time::timeout(SOCKET_PATIENCE, self.sockets.wait()).await.is_err() {
            tracing::warn!(left = self.sockets.len(), "some sockets did not close in time");
        }
        let disk = self.chats.disk().clone();
        if tokio::task::spawn_blocking(move || disk.close()).await.is_err() {
            tracing::warn!("files of chats could not be removed");
        }
    }
}

/// Is cancelled at the first Ctrl-C or SIGTERM. The second one ends the process at once, with 130 or
/// 143, as a shell has it for a process that the signal ended.
///
/// It listens in a task of its own: an `on_app_startup` that blocks its thread does not keep it from
/// hearing.
pub(crate) fn listen_for_signals() -> std::io::Result<CancellationToken> {
    let mut signals = Signals::new()?;
    let asked = CancellationToken::new();
    let first = asked.clone();
    tokio::spawn(async move {
        signals.next().await;
        tracing::info!("going down; a second signal ends the process at once");
        first.cancel();
        std::process::exit(signals.next().await);
    });
    Ok(asked)
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for a signal; gives the code with which it would end a process.
    async fn next(&mut self) -> i32 {
        tokio::select! {
            _ = self.interrupt.recv() => 130,
            _ = self.terminate.recv() => 143,
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> i32 {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "Ctrl-C can't be heard");
            std::future::pending::<()>().await;
        }
        130
    }
}
