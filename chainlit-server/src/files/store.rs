use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use chainlit_core::{Content, Error, FileStore, NewFile, SessionFile};
use futures_util::future::BoxFuture;
use futures_util::stream::{self, Stream, StreamExt};
use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

use super::PinnedFile;
use super::disk::Disk;
use super::media_type::MediaType;
use super::on_disk::{OnDisk, OwnFolder};
use super::outdated::Outdated;
use super::partial::Partial;

/// The most letters of an extension that a file keeps.
const MAX_EXTENSION: usize = 16;

/// The files of one chat. A chat without files costs no more than this.
#[derive(Clone)]
pub(crate) struct SessionFiles(Arc<Shelf>);

/// Where the files of one chat are, and how many.
pub(super) struct Shelf {
    disk: Disk,
    kept: Mutex<Kept>,
    /// Never locked within the other one.
    folder: Mutex<Folder>,
}

#[derive(Default)]
struct Kept {
    files: HashMap<String, KeptFile>,
    /// Those of them that go first when there is no room.
    outdated: Outdated,
    /// Files that are there or on their way.
    places: usize,
    /// Bytes that are there or on their way.
    bytes: u64,
    is_closed: bool,
}

struct KeptFile {
    file: SessionFile,
    /// There when it lies in our folder.
    on_disk: Option<Arc<OnDisk>>,
}

#[derive(Default)]
enum Folder {
    #[default]
    None,
    At(Arc<OwnFolder>),
    /// The chat has ended.
    Closed,
}

