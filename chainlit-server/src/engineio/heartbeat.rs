use std::time::Duration;

use tokio::time::Instant;

use super::{CloseReason, Settings};

/// Until when a connection counts as alive, whatever its transport.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heartbeat {
    interval: Duration,
    /// How long after one answer the next one may come.
    patience: Duration,
    connect_timeout: Duration,
    /// When the next ping is to be written.
    pub(super) next_ping: Instant,
    /// When the client must have answered one.
    pong_until: Instant,
    /// Since when the client has not said who it is.
    anonymous_since: Option<Instant>,
}

impl Heartbeat {
    pub(super) fn new(settings: &Settings) -> Self {
        let now = Instant::now();
        let patience = settings.ping_interval + settings.ping_timeout;
        Self {
            interval: settings.ping_interval,
            patience,
            connect_timeout: settings.connect_timeout,
            next_ping: now + settings.ping_interval,
            pong_until: now + patience,
            anonymous_since: Some(now),
        }
    }

    /// A ping was written.
    pub(super) fn pinged(&mut self) {
        self.next_ping = Instant::now() + self.interval;
    }

    /// The client has answered a ping.
    pub(super) fn ponged(&mut self) {
        self.pong_until = Instant::now() + self.patience;
    }

    /// Whether the client has said who it is, and not left since.
    pub(super) fn established(&mut self, is_established: bool) {
        if is_established {
            self.anonymous_since = None;
        } else {
            self.anonymous_since.get_or_insert_with(Instant::now);
        }
    }

    /// When the connection is given up unless something is heard.
    pub(super) fn deadline(&self) -> Instant {
        match self.anonymous_since {
            Some(since) => self.pong_until.min(since + self.connect_timeout),
            None => self.pong_until,
        }
    }

    /// Why the connection is given up at its deadline.
    pub(super) fn verdict(&self) -> CloseReason {
        if self.deadline() < self.pong_until {
            CloseReason::ServerClosed
        } else {
            CloseReason::PingTimeout
        }
    }
}
