//! From the text of the file to a [`Config`].

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{
    ConfigError, Data, DatabaseUrl, Env, Features, Limits, LoginConfig, Project, Ui, unavailable,
    unknown, validate,
};

/// The last Chainlit whose file had other keys with the same names.
const LAST_INCOMPATIBLE: (u64, u64, u64) = (0, 3, 0);

/// Everything that `.chainlit/config.toml` says; a missing key has its default.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Config {
    /// Who may connect, for how long, and by which way.
    pub project: Project,
    /// What users may do.
    pub features: Features,
    /// What the page is called and how it looks.
    #[serde(rename = "UI")]
    pub ui: Ui,
    /// Whether users and conversations are kept, and where.
    pub data: Data,
    /// What visitors may cost.
    pub limits: Limits,
    /// How logins are guarded.
    pub login: LoginConfig,
    /// Who wrote the file.
    pub meta: Meta,
}

/// Who wrote the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Meta {
    /// A version of Chainlit, or `chainlit-rust` and a version of ours.
    pub generated_by: Option<String>,
}

impl Config {
    /// Reads the file's text. `path` is for messages only.
    ///
    /// Keys that nobody knows are told once each, as a warning with the nearest known key.
    ///
    /// # Errors
    ///
    /// - [`ConfigError::Syntax`]: the text is not TOML.
    /// - [`ConfigError::Value`]: a value has a wrong type or no meaning.
    /// - [`ConfigError::Outdated`]: the file is of a Chainlit up to 0.3.0.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let table: toml::Table =
            toml::from_str(text).map_err(|error| syntax(path, text, &error))?;
        refuse_outdated(path, &table)?;
        for key in unknown::keys(&table) {
            tracing::warn!("{}: {key}", path.display());
        }
        let config: Self =
            serde_path_to_error::deserialize(toml::Value::Table(table)).map_err(|error| {
                ConfigError::Value {
                    path: path.to_owned(),
                    key: error.path().to_string(),
                    problem: one_line(error.inner().message()),
                }
            })?;
        validate::check(path, &config)?;
        for (key, why) in unavailable::keys(&config) {
            tracing::warn!("{}: `{key}` has no effect: {why}", path.display());
        }
        Ok(config)
    }
}

impl Config {
    /// With what the environment says otherwise: where it runs names its database.
    pub(crate) fn with_env(mut self, env: &Env) -> Self {
        self.data.env_url = env.get("DATABASE_URL").map(DatabaseUrl::from);
        self
    }
}

fn syntax(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    ConfigError::Syntax {
        path: path.to_owned(),
        line: before.matches('\n').count() + 1,
        message: one_line(error.message()),
    }
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A missing `generated_by` is fine: people write the file by hand, and each wrong key is told by itself.
fn refuse_outdated(path: &Path, table: &toml::Table) -> Result<(), ConfigError> {
    let generated_by = table
        .get("meta")
        .and_then(|meta| meta.get("generated_by"))
        .and_then(toml::Value::as_str)
        .unwrap_or_default();
    match version(generated_by) {
        Some(version) if version <= LAST_INCOMPATIBLE => {
            Err(ConfigError::Outdated { path: path.to_owned(), version: generated_by.to_owned() })
        }
        _ => Ok(()),
    }
}

fn version(text: &str) -> Option<(u64, u64, u64)> {
    let mut parts = text.splitn(3, '.').map(|part| {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        part[..digits].parse().ok()
    });
    Some((parts.next()??, parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::Theme;

    fn parse(text: &str) -> Result<Config, ConfigError> {
        Config::parse(Path::new("config.toml"), text)
    }

    fn refusal(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn an_empty_file_means_the_defaults() {
        let config = parse("").unwrap();
        assert_eq!(config, Config::default());
        assert_eq!(config.project.session_timeout, Duration::from_secs(300));
        assert_eq!(config.ui.default_theme, Some(Theme::Dark));
    }

    #[test]
    fn a_wrong_type_names_file_key_and_remedy() {
        let message = refusal("[project]\nsession_timeout = \"an hour\"\n");
        assert_eq!(
            message,
            "config.toml: `project.session_timeout` invalid type: string \"an hour\", expected u64; \
             correct the value, or remove the key to have its default"
        );
        assert!(refusal("[UI]\ncot = \"all\"\n").contains("`UI.cot`"));
        assert!(
            refusal("[features.spontaneous_file_upload]\naccept = 3\n")
                .contains("a list of MIME types")
        );
        assert!(refusal("features = 1\n").contains("`features`"));
    }

    #[test]
    fn text_that_is_not_toml_names_the_line() {
        let message = refusal("[project]\n\nuser_env = [\n");
        assert!(message.starts_with("config.toml line "), "{message}");
        assert!(!message.contains('\n'), "{message}");
        assert!(refusal("[project]\nx\n").starts_with("config.toml line 2: "));
    }

    #[test]
    fn only_files_with_other_meanings_are_refused() {
        assert!(refusal("[meta]\ngenerated_by = \"0.3.0\"\n").contains("0.3.0"));
        assert!(refusal("[meta]\ngenerated_by = \"0.2.111\"\n").contains("0.2.111"));
        for accepted in ["0.10.1", "2.12.0", "chainlit-rust 0.1.0", "2.0.dev1", ""] {
            let text = format!("[meta]\ngenerated_by = \"{accepted}\"\n");
            assert!(parse(&text).is_ok(), "{accepted}");
        }
    }

    #[test]
    fn a_file_of_the_original_is_understood() {
        let config = parse(
            r#"
            [project]
            user_env = ["KEY"]
            transports = ["websocket"]
            [features.mcp]
            enabled = true
            [[features.mcp.servers]]
            name = "files"
            type = "stdio"
            command = "serve-files"
            [features.spontaneous_file_upload]
            accept = { "text/plain" = [".txt"] }
            [UI]
            name = "Bot"
            [[UI.header_links]]
            name = "Home"
            icon_url = "/public/home.svg"
            url = "https://example.org"
            target = "_blank"
            "#,
        )
        .unwrap();
        assert_eq!(config.features.mcp.servers[0].name(), "files");
        assert_eq!(config.ui.header_links.unwrap()[0].name, "Home");
    }
}
