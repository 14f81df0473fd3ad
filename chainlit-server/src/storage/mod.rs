//! Where the content of elements is kept when the session is over: a folder, or a bucket in a cloud.

mod address;
mod place;

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use chainlit_core::SessionFile;
use futures_util::stream::{BoxStream, Stream, StreamExt, TryStreamExt};
use object_store::buffered::BufWriter;
use object_store::path::Path as Key;
use object_store::{GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt};
use tokio::io::AsyncWriteExt;
use tokio::sync::OnceCell;

pub(crate) use address::Way;
use place::{Opened, Place};

/// How much of a file is read at once while it is written to the storage.
const CHUNK_BYTES: usize = 64 * 1024;

/// A larger file is written in parts of that size, of which two may be on their way. Clouds take no
/// smaller ones than 5 MiB.
const PART_BYTES: usize = 8 * 1024 * 1024;

/// How long an address of the bucket's own can be used.
const SIGNED_FOR: Duration = Duration::from_secs(5 * 60);

/// The storage of this server; cheap to clone. It is opened when it is needed first, so that nothing is
/// made where nothing is kept.
#[derive(Clone)]
pub(crate) struct Storage(Arc<Inner>);

struct Inner {
    place: Place,
    /// Whether browsers are sent to the bucket for the content.
    signs_urls: bool,
    opened: OnceCell<Opened>,
}

