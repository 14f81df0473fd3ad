use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http::StatusCode;
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::heartbeat::Heartbeat;
use super::identity::Identity;
use super::packet::{Packet, Payload};
use super::payload::{self, Received};
use super::{CloseReason, Connection, Outbox, Refusal, Settings};

/// How long a GET waits, once a WebSocket has shown that it works, to see whether it takes over.
const PROBE_GRACE: Duration = Duration::from_millis(20);

const CLOSE: &str = "1";
const PING: &str = "2";
const NOOP: &str = "6";

/// A connection while it is carried by requests: GET waits for packets, POST brings some.
pub(super) struct Polling<C> {
    pub(super) identity: Mutex<Identity>,
    pub(super) outbox: Arc<Outbox>,
    /// How long the last packet waits for a GET.
    farewell_timeout: Duration,
    phase: watch::Sender<Phase>,
    heartbeat: Mutex<Beat>,
    /// Held by the GET that waits. A second one ends the connection: nobody could tell the order of
    /// what both get.
    reader: tokio::sync::Mutex<()>,
    /// The requests that were answered last. Browsers and proxies send a request again by themselves
    /// when its connection ends before an answer.
    answered: Mutex<Answered>,
    /// The layer above, until it is moved to a WebSocket or closed. Held by the POST that is handled.
    connection: tokio::sync::Mutex<Option<C>>,
}

#[derive(Default)]
struct Answered {
    /// A GET and the packets that it was given.
    poll: Option<(Stamp, Bytes)>,
    push: Option<Stamp>,
}

/// What a client puts into a request to tell it from all its others: the parameter `t`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp(Box<str>);

impl Stamp {
    /// Characters that a stamp may have; some ten are common.
    const MAX: usize = 64;

    pub(super) fn new(text: &str) -> Option<Self> {
        (1..=Self::MAX).contains(&text.len()).then(|| Self(text.into()))
    }
}

struct Beat {
    heartbeat: Heartbeat,
    /// A ping was written and not answered. Without one an answer proves nothing.
    is_asked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Open,
    /// A WebSocket wants to take over, and has shown that it works or not yet.
    Upgrading {
        is_probed: bool,
    },
    /// A WebSocket has taken over.
    Upgraded,
    Ended {
        reason: CloseReason,
        /// The packet that a GET is still to be answered with.
        farewell: Option<&'static str>,
    },
}

impl Phase {
    fn is_over(self) -> bool {
        matches!(self, Self::Upgraded | Self::Ended { .. })
    }
}

/// A WebSocket has shown that it works.
const PROBED: Phase = Phase::Upgrading { is_probed: true };

/// Who is still told that the connection is over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Farewell {
    /// The GET that waits, or the next one: the client has closed the connection, and its last poll
    /// may come behind that.
    ToNext,
    /// The GET that waits. A later one is answered like a stranger's.
    Now,
    /// The one who ends it tells it.
    Nobody,
}

impl<C: Connection> Polling<C> {
    pub(super) fn new(
        identity: Identity,
        outbox: Arc<Outbox>,
        connection: C,
        settings: &Settings,
    ) -> Self {
        let heartbeat = Heartbeat::new(settings);
        Self {
            identity: Mutex::new(identity),
            outbox,
            farewell_timeout: settings.ping_timeout,
            phase: watch::Sender::new(Phase::Open),
            heartbeat: Mutex::new(Beat { heartbeat, is_asked: false }),
            reader: tokio::sync::Mutex::new(()),
            answered: Mutex::default(),
            connection: tokio::sync::Mutex::new(Some(connection)),
        }
    }

    /// Answers a GET: waits for packets and gives the body that carries them.
    ///
    /// # Cancel safety
    ///
    /// Dropping it breaks the connection: the client is gone, or has not got what was sent.
    pub(super) async fn poll(self: Arc<Self>, stamp: Option<Stamp>) -> Result<Body<C>, Refusal> {
        if let Some((known, text)) = &self.answered.lock().poll
            && stamp.as_ref() == Some(known)
        {
            return Ok(Body { text: text.clone(), unwritten: None });
        }
        // Made before the lock is taken: when it says that the client is gone, no GET waits any more.
        let mut unwritten = Unwritten::new(&self, false);
        let Ok(_reader) = self.reader.try_lock() else {
            unwritten.forget();
            // An upgrade holds it too, in the moment in which it takes the connection away.
            if *self.phase.borrow() != Phase::Upgraded {
                self.end(CloseReason::ParseError, Farewell::Now);
            }
            return Err(Refusal::BadRequest);
        };
        let mut batch = Vec::new();
        while batch.is_empty() {
            let is_probed = *self.phase.borrow() == PROBED;
            let next_ping = self.heartbeat.lock().heartbeat.next_ping;
            tokio::select! {
                biased;
                phase = self.until(Phase::is_over) => {
                    unwritten.forget();
                    return self.last_words(phase);
                }
                // What is to be told stays where the WebSocket will find it.
                () = sleep(PROBE_GRACE), if is_probed => batch.push(Payload::from(NOOP)),
                _ = self.until(|phase| phase == PROBED), if !is_probed => {}
                () = sleep_until(next_ping), if !is_probed => {
                    let mut beat = self.heartbeat.lock();
                    beat.heartbeat.pinged();
                    beat.is_asked = true;
                    drop(beat);
                    self.outbox.ping_sent();
                    unwritten.has_packets = true;
                    batch.push(Payload::from(PING));
                }
                is_open = self.outbox.next(&mut batch), if !is_probed => {
                    unwritten.has_packets = true;
                    if !is_open {
                        batch.push(Payload::from(CLOSE));
                        self.end(CloseReason::ServerClosed, Farewell::Nobody);
                    }
                }
            }
        }
        let text = Bytes::from(payload::encode(batch));
        self.answered.lock().poll = stamp.map(|stamp| (stamp, text.clone()));
        Ok(Body { text, unwritten: Some(unwritten) })
    }

