//! From a listener to the service, and the way down again.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use socket2::SockRef;
use tokio::net::TcpListener;
use tokio_io_timeout::TimeoutWriter;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use crate::addresses::{Addresses, CountedStream};
use crate::http::PeerAddr;
use crate::service::answer;

/// How long a client may take to send the head of a request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes that the head of a request may have: a login's cookies in several pieces, and some more.
const MAX_HEAD_BYTES: usize = 32 * 1024;

/// How long the log is silent about connections that it does not take.
const TELL_AGAIN: Duration = Duration::from_secs(60);

/// How long open requests may take to end when the server goes down.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes that the kernel holds for a client beside what is on its way. What a slow reader has not
/// read stays in its session's log, which is bounded and merges it, and pings are not behind it.
#[cfg(target_os = "linux")]
const UNSENT_BYTES: u32 = 128 * 1024;

/// A connection whose writing ends when the client takes nothing for a while.
type Stream = Pin<Box<TimeoutWriter<CountedStream>>>;

/// Accepts connections until `shutdown` is done, serves those that are open while `wind_down` runs,
/// and lets their requests end. An address holds as many connections as `addresses` admits: a further
/// one is closed at once.
pub(crate) async fn serve(
    listener: TcpListener,
    filter: BoxedFilter<(Response,)>,
    addresses: Addresses,
    write_timeout: Duration,
    shutdown: impl Future<Output = ()>,
    wind_down: impl Future<Output = ()>,
) {
    set_options(&listener);
    let connections = TaskTracker::new();
    let closing = CancellationToken::new();
    tokio::pin!(shutdown);
    let mut told: Option<Instant> = None;
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, address)) => {
                let Some(counted) = addresses.admit(address.ip()) else {
                    if told.is_none_or(|told| told.elapsed() > TELL_AGAIN) {
                        told = Some(Instant::now());
                        tracing::warn!(
                            address = %address.ip(),
                            "an address holds too many connections, and further ones are closed; \
                             behind a proxy set limits.connections_per_address = 0"
                        );
                    }
                    continue;
                };
                // Linux hands the listener's options down.
                #[cfg(not(target_os = "linux"))]
                set_options(&stream);
                let service = WithPeer { filter: filter.clone(), peer: PeerAddr(address) };
                // Nobody keeps an answer, and its connection, by not reading it.
                let mut stream = Box::pin(TimeoutWriter::new(CountedStream::new(stream, counted)));
                stream.as_mut().set_timeout_pinned(Some(write_timeout));
                connections.spawn(connection(stream, service, closing.clone()));
            }
            Err(error) => {
                // Mostly too many open files: others will be closed soon.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    // Clients that poll get what is still sent to them over the connections that they have.
    wind_down.await;
    closing.cancel();
    connections.close();
    if tokio::time::timeout(DRAIN_TIMEOUT, connections.wait()).await.is_err() {
        tracing::warn!(left = connections.len(), "some requests did not end in time");
    }
}

fn set_options<'a>(socket: impl Into<SockRef<'a>>) {
    let socket = socket.into();
    // Tokens must not wait for each other's acknowledgement.
    if let Err(error) = socket.set_tcp_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    #[cfg(target_os = "linux")]
    if let Err(error) = socket.set_tcp_notsent_lowat(UNSENT_BYTES) {
        tracing::debug!(%error, "TCP_NOTSENT_LOWAT could not be set");
    }
}

async fn connection(stream: Stream, service: WithPeer, closing: CancellationToken) {
    let service = TowerToHyperService::new(service);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = closing.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

/// Puts the client's address into each request.
#[derive(Clone)]
struct WithPeer {
    filter: BoxedFilter<(Response,)>,
    peer: PeerAddr,
}

impl tower_service::Service<Request<Incoming>> for WithPeer {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(self.peer);
        answer(&self.filter, request)
    }
}
