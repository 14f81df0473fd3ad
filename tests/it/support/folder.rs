use std::future::Future;
use std::io;
use std::sync::Arc;

use chainlit::wire::{ElementDict, MessageDict, ServerEvent};
use chainlit::{self as cl, Content, Error, FileStore, NewFile, SessionFile};
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// A place for a session's files in a folder of its own.
pub(crate) struct Folder {
    folder: TempDir,
    files: std::sync::Mutex<Vec<SessionFile>>,
}

impl Folder {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { folder: tempfile::tempdir().unwrap(), files: std::sync::Mutex::default() })
    }

    /// Runs a part of a handler with this place for files.
    pub(crate) async fn scope<F: Future>(self: &Arc<Self>, part: F) -> F::Output {
        let context = cl::Context::current();
        let session = context.session();
        let emitter = Arc::new(Forward(session.clone()));
        let files = Arc::clone(self) as Arc<dyn FileStore>;
        let with_files = cl::Session::web_socket(session.id(), emitter)
            .thread_id(session.thread_id())
            .settings(Arc::new(session.settings().clone()))
            .files(files)
            .build();
        let mut inner = cl::Context::new(with_files);
        if let Some(step) = context.current_step() {
            inner = inner.with_step(step);
        }
        inner.scope(part).await
    }

    /// The content of the file with that id.
    pub(crate) fn read(&self, id: &str) -> Option<String> {
        self.get(id).map(|file| std::fs::read_to_string(file.path).unwrap())
    }

    async fn write(&self, id: &str, content: Content) -> io::Result<std::path::PathBuf> {
        let path = self.folder.path().join(id);
        match content {
            Content::Path(path) => return std::fs::metadata(&path).map(|_| path),
            Content::Bytes(bytes) => std::fs::write(&path, bytes)?,
            Content::Stream(mut stream) => {
                let mut all = Vec::new();
                while let Some(part) = stream.next().await {
                    all.extend_from_slice(&part?);
                }
                std::fs::write(&path, all)?;
            }
        }
        Ok(path)
    }
}

impl FileStore for Folder {
    fn save(&self, file: NewFile) -> BoxFuture<'_, Result<SessionFile, Error>> {
        async move {
            let id = uuid::Uuid::new_v4().to_string();
            let path = self.write(&id, file.content).await.map_err(|error| Error::File {
                name: file.name.clone(),
                reason: error.to_string(),
            })?;
            let media_type = file.media_type.unwrap_or("application/octet-stream".to_owned());
            let size = std::fs::metadata(&path).unwrap().len();
            let saved = SessionFile::new(id, file.name, path, media_type, size);
            self.files.lock().unwrap().push(saved.clone());
            Ok(saved)
        }
        .boxed()
    }

    fn get(&self, id: &str) -> Option<SessionFile> {
        self.files.lock().unwrap().iter().find(|file| file.id == id).cloned()
    }

    fn list(&self) -> Vec<SessionFile> {
        self.files.lock().unwrap().clone()
    }

    fn remove(&self, id: &str) {
        self.files.lock().unwrap().retain(|file| file.id != id);
    }

    fn clear(&self) {
        self.files.lock().unwrap().clear();
    }
}

/// Sends through another session.
struct Forward(cl::Session);

impl cl::Emitter for Forward {
    fn emit(&self, event: &ServerEvent<'_>) {
        self.0.emitter().emit(event);
    }

    fn request(&self, event: &ServerEvent<'_>) -> oneshot::Receiver<Value> {
        self.0.emitter().request(event)
    }

    fn remember(&self, event: &ServerEvent<'_>) {
        self.0.emitter().remember(event);
    }

    fn element(&self, id: &str) -> Option<ElementDict> {
        self.0.emitter().element(id)
    }

    fn shown(&self, id: &str) -> Option<Arc<MessageDict>> {
        self.0.emitter().shown(id)
    }

    fn ready(&self) -> Option<BoxFuture<'static, Result<(), Error>>> {
        self.0.emitter().ready()
    }
}
