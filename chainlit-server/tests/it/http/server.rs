//! A server with an application's folder of its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use chainlit_server::{App, AppRoot, RootPath, ServeOptions};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::client::{Answer, raw};

/// What the server starts with.
#[derive(Default)]
pub(crate) struct Setup {
    files: Vec<(String, Vec<u8>)>,
    options: ServeOptions,
}

impl Setup {
    /// A file below the application's folder.
    pub(crate) fn file(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.files.push((path.to_owned(), content.as_ref().to_vec()));
        self
    }

    pub(crate) fn config(self, text: &str) -> Self {
        self.file(".chainlit/config.toml", text)
    }

    pub(crate) fn root_path(mut self, path: &str) -> Self {
        self.options.root_path = RootPath::new(path).unwrap();
        self
    }

    pub(crate) fn ui_dir(mut self, folder: &Path) -> Self {
        self.options.ui_dir = Some(folder.to_owned());
        self
    }

    pub(crate) async fn start(self) -> Server {
        self.start_app(App::new().on_message(async || {})).await
    }

    pub(crate) async fn start_app(self, app: App) -> Server {
        let outer = tempfile::tempdir().unwrap();
        // The folder has a parent of ours, so that there is something to break out to.
        let root = outer.path().join("app");
        std::fs::create_dir(&root).unwrap();
        std::fs::write(outer.path().join("secret.txt"), "secret").unwrap();
        for (path, content) in &self.files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
        let app_root = AppRoot::new(&root).unwrap();
        let app = app.root(app_root).options(self.options);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            app.serve(listener, std::future::pending()).await.unwrap();
        });
        Server { address, root, task, _outer: outer }
    }
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    root: PathBuf,
    task: JoinHandle<()>,
    _outer: TempDir,
}

impl Server {
    /// The application's folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A request without body, its path sent as it stands.
    pub(crate) async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send_body(method, path, headers, None).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[]).await
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers).await
    }

    pub(crate) async fn post_json(&self, path: &str, body: &str) -> Answer {
        let headers = [("Content-Type", "application/json")];
        self.send_body("POST", path, &headers, Some(body)).await
    }

    pub(crate) async fn send_body(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Answer {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(body) = body {
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        request.push_str(body.unwrap_or_default());
        raw(self.address, request.as_bytes()).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
