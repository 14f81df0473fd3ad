//! The folder that belongs to the application.

use std::path::{Path, PathBuf};

use super::{ConfigError, Env};

/// The folder that holds `.chainlit/`, `chainlit.md` and `public/`.
///
/// It is `CHAINLIT_APP_ROOT` when that is set, else the working directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppRoot(PathBuf);

impl AppRoot {
    /// Takes the folder from `CHAINLIT_APP_ROOT` or the working directory.
    ///
    /// # Errors
    ///
    /// [`ConfigError::AppRoot`] when the folder does not exist or is not a folder.
    pub fn from_env(env: &Env) -> Result<Self, ConfigError> {
        match env.get("CHAINLIT_APP_ROOT") {
            Some(root) => Self::new(root),
            None => Self::new("."),
        }
    }

    /// Takes a folder given by the program.
    ///
    /// # Errors
    ///
    /// [`ConfigError::AppRoot`] when the folder does not exist or is not a folder.
    pub fn new(root: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let given = root.as_ref();
        let refuse = |source| ConfigError::AppRoot { path: given.to_owned(), source };
        let root = given.canonicalize().map_err(refuse)?;
        if root.is_dir() {
            Ok(Self(root))
        } else {
            Err(refuse(std::io::ErrorKind::NotADirectory.into()))
        }
    }

    /// The absolute path of the folder, symbolic links resolved.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A path below the folder. The argument comes from our own code or the configuration, never from a client.
    #[must_use]
    pub fn join(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.0.join(relative)
    }
}
