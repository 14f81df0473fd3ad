//! Environment variables, with an `.env` file behind them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The file that is read when `CHAINLIT_ENV_FILE` is not set. It may be missing.
const DEFAULT_ENV_FILE: &str = ".env";

/// What the environment and the `.env` file say; the environment wins.
///
/// Taken once at start. The process's own environment is never changed: that is not safe while threads run.
#[derive(Clone, Default)]
pub struct Env {
    process: HashMap<String, String>,
    file: HashMap<String, String>,
}

/// Why the `.env` file could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EnvError {
    /// The file that `CHAINLIT_ENV_FILE` names cannot be read.
    #[error("{}: cannot be read ({source}); correct CHAINLIT_ENV_FILE or make the file readable", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line is not `NAME=value`. The line itself is not shown, it may hold a secret.
    #[error("{}: entry {entry} is not of the form NAME=value; correct it or quote its value", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Which entry of the file, counted from 1; comments and empty lines do not count.
        entry: usize,
    },
}

impl Env {
    /// Takes the process's environment and reads `CHAINLIT_ENV_FILE` (default `.env`, which may be missing).
    ///
    /// # Errors
    ///
    /// - [`EnvError::Read`]: the file exists and cannot be read, or was named and does not exist.
    /// - [`EnvError::Syntax`]: an entry of the file is not `NAME=value`.
    pub fn load() -> Result<Self, EnvError> {
        let process = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        let mut env = Self { process, file: HashMap::new() };
        let named = env.get("CHAINLIT_ENV_FILE").map(PathBuf::from);
        let path = named.clone().unwrap_or_else(|| DEFAULT_ENV_FILE.into());
        match std::fs::read(&path) {
            Ok(content) => env.file = parse(&path, &content)?,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(EnvError::Read { path, source }),
        }
        Ok(env)
    }

    /// An environment with these variables only, for tests and for programs that bring their own.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        Self {
            process: pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
            file: HashMap::new(),
        }
    }

    /// The value of a variable. An empty value counts as not set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.process
            .get(name)
            .or_else(|| self.file.get(name))
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }
}

/// Shows the names only: values may be secrets.
impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut from_file: Vec<_> = self.file.keys().collect();
        from_file.sort();
        f.debug_struct("Env")
            .field("process", &self.process.len())
            .field("file", &from_file)
            .finish()
    }
}

fn parse(path: &Path, content: &[u8]) -> Result<HashMap<String, String>, EnvError> {
    dotenvy::from_read_iter(content)
        .enumerate()
        .map(|(index, entry)| {
            entry.map_err(|_| EnvError::Syntax { path: path.to_owned(), entry: index + 1 })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_wins_over_the_file() {
        let mut env = Env::from_pairs([("A", "process"), ("EMPTY", "")]);
        env.file = parse(Path::new(".env"), b"# comment\nA=file\nB=\"two words\"\n").unwrap();
        assert_eq!(env.get("A"), Some("process"));
        assert_eq!(env.get("B"), Some("two words"));
        assert_eq!(env.get("EMPTY"), None);
        assert_eq!(env.get("C"), None);
    }

    #[test]
    fn a_bad_line_is_named_by_its_place_and_never_shown() {
        let error = parse(Path::new(".env"), b"A=1\nthe secret\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            ".env: entry 2 is not of the form NAME=value; correct it or quote its value"
        );
    }

    #[test]
    fn debug_output_holds_no_value() {
        let mut env = Env::from_pairs([("A", "hidden")]);
        env.file = parse(Path::new(".env"), b"B=hidden\n").unwrap();
        assert!(!format!("{env:?}").contains("hidden"));
    }
}
