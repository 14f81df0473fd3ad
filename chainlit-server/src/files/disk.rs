use std::fs::{self, DirBuilder, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use crate::random::random_id;

/// The folder below the application's where files are kept.
const FOLDER: &str = ".files";

/// What a lock file's name ends with, behind the name of the folder that it is for.
const LOCK: &str = "lock";

/// The numbers that bound what is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileLimits {
    /// Bytes that one chat may keep.
    pub(crate) session_bytes: u64,
    /// Files that one chat may keep.
    pub(crate) session_files: usize,
    /// Bytes that all chats together may keep.
    pub(crate) bytes: u64,
}

/// This process's folder for files; cheap to clone.
#[derive(Clone)]
pub(crate) struct Disk(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    limits: FileLimits,
    /// Bytes that are kept or on their way.
    bytes: AtomicU64,
    home: Mutex<Home>,
}

enum Home {
    /// Nothing was kept yet.
    None,
    There {
        path: PathBuf,
        /// Locked as long as the folder is in use.
        _lock: File,
    },
    /// The server has gone down.
    Closed,
}

impl Disk {
    /// Nothing is made before there is a file. What processes that were killed have left is removed.
    pub(crate) fn new(app_root: &Path, limits: FileLimits) -> Self {
        let folder = app_root.join(FOLDER);
        remove_leftovers(&folder);
        let (bytes, home) = (AtomicU64::new(0), Mutex::new(Home::None));
        Self(Arc::new(Inner { folder, limits, bytes, home }))
    }

    pub(crate) fn limits(&self) -> &FileLimits {
        &self.0.limits
    }

    /// Makes a folder for one chat. Blocks.
    pub(super) fn make_folder(&self) -> io::Result<PathBuf> {
        let mut home = self.0.home.lock();
        if matches!(*home, Home::None) {
            *home = make_home(&self.0.folder)?;
        }
        let Home::There { path, .. } = &*home else {
            return Err(io::Error::other("the server goes down"));
        };
        let path = path.join(random_id());
        make_private(&path)?;
        Ok(path)
    }

    /// Counts bytes; false, and nothing is counted, when there is no room for them.
    pub(super) fn reserve(&self, bytes: u64) -> bool {
        let most = self.0.limits.bytes;
        let add = |now: u64| now.checked_add(bytes).filter(|sum| *sum <= most);
        self.0.bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).is_ok()
    }

    pub(super) fn release(&self, bytes: u64) {
        self.0.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// Removes everything: the server has gone down, nothing is kept any more. Blocks.
    pub(crate) fn close(&self) {
        self.0.close();
    }
}

impl Inner {
    fn close(&self) {
        let home = std::mem::replace(&mut *self.home.lock(), Home::Closed);
        if let Home::There { path, _lock } = home {
            remove_folder(&path);
            remove_file(&path.with_extension(LOCK));
            // Only if no other process has something there.
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

/// The lock comes first: a folder with a lock file that nobody holds is a leftover.
fn make_home(folder: &Path) -> io::Result<Home> {
    loop {
        make_private(folder)?;
        let path = folder.join(random_id());
        let lock_path = path.with_extension(LOCK);
        let lock = match File::create_new(&lock_path) {
            // Another process has gone down just now and has removed the folder.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            lock => lock?,
        };
        lock.lock()?;
        // A process that starts just now may have found it unlocked, and removed it.
        if lock_path.try_exists()? {
            make_private(&path)?;
            return Ok(Home::There { path, _lock: lock });
        }
    }
}

/// Makes a folder that only this user can read.
pub(crate) fn make_private(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Removes the folders of processes that ended without doing so. Those without a lock file are not
/// ours.
fn remove_leftovers(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for lock_path in entries.flatten().map(|entry| entry.path()) {
        if lock_path.extension().is_none_or(|extension| extension != LOCK) {
            continue;
        }
        let Ok(lock) = File::open(&lock_path) else { continue };
        match lock.try_lock() {
            Ok(()) => {
                remove_folder(&lock_path.with_extension(""));
                remove_file(&lock_path);
            }
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => {
                tracing::debug!(path = %lock_path.display(), %error, "a lock can't be asked for");
            }
        }
    }
}

pub(super) fn remove_folder(path: &Path) {
    told(path, fs::remove_dir_all(path));
}

pub(super) fn remove_file(path: &Path) {
    told(path, fs::remove_file(path));
}

fn told(path: &Path, removed: io::Result<()>) {
    if let Err(error) = removed
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "files could not be removed");
    }
}

/// Does what blocks where it keeps nobody.
pub(super) fn apart(work: impl FnOnce() + Send + 'static) {
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => {
            runtime.spawn_blocking(work);
        }
        Err(_) => work(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: FileLimits = FileLimits { session_bytes: 10, session_files: 2, bytes: 15 };

    #[test]
    fn another_process_keeps_its_folder() {
        let root = tempfile::tempdir().unwrap();
        let living = Disk::new(root.path(), LIMITS);
        let folder = living.make_folder().unwrap();
        let other = Disk::new(root.path(), LIMITS);
        assert!(folder.is_dir());
        let folder_of_other = other.make_folder().unwrap();
        drop(living);
        assert!(!folder.exists() && folder_of_other.is_dir());
        drop(other);
        assert!(!root.path().join(FOLDER).exists());
    }

    #[test]
    fn what_was_left_goes_and_what_is_not_ours_stays() {
        let root = tempfile::tempdir().unwrap();
        let files = root.path().join(FOLDER);
        fs::create_dir_all(files.join("dead/chat")).unwrap();
        fs::write(files.join("dead/chat/file"), "x").unwrap();
        fs::write(files.join("dead.lock"), "").unwrap();
        fs::create_dir_all(files.join("foreign")).unwrap();
        let _disk = Disk::new(root.path(), LIMITS);
        assert!(!files.join("dead").exists() && !files.join("dead.lock").exists());
        assert!(files.join("foreign").is_dir());
    }

    #[test]
    fn bytes_are_counted_for_all() {
        let root = tempfile::tempdir().unwrap();
        let disk = Disk::new(root.path(), LIMITS);
        assert!(disk.reserve(10) && !disk.reserve(6) && disk.reserve(5) && !disk.reserve(u64::MAX));
        disk.release(5);
        assert!(disk.reserve(5));
    }

    #[test]
    fn nothing_is_kept_after_the_end() {
        let root = tempfile::tempdir().unwrap();
        let disk = Disk::new(root.path(), LIMITS);
        disk.make_folder().unwrap();
        disk.close();
        assert!(disk.make_folder().is_err());
        assert!(!root.path().join(FOLDER).exists());
    }
}
