//! The files of a first run, and the way from the application's folder to a [`Config`].

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::{AppRoot, Config, ConfigError};
use crate::translations;

/// Relative to the application's folder, as are the others.
const CONFIG_FILE: &str = ".chainlit/config.toml";
/// One JSON file for each language.
pub(crate) const TRANSLATIONS_DIR: &str = ".chainlit/translations";
/// The readme page.
const README_FILE: &str = "chainlit.md";

const CONFIG_TEMPLATE: &str = include_str!("template.toml");
const README_TEMPLATE: &str = include_str!("template.md");

/// Writes the missing files of a first run and reads the configuration.
///
/// A folder that cannot be written to is no reason to stop: the program then runs with what the missing files
/// would have said, and a warning tells it.
///
/// # Errors
///
/// Each variant of [`ConfigError`] but [`ConfigError::AppRoot`].
pub fn prepare(root: &AppRoot) -> Result<Config, ConfigError> {
    if let Err(error) = write_missing(root, &template()) {
        tracing::warn!(
            "{}: cannot write the files of a first run ({error}); going on with the defaults",
            root.path().display()
        );
    }
    read(root)
}

/// Reads the configuration, and writes nothing: a missing file means what that of a first run would
/// have said.
///
/// # Errors
///
/// Each variant of [`ConfigError`] but [`ConfigError::AppRoot`].
pub(crate) fn read(root: &AppRoot) -> Result<Config, ConfigError> {
    let template = template();
    let path = root.join(CONFIG_FILE);
    let shown = Path::new(CONFIG_FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => Config::parse(shown, &text),
        Err(error) if error.kind() == ErrorKind::NotFound => Config::parse(shown, &template),
        Err(source) => Err(ConfigError::Read { path: shown.to_owned(), source }),
    }
}

fn template() -> String {
    CONFIG_TEMPLATE.replace("{version}", env!("CARGO_PKG_VERSION"))
}

fn write_missing(root: &AppRoot, template: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(root.join(TRANSLATIONS_DIR))?;
    write_new(&root.join(CONFIG_FILE), template)?;
    write_new(&root.join(README_FILE), README_TEMPLATE)?;
    for (language, text) in translations::BUNDLED {
        write_new(&root.join(TRANSLATIONS_DIR).join(format!("{language}.json")), text)?;
    }
    Ok(())
}

/// Never overwrites, also when two processes start at once.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_understood_and_sets_what_newcomers_see() {
        let folder = tempfile::tempdir().unwrap();
        let root = AppRoot::new(folder.path()).unwrap();
        let config = prepare(&root).unwrap();
        assert_eq!(config.project.session_timeout.as_secs(), 3600);
        assert_eq!(config.project.user_env, Some(Vec::new()));
        assert_eq!(config.ui.name, "Assistant");
        assert!(super::super::unavailable::keys(&config).is_empty());
        assert_eq!(config.limits, crate::config::Limits::default());
        assert_eq!(config.login, crate::config::LoginConfig::default());

        let table =
            toml::from_str(&std::fs::read_to_string(root.join(CONFIG_FILE)).unwrap()).unwrap();
        assert_eq!(super::super::unknown::keys(&table), []);
        assert!(root.join("chainlit.md").is_file());
        assert!(root.join(".chainlit/translations/en-US.json").is_file());
    }

    #[test]
    fn the_template_shows_settings_that_exist() {
        let has_key =
            |line: &str| line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '));
        let lines = CONFIG_TEMPLATE.lines().map(|line| match line.strip_prefix("# ") {
            Some(off) if off.starts_with('[') || has_key(off) => off,
            _ => line,
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        let config = Config::parse(Path::new(CONFIG_FILE), &text).unwrap();
        assert_eq!(super::super::unknown::keys(&toml::from_str(&text).unwrap()), []);
        assert_eq!(config.project.transports.map(|list| list.len()), Some(2));
        assert!(config.features.audio.enabled && config.ui.default_chat_settings_open);
        assert_eq!(config.ui.header_links.unwrap()[0].name, "Documentation");
    }

    #[test]
    fn what_exists_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let root = AppRoot::new(folder.path()).unwrap();
        std::fs::create_dir(root.join(".chainlit")).unwrap();
        std::fs::write(root.join(CONFIG_FILE), "[UI]\nname = \"Mine\"\n").unwrap();
        std::fs::write(root.join("chainlit.md"), "").unwrap();
        assert_eq!(prepare(&root).unwrap().ui.name, "Mine");
        assert_eq!(std::fs::read_to_string(root.join("chainlit.md")).unwrap(), "");
    }

    #[test]
    fn a_file_that_is_not_text_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let root = AppRoot::new(folder.path()).unwrap();
        std::fs::create_dir(root.join(".chainlit")).unwrap();
        std::fs::write(root.join(CONFIG_FILE), b"\xff\xfe").unwrap();
        let message = prepare(&root).unwrap_err().to_string();
        assert!(message.starts_with(".chainlit/config.toml: cannot be read"), "{message}");
    }

    #[test]
    fn a_folder_that_cannot_be_written_still_runs() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".chainlit"), "a file where the folder should be")
            .unwrap();
        let root = AppRoot::new(folder.path()).unwrap();
        // Neither missing nor readable: the system's own word for it decides between default and refusal.
        match prepare(&root) {
            Ok(config) => assert_eq!(config.ui.name, "Assistant"),
            Err(error) => assert!(matches!(error, ConfigError::Read { .. }), "{error}"),
        }
    }
}