    /// Answers a POST, whose body is read while nothing else can come.
    ///
    /// # Cancel safety
    ///
    /// Dropping it breaks the connection: some packets of the body are lost.
    pub(super) async fn push(
        self: Arc<Self>,
        stamp: Option<Stamp>,
        body: impl Future<Output = Result<Bytes, StatusCode>>,
    ) -> Result<(), Refusal> {
        if stamp.is_some() && self.answered.lock().push == stamp {
            return Ok(());
        }
        match *self.phase.borrow() {
            Phase::Open | Phase::Upgrading { .. } => {}
            Phase::Upgraded => return Err(Refusal::BadRequest),
            Phase::Ended { .. } => return Err(Refusal::UnknownSid),
        }
        let Ok(mut connection) = self.connection.try_lock() else {
            self.end(CloseReason::ParseError, Farewell::Now);
            return Err(Refusal::BadRequest);
        };
        let connection = connection.as_mut().ok_or(Refusal::UnknownSid)?;
        let unread = Unwritten::new(&self, true);
        let pushed = tokio::select! {
            biased;
            _ = self.until(|phase| matches!(phase, Phase::Ended { .. })) => Err(Refusal::BadRequest),
            pushed = self.take(body, connection) => pushed,
        };
        unread.forget();
        if pushed.is_ok() {
            self.answered.lock().push = stamp;
        }
        pushed
    }

    async fn take(
        &self,
        body: impl Future<Output = Result<Bytes, StatusCode>>,
        connection: &mut C,
    ) -> Result<(), Refusal> {
        let broken = |reason, refusal| {
            self.end(reason, Farewell::Now);
            Err(refusal)
        };
        let body = match body.await {
            Ok(body) => body,
            Err(status) => return broken(CloseReason::ParseError, Refusal::Body(status)),
        };
        let Ok(packets) = payload::decode(body) else {
            return broken(CloseReason::ParseError, Refusal::BadRequest);
        };
        for packet in packets {
            // A body may hold very many.
            tokio::task::coop::consume_budget().await;
            if self.outbox.is_aborted() {
                return broken(CloseReason::ServerClosed, Refusal::BadRequest);
            }
            match packet {
                Ok(Received::Packet(Packet::Pong)) => self.ponged(),
                Ok(Received::Packet(packet)) => {
                    if let Err(reason) = super::receive(packet, connection, &self.outbox).await {
                        self.end(reason, Farewell::ToNext);
                        return Ok(());
                    }
                }
                Ok(Received::Binary(bytes)) => connection.binary(bytes).await,
                Err(error) => {
                    tracing::debug!(%error, "closing a polling connection");
                    return broken(CloseReason::ParseError, Refusal::BadRequest);
                }
            }
        }
        self.heartbeat.lock().heartbeat.established(connection.is_established());
        Ok(())
    }

    fn ponged(&self) {
        let mut beat = self.heartbeat.lock();
        if std::mem::take(&mut beat.is_asked) {
            beat.heartbeat.ponged();
            drop(beat);
            self.outbox.pong_received();
        }
    }

    /// Lets a WebSocket try to take over; false when another one does or the connection is over.
    pub(super) fn begin_upgrade(&self) -> bool {
        self.change(Phase::Open, Phase::Upgrading { is_probed: false })
    }

    /// The WebSocket works: GETs are let go, without packets.
    pub(super) fn probed(&self) -> bool {
        let not_yet = Phase::Upgrading { is_probed: false };
        self.change(not_yet, PROBED)
    }

    /// The WebSocket has not taken over.
    pub(super) fn give_up_upgrade(&self) {
        self.phase.send_if_modified(|phase| {
            let is_upgrading = matches!(phase, Phase::Upgrading { .. });
            if is_upgrading {
                *phase = Phase::Open;
            }
            is_upgrading
        });
    }

    /// Waits until the connection does not poll any more.
    pub(super) async fn over(&self) {
        self.until(Phase::is_over).await;
    }

    /// Moves the connection to the WebSocket: when this returns, no request writes to it or reads what
    /// it is to be told. None when it has ended meanwhile.
    pub(super) async fn hand_over(&self) -> Option<(C, Heartbeat)> {
        if !self.change(PROBED, Phase::Upgraded) {
            return None;
        }
        let _reader = self.reader.lock().await;
        let connection = self.connection.lock().await.take()?;
        let heartbeat = self.heartbeat.lock().heartbeat;
        Some((connection, heartbeat))
    }

