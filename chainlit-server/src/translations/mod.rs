//! The texts of the page, by language.
//!
//! Each application has the files in `.chainlit/translations` and may change them. Whatever a file lacks comes from
//! the texts in this crate, so that a file written by an older version never leaves the page without words.

use std::path::Path;

use serde_json::{Map, Value};

/// The languages in this crate with their texts.
pub(crate) const BUNDLED: &[(&str, &str)] = &[
    ("de-DE", include_str!("de-DE.json")),
    ("en-US", include_str!("en-US.json")),
    ("es", include_str!("es.json")),
    ("fr-FR", include_str!("fr-FR.json")),
    ("it", include_str!("it.json")),
];

const FALLBACK: &str = "en-US";

/// The texts for a language: those of the best fitting file in `folder`, completed by our own.
///
/// The file is looked for as Chainlit does: the language itself, the language without its region, then (for a
/// language without region) the first with any region, then English. `language` must be a checked language tag.
pub(crate) async fn load(folder: &Path, language: &str) -> Value {
    let files = names_in(folder).await;
    let ours: Vec<String> = BUNDLED.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut texts = Value::Object(Map::new());
    for wanted in [FALLBACK, language] {
        if let Some(name) = best(wanted, &ours) {
            merge(&mut texts, bundled(name));
        }
        if let Some(name) = best(wanted, &files) {
            let path = folder.join(format!("{name}.json"));
            match read(&path).await {
                Ok(own) => merge(&mut texts, own),
                Err(problem) => tracing::warn!("{}: {problem}; using our texts", path.display()),
            }
        }
    }
    texts
}

/// The name among `names` (sorted) that fits a language best.
fn best<'a>(language: &str, names: &'a [String]) -> Option<&'a String> {
    let base = language.split('-').next().unwrap_or(language);
    let is = |wanted: &str| names.iter().find(|name| *name == wanted);
    is(language).or_else(|| is(base)).or_else(|| {
        let any_region = |name: &&String| name.split('-').next() == Some(base);
        names.iter().find(any_region).filter(|_| base == language)
    })
}

fn bundled(name: &str) -> Value {
    BUNDLED
        .iter()
        .find(|(language, _)| *language == name)
        .and_then(|(_, text)| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

async fn names_in(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    if let Ok(mut entries) = tokio::fs::read_dir(folder).await {
        while let Ok(Some(entry)) = entries.next_entry().await {
            let name = entry.file_name();
            if let Some(name) = name.to_str().and_then(|name| name.strip_suffix(".json")) {
                names.push(name.to_owned());
            }
        }
    }
    names.sort();
    names
}

async fn read(path: &Path) -> Result<Value, String> {
    let text = tokio::fs::read_to_string(path).await.map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| format!("not valid JSON ({error})"))
}

/// Puts the texts of `over` above those of `under`. What is a table in `under` stays one: the page looks texts up by
/// their path, and a text where it expects a table would leave it without any.
fn merge(under: &mut Value, over: Value) {
    let (Value::Object(under), Value::Object(over)) = (under, over) else {
        return;
    };
    for (key, value) in over {
        match under.get_mut(&key) {
            Some(inner @ Value::Object(_)) => merge(inner, value),
            _ => {
                under.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(value: &Value, prefix: &str, all: &mut Vec<String>) {
        for (key, inner) in value.as_object().into_iter().flatten() {
            let path = format!("{prefix}.{key}");
            if inner.is_object() {
                paths(inner, &path, all);
            } else {
                assert!(inner.as_str().is_some_and(|text| !text.is_empty()), "{path}");
                all.push(path);
            }
        }
    }

    fn all_paths(language: &str) -> Vec<String> {
        let mut all = Vec::new();
        paths(&bundled(language), "", &mut all);
        all
    }

    /// What the page fills in, in the order of the alphabet.
    fn places(texts: &Value, path: &str) -> Vec<String> {
        let at = path.replace('.', "/");
        let text = texts.pointer(&at).and_then(Value::as_str).unwrap_or_default();
        let mut names: Vec<String> = text
            .split("{{")
            .skip(1)
            .map(|rest| rest.split("}}").next().unwrap_or_default().to_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn every_language_has_every_text() {
        let english = all_paths(FALLBACK);
        assert!(english.len() > 200 && english.iter().any(|path| path == ".page.tasks.done"));
        let source = bundled(FALLBACK);
        for (language, _) in BUNDLED {
            assert_eq!(all_paths(language), english, "{language}");
            let texts = bundled(language);
            for path in &english {
                assert_eq!(places(&texts, path), places(&source, path), "{language}{path}");
            }
        }
    }

    async fn send(folder: &Path, language: &str) -> String {
        load(folder, language).await["chat"]["input"]["actions"]["send"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    #[tokio::test]
    async fn languages_are_found_as_in_the_original() {
        let folder = tempfile::tempdir().unwrap();
        for (language, expected) in [
            ("en-US", "Send"),
            ("de-DE", "Senden"),
            ("de", "Senden"),
            ("es-MX", "Mandar"),
            ("de-AT", "Send"),
            ("ja", "Send"),
        ] {
            assert_eq!(send(folder.path(), language).await, expected, "{language}");
        }
    }

    #[tokio::test]
    async fn own_texts_win_and_gaps_are_filled() {
        let folder = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("en-US.json", r#"{"chat":{"watermark":"Ours"}}"#);
        write("nl.json", r#"{"chat":{"input":{"actions":{"send":"Versturen"}}}}"#);
        write("fr-FR.json", "{broken");
        write("es.json", r#"{"chat":"not a table"}"#);
        assert_eq!(send(folder.path(), "nl-NL").await, "Versturen");
        assert_eq!(send(folder.path(), "fr-FR").await, "Envoyer");
        assert_eq!(send(folder.path(), "es").await, "Mandar");
        assert_eq!(load(folder.path(), "nl").await["chat"]["watermark"], "Ours");
    }
}
