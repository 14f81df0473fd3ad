//! What a chat profile configures otherwise than the file.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Config, ConfigError, unknown, validate};

/// The keys of `[project]` that are of a chat; the others are of the whole server.
const PROJECT_KEYS: [&str; 3] = ["user_env", "mask_user_env", "persist_user_env"];

/// The keys of `[UI]` that only the page's document, its policy or the page before a chat obeys: they
/// are the same for all.
const COMMON_UI_KEYS: [&str; 12] = [
    "description",
    "language",
    "custom_css",
    "custom_css_attributes",
    "custom_js",
    "custom_js_attributes",
    "custom_build",
    "custom_meta_url",
    "custom_meta_image_url",
    "login_page_image",
    "login_page_image_filter",
    "login_page_image_dark_filter",
];

/// The keys of `[features]` of the same kind.
const COMMON_FEATURES: [&str; 1] = ["allowed_media_hosts"];

/// The configuration with these tables over it: tables are merged, lists and values replaced.
/// `place` is for messages only.
pub(crate) fn overridden(
    place: &Path,
    common: &Config,
    tables: &Map<String, Value>,
) -> Result<Config, ConfigError> {
    let wrong = |key: &str, problem: &str| ConfigError::Value {
        path: place.to_owned(),
        key: key.to_owned(),
        problem: problem.to_owned(),
    };
    let mut config = common.clone();
    let refuse_key = |name: &str, table: &Value, is_refused: &dyn Fn(&str) -> bool| {
        let mut keys = table.as_object().into_iter().flat_map(Map::keys);
        match keys.find(|key| is_refused(key)) {
            Some(key) => {
                Err(wrong(&format!("{name}.{key}"), "is not a key that a profile can override"))
            }
            None => Ok(()),
        }
    };
    for (name, table) in tables {
        match name.as_str() {
            "UI" | "ui" => {
                refuse_key("UI", table, &|key| COMMON_UI_KEYS.contains(&key))?;
                merge(place, "UI", &mut config.ui, table)?;
            }
            "features" => {
                refuse_key("features", table, &|key| COMMON_FEATURES.contains(&key))?;
                merge(place, "features", &mut config.features, table)?;
            }
            "project" => {
                refuse_key("project", table, &|key| !PROJECT_KEYS.contains(&key))?;
                // The other keys stay as they are: in words they would lose parts of seconds.
                let mut project = config.project.clone();
                merge(place, "project", &mut project, table)?;
                config.project.user_env = project.user_env;
                config.project.mask_user_env = project.mask_user_env;
                config.project.persist_user_env = project.persist_user_env;
            }
            _ => return Err(wrong(name, "is not one of the tables `UI`, `features`, `project`")),
        }
    }
    validate::check(place, &config)?;
    Ok(config)
}

fn merge<T: Serialize + DeserializeOwned>(
    place: &Path,
    name: &str,
    into: &mut T,
    table: &Value,
) -> Result<(), ConfigError> {
    let error =
        |key: String, problem: String| ConfigError::Value { path: place.to_owned(), key, problem };
    let mut file = toml::Table::new();
    if let Some(table) = toml_of(table) {
        file.insert(name.to_owned(), table);
    }
    if let Some((key, hint)) =
        unknown::keys(&file).into_iter().next().map(unknown::UnknownKey::parts)
    {
        return Err(error(
            key,
            hint.map_or("is not known".to_owned(), |nearest| {
                format!("is not known; did you mean `{nearest}`?")
            }),
        ));
    }
    let mut merged = serde_json::to_value(&*into).unwrap_or_default();
    lay_over(&mut merged, table);
    *into = serde_path_to_error::deserialize(merged)
        .map_err(|wrong| error(format!("{name}.{}", wrong.path()), wrong.inner().to_string()))?;
    Ok(())
}

fn lay_over(common: &mut Value, other: &Value) {
    match (common, other) {
        (Value::Object(common), Value::Object(other)) => {
            for (key, value) in other {
                lay_over(common.entry(key).or_insert(Value::Null), value);
            }
        }
        (common, other) => *common = other.clone(),
    }
}

/// The same in TOML, which knows no null.
fn toml_of(value: &Value) -> Option<toml::Value> {
    Some(match value {
        Value::Null => return None,
        Value::Object(table) => {
            let entries = table.iter().map(|(key, value)| {
                let value = toml_of(value).unwrap_or(toml::Value::Boolean(false));
                (key.clone(), value)
            });
            toml::Value::Table(entries.collect())
        }
        Value::Array(items) => toml::Value::Array(items.iter().filter_map(toml_of).collect()),
        other => toml::Value::try_from(other).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use chainlit_core::ConfigOverrides;

    use super::*;

    fn apply(overrides: ConfigOverrides) -> Result<Config, String> {
        let mut common = Config::default();
        common.project.session_timeout = std::time::Duration::from_millis(1500);
        overridden(Path::new("the profile"), &common, overrides.tables())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn only_what_is_set_is_different() {
        let overrides = ConfigOverrides::new()
            .set("UI.name", "Poet")
            .set("ui.github", Value::Null)
            .set("features.audio.enabled", true)
            .set("features.spontaneous_file_upload.max_files", 1)
            .set("project.user_env", vec!["KEY"]);
        let config = apply(overrides).unwrap();
        assert_eq!(config.ui.name, "Poet");
        assert!(config.features.audio.enabled && config.features.edit_message);
        assert_eq!(config.features.spontaneous_file_upload.unwrap().max_files, Some(1));
        assert_eq!(config.project.user_env.unwrap(), ["KEY"]);
        assert_eq!(config.project.session_timeout.as_millis(), 1500);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (key, value, wanted) in [
            ("UI.nam", Value::from("x"), "`UI.nam` is not known; did you mean `UI.name`?"),
            ("UI.cot", Value::from("much"), "`UI.cot` unknown variant"),
            ("features.edit_message", Value::from(1), "`features.edit_message` invalid type"),
            ("project.allow_origins", Value::from("*"), "not a key that a profile can override"),
            ("limits.sessions", Value::from(1), "`limits` is not one of the tables"),
            (
                "features.mcp.servers",
                serde_json::json!([{"type": "sse", "name": " ", "url": "http://localhost/"}]),
                "`features.mcp.servers` has the name",
            ),
            ("UI.custom_js", Value::from("/x.js"), "`UI.custom_js` is not a key that a profile"),
            ("ui.language", Value::from("fr"), "`UI.language` is not a key that a profile"),
            (
                "features.allowed_media_hosts",
                Value::from(vec!["https://cdn.example"]),
                "not a key that a profile can override",
            ),
        ] {
            let error = apply(ConfigOverrides::new().set(key, value)).unwrap_err();
            assert!(error.starts_with("the profile: ") && error.contains(wanted), "{error}");
        }
    }
}
