use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::time::{Instant, sleep_until};
use tokio_io_timeout::TimeoutWriter;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_util::sync::CancellationToken;

use super::heartbeat::Heartbeat;
use super::packet::{Packet, Payload};
use super::when_woken::WhenWoken;
use super::{CloseReason, Connection, Outbox, Settings};

/// Bytes of the read buffer, more than most messages have. The library's default is 128 KiB, which
/// every idle connection would pay.
const READ_BUFFER_BYTES: usize = 2 * 1024;

/// Bytes that frames of one flush gather before they are written.
const WRITE_BUFFER_BYTES: usize = 16 * 1024;

/// Time that the closing of a socket may take: the peer may be gone, and its kernel never answers.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// Writing to it fails when the client takes nothing for a while, however long all of it takes.
pub(super) type Socket = WebSocketStream<Pin<Box<TimeoutWriter<TokioIo<Upgraded>>>>>;

/// The WebSocket on an upgraded connection.
pub(super) async fn socket(io: Upgraded, settings: &Settings) -> Socket {
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_message_size(Some(settings.max_payload))
        .max_frame_size(Some(settings.max_payload));
    let mut io = Box::pin(TimeoutWriter::new(TokioIo::new(io)));
    io.as_mut().set_timeout_pinned(Some(settings.write_timeout));
    Socket::from_raw_socket(io, Role::Server, Some(config)).await
}

/// Closes a socket that has no connection.
pub(super) async fn close(mut socket: Socket) {
    let _ = tokio::time::timeout(CLOSE_TIMEOUT, socket.close(None)).await;
}

/// Runs one WebSocket until it ends.
///
/// `shutdown` closes it with 1001 ("going away").
///
/// One task reads and writes: the socket wakes both sides whenever it wakes one, and to wake another
/// task costs more than to look whether there is something to do. Each side is looked at only when
/// it was woken. No `async fn`: that would have
/// room for its arguments twice.
pub(super) fn run<C: Connection>(
    socket: Socket,
    heartbeat: Heartbeat,
    linger: Duration,
    outbox: Arc<Outbox>,
    mut connection: C,
    shutdown: CancellationToken,
) -> impl Future<Output = ()> + Send + use<C> {
    let (sink, mut stream) = socket.split();
    let end = shutdown.child_token();
    let mut writer =
        Writer { sink, outbox: Arc::clone(&outbox), heartbeat, end: end.clone(), shutdown };
    async move {
        let mut write = pin!(WhenWoken::new(writer.run()));
        let mut is_written = false;
        let reason = {
            let mut reader = Reader {
                stream: &mut stream,
                heartbeat,
                outbox: Arc::clone(&outbox),
                connection: &mut connection,
            };
            // In any order: a client that sends without end must still be told something.
            tokio::select! {
                reason = WhenWoken::new(reader.run()) => reason,
                () = &mut write => {
                    is_written = true;
                    CloseReason::ServerClosed
                }
            }
        };
        end.cancel();
        connection.close(reason);
        if !is_written {
            write.await;
        }
        // What comes from a client on a closed socket makes the kernel drop what the client has not
        // got yet. One that was cut off gets it another time.
        if reason == CloseReason::ServerClosed && !outbox.is_aborted() {
            let rest = async { while let Some(Ok(_)) = stream.next().await {} };
            let _ = Box::pin(tokio::time::timeout(linger, rest)).await;
        }
    }
}

struct Reader<'a, C> {
    stream: &'a mut SplitStream<Socket>,
    heartbeat: Heartbeat,
    outbox: Arc<Outbox>,
    connection: &'a mut C,
}