    /// Watches over the connection until it is over: closes it when the client falls silent or when
    /// `shutdown` is cancelled. Returns when nothing more is to be said to it; false when a WebSocket
    /// has it now.
    pub(super) async fn keep(&self, shutdown: CancellationToken) -> bool {
        while !self.phase.borrow().is_over() {
            let deadline = self.heartbeat.lock().heartbeat.deadline();
            tokio::select! {
                biased;
                _ = self.until(Phase::is_over) => {}
                () = shutdown.cancelled() => {
                    self.end(CloseReason::ServerClosed, Farewell::Now);
                }
                () = sleep_until(deadline) => {
                    let heartbeat = self.heartbeat.lock().heartbeat;
                    // It may have been heard of since.
                    if heartbeat.deadline() <= Instant::now() {
                        self.end(heartbeat.verdict(), Farewell::Now);
                    }
                }
            }
        }
        let Phase::Ended { reason, .. } = *self.phase.borrow() else { return false };
        // Nothing may be queued for a client that is not there.
        self.outbox.abort();
        if let Some(connection) = self.connection.lock().await.take() {
            connection.close(reason);
        }
        let is_told = self.until(|phase| !matches!(phase, Phase::Ended { farewell: Some(_), .. }));
        tokio::select! {
            biased;
            _ = is_told => {}
            () = shutdown.cancelled() => {}
            () = sleep(self.farewell_timeout) => {}
        }
        true
    }

    /// The connection is over. Only the first reason counts.
    fn end(&self, reason: CloseReason, farewell: Farewell) {
        let is_upgraded = !self.phase.send_if_modified(|phase| {
            if phase.is_over() {
                return false;
            }
            let farewell = match farewell {
                Farewell::ToNext => Some(NOOP),
                Farewell::Now => self.reader.try_lock().is_err().then_some(CLOSE),
                Farewell::Nobody => None,
            };
            *phase = Phase::Ended { reason, farewell };
            true
        }) && *self.phase.borrow() == Phase::Upgraded;
        if is_upgraded {
            // A request that was still on its way has failed: what it carried is lost.
            self.outbox.abort();
        }
    }

    /// The answer to a GET on a connection that is over.
    fn last_words(&self, phase: Phase) -> Result<Body<C>, Refusal> {
        let refusal = match phase {
            Phase::Upgraded => Refusal::BadRequest,
            _ => Refusal::UnknownSid,
        };
        let text = self.take_farewell().ok_or(refusal)?;
        Ok(Body { text: Bytes::from_static(text.as_bytes()), unwritten: None })
    }

    fn take_farewell(&self) -> Option<&'static str> {
        let mut packet = None;
        self.phase.send_if_modified(|phase| {
            if let Phase::Ended { farewell, .. } = phase {
                packet = farewell.take();
            }
            packet.is_some()
        });
        packet
    }

    fn change(&self, from: Phase, to: Phase) -> bool {
        self.phase.send_if_modified(|phase| {
            let fits = *phase == from;
            if fits {
                *phase = to;
            }
            fits
        })
    }

    async fn until(&self, fits: impl FnMut(Phase) -> bool) -> Phase {
        let mut fits = fits;
        let mut phase = self.phase.subscribe();
        let found = phase.wait_for(|phase| fits(*phase)).await.map(|phase| *phase);
        found.expect("the sender is a part of `self`")
    }
}

/// The body of the answer to a GET.
pub(super) struct Body<C: Connection> {
    text: Bytes,
    unwritten: Option<Unwritten<C>>,
}

impl<C: Connection> Body<C> {
    /// Bytes of the body.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The body as it is written.
    pub(super) fn into_stream(
        self,
    ) -> impl stream::Stream<Item = Result<Bytes, std::convert::Infallible>> + Send + Sync {
        stream::once(async move {
            if let Some(unwritten) = self.unwritten {
                unwritten.forget();
            }
            Ok(self.text)
        })
    }
}

/// A request that is under way. When it is dropped before it is done, the client is gone and packets
/// may be lost: the connection is broken, and whoever comes back gets them from the layers above.
struct Unwritten<C: Connection> {
    polling: Option<Arc<Polling<C>>>,
    /// It has taken packets of the connection, from one side or the other.
    has_packets: bool,
}

impl<C: Connection> Unwritten<C> {
    fn new(polling: &Arc<Polling<C>>, has_packets: bool) -> Self {
        Self { polling: Some(Arc::clone(polling)), has_packets }
    }

    fn forget(mut self) {
        self.polling = None;
    }
}

impl<C: Connection> Drop for Unwritten<C> {
    fn drop(&mut self) {
        let Some(polling) = self.polling.take() else { return };
        // A client whose WebSocket works may drop the poll that waits.
        if self.has_packets || *polling.phase.borrow() == Phase::Open {
            polling.end(CloseReason::TransportError, Farewell::Now);
        }
    }
}

#[cfg(test)]
mod tests;
