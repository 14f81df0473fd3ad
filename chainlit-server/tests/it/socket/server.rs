//! A server of the conformance applications, and clients that send exactly what they are told.

use std::net::SocketAddr;
use std::time::Duration;

use chainlit_server::conformance::{Options, serve};
use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_util::sync::CancellationToken;

use crate::http::client::{Answer, raw};

/// Far more than any answer takes, so that a lost one ends the test.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) type Headers<'a> = &'a [(&'a str, &'a str)];

/// Intervals so long that no ping comes between what a test looks at.
pub(crate) fn calm() -> Options {
    Options {
        ping_interval: Duration::from_secs(60),
        ping_timeout: Duration::from_secs(60),
        connect_timeout: Duration::from_secs(60),
        ..Options::default()
    }
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(options: Options) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let task = tokio::spawn(serve(listener, options, shutdown.clone().cancelled_owned()));
        Self { address, shutdown, task }
    }

    /// Goes down, and waits until everything has ended.
    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        tokio::time::timeout(PATIENCE, self.task).await.expect("it does not end").unwrap();
    }

    /// One request on a connection of its own. `target` is the application and the query without `EIO`.
    pub(crate) async fn send(
        &self,
        method: &str,
        target: &str,
        headers: Headers<'_>,
        body: &str,
    ) -> Answer {
        send(self.address, method, target, headers, body).await
    }

    pub(crate) async fn get(&self, target: &str) -> Answer {
        self.send("GET", target, &[], "").await
    }

    /// Opens a polling connection to the echo.
    pub(crate) async fn open(&self) -> Poller {
        self.open_at("engine.io", &[]).await
    }

    pub(crate) async fn open_at(&self, application: &str, headers: Headers<'_>) -> Poller {
        let target = format!("{application}/?transport=polling");
        let answer = self.send("GET", &target, headers, "").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let open: serde_json::Value = serde_json::from_str(&answer.text()[1..]).unwrap();
        let sid = open["sid"].as_str().unwrap().to_owned();
        Poller { address: self.address, sid, application: application.to_owned() }
    }

    /// Opens a WebSocket; the status when it is refused.
    pub(crate) async fn socket(
        &self,
        target: &str,
        headers: Headers<'_>,
    ) -> Result<Socket, (u16, String)> {
        let mut request = format!("ws://{}/{}", self.address, with_version(target))
            .into_client_request()
            .unwrap();
        for (name, value) in headers {
            let name =
                tokio_tungstenite::tungstenite::http::HeaderName::from_bytes(name.as_bytes());
            request.headers_mut().insert(name.unwrap(), value.parse().unwrap());
        }
        let stream = TcpStream::connect(self.address).await.unwrap();
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((socket, _)) => Ok(Socket(socket)),
            Err(Error::Http(response)) => {
                let body = response.body().clone().unwrap_or_default();
                Err((response.status().as_u16(), String::from_utf8(body).unwrap()))
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// A WebSocket past the handshake.
    pub(crate) async fn open_socket(&self, application: &str) -> Socket {
        let mut socket =
            self.socket(&format!("{application}/?transport=websocket"), &[]).await.unwrap();
        let open = socket.text().await.unwrap();
        assert!(open.starts_with('0') && open.contains(r#""upgrades":[]"#), "{open}");
        socket
    }
}

/// A polling connection.
#[derive(Clone)]
pub(crate) struct Poller {
    address: SocketAddr,
    pub(crate) sid: String,
    application: String,
}

impl Poller {
    /// What the connection's requests ask for, for that transport.
    pub(crate) fn target(&self, transport: &str) -> String {
        format!("{}/?transport={transport}&sid={}", self.application, self.sid)
    }

    pub(crate) async fn request(&self, method: &str, headers: Headers<'_>, body: &str) -> Answer {
        send(self.address, method, &self.target("polling"), headers, body).await
    }

    /// The status and body of a poll.
    pub(crate) async fn poll(&self) -> (u16, String) {
        let answer = self.request("GET", &[], "").await;
        (answer.status, answer.text())
    }

    pub(crate) async fn post(&self, body: &str) -> (u16, String) {
        let answer = self.request("POST", &[], body).await;
        (answer.status, answer.text())
    }

    /// A poll whose answer is waited for elsewhere; it may reach the server later than what is sent next.
    pub(crate) fn start_poll(&self) -> JoinHandle<(u16, String)> {
        let poller = self.clone();
        tokio::spawn(async move { poller.poll().await })
    }

    /// A request that is sent, and whose answer nobody reads yet.
    pub(crate) async fn begin(&self, method: &str, headers: &str, body: &str) -> TcpStream {
        use tokio::io::AsyncWriteExt;
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let target = with_version(&self.target("polling"));
        let head =
            format!("{method} /{target} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", self.address);
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body.as_bytes()).await.unwrap();
        stream
    }

    /// A poll that the server has, for what comes behind it on a connection of its own was answered.
    pub(crate) async fn waiting_poll(&self) -> TcpStream {
        let poll = self.begin("GET", "Connection: close\r\n", "").await;
        assert_eq!(self.post("6").await.0, 200);
        poll
    }

    /// Waits until the server knows the connection no more.
    pub(crate) async fn gone(&self) {
        let gone = async {
            while self.post("6").await.0 == 200 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, gone).await.expect("the connection lives");
    }
}

async fn send(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: Headers<'_>,
    body: &str,
) -> Answer {
    let target = with_version(target);
    let mut head =
        format!("{method} /{target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if method != "GET" {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    raw(address, format!("{head}\r\n{body}").as_bytes()).await
}

fn with_version(target: &str) -> String {
    target.replacen('?', "?EIO=4&", 1)
}

/// A WebSocket.
pub(crate) struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    pub(crate) async fn send(&mut self, text: impl Into<String>) {
        self.0.send(Message::text(text.into())).await.unwrap();
    }

    pub(crate) async fn send_binary(&mut self, bytes: &[u8]) {
        self.0.send(Message::binary(bytes.to_vec())).await.unwrap();
    }

    /// The next message; none when the server ends the connection.
    pub(crate) async fn message(&mut self) -> Option<Message> {
        let message = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("nothing came");
        match message {
            Some(Ok(Message::Close(_)) | Err(_)) | None => None,
            Some(Ok(message)) => Some(message),
        }
    }

    /// The next message, which must be a text.
    pub(crate) async fn text(&mut self) -> Option<String> {
        match self.message().await? {
            Message::Text(text) => Some(text.to_string()),
            other => panic!("{other:?} instead of a text"),
        }
    }

    /// The next message, which must be binary.
    pub(crate) async fn binary(&mut self) -> Vec<u8> {
        match self.message().await {
            Some(Message::Binary(bytes)) => bytes.to_vec(),
            other => panic!("{other:?} instead of bytes"),
        }
    }
}
