//! What warp and the machine allow: the same frames, with no session, no JSON and no application
//! behind them.
//!
//! The shape is a framework's: the handler's task, a bounded channel, and a writer that takes all that
//! waits before it flushes. The socket is taken from warp's request, as plain `warp::ws()` holds a
//! buffer of 128 KiB for each.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use clap::Parser;
use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::net::TcpSocket;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use warp::Filter;
use warp::http::{Response, StatusCode, header};

use super::Pace;
use super::bare_frames as frames;
use super::command::Command;
use crate::Result;
use crate::session::{GREETING, TOKEN};

/// Frames that may wait for the writer.
const CHANNEL: usize = 256;

const PING_INTERVAL: Duration = Duration::from_secs(25);

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// The options that servers are started with.
#[derive(Parser)]
struct Options {
    #[arg(long)]
    host: std::net::IpAddr,
    #[arg(long)]
    port: u16,
    #[arg(long)]
    headless: bool,
}

pub(super) fn serve() -> Result {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let socket = TcpSocket::new_v4()?;
        // Accepted connections inherit it.
        socket.set_nodelay(true)?;
        socket.bind(SocketAddr::from((options.host, options.port)))?;
        let listener = socket.listen(1024)?;
        println!("http://{}", listener.local_addr()?);
        warp::serve(routes()).incoming(listener).run().await;
        Ok(())
    })
}

fn routes() -> impl Filter<Extract = (impl warp::Reply,), Error = warp::Rejection> + Clone {
    let socket = warp::path!("ws" / "socket.io" / ..)
        .and(warp::ext::get::<OnUpgrade>())
        .and(warp::header::<String>("sec-websocket-key"))
        .and_then(|upgrade, key: String| async move { Ok::<_, Infallible>(accept(upgrade, &key)) });
    socket.or(warp::path::end().map(|| "Nothing to see here"))
}

fn accept(upgrade: OnUpgrade, key: &str) -> Response<String> {
    tokio::spawn(async move {
        if let Ok(io) = upgrade.await {
            let config =
                WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(16 * 1024);
            let socket =
                Socket::from_raw_socket(TokioIo::new(io), Role::Server, Some(config)).await;
            talk(socket).await;
        }
    });
    let mut response = Response::new(String::new());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, header::HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, header::HeaderValue::from_static("websocket"));
    if let Ok(accept) = derive_accept_key(key.as_bytes()).parse() {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    }
    response
}

/// Reads what the client says until it leaves.
async fn talk(socket: Socket) {
    let (sink, mut stream) = socket.split();
    let (out, frames) = mpsc::channel(CHANNEL);
    let writer = tokio::spawn(write(sink, frames));
    let thread = frames::id();
    let mut is_new = true;
    let _ = out.send(frames::OPEN.into()).await;
    while let Some(Ok(message)) = stream.next().await {
        let Message::Text(text) = message else { continue };
        if text.starts_with("40") {
            let _ = out.send(frames::CONNECTED.into()).await;
        } else if text.starts_with(r#"42["connection_successful""#) {
            tokio::spawn(greet(thread.clone(), out.clone()));
        } else if let Some(said) = text.split_once(r#""output":""#) {
            let said = said.1.split('"').next().unwrap_or_default().to_owned();
            let is_first = std::mem::replace(&mut is_new, false);
            tokio::spawn(answer(said, is_first, thread.clone(), out.clone()));
        }
    }
    writer.abort();
}

/// Writes all that waits, then flushes.
async fn write(mut sink: SplitSink<Socket, Message>, mut frames: mpsc::Receiver<Utf8Bytes>) {
    let mut batch = Vec::new();
    let mut next_ping = Instant::now() + PING_INTERVAL;
    loop {
        tokio::select! {
            count = frames.recv_many(&mut batch, CHANNEL) => {
                if count == 0 {
                    return;
                }
            }
            () = tokio::time::sleep_until(next_ping) => {
                next_ping += PING_INTERVAL;
                batch.push(Utf8Bytes::from_static("2"));
            }
        }
        for frame in batch.drain(..) {
            if sink.feed(Message::Text(frame)).await.is_err() {
                return;
            }
        }
        if sink.flush().await.is_err() {
            return;
        }
        // As ours: a burst must not leave its memory with an idle connection.
        if batch.capacity() > 64 {
            batch = Vec::new();
        }
    }
}

/// Where a handler's frames go. Nobody may be there any more, which is nobody's concern.
struct Out(mpsc::Sender<Utf8Bytes>);

impl Out {
    async fn send(&self, frame: impl Into<Utf8Bytes>) {
        let _ = self.0.send(frame.into()).await;
    }
}

async fn greet(thread: String, out: mpsc::Sender<Utf8Bytes>) {
    let (out, run) = (Out(out), frames::id());
    for frame in frames::GREETED {
        out.send(frame).await;
    }
    out.send(frames::TASK_START).await;
    out.send(frames::run("on_chat_start", &run, &thread, None)).await;
    out.send(frames::message("new_message", &frames::id(), &thread, &run, GREETING)).await;
    out.send(frames::run("on_chat_start", &run, &thread, Some("{}"))).await;
    out.send(frames::TASK_END).await;
}

async fn answer(said: String, is_first: bool, thread: String, out: mpsc::Sender<Utf8Bytes>) {
    let (out, run, id) = (Out(out), frames::id(), frames::id());
    out.send(frames::TASK_START).await;
    if is_first {
        out.send(frames::first_interaction(&thread, &said)).await;
    }
    out.send(frames::run("on_message", &run, &thread, None)).await;
    let tokens = match Command::of(&said) {
        Command::Stream(tokens) | Command::Yield(tokens) | Command::Paced { tokens, .. } => tokens,
        _ => 0,
    };
    let mut whole = String::with_capacity(tokens as usize * TOKEN.len());
    match Command::of(&said) {
        Command::Echo | Command::Steps(_) | Command::Text { .. } | Command::Messages(_) => {
            let text = format!("Echo: {said}");
            out.send(frames::message("new_message", &id, &thread, &run, &text)).await;
        }
        Command::Stream(tokens) => {
            for _ in 0..tokens {
                stream(&out, &mut whole, &id, &thread, &run, TOKEN).await;
            }
        }
        Command::Yield(tokens) => {
            for _ in 0..tokens {
                stream(&out, &mut whole, &id, &thread, &run, TOKEN).await;
                tokio::task::yield_now().await;
            }
        }
        Command::Paced { tokens, per_second } => {
            let mut pace = Pace::new(tokens, per_second);
            while let Some(token) = pace.next().await {
                stream(&out, &mut whole, &id, &thread, &run, &token).await;
            }
        }
    }
    if tokens > 0 {
        out.send(frames::message("update_message", &id, &thread, &run, &whole)).await;
    }
    out.send(frames::run("on_message", &run, &thread, Some(&said))).await;
    out.send(frames::TASK_END).await;
}

/// Sends one token: the first opens the message.
async fn stream(out: &Out, whole: &mut String, id: &str, thread: &str, run: &str, token: &str) {
    let frame = if whole.is_empty() {
        frames::message("stream_start", id, thread, run, token)
    } else {
        frames::token(id, token)
    };
    whole.push_str(token);
    out.send(frame).await;
}
