use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use serde::Serialize;

/// The numbers that the protocol leaves to the server.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Time between two pings.
    pub(crate) ping_interval: Duration,
    /// Time that the client has to answer one.
    pub(crate) ping_timeout: Duration,
    /// Bytes that one message may have.
    pub(crate) max_payload: usize,
    /// Time that a write may take before the connection counts as dead, and the body of a request.
    pub(crate) write_timeout: Duration,
    /// Time that the client has to say who it is, once it is connected.
    pub(crate) connect_timeout: Duration,
    /// Time that moving from polling to a WebSocket may take.
    pub(crate) upgrade_timeout: Duration,
    /// Time in which a client may get what was last written to it, once the server has ended the
    /// connection.
    pub(crate) linger: Duration,
    /// Connections that may poll at once; a further one is refused.
    pub(crate) max_polling: usize,
    /// What the names of a login's cookies begin with.
    pub(crate) login_cookie: Arc<str>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            max_payload: 1_000_000,
            write_timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(30),
            upgrade_timeout: Duration::from_secs(10),
            linger: Duration::from_secs(2),
            // About 3 KiB each.
            max_polling: 20_000,
            login_cookie: "access_token".into(),
        }
    }
}

/// A request that opens a connection.
#[derive(Clone, Debug)]
pub(crate) struct Handshake {
    /// Id of the connection, made here.
    pub(crate) sid: String,
    /// What stands behind the question mark, still encoded.
    pub(crate) query: String,
    /// The request's headers.
    pub(crate) headers: HeaderMap,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Open<'a> {
    sid: &'a str,
    upgrades: &'a [&'a str],
    ping_timeout: u128,
    ping_interval: u128,
    max_payload: usize,
}

impl Handshake {
    /// The packet that opens the connection. `upgrades` are the transports that it may move to.
    pub(super) fn open_packet(&self, upgrades: &[&str], settings: &Settings) -> String {
        let open = Open {
            sid: &self.sid,
            upgrades,
            ping_timeout: settings.ping_timeout.as_millis(),
            ping_interval: settings.ping_interval.as_millis(),
            max_payload: settings.max_payload,
        };
        let json = serde_json::to_string(&open).expect("strings and numbers always serialise");
        format!("0{json}")
    }
}

/// Why a request is refused, as the protocol answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// `EIO` is absent or not 4.
    #[error("The client is using an unsupported version of the Socket.IO or Engine.IO protocols")]
    UnsupportedVersion,
    /// `transport` is none that this server has.
    #[error("Transport unknown")]
    UnknownTransport,
    /// `sid` names no connection, or one of somebody else.
    #[error("Session ID unknown")]
    UnknownSid,
    /// Only GET opens a connection.
    #[error("Bad handshake method")]
    BadMethod,
    /// The request does not fit its transport or what the connection is doing.
    #[error("Bad request")]
    BadRequest,
    /// The page that asks is none that may.
    #[error("Origin not allowed")]
    ForbiddenOrigin,
    /// As many connections poll as may.
    #[error("Too many connections")]
    Full,
    /// The body is too large, too slow or incomplete.
    #[error("Bad request body")]
    Body(StatusCode),
}

impl Refusal {
    /// The status of the answer.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::ForbiddenOrigin => StatusCode::FORBIDDEN,
            Self::Full => StatusCode::SERVICE_UNAVAILABLE,
            Self::Body(status) => status,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The body of the answer: a plain text for an old client, otherwise the protocol's object.
    pub(crate) fn body(self) -> String {
        let code = match self {
            Self::UnsupportedVersion => {
                return serde_json::Value::from(self.to_string()).to_string();
            }
            Self::UnknownTransport => 0,
            Self::UnknownSid => 1,
            Self::BadMethod => 2,
            Self::BadRequest | Self::Full | Self::Body(_) => 3,
            Self::ForbiddenOrigin => 4,
        };
        serde_json::json!({ "code": code, "message": self.to_string() }).to_string()
    }
}
