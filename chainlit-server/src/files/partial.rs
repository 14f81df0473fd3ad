use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{apart, remove_file};
use super::store::{SaveError, Shelf};

/// A file that is on its way: dropped before it is kept, nothing of it is left.
pub(super) struct Partial {
    shelf: Arc<Shelf>,
    /// What it has written; none before there is a file.
    path: Option<PathBuf>,
    /// Bytes that are counted for it.
    bytes: u64,
    is_kept: bool,
}

impl Partial {
    /// Takes the place of one file.
    pub(super) fn begin(shelf: &Arc<Shelf>) -> Result<Self, SaveError> {
        shelf.take_place()?;
        Ok(Self { shelf: Arc::clone(shelf), path: None, bytes: 0, is_kept: false })
    }

    /// Makes a file for it.
    pub(super) async fn create(
        mut self,
        name: String,
    ) -> Result<(Self, tokio::fs::File), SaveError> {
        // The work owns what it makes, so that nothing is left when nobody waits for it.
        let made = tokio::task::spawn_blocking(move || {
            let (path, file) = self.shelf.create(&name)?;
            self.path = Some(path);
            Ok::<_, SaveError>((self, file))
        });
        let (partial, file) = made.await.map_err(std::io::Error::other)??;
        Ok((partial, tokio::fs::File::from_std(file)))
    }

    /// Counts bytes before they are written.
    pub(super) fn grow(&mut self, bytes: u64) -> Result<(), SaveError> {
        self.shelf.reserve(bytes)?;
        self.bytes += bytes;
        Ok(())
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// It is whole: whoever keeps it counts place and bytes from now on.
    pub(super) fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        self.shelf.give_back(self.bytes);
        if let Some(path) = self.path.take() {
            apart(move || remove_file(&path));
        }
    }
}
