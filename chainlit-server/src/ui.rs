//! Which built frontend is served.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::assets;
use crate::config::{AppRoot, Config};

/// Where the page and its assets come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum UiSource {
    /// The files in the binary.
    Embedded,
    /// A folder with `index.html` and `assets/`, its path absolute.
    Folder(PathBuf),
}

impl UiSource {
    /// The command line's folder, else the configuration's `UI.custom_build`, else the binary's own files.
    pub(crate) fn choose(root: &AppRoot, config: &Config, ui_dir: Option<&Path>) -> Self {
        let configured = config.ui.custom_build.as_deref().map(|folder| root.join(folder));
        let Some(folder) = ui_dir.map(Path::to_owned).or(configured) else {
            return Self::Embedded;
        };
        match folder.canonicalize() {
            Ok(folder) if folder.join("index.html").is_file() => Self::Folder(folder),
            _ => {
                tracing::warn!(
                    "no index.html in {}: serving the page of this binary",
                    folder.display()
                );
                Self::Embedded
            }
        }
    }

    /// The text of `index.html` with its placeholders.
    pub(crate) async fn index(&self) -> std::io::Result<Cow<'static, str>> {
        match self {
            Self::Embedded => {
                let bytes =
                    assets::find("index.html").map(|file| file.identity).unwrap_or_default();
                Ok(String::from_utf8_lossy(bytes))
            }
            Self::Folder(folder) => {
                tokio::fs::read_to_string(folder.join("index.html")).await.map(Cow::Owned)
            }
        }
    }
}
