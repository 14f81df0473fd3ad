//! Keys that nobody knows: most often a typing mistake, so the nearest known key is named.

use std::cmp::Reverse;
use std::fmt;

use serde_json::Value as Json;
use toml::Value;

use super::{Config, FileUpload, HeaderLink};

/// Keys less alike than this, of 1 for the same, are not called near.
const NEAR: f64 = 0.6;

/// A key that has no meaning.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnknownKey {
    key: String,
    nearest: Option<String>,
}

impl UnknownKey {
    /// The key, and the known one that reads most like it.
    pub(super) fn parts(self) -> (String, Option<String>) {
        (self.key, self.nearest)
    }
}

impl fmt::Display for UnknownKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the key `{}` is not known and has no effect", self.key)?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

/// The unknown keys of a file, in the file's order of tables.
pub(super) fn keys(table: &toml::Table) -> Vec<UnknownKey> {
    let known = known();
    let mut all = Vec::new();
    collect_paths("", &known, &mut all);
    let mut found = Vec::new();
    walk("", table, &known, &all, &mut found);
    found
}

/// The shape of the file, taken from the types that read it, so that the two cannot differ.
fn known() -> Json {
    let mut full = Config::default();
    full.features.spontaneous_file_upload = Some(FileUpload::default());
    full.ui.header_links = Some(vec![HeaderLink {
        name: String::new(),
        icon_url: String::new(),
        url: String::new(),
        display_name: None,
        target: None,
    }]);
    serde_json::to_value(full).unwrap_or_default()
}

fn collect_paths(prefix: &str, known: &Json, all: &mut Vec<String>) {
    let known = match known {
        Json::Array(items) => items.first().unwrap_or(&Json::Null),
        other => other,
    };
    for (key, inner) in known.as_object().into_iter().flatten() {
        let path = join(prefix, key);
        collect_paths(&path, inner, all);
        all.push(path);
    }
}

fn walk(
    prefix: &str,
    table: &toml::Table,
    known: &Json,
    all: &[String],
    found: &mut Vec<UnknownKey>,
) {
    let Some(known) = known.as_object() else {
        return; // any key may stand here
    };
    for (key, value) in table {
        let path = join(prefix, key);
        match (known.get(key), value) {
            (None, _) => found.push(UnknownKey { nearest: nearest(&path, key, all), key: path }),
            (Some(inner), Value::Table(table)) => walk(&path, table, inner, all, found),
            (Some(Json::Array(shape)), Value::Array(items)) => {
                let shape = shape.first().unwrap_or(&Json::Null);
                for item in items.iter().filter_map(Value::as_table) {
                    walk(&path, item, shape, all, found);
                }
            }
            (Some(_), _) => {}
        }
    }
}

/// The key that reads most like this one; among equals one of the same table, then the least deep one.
fn nearest(path: &str, key: &str, all: &[String]) -> Option<String> {
    let table = path.strip_suffix(key).unwrap_or_default();
    let key = key.to_lowercase();
    all.iter()
        .map(|known| {
            let last = known.rsplit('.').next().unwrap_or(known);
            let likeness = strsim::normalized_damerau_levenshtein(&key, &last.to_lowercase());
            let near = known.strip_suffix(last) == Some(table);
            (likeness, near, Reverse(known.matches('.').count()), known)
        })
        .filter(|(likeness, ..)| *likeness >= NEAR)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))))
        .map(|(.., known)| known.clone())
}

fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<String> {
        keys(&toml::from_str(text).unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_typing_mistake_gets_its_cure() {
        assert_eq!(
            messages("[project]\nsesion_timeout = 1\n"),
            [
                "the key `project.sesion_timeout` is not known and has no effect; did you mean `project.session_timeout`?"
            ]
        );
        assert!(messages("[ui]\nname = \"x\"\n")[0].ends_with("did you mean `UI`?"));
        assert!(messages("[features]\nname = \"x\"\n")[0].ends_with("did you mean `UI.name`?"));
        assert!(messages("[features]\ncot = \"full\"\n")[0].ends_with("did you mean `UI.cot`?"));
        assert!(
            messages("[[UI.header_links]]\nnam = \"x\"\n")[0].contains("`UI.header_links.name`")
        );
    }

    #[test]
    fn a_key_like_no_other_gets_no_guess() {
        assert_eq!(
            messages("[UI]\ncolour = 1\n"),
            ["the key `UI.colour` is not known and has no effect"]
        );
    }

    #[test]
    fn known_and_free_keys_pass() {
        assert!(
            messages(
                "[project]\nlc_cache_path = \"x\"\n[features.spontaneous_file_upload.accept]\n\"text/plain\" = []\n\
                 [[features.mcp.servers]]\nname = \"x\"\ntype = \"sse\"\nurl = \"u\"\nheaders = { A = \"b\" }\n"
            )
            .is_empty()
        );
    }
}