/// Why a file is not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SaveError {
    #[error("it has more than {0} bytes")]
    TooLarge(u64),
    #[error("this chat keeps {0} files already (`limits.files_per_session`)")]
    TooMany(usize),
    #[error(
        "this chat has no room for it, {0} bytes are the most (`limits.file_bytes_per_session`)"
    )]
    NoRoom(u64),
    #[error("the server has no room for further files (`limits.file_bytes`)")]
    ServerFull,
    #[error("it is no file")]
    NoFile,
    #[error("the chat has ended")]
    Ended,
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl SessionFiles {
    pub(crate) fn new(disk: Disk) -> Self {
        let (kept, folder) = (Mutex::default(), Mutex::default());
        Self(Arc::new(Shelf { disk, kept, folder }))
    }

    /// Writes what arrives to a file of our own. `media_type` is right already. What the content
    /// fails with is given back.
    pub(crate) async fn receive<E: From<SaveError>>(
        &self,
        name: String,
        media_type: String,
        max_bytes: Option<u64>,
        content: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<SessionFile, E> {
        let id = Uuid::new_v4().to_string();
        let partial = Partial::begin(&self.0)?;
        let (mut partial, mut file) = partial.create(on_disk(&id, &name)).await?;
        let mut content = pin!(content);
        while let Some(piece) = content.next().await {
            let piece = piece?;
            let length = piece.len() as u64;
            if let Some(most) = max_bytes.filter(|most| partial.bytes() + length > *most) {
                return Err(SaveError::TooLarge(most).into());
            }
            partial.grow(length)?;
            file.write_all(&piece).await.map_err(SaveError::Io)?;
        }
        file.flush().await.map_err(SaveError::Io)?;
        let path = partial.path().ok_or(SaveError::Ended)?;
        let file = SessionFile::new(id, name, path, media_type, partial.bytes());
        self.0.keep(file.clone(), true)?;
        partial.keep();
        Ok(file)
    }

    /// The file with that id, which stays on the disk until this is dropped, whatever becomes of the
    /// chat.
    pub(crate) fn pin(&self, id: &str) -> Option<PinnedFile> {
        let kept = self.0.kept.lock();
        let KeptFile { file, on_disk } = kept.files.get(id)?;
        Some(PinnedFile { file: file.clone(), _on_disk: on_disk.clone() })
    }

    /// Keeps a file of the application where it is.
    async fn adopt(
        &self,
        name: String,
        media_type: Option<String>,
        max_bytes: Option<u64>,
        path: PathBuf,
    ) -> Result<SessionFile, SaveError> {
        let partial = Partial::begin(&self.0)?;
        let path = std::path::absolute(path)?;
        let metadata = tokio::fs::metadata(&path).await?;
        // Asked before the file is opened: to open a pipe would wait for its writer.
        if !metadata.is_file() {
            return Err(SaveError::NoFile);
        }
        if let Some(most) = max_bytes.filter(|most| metadata.len() > *most) {
            return Err(SaveError::TooLarge(most));
        }
        let media_type = match media_type {
            Some(media_type) => media_type,
            None => {
                let mut head = Vec::new();
                let file = tokio::fs::File::open(&path).await?;
                file.take(MediaType::HEAD_BYTES as u64).read_to_end(&mut head).await?;
                MediaType::of(&name, &head)
            }
        };
        let id = Uuid::new_v4().to_string();
        let file = SessionFile::new(id, name, path, media_type, metadata.len());
        self.0.keep(file.clone(), false)?;
        partial.keep();
        Ok(file)
    }

    async fn save_new(&self, file: NewFile) -> Result<SessionFile, SaveError> {
        let NewFile { name, mime: media_type, content, max_bytes, .. } = file;
        let content = match content {
            Content::Path(path) => return self.adopt(name, media_type, max_bytes, path).await,
            Content::Bytes(bytes) => stream::iter([Ok(bytes)]).boxed(),
            Content::Stream(stream) => stream,
        };
        let mut content = content.fuse();
        let (media_type, head) = match media_type {
            Some(media_type) => (media_type, Vec::new()),
            None => {
                let head = MediaType::head(&mut content).await?;
                (MediaType::of(&name, &head.concat()), head)
            }
        };
        let content = stream::iter(head.into_iter().map(Ok)).chain(content);
        let content = content.map(|piece| piece.map_err(SaveError::Io));
        self.receive(name, media_type, max_bytes, content).await
    }
}

impl FileStore for SessionFiles {
    fn save(&self, file: NewFile) -> BoxFuture<'_, Result<SessionFile, Error>> {
        let name = file.name.clone();
        Box::pin(async move {
            self.save_new(file).await.map_err(|error| match error {
                SaveError::Ended => Error::ChatEnded,
                error => Error::File { name, reason: error.to_string() },
            })
        })
    }

    fn get(&self, id: &str) -> Option<SessionFile> {
        self.0.kept.lock().files.get(id).map(|kept| kept.file.clone())
    }

    fn list(&self) -> Vec<SessionFile> {
        self.0.kept.lock().files.values().map(|kept| kept.file.clone()).collect()
    }

    fn remove(&self, id: &str) {
        self.0.drop_file(&mut self.0.kept.lock(), id);
    }

    fn retire(&self, id: &str) {
        let mut kept = self.0.kept.lock();
        let Some(bytes) = kept.files.get(id).map(|kept| kept.file.size) else { return };
        for gone in kept.outdated.push(id.to_owned(), bytes) {
            self.0.drop_file(&mut kept, &gone);
        }
    }

    fn reclaim(&self, id: &str) -> bool {
        let mut kept = self.0.kept.lock();
        kept.outdated.forget(id);
        kept.files.contains_key(id)
    }

    fn clear(&self) {
        self.0.close();
    }
}

