//! A user's connection: Socket.IO over a WebSocket in memory, as `socket.io-client` speaks it.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use http::HeaderMap;
use http::header::{COOKIE, SET_COOKIE};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::io::DuplexStream;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};

use super::screen::Screen;
use crate::chat::Chats;
use crate::http::PeerAddr;
use crate::service::ChainlitService;

/// Bytes that are on their way in each direction.
const PIPE_BYTES: usize = 64 * 1024;

/// How long the server may take to answer CONNECT.
const PATIENCE: Duration = Duration::from_secs(60);

/// What `socket.io-client` asks for.
const SOCKET_TARGET: &str = "/ws/socket.io/?EIO=4&transport=websocket";

/// Connections to the application, in memory.
#[derive(Debug)]
pub(super) struct Network {
    service: ChainlitService,
    /// Where the requests seem to come from.
    peer: SocketAddr,
    /// The cookies of the browser, as it sends them.
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Network {
    pub(super) fn new(service: ChainlitService) -> Self {
        let peer = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
        Self { service, peer, cookies: Mutex::default() }
    }

    /// The same browser before another application.
    pub(super) fn moved_to(&self, other: &Self) -> Self {
        let cookies = Mutex::new(self.cookies.lock().clone());
        Self { service: other.service.clone(), peer: self.peer, cookies }
    }

    /// Another browser.
    pub(super) fn browser(&self) -> Self {
        Self { service: self.service.clone(), peer: self.peer, cookies: Mutex::default() }
    }

    /// The chats of the application.
    pub(super) fn chats(&self) -> &Chats {
        self.service.chats()
    }

    /// A connection that the application serves.
    pub(super) fn dial(&self) -> DuplexStream {
        let (near, far) = tokio::io::duplex(PIPE_BYTES);
        let (service, peer) = (self.service.clone(), self.peer);
        let service = service_fn(move |mut request: http::Request<Incoming>| {
            request.extensions_mut().insert(PeerAddr(peer));
            tower_service::Service::call(&mut service.clone(), request)
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(far), service)
            .with_upgrades();
        tokio::spawn(connection);
        near
    }

    /// The header with the browser's cookies, if it has any.
    pub(super) fn cookie_header(&self) -> Option<String> {
        let cookies = self.cookies.lock();
        let pairs: Vec<String> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Keeps the cookies that an answer sets, as a browser does.
    pub(super) fn keep_cookies(&self, headers: &HeaderMap) {
        let mut cookies = self.cookies.lock();
        for value in headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let mut parts = value.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            if parts.any(|attribute| attribute.eq_ignore_ascii_case("max-age=0")) {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// What a page keeps when its connection breaks, to go on where it was.
#[derive(Debug, Default)]
struct Memory {
    pid: Option<String>,
    offset: Option<String>,
}

/// What a page knows, whatever becomes of its connection.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) screen: watch::Sender<Screen>,
    memory: Mutex<Memory>,
    /// Who waits for the server to acknowledge an event.
    taken: Mutex<Vec<(u64, oneshot::Sender<()>)>>,
    last_id: AtomicU64,
}

impl Page {
    pub(super) fn new() -> Self {
        Self {
            screen: watch::Sender::new(Screen::default()),
            memory: Mutex::default(),
            taken: Mutex::default(),
            last_id: AtomicU64::new(0),
        }
    }

    /// Takes a packet of the server; gives what is to be answered.
    fn take(&self, packet: &str) -> Option<&'static str> {
        if packet == "2" {
            return Some("3");
        }
        if let Some(rest) = packet.strip_prefix("43") {
            let digits = rest.find('[').unwrap_or(rest.len());
            let id = rest[..digits].parse().ok();
            let mut taken = self.taken.lock();
            if let Some(place) = taken.iter().position(|(known, _)| Some(*known) == id) {
                // Nobody may wait any more.
                let _ = taken.swap_remove(place).1.send(());
            }
        } else if let Some(rest) = packet.strip_prefix("42") {
            let digits = rest.find('[').unwrap_or(rest.len());
            let ack = rest[..digits].parse().ok();
            let args: Vec<Value> = serde_json::from_str(&rest[digits..]).unwrap_or_default();
            if let (None, Some(offset)) = (ack, args.get(2).and_then(Value::as_str)) {
                self.memory.lock().offset = Some(offset.to_owned());
            }
            let name = args.first().and_then(Value::as_str).unwrap_or_default();
            let data = args.get(1).cloned().unwrap_or_default();
            self.screen.send_modify(|screen| screen.apply(name, data, ack));
        }
        None
    }
}

/// An open connection; cut when it is dropped.
#[derive(Debug)]
pub(super) struct Connection {
    outgoing: mpsc::UnboundedSender<Message>,
    task: tokio::task::JoinHandle<()>,
    /// Whether the server went on where the page was.
    pub(super) is_recovered: bool,
}

impl Connection {
    /// Connects with what the page knows, and says that it is ready.
    pub(super) async fn open(
        network: &Network,
        page: &Arc<Page>,
        auth: Value,
    ) -> Result<Self, String> {
        let opened = tokio::time::timeout(PATIENCE, Self::introduce(network, page, auth)).await;
        let (socket, is_recovered) =
            opened.map_err(|_| format!("no answer to CONNECT within {PATIENCE:?}"))??;
        let (outgoing, sending) = mpsc::unbounded_channel();
        let task = tokio::spawn(drive(socket, sending, Arc::clone(page)));
        let connection = Self { outgoing, task, is_recovered };
        connection.emit("connection_successful", None);
        Ok(connection)
    }

    async fn introduce(
        network: &Network,
        page: &Page,
        mut auth: Value,
    ) -> Result<(WebSocketStream<DuplexStream>, bool), String> {
        let request = format!("ws://chainlit.test{SOCKET_TARGET}").into_client_request();
        let mut request = request.map_err(|error| error.to_string())?;
        if let Some(cookies) = network.cookie_header() {
            let cookies = cookies.parse().map_err(|_| "the cookies are no text".to_owned())?;
            request.headers_mut().insert(COOKIE, cookies);
        }
        let opened = tokio_tungstenite::client_async(request, network.dial()).await;
        let (mut socket, _) = opened.map_err(|error| error.to_string())?;
        text(&mut socket).await?;
        let known = {
            let memory = page.memory.lock();
            if let Some(pid) = &memory.pid {
                auth["pid"] = json!(pid);
                auth["offset"] = json!(memory.offset);
            }
            memory.pid.clone()
        };
        let sent = socket.send(Message::text(format!("40{auth}"))).await;
        sent.map_err(|error| error.to_string())?;
        let answer = text(&mut socket).await?;
        let value: Value = serde_json::from_str(&answer[2..]).unwrap_or_default();
        if answer.starts_with("44") {
            return Err(value["message"].as_str().unwrap_or_default().to_owned());
        }
        let pid = value["pid"].as_str().map(str::to_owned);
        let is_recovered = pid.is_some() && pid == known;
        page.memory.lock().pid = pid;
        Ok((socket, is_recovered))
    }

    /// Sends an event and does not wait.
    pub(super) fn emit(&self, name: &str, payload: Option<Value>) {
        self.packet(format!("42{}", event(name, payload)));
    }

    /// Sends an event; the receiver hears when the server has taken it.
    pub(super) fn request(
        &self,
        page: &Page,
        name: &str,
        payload: Option<Value>,
    ) -> oneshot::Receiver<()> {
        let id = page.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let (taken, heard) = oneshot::channel();
        page.taken.lock().push((id, taken));
        self.packet(format!("42{id}{}", event(name, payload)));
        heard
    }

    /// Answers an event of the server.
    pub(super) fn answer(&self, ack: u64, value: &Value) {
        self.packet(format!("43{ack}{}", json!([value])));
    }

    /// Sends an event whose `data` is binary.
    pub(super) fn emit_binary(&self, name: &str, mut payload: Value, data: Vec<u8>) {
        payload["data"] = json!({ "_placeholder": true, "num": 0 });
        self.packet(format!("451-{}", event(name, Some(payload))));
        let _ = self.outgoing.send(Message::binary(data));
    }

    /// Leaves as a page does that is closed for good.
    pub(super) async fn leave(self) {
        self.emit("clear_session", None);
        self.packet("41".to_owned());
        let _ = self.outgoing.send(Message::Close(None));
        // The server ends the connection then.
        let mut this = self;
        let _ = tokio::time::timeout(PATIENCE, &mut this.task).await;
    }

    fn packet(&self, packet: String) {
        // A connection that broke takes nothing: the page finds out by what it waits for.
        let _ = self.outgoing.send(Message::text(packet));
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn event(name: &str, payload: Option<Value>) -> Value {
    let mut event = vec![json!(name)];
    event.extend(payload);
    Value::Array(event)
}

/// The next text, of a connection that is being opened.
async fn text(socket: &mut WebSocketStream<DuplexStream>) -> Result<String, String> {
    match socket.next().await {
        Some(Ok(Message::Text(text))) => Ok(text.to_string()),
        Some(Ok(Message::Close(frame))) => Err(format!("the server closed: {frame:?}")),
        Some(Ok(other)) => Err(format!("the server sent {other:?}")),
        Some(Err(error)) => Err(error.to_string()),
        None => Err("the server closed the connection".to_owned()),
    }
}

/// Reads and writes until the connection ends.
async fn drive(
    mut socket: WebSocketStream<DuplexStream>,
    mut sending: mpsc::UnboundedReceiver<Message>,
    page: Arc<Page>,
) {
    loop {
        let answer = tokio::select! {
            received = socket.next() => match received {
                Some(Ok(Message::Text(packet))) => page.take(&packet).map(Message::text),
                Some(Ok(Message::Binary(data))) => {
                    page.screen.send_modify(|screen| screen.hear(&data));
                    None
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => None,
            },
            message = sending.recv() => match message {
                Some(message) => Some(message),
                None => break,
            },
        };
        if let Some(message) = answer
            && socket.send(message).await.is_err()
        {
            break;
        }
    }
    page.screen.send_modify(|screen| screen.connected = false);
}
