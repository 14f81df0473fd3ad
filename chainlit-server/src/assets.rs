//! The files that are part of the binary: the web UI as `build.rs` found it, favicon and logos.

/// A file of the embedded UI, with its compressed forms where they were built.
pub(crate) struct EmbeddedFile {
    /// Relative to the UI's folder, with `/` between its parts.
    pub(crate) path: &'static str,
    /// Differs when the content differs.
    pub(crate) hash: &'static str,
    /// As it is.
    pub(crate) identity: &'static [u8],
    /// For clients that take `br`.
    pub(crate) brotli: Option<&'static [u8]>,
    /// For clients that take `gzip`.
    pub(crate) gzip: Option<&'static [u8]>,
}

/// Sorted by path.
static UI: &[EmbeddedFile] = include!(concat!(env!("OUT_DIR"), "/ui_files.rs"));

/// Stands for the application in the browser's tab, and for authors without an avatar.
pub(crate) const FAVICON: &str = include_str!("../assets/favicon.svg");
/// For a light background.
pub(crate) const LOGO_LIGHT: &str = include_str!("../assets/logo_light.svg");
/// For a dark background.
pub(crate) const LOGO_DARK: &str = include_str!("../assets/logo_dark.svg");

/// A file of the embedded UI.
pub(crate) fn find(path: &str) -> Option<&'static EmbeddedFile> {
    let index = UI.binary_search_by(|file| file.path.cmp(path)).ok()?;
    UI.get(index)
}

/// The files of the embedded UI whose path starts so.
pub(crate) fn starting_with(prefix: &str) -> impl Iterator<Item = &'static EmbeddedFile> {
    UI.iter().filter(move |file| file.path.starts_with(prefix))
}