/// What a storage can't do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StorageError {
    #[error(transparent)]
    Place(#[from] place::PlaceError),
    #[error(transparent)]
    Store(#[from] object_store::Error),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("an id is empty")]
    NoId,
}

/// One content that is there.
pub(crate) struct Object {
    store: Arc<dyn ObjectStore>,
    meta: ObjectMeta,
}

impl Storage {
    /// The storage at that address, or else the folder below the application's.
    ///
    /// # Errors
    ///
    /// When the address has no meaning, or asks for a feature that is not compiled in.
    pub(crate) fn new(
        url: Option<&str>,
        signs_urls: bool,
        app_root: &Path,
    ) -> Result<Self, StorageError> {
        let place = Place::new(url, app_root)?;
        Ok(Self(Arc::new(Inner { place, signs_urls, opened: OnceCell::new() })))
    }

    /// Keeps the content of an element; gives the key that it has from now on. A content that the
    /// element had before gives way when the new one is there as a whole.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing is kept.
    pub(crate) async fn keep(
        &self,
        thread_id: &str,
        element_id: &str,
        file: &SessionFile,
    ) -> Result<String, StorageError> {
        let key = place_of(thread_id, element_id)?;
        let source = tokio::fs::File::open(&file.path).await?;
        let mut source = tokio::io::BufReader::with_capacity(CHUNK_BYTES, source);
        let store = Arc::clone(&self.opened().await?.store);
        let mut target = BufWriter::with_capacity(store, key.clone(), PART_BYTES)
            .with_max_concurrency(2)
            .with_attributes(self.0.place.attributes(&file.mime));
        if let Err(error) = tokio::io::copy_buf(&mut source, &mut target).await {
            // What failed once may fail again; what counts is the first reason.
            let _ = target.abort().await;
            return Err(error.into());
        }
        target.shutdown().await?;
        Ok(key.into())
    }

    /// The key that the content of an element has when it is kept.
    pub(crate) fn key(thread_id: &str, element_id: &str) -> Option<String> {
        place_of(thread_id, element_id).ok().map(Into::into)
    }

    /// Removes the content of an element, if there is one.
    pub(crate) async fn remove(
        &self,
        thread_id: &str,
        element_id: &str,
    ) -> Result<(), StorageError> {
        let key = place_of(thread_id, element_id)?;
        if !self.0.place.exists() {
            return Ok(());
        }
        match self.opened().await?.store.delete(&key).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The content with that key, if it is there.
    pub(crate) async fn find(&self, key: &str) -> Result<Option<Object>, StorageError> {
        let Some((store, key)) = self.look_up(key).await? else { return Ok(None) };
        match store.head(&key).await {
            Ok(meta) => Ok(Some(Object { store, meta })),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// An address of the bucket's own for the content with that key, where that is wanted and possible.
    pub(crate) async fn signed_url(&self, key: &str) -> Result<Option<String>, StorageError> {
        if !self.0.signs_urls {
            return Ok(None);
        }
        let Ok(key) = Key::parse(key) else { return Ok(None) };
        Ok(self.opened().await?.signed_url(&key, SIGNED_FOR).await?)
    }

    /// Removes all that was kept for a thread, and what else its rows name.
    pub(crate) async fn remove_thread(
        &self,
        thread_id: &str,
        keys: impl Iterator<Item = &str>,
    ) -> Result<(), StorageError> {
        let folder = folder(thread_id)?;
        if !self.0.place.exists() {
            return Ok(());
        }
        let named: Vec<Key> = keys.filter_map(|key| Key::parse(key).ok()).collect();
        let store = &self.opened().await?.store;
        let listed = store.list(Some(&folder)).map_ok(|meta| meta.location);
        let all = listed.chain(futures_util::stream::iter(named.into_iter().map(Ok))).boxed();
        let mut removed = store.delete_stream(all);
        while let Some(one) = removed.next().await {
            match one {
                Ok(_) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The store, and the key as it knows it; `None` when it can't have it.
    async fn look_up(
        &self,
        key: &str,
    ) -> Result<Option<(Arc<dyn ObjectStore>, Key)>, StorageError> {
        let Ok(key) = Key::parse(key) else { return Ok(None) };
        if !self.0.place.exists() {
            return Ok(None);
        }
        Ok(Some((Arc::clone(&self.opened().await?.store), key)))
    }

    async fn opened(&self) -> Result<&Opened, StorageError> {
        Ok(self.0.opened.get_or_try_init(|| async { self.0.place.open() }).await?)
    }
}

/// Where the content of an element is.
fn place_of(thread_id: &str, element_id: &str) -> Result<Key, StorageError> {
    if element_id.is_empty() {
        return Err(StorageError::NoId);
    }
    Ok(folder(thread_id)?.join("files").join(element_id))
}

/// Where everything of a thread is. Ids are parts of a key, whatever they look like; an empty one would
/// be none, and the folder that of all threads.
fn folder(thread_id: &str) -> Result<Key, StorageError> {
    if thread_id.is_empty() {
        return Err(StorageError::NoId);
    }
    Ok(Key::from_iter(["threads", thread_id]))
}

impl StorageError {
    /// Whether the same may work later.
    pub(crate) fn is_transient(&self) -> bool {
        use io::ErrorKind::{IsADirectory, NotFound, PermissionDenied};
        match self {
            // The file itself can't be read.
            Self::Io(error) => !matches!(error.kind(), NotFound | PermissionDenied | IsADirectory),
            Self::NoId => false,
            Self::Place(_) | Self::Store(_) => true,
        }
    }
}

impl Object {
    pub(crate) fn length(&self) -> u64 {
        self.meta.size
    }

    /// As HTTP writes it: a folder gives it without quotes.
    pub(crate) fn etag(&self) -> Option<String> {
        let tag = self.meta.e_tag.as_deref()?;
        Some(if tag.ends_with('"') { tag.to_owned() } else { format!("\"{tag}\"") })
    }

    pub(crate) fn modified(&self) -> SystemTime {
        self.meta.last_modified.into()
    }

    /// The bytes of that range, as they come.
    pub(crate) async fn read(
        self,
        part: Range<u64>,
    ) -> io::Result<impl Stream<Item = io::Result<Bytes>>> {
        let nothing: BoxStream<'_, _> = futures_util::stream::empty().boxed();
        if part.is_empty() {
            return Ok(nothing);
        }
        let options = GetOptions { range: Some(GetRange::Bounded(part)), ..GetOptions::default() };
        let found = self.store.get_opts(&self.meta.location, options).await;
        let found = found.map_err(io::Error::other)?;
        Ok(found.into_stream().map_err(io::Error::other).boxed())
    }
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Storage").field(&self.0.place).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn file(folder: &Path, content: &[u8]) -> SessionFile {
        let path = folder.join("upload");
        tokio::fs::write(&path, content).await.unwrap();
        SessionFile::new("f1", "a.png", path, "image/png", content.len() as u64)
    }

    async fn read(storage: &Storage, key: &str, part: Range<u64>) -> Option<Vec<u8>> {
        let object = storage.find(key).await.unwrap()?;
        let pieces: Vec<Bytes> = object.read(part).await.unwrap().try_collect().await.unwrap();
        Some(pieces.concat())
    }

    #[tokio::test]
    async fn what_is_kept_is_there_until_its_thread_goes() {
        let root = tempfile::tempdir().unwrap();
        let storage = Storage::new(None, false, root.path()).unwrap();
        assert!(storage.find("threads/t1/files/e1").await.unwrap().is_none());
        storage.remove_thread("t1", std::iter::empty()).await.unwrap();
        assert!(!root.path().join(".chainlit").exists(), "nothing is made before it is needed");

        // More than one part.
        let large: Vec<u8> = (0..PART_BYTES + 3).map(|number| number as u8).collect();
        let first = storage.keep("t1", "e1", &file(root.path(), &large).await).await.unwrap();
        assert_eq!(first, "threads/t1/files/e1");
        let end = large.len() as u64;
        assert_eq!(read(&storage, &first, 0..end).await.unwrap(), large);
        assert_eq!(read(&storage, &first, end - 2..end).await.unwrap(), large[large.len() - 2..]);
        // Another content of the same element.
        storage.keep("t1", "e1", &file(root.path(), b"new").await).await.unwrap();
        assert_eq!(read(&storage, &first, 0..3).await.unwrap(), b"new");
        let other = storage.keep("t1", "e2", &file(root.path(), b"x").await).await.unwrap();
        assert_eq!(Storage::key("t1", "e2").as_ref(), Some(&other));
        for _ in 0..2 {
            storage.remove("t1", "e2").await.unwrap();
            assert!(storage.find(&other).await.unwrap().is_none());
        }
        assert!(storage.find(&first).await.unwrap().is_some());

        let second = storage.keep("t2", "e1", &file(root.path(), b"").await).await.unwrap();
        storage.remove_thread("t1", std::iter::once("not/there")).await.unwrap();
        assert!(storage.find(&first).await.unwrap().is_none());
        assert_eq!(read(&storage, &second, 0..0).await.unwrap(), b"");
    }

    #[tokio::test]
    async fn no_id_leads_out_of_the_folder() {
        let root = tempfile::tempdir().unwrap();
        let storage = Storage::new(Some("kept"), false, root.path()).unwrap();
        let upload = file(root.path(), b"x").await;
        assert!(storage.keep("", "e1", &upload).await.is_err());
        assert!(storage.keep("t1", "", &upload).await.is_err());
        assert!(storage.remove_thread("", std::iter::empty()).await.is_err());
        for id in ["..", "../..", "/etc", "a/b", "a\\b", "%2e%2e", "ä\0", "."] {
            let key = storage.keep(id, id, &file(root.path(), b"x").await).await.unwrap();
            assert_eq!(read(&storage, &key, 0..1).await.unwrap(), b"x", "{id:?}");
            storage.keep("t1", id, &file(root.path(), b"y").await).await.unwrap();
            storage.remove_thread(id, std::iter::empty()).await.unwrap();
            assert!(storage.find(&key).await.unwrap().is_none(), "{id:?}");
        }
        let left: Vec<_> = std::fs::read_dir(root.path()).unwrap().flatten().collect();
        assert_eq!(left.len(), 2, "{left:?}");
        assert!(root.path().join("kept/threads/t1").is_dir());
    }

    #[tokio::test]
    async fn a_content_that_can_not_be_read_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        let storage = Storage::new(None, false, root.path()).unwrap();
        let missing = SessionFile::new("f1", "a", root.path().join("gone"), "image/png", 1);
        assert!(storage.keep("t1", "e1", &missing).await.is_err());
        assert!(storage.find("threads/t1/files/e1").await.unwrap().is_none());
    }

    #[test]
    fn an_address_without_a_place_is_told() {
        let told = |url| Storage::new(Some(url), false, Path::new("/app")).unwrap_err().to_string();
        assert!(told("ftp://x").contains("`ftp://x`"));
        for url in ["file://x", "s3://", "s3://bucket/folder"] {
            assert!(told(url).contains("write a folder"), "{url}");
        }
        #[cfg(not(feature = "s3"))]
        assert!(told("s3://bucket").contains("feature `s3`"));
        let place = |url| format!("{:?}", Storage::new(url, false, Path::new("/app")).unwrap());
        assert_eq!(place(None), "Storage(Folder(/app/.chainlit/storage))");
        assert_eq!(place(Some("kept")), "Storage(Folder(/app/kept))");
        assert_eq!(place(Some("file:///kept")), "Storage(Folder(/kept))");
    }
}
