//! What can be wrong with the configuration, each in one line with its remedy.

use std::path::PathBuf;

/// Why the configuration cannot be used. The start is refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The application's folder is missing.
    #[error("{}: cannot be the application's folder ({source}); correct CHAINLIT_APP_ROOT", path.display())]
    AppRoot {
        /// The folder as it was given.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file exists and cannot be read.
    #[error("{}: cannot be read ({source}); make it a file in UTF-8 that this user may read", path.display())]
    Read {
        /// The configuration file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{} line {line}: not valid TOML ({message}); correct the line, or delete the file to have it written anew", path.display())]
    Syntax {
        /// The configuration file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What the parser expected.
        message: String,
    },
    /// A key has a value of a wrong type or with no meaning.
    #[error("{}: `{key}` {problem}; correct the value, or remove the key to have its default", path.display())]
    Value {
        /// The configuration file.
        path: PathBuf,
        /// The key with its table, as in `project.session_timeout`.
        key: String,
        /// What is wrong with the value.
        problem: String,
    },
    /// The file is of a Chainlit whose keys had other meanings.
    #[error("{}: written by version {version}, whose keys had other meanings; move the file away to have it written anew, then copy your values", path.display())]
    Outdated {
        /// The configuration file.
        path: PathBuf,
        /// What `meta.generated_by` says.
        version: String,
    },
}
