use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chainlit_core::SessionFile;

use super::disk::{Disk, apart, remove_file, remove_folder};

/// A file of ours that is there until nobody needs it any more: neither its chat nor whoever writes
/// down what the chat has shown.
pub(super) struct OnDisk {
    pub(super) path: PathBuf,
    /// Counted for all chats together.
    pub(super) bytes: u64,
    pub(super) disk: Disk,
    pub(super) folder: Arc<OwnFolder>,
}

/// The folder of one chat; it goes with the last of those who need a file in it.
pub(super) struct OwnFolder {
    pub(super) path: PathBuf,
    /// All files in it go together with it.
    pub(super) goes: AtomicBool,
}

/// A file that stays as it is while this is there, also when its chat is over.
#[derive(Clone)]
pub(crate) struct PinnedFile {
    pub(super) file: SessionFile,
    pub(super) _on_disk: Option<Arc<OnDisk>>,
}

impl OwnFolder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, goes: AtomicBool::new(false) }
    }
}

impl PinnedFile {
    pub(crate) fn file(&self) -> &SessionFile {
        &self.file
    }
}

impl Drop for OnDisk {
    fn drop(&mut self) {
        self.disk.release(self.bytes);
        if !self.folder.goes.load(Ordering::Relaxed) {
            let path = std::mem::take(&mut self.path);
            apart(move || remove_file(&path));
        }
    }
}

impl Drop for OwnFolder {
    fn drop(&mut self) {
        let path = std::mem::take(&mut self.path);
        apart(move || remove_folder(&path));
    }
}