impl<C: Connection> Reader<'_, C> {
    async fn run(&mut self) -> CloseReason {
        // Set again when it has run out, not with each message.
        let mut clock = pin!(sleep_until(self.heartbeat.deadline()));
        loop {
            if self.outbox.is_aborted() {
                return CloseReason::ServerClosed;
            }
            self.heartbeat.established(self.connection.is_established());
            let deadline = self.heartbeat.deadline();
            if deadline < clock.deadline() {
                clock.as_mut().reset(deadline);
            }
            let message = tokio::select! {
                biased;
                message = self.stream.next() => message,
                () = clock.as_mut() => {
                    if deadline <= Instant::now() {
                        return self.heartbeat.verdict();
                    }
                    clock.as_mut().reset(deadline);
                    continue;
                }
            };
            let message = match message {
                None => return CloseReason::ClientClosed,
                Some(Err(WsError::Capacity(error))) => {
                    tracing::debug!(%error, "a message was too big");
                    return CloseReason::ParseError;
                }
                Some(Err(WsError::ConnectionClosed)) => return CloseReason::ClientClosed,
                Some(Err(_)) => return CloseReason::TransportError,
                Some(Ok(message)) => message,
            };
            let text = match message {
                Message::Text(text) => text,
                Message::Binary(bytes) => {
                    self.connection.binary(bytes).await;
                    continue;
                }
                Message::Close(_) => return CloseReason::ClientClosed,
                Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
            };
            match Packet::parse(text) {
                // Only an answer to our ping proves that the client still reads what we write.
                Ok(Packet::Pong) => {
                    self.heartbeat.ponged();
                    self.outbox.pong_received();
                }
                Ok(packet) => {
                    if let Err(reason) = super::receive(packet, self.connection, &self.outbox).await
                    {
                        return reason;
                    }
                }
                Err(error) => {
                    tracing::debug!(%error, "closing a socket");
                    return CloseReason::ParseError;
                }
            }
        }
    }
}

/// How the writing of a batch went.
enum Written {
    All,
    /// The reader or the server is going.
    Interrupted,
    /// The connection is gone or stuck.
    Broken,
}

struct Writer {
    sink: SplitSink<Socket, Message>,
    outbox: Arc<Outbox>,
    heartbeat: Heartbeat,
    /// The reader or the server is going.
    end: CancellationToken,
    /// The server is.
    shutdown: CancellationToken,
}

impl Writer {
    async fn run(&mut self) {
        let mut batch = Vec::new();
        let end = self.end.clone();
        let mut ended = pin!(end.cancelled());
        let mut clock = pin!(sleep_until(self.heartbeat.next_ping));
        let code = loop {
            tokio::select! {
                biased;
                () = ended.as_mut() => {
                    let is_away = self.shutdown.is_cancelled();
                    break if is_away { CloseCode::Away } else { CloseCode::Normal };
                }
                // Before the packets: a long backlog must not silence the heartbeat.
                () = clock.as_mut() => {
                    self.heartbeat.pinged();
                    clock.as_mut().reset(self.heartbeat.next_ping);
                    batch.push(Payload::from("2"));
                    self.outbox.ping_sent();
                }
                more = self.outbox.next(&mut batch) => {
                    if !more {
                        let is_away = self.outbox.is_finishing();
                        break if is_away { CloseCode::Away } else { CloseCode::Normal };
                    }
                }
            }
            match self.write(&mut batch).await {
                Written::All | Written::Interrupted => {}
                Written::Broken => return,
            }
        };
        // In a box: it comes once, and would have its place in memory all the time.
        Box::pin(self.close(code)).await;
    }

    /// Writes a batch with one flush.
    async fn write(&mut self, batch: &mut Vec<Payload>) -> Written {
        let write = async {
            for payload in batch.drain(..) {
                match payload {
                    Payload::Text(text) => self.sink.feed(Message::Text(text)).await?,
                    Payload::Binary(bytes) => self.sink.feed(Message::Binary(bytes)).await?,
                    Payload::Group(group) => {
                        self.sink.feed(Message::Text(group.text.clone())).await?;
                        for bytes in &group.attachments {
                            self.sink.feed(Message::Binary(bytes.clone())).await?;
                        }
                    }
                }
            }
            self.sink.flush().await
        };
        let written = tokio::select! {
            biased;
            written = write => match written {
                Ok(()) => Written::All,
                Err(_) => Written::Broken,
            },
            // A client that reads nothing must not hold up the end.
            () = self.end.cancelled() => Written::Interrupted,
        };
        // A burst must not leave its memory with an idle connection.
        if batch.capacity() > 64 {
            *batch = Vec::new();
        }
        written
    }

    async fn close(&mut self, code: CloseCode) {
        let frame = CloseFrame { code, reason: "".into() };
        let close = async {
            let _ = self.sink.send(Message::Close(Some(frame))).await;
            let _ = self.sink.close().await;
        };
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, close).await;
    }
}
