//! Files that belong to a session: what the user uploads, and the content of elements.

use std::fmt;
use std::io;
use std::path::PathBuf;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, Stream, StreamExt};

use crate::error::Error;
use crate::wire::{ElementDict, ElementSize, ElementType};

/// A file that belongs to a session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionFile {
    /// UUID v4, made by the server.
    pub id: String,
    /// The name its owner gave it. Of it only the extension gets into the path.
    pub name: String,
    /// Where it is on this machine, as long as the chat keeps it: an upload goes with its message.
    pub path: PathBuf,
    /// Its media type.
    pub mime: String,
    /// Its length in bytes.
    pub size: u64,
}

impl SessionFile {
    /// A file that is at `path`, for those who write a [`FileStore`].
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        path: impl Into<PathBuf>,
        mime: impl Into<String>,
        size: u64,
    ) -> Self {
        Self { id: id.into(), name: name.into(), path: path.into(), mime: mime.into(), size }
    }

    /// The element that shows the file with a message: what an upload becomes.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let file = cl::SessionFile::new("f1", "cat.png", "/tmp/f1", "image/png", 67);
    /// let element = file.to_element("thread", "message");
    /// assert_eq!(element.kind, cl::ElementType::Image);
    /// assert_eq!(element.chainlit_key.as_deref(), Some("f1"));
    /// ```
    #[must_use]
    pub fn to_element(&self, thread_id: &str, message_id: &str) -> ElementDict {
        let essence = self.mime.split(';').next().unwrap_or_default().trim();
        let kind = match essence.split('/').next() {
            Some("image") => ElementType::Image,
            Some("audio") => ElementType::Audio,
            Some("video") => ElementType::Video,
            _ if essence == "application/pdf" => ElementType::Pdf,
            _ => ElementType::File,
        };
        let is_picture = matches!(kind, ElementType::Image | ElementType::Video);
        ElementDict {
            chainlit_key: Some(self.id.clone()),
            size: is_picture.then_some(ElementSize::Medium),
            auto_play: (kind == ElementType::Audio).then_some(false),
            for_id: message_id.into(),
            mime: Some(self.mime.clone()),
            ..ElementDict::new(self.id.as_str(), thread_id, kind, self.name.as_str())
        }
    }
}

/// What a file consists of. Only [`Bytes`](Self::Bytes) is in memory as a whole.
///
/// ```
/// use chainlit as cl;
///
/// let small: cl::Content = "a,b\n1,2\n".into();
/// let large = cl::Content::path("films/holiday.mp4");
/// let parts = futures_util::stream::iter(["a", "b"].map(|part| Ok(part.into())));
/// let made = cl::Content::stream(parts);
/// # let _ = (small, large, made);
/// ```
pub enum Content {
    /// In memory.
    Bytes(Bytes),
    /// On this machine. It is read where it is, as long as the chat lives.
    Path(PathBuf),
    /// Arrives piece by piece.
    Stream(BoxStream<'static, io::Result<Bytes>>),
}

impl Content {
    /// The file at that path.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self::Path(path.into())
    }

    /// What the stream gives, written to a file while it arrives.
    pub fn stream(stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self::Stream(stream.boxed())
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            Self::Path(path) => write!(f, "Path({})", path.display()),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Bytes(text.into())
    }
}

impl From<&'static str> for Content {
    fn from(text: &'static str) -> Self {
        Self::Bytes(Bytes::from_static(text.as_bytes()))
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<PathBuf> for Content {
    fn from(path: PathBuf) -> Self {
        Self::Path(path)
    }
}

/// A file that is to be kept.
#[derive(Debug)]
#[non_exhaustive]
pub struct NewFile {
    /// What its owner calls it.
    pub name: String,
    /// Its media type; found out from the content and the name when `None`.
    pub mime: Option<String>,
    /// What it consists of.
    pub content: Content,
    /// The most bytes it may have, where less than what the session may keep.
    pub max_bytes: Option<u64>,
}

impl NewFile {
    /// A file of that name and content.
    #[must_use]
    pub fn new(name: impl Into<String>, content: impl Into<Content>) -> Self {
        Self { name: name.into(), mime: None, content: content.into(), max_bytes: None }
    }

    /// Sets the media type.
    #[must_use]
    pub fn mime(mut self, mime: impl Into<Option<String>>) -> Self {
        self.mime = mime.into();
        self
    }

    /// Sets the most bytes it may have.
    #[must_use]
    pub fn max_bytes(mut self, bytes: impl Into<Option<u64>>) -> Self {
        self.max_bytes = bytes.into();
        self
    }
}

/// Keeps the files of one session.
///
/// The server has one on disk for each chat; [`NoFiles`] is for sessions without one.
pub trait FileStore: Send + Sync + 'static {
    /// Keeps a file, while it arrives.
    ///
    /// # Errors
    ///
    /// [`Error::File`] when it is too large, can't be read or can't be written; nothing of it is
    /// left then.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing is kept.
    fn save(&self, file: NewFile) -> BoxFuture<'_, Result<SessionFile, Error>>;

    /// The file with that id.
    fn get(&self, id: &str) -> Option<SessionFile>;

    /// All files, in no particular order.
    fn list(&self) -> Vec<SessionFile>;

    /// Removes the file with that id, if there is one.
    fn remove(&self, id: &str);

    /// The file with that id was replaced. It may stay a while for a page that asks late, as long as
    /// nothing else wants its place.
    fn retire(&self, id: &str) {
        self.remove(id);
    }

    /// Whether the file with that id is there; it is used again, should it have been replaced.
    fn reclaim(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    /// Removes all files: the chat has ended.
    fn clear(&self);
}

/// Keeps nothing: the files of a session that has no place for any.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use chainlit::{self as cl, FileStore};
///
/// assert!(cl::NoFiles.save(cl::NewFile::new("a.txt", "a")).await.is_err());
/// assert!(cl::NoFiles.list().is_empty());
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl FileStore for NoFiles {
    fn save(&self, file: NewFile) -> BoxFuture<'_, Result<SessionFile, Error>> {
        let reason = "this session keeps no files".to_owned();
        Box::pin(std::future::ready(Err(Error::File { name: file.name, reason })))
    }

    fn get(&self, _id: &str) -> Option<SessionFile> {
        None
    }

    fn list(&self) -> Vec<SessionFile> {
        Vec::new()
    }

    fn remove(&self, _id: &str) {}

    fn clear(&self) {}
}