/// The name of a file of ours: its id, and the extension that its owner's name has, for libraries that
/// choose by it. Of that name nothing else gets to the disk.
fn on_disk(id: &str, name: &str) -> String {
    let extension = Path::new(name).extension().and_then(OsStr::to_str).filter(|extension| {
        extension.len() <= MAX_EXTENSION && extension.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    extension.map_or_else(|| id.to_owned(), |extension| format!("{id}.{extension}"))
}

impl KeptFile {
    /// Bytes that the chat counts for it.
    fn bytes(&self) -> u64 {
        if self.on_disk.is_some() { self.file.size } else { 0 }
    }
}

impl Shelf {
    pub(super) fn take_place(&self) -> Result<(), SaveError> {
        let most = self.disk.limits().session_files;
        let mut kept = self.kept.lock();
        if kept.is_closed {
            return Err(SaveError::Ended);
        }
        while kept.places >= most {
            if !self.drop_outdated(&mut kept) {
                return Err(SaveError::TooMany(most));
            }
        }
        kept.places += 1;
        Ok(())
    }

    pub(super) fn reserve(&self, bytes: u64) -> Result<(), SaveError> {
        let most = self.disk.limits().session_bytes;
        let mut kept = self.kept.lock();
        if kept.is_closed {
            return Err(SaveError::Ended);
        }
        while kept.bytes + bytes > most {
            if !self.drop_outdated(&mut kept) {
                return Err(SaveError::NoRoom(most));
            }
        }
        while !self.disk.reserve(bytes) {
            if !self.drop_outdated(&mut kept) {
                return Err(SaveError::ServerFull);
            }
        }
        kept.bytes += bytes;
        Ok(())
    }

    /// Frees the place and the bytes of a file that was not kept.
    pub(super) fn give_back(&self, bytes: u64) {
        self.kept.lock().free(bytes);
        self.disk.release(bytes);
    }

    /// Removes the file with that id, if there is one.
    fn drop_file(&self, kept: &mut Kept, id: &str) {
        let Some(gone) = kept.files.remove(id) else { return };
        kept.outdated.forget(id);
        kept.free(gone.bytes());
    }

    /// Makes room by the oldest file that was replaced; false when there is none.
    fn drop_outdated(&self, kept: &mut Kept) -> bool {
        let oldest = kept.outdated.pop();
        if let Some(id) = &oldest {
            self.drop_file(kept, id);
        }
        oldest.is_some()
    }

    /// Makes an empty file with that name of ours. Blocks.
    pub(super) fn create(&self, name: &str) -> Result<(PathBuf, File), SaveError> {
        let mut folder = self.folder.lock();
        if let Folder::None = &*folder {
            *folder = Folder::At(Arc::new(OwnFolder::new(self.disk.make_folder()?)));
        }
        let Folder::At(there) = &*folder else { return Err(SaveError::Ended) };
        let path = there.path.join(name);
        let file = File::create_new(&path)?;
        Ok((path, file))
    }

    /// Keeps a file; one that is ours counts its bytes from now on.
    fn keep(&self, file: SessionFile, is_ours: bool) -> Result<(), SaveError> {
        let folder = match &*self.folder.lock() {
            Folder::At(folder) if is_ours => Some(Arc::clone(folder)),
            _ if is_ours => return Err(SaveError::Ended),
            _ => None,
        };
        let mut kept = self.kept.lock();
        if kept.is_closed {
            return Err(SaveError::Ended);
        }
        let on_disk = folder.map(|folder| {
            let (path, bytes) = (file.path.clone(), file.size);
            Arc::new(OnDisk { path, bytes, disk: self.disk.clone(), folder })
        });
        kept.files.insert(file.id.clone(), KeptFile { file, on_disk });
        Ok(())
    }

    fn close(&self) {
        let files = {
            let mut kept = self.kept.lock();
            kept.is_closed = true;
            kept.outdated = Outdated::default();
            let files = std::mem::take(&mut kept.files);
            // What is still on its way gives its own part back.
            files.values().for_each(|gone| kept.free(gone.bytes()));
            files
        };
        let folder = std::mem::replace(&mut *self.folder.lock(), Folder::Closed);
        if let Folder::At(folder) = folder {
            let mut on_disk = files.values().filter_map(|gone| gone.on_disk.as_ref());
            let goes = on_disk.all(|file| Arc::strong_count(file) == 1);
            folder.goes.store(goes, Ordering::Relaxed);
        }
    }
}

impl Kept {
    /// Frees the place and the bytes of one file.
    fn free(&mut self, bytes: u64) {
        self.places = self.places.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        self.close();
    }
}
