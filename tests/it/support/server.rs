use std::net::SocketAddr;
use std::time::Duration;

use chainlit::{App, AppRoot, Config};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{Client, Length};

/// An application that is served on a free port of the loopback until [`stop`](Self::stop).
pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    shutdown: CancellationToken,
    task: JoinHandle<()>,
    /// The application's folder, which goes with the server.
    root: TempDir,
}

impl TestServer {
    /// Serves with the default configuration.
    pub(crate) async fn start(app: App) -> Self {
        Self::start_with(app, |_| {}).await
    }

    /// Serves with a configuration that `change` has changed.
    pub(crate) async fn start_with(app: App, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        config.ui.name = "Assistant".to_owned();
        // Most tests leave handlers behind that nothing ends.
        config.limits.shutdown = Duration::ZERO;
        change(&mut config);
        let root = tempfile::tempdir().unwrap();
        let app = app.config(config).root(AppRoot::new(root.path()).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let done = shutdown.clone().cancelled_owned();
        let task = tokio::spawn(async move { app.serve(listener, done).await.unwrap() });
        Self { address, shutdown, task, root }
    }

    /// The application's folder.
    pub(crate) fn root(&self) -> &std::path::Path {
        self.root.path()
    }

    /// Puts a file into the application's folder.
    pub(crate) fn write(&self, path: &str, content: &[u8]) {
        let path = self.root.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Goes down and waits until everything has ended; gives the application's folder.
    pub(crate) async fn stop(self) -> TempDir {
        self.begin_stop();
        self.task.await.unwrap();
        self.root
    }

    /// Begins to go down.
    pub(crate) fn begin_stop(&self) {
        self.shutdown.cancel();
    }

    /// A client with a fresh session, greeted.
    pub(crate) async fn join(&self) -> Client {
        self.join_as(&uuid::Uuid::new_v4().to_string()).await
    }

    /// A client with that session id, greeted: `task_end`, `clear_ask` and `clear_call_fn` have
    /// come.
    pub(crate) async fn join_as(&self, session_id: &str) -> Client {
        let client = Client::open(self.address).await;
        self.join_with(client, session_id).await
    }

    /// That client, greeted.
    pub(crate) async fn join_with(&self, mut client: Client, session_id: &str) -> Client {
        client.connect(auth(session_id)).await.unwrap();
        client.emit("connection_successful", None).await;
        for name in ["task_end", "clear_ask", "clear_call_fn"] {
            client.expect(name).await;
        }
        client
    }

    /// A client that polls, greeted.
    pub(crate) async fn join_by_polling(&self, session_id: &str) -> Client {
        let query = "transport=polling&EIO=4";
        let client = Client::dial(self.address, query, Length::ENDLESS).await;
        self.join_with(client.expect("nothing cuts it"), session_id).await
    }

    /// A connected client that has said nothing yet.
    pub(crate) async fn connect(&self, auth: Value) -> Result<Client, super::Refused> {
        let mut client = Client::open(self.address).await;
        client.connect(auth).await?;
        Ok(client)
    }

    /// One HTTP request: status and body.
    pub(crate) async fn request(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let (status, body) = self.request_text(method, path, &body).await;
        (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
    }

    /// One HTTP request: status and body as they are.
    pub(crate) async fn request_text(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, body.to_owned())
    }
}

/// What Chainlit's client sends with CONNECT.
pub(crate) fn auth(session_id: &str) -> Value {
    json!({
        "clientType": "webapp",
        "sessionId": session_id,
        "threadId": "",
        "userEnv": "{}",
        "chatProfile": "",
    })
}
