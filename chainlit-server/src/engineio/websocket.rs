use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_util::sync::CancellationToken;

use super::heartbeat::Heartbeat;
use super::packet::{Packet, Payload};
use super::{CloseReason, Connection, Outbox, Settings};

/// Bytes of the read buffer. The library's default is 128 KiB, which every idle connection would
/// pay.
const READ_BUFFER_BYTES: usize = 4 * 1024;

/// Bytes that frames of one flush gather before they are written.
const WRITE_BUFFER_BYTES: usize = 16 * 1024;

/// Time that the closing of a socket may take: the peer may be gone, and its kernel never answers.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

pub(super) type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// The WebSocket on an upgraded connection.
pub(super) async fn socket(io: Upgraded, settings: &Settings) -> Socket {
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_message_size(Some(settings.max_payload))
        .max_frame_size(Some(settings.max_payload));
    Socket::from_raw_socket(TokioIo::new(io), Role::Server, Some(config)).await
}

/// Closes a socket that has no connection.
pub(super) async fn close(mut socket: Socket) {
    let _ = tokio::time::timeout(CLOSE_TIMEOUT, socket.close(None)).await;
}

/// Runs one WebSocket until it ends: this task reads, another one writes.
///
/// `shutdown` closes it with 1001 ("going away").
pub(super) async fn run<C: Connection>(
    socket: Socket,
    heartbeat: Heartbeat,
    write_timeout: Duration,
    outbox: Arc<Outbox>,
    mut connection: C,
    shutdown: CancellationToken,
) {
    let (sink, stream) = socket.split();
    // The writer ends the reader when it can't write, the reader ends the writer when it can't read.
    let writer_gone = CancellationToken::new();
    let reader_gone = CancellationToken::new();
    let writer = Writer {
        sink,
        outbox: Arc::clone(&outbox),
        heartbeat,
        write_timeout,
        reader_gone: reader_gone.clone(),
        shutdown,
    };
    let writer = tokio::spawn({
        let writer_gone = writer_gone.clone();
        async move {
            let _gone = writer_gone.drop_guard();
            writer.run().await;
        }
    });
    let mut reader = Reader { stream, heartbeat, outbox, connection: &mut connection };
    let reason =
        writer_gone.run_until_cancelled(reader.run()).await.unwrap_or(CloseReason::ServerClosed);
    reader_gone.cancel();
    connection.close(reason);
    if let Err(error) = writer.await {
        tracing::error!(%error, "the writer of a socket panicked");
    }
}

struct Reader<'a, C> {
    stream: SplitStream<Socket>,
    heartbeat: Heartbeat,
    outbox: Arc<Outbox>,
    connection: &'a mut C,
}

impl<C: Connection> Reader<'_, C> {
    async fn run(&mut self) -> CloseReason {
        loop {
            if self.outbox.is_aborted() {
                return CloseReason::ServerClosed;
            }
            self.heartbeat.established(self.connection.is_established());
            let message = match timeout_at(self.heartbeat.deadline(), self.stream.next()).await {
                Err(_) => return self.heartbeat.verdict(),
                Ok(None) => return CloseReason::ClientClosed,
                Ok(Some(Err(WsError::Capacity(error)))) => {
                    tracing::debug!(%error, "a message was too big");
                    return CloseReason::ParseError;
                }
                Ok(Some(Err(WsError::ConnectionClosed))) => return CloseReason::ClientClosed,
                Ok(Some(Err(_))) => return CloseReason::TransportError,
                Ok(Some(Ok(message))) => message,
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
    write_timeout: Duration,
    reader_gone: CancellationToken,
    shutdown: CancellationToken,
}

impl Writer {
    async fn run(mut self) {
        let mut batch = Vec::new();
        loop {
            tokio::select! {
                biased;
                () = self.reader_gone.cancelled() => break,
                () = self.shutdown.cancelled() => return self.close(CloseCode::Away).await,
                // Before the packets: a long backlog must not silence the heartbeat.
                () = tokio::time::sleep_until(self.heartbeat.next_ping) => {
                    self.heartbeat.pinged();
                    batch.push(Payload::from("2"));
                    self.outbox.ping_sent();
                }
                more = self.outbox.next(&mut batch) => {
                    if !more {
                        let is_away = self.outbox.is_finishing();
                        let code = if is_away { CloseCode::Away } else { CloseCode::Normal };
                        return self.close(code).await;
                    }
                }
            }
            match self.write(&mut batch).await {
                Written::All | Written::Interrupted => {}
                Written::Broken => return,
            }
        }
        self.close(CloseCode::Normal).await;
    }

    /// Writes a batch with one flush.
    async fn write(&mut self, batch: &mut Vec<Payload>) -> Written {
        let deadline = Instant::now() + self.write_timeout;
        let (reader_gone, shutdown) = (self.reader_gone.clone(), self.shutdown.clone());
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
            () = reader_gone.cancelled() => Written::Interrupted,
            // A client that reads nothing must not hold up the server's end.
            () = shutdown.cancelled() => Written::Interrupted,
            written = timeout_at(deadline, write) => match written {
                Ok(Ok(())) => Written::All,
                _ => Written::Broken,
            },
        };
        // A burst must not leave its memory with an idle connection.
        if batch.capacity() > 64 {
            *batch = Vec::new();
        }
        written
    }

    async fn close(mut self, code: CloseCode) {
        let frame = CloseFrame { code, reason: "".into() };
        let close = async {
            let _ = self.sink.send(Message::Close(Some(frame))).await;
            let _ = self.sink.close().await;
        };
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, close).await;
    }
}
