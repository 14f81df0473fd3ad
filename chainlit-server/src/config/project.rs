//! The `[project]` table.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::seconds;

/// Who may connect, for how long, and by which way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Project {
    /// Keys that each user is asked for before the chat starts.
    pub user_env: Option<Vec<String>>,
    /// How long a session without a connection is kept (seconds in the file).
    #[serde(with = "seconds")]
    pub session_timeout: Duration,
    /// How long a login is good for (seconds in the file).
    #[serde(with = "seconds")]
    pub user_session_timeout: Duration,
    /// Accepted for Chainlit's files; has no effect.
    pub cache: bool,
    /// Whether the users' keys are stored with the thread.
    pub persist_user_env: bool,
    /// Whether the page hides the users' keys while they are typed.
    pub mask_user_env: Option<bool>,
    /// The origins whose pages may call this server, beside its own. `*` is every page of the web, which Chainlit
    /// means when the key is missing; here a foreign page is refused unless it is named.
    pub allow_origins: Vec<String>,
    /// The names under which browsers find this server, beside `localhost` and addresses; any when empty. Not a key of
    /// Chainlit's.
    pub allowed_hosts: Vec<String>,
    /// The ways in which the page may open its socket; absent leaves the choice to the client.
    pub transports: Option<Vec<Transport>>,
    /// Accepted for Chainlit's files; has no effect.
    pub lc_cache_path: Option<String>,
}

/// A way to carry the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// A WebSocket.
    Websocket,
    /// Long polling over HTTP.
    Polling,
}

impl Default for Project {
    fn default() -> Self {
        Self {
            user_env: None,
            session_timeout: Duration::from_secs(300),
            user_session_timeout: Duration::from_secs(15 * 24 * 60 * 60),
            cache: false,
            persist_user_env: false,
            mask_user_env: Some(false),
            allow_origins: Vec::new(),
            allowed_hosts: Vec::new(),
            transports: None,
            lc_cache_path: None,
        }
    }
}
