use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

use super::MessageDict;

/// What kind of answer an `ask` event waits for.
///
/// On the wire: `{"timeout":60,"type":"text","step_id":"…"}`, and what the kind adds.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct AskSpec {
    /// Seconds the application waits. Chainlit's client has no word for "for ever"; an ask
    /// without a timeout says a hundred years.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub timeout: u64,
    /// The kind of answer.
    #[cfg_attr(feature = "typescript", ts(flatten))]
    pub kind: AskKind,
    /// Id of the message that asks.
    pub step_id: Arc<str>,
}

/// The kind of answer that is asked for, and what it may be.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(tag = "type", rename_all = "lowercase"))]
pub enum AskKind {
    /// A message.
    Text,
    /// Files, uploaded before the answer names them.
    File {
        /// Which files are taken.
        accept: AcceptDict,
        /// How many at once.
        max_files: u32,
        /// How large each may be, in MiB.
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        max_size_mb: u64,
    },
    /// One of these actions.
    Action {
        /// Their ids.
        keys: Vec<String>,
    },
    /// What the user gives to a custom element.
    Element {
        /// Its id.
        element_id: Arc<str>,
    },
}

// In Chainlit's order, which stands between the kind's name and what the kind adds.
impl Serialize for AskSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { timeout, kind, step_id } = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("timeout", timeout)?;
        map.serialize_entry("type", kind.name())?;
        map.serialize_entry("step_id", step_id)?;
        match kind {
            AskKind::Text => {}
            AskKind::File { accept, max_files, max_size_mb } => {
                map.serialize_entry("accept", accept)?;
                map.serialize_entry("max_files", max_files)?;
                map.serialize_entry("max_size_mb", max_size_mb)?;
            }
            AskKind::Action { keys } => map.serialize_entry("keys", keys)?,
            AskKind::Element { element_id } => map.serialize_entry("element_id", element_id)?,
        }
        map.end()
    }
}

impl AskKind {
    /// As the wire names it.
    fn name(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::File { .. } => "file",
            Self::Action { .. } => "action",
            Self::Element { .. } => "element",
        }
    }
}

/// Which files are taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(untagged)]
pub enum AcceptDict {
    /// MIME types, with `*` for a part: `["text/plain", "image/*"]`.
    Types(Vec<String>),
    /// MIME types with the extensions that each may have: `{"text/plain": [".txt", ".log"]}`.
    Extensions(BTreeMap<String, Vec<String>>),
}

impl AcceptDict {
    /// Whether a file of that media type and name is taken, whatever its letters' case.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let pictures = cl::AcceptDict::from(["image/*"]);
    /// assert!(pictures.takes("image/png", "cat.png"));
    /// assert!(!pictures.takes("text/plain", "cat.png"));
    ///
    /// let logs = cl::AcceptDict::from([("text/plain", [".txt", ".log"])]);
    /// assert!(logs.takes("text/plain; charset=utf-8", "Server.LOG"));
    /// assert!(!logs.takes("text/plain", "server.rs"));
    /// ```
    #[must_use]
    pub fn takes(&self, mime: &str, name: &str) -> bool {
        let essence = mime.split(';').next().unwrap_or_default().trim().to_lowercase();
        let is_asked = |pattern: &str| matches(&pattern.trim().to_lowercase(), &essence);
        match self {
            Self::Types(types) => types.iter().any(|pattern| is_asked(pattern)),
            Self::Extensions(table) => {
                let name = name.to_lowercase();
                let mut rows = table.iter().filter(|(pattern, _)| is_asked(pattern));
                rows.any(|(_, extensions)| {
                    let mut ends = extensions.iter().map(|end| name.ends_with(&end.to_lowercase()));
                    extensions.is_empty() || ends.any(|is_end| is_end)
                })
            }
        }
    }
}

/// Whether the pattern, in which `*` stands for any text, is that text.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(head) else { return false };
    let places = text.char_indices().map(|(place, _)| place).chain([text.len()]);
    places.into_iter().any(|place| matches(rest, &text[place..]))
}

impl From<&str> for AcceptDict {
    fn from(mime: &str) -> Self {
        Self::Types(vec![mime.to_owned()])
    }
}

impl<const N: usize> From<[&str; N]> for AcceptDict {
    fn from(types: [&str; N]) -> Self {
        Self::Types(types.map(str::to_owned).to_vec())
    }
}

impl From<&[&str]> for AcceptDict {
    fn from(types: &[&str]) -> Self {
        Self::Types(types.iter().map(|&mime| mime.to_owned()).collect())
    }
}

impl From<Vec<&str>> for AcceptDict {
    fn from(types: Vec<&str>) -> Self {
        types.as_slice().into()
    }
}

impl From<Vec<String>> for AcceptDict {
    fn from(types: Vec<String>) -> Self {
        Self::Types(types)
    }
}

/// A table whose rows are pairs.
fn table<'a, const N: usize>(rows: [(&'a str, &[&'a str]); N]) -> AcceptDict {
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    let rows = rows.map(|(mime, extensions)| (mime.to_owned(), texts(extensions)));
    AcceptDict::Extensions(rows.into_iter().collect())
}

impl<const N: usize, const M: usize> From<[(&str, [&str; M]); N]> for AcceptDict {
    fn from(rows: [(&str, [&str; M]); N]) -> Self {
        table(rows.each_ref().map(|(mime, extensions)| (*mime, extensions.as_slice())))
    }
}

impl<const N: usize> From<[(&str, &[&str]); N]> for AcceptDict {
    fn from(rows: [(&str, &[&str]); N]) -> Self {
        table(rows)
    }
}

impl<const N: usize> From<[(&str, Vec<&str>); N]> for AcceptDict {
    fn from(rows: [(&str, Vec<&str>); N]) -> Self {
        table(rows.each_ref().map(|(mime, extensions)| (*mime, extensions.as_slice())))
    }
}

impl<T: Into<String>, E: Into<String>> From<BTreeMap<T, Vec<E>>> for AcceptDict {
    fn from(table: BTreeMap<T, Vec<E>>) -> Self {
        table.into_iter().collect()
    }
}

impl<T: Into<String>, E: Into<String>, S> From<HashMap<T, Vec<E>, S>> for AcceptDict {
    fn from(table: HashMap<T, Vec<E>, S>) -> Self {
        table.into_iter().collect()
    }
}

impl<T: Into<String>, E: Into<String>> FromIterator<(T, Vec<E>)> for AcceptDict {
    fn from_iter<I: IntoIterator<Item = (T, Vec<E>)>>(rows: I) -> Self {
        let texts = |texts: Vec<E>| texts.into_iter().map(Into::into).collect();
        let row = |(mime, extensions): (T, Vec<E>)| (mime.into(), texts(extensions));
        Self::Extensions(rows.into_iter().map(row).collect())
    }
}

/// Payload of the `ask` event, the only one that delivers the asking message.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "AskPayload"))]
pub struct AskMessage {
    /// The message that asks.
    pub msg: Arc<MessageDict>,
    /// What it waits for.
    pub spec: AskSpec,
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use super::AcceptDict;

    #[test]
    fn tables_are_written_in_many_ways() {
        let table = AcceptDict::from([("a/b", vec![".a", ".b"]), ("c/d", vec![".c"])]);
        let rows: [(&str, &[&str]); 2] = [("c/d", &[".c"]), ("a/b", &[".a", ".b"])];
        assert_eq!(AcceptDict::from(rows), table);
        let rows = [("a/b", vec![".a", ".b"]), ("c/d", vec![".c"])];
        assert_eq!(AcceptDict::from(HashMap::from(rows.clone())), table);
        assert_eq!(AcceptDict::from(BTreeMap::from(rows)), table);
        let types = AcceptDict::from(["a/b", "c/d"]);
        assert_eq!(AcceptDict::from(vec!["a/b", "c/d"]), types);
        assert_eq!(AcceptDict::from(["a/b", "c/d"].as_slice()), types);
    }

    #[test]
    fn patterns_of_media_types() {
        let takes = |pattern: &str, mime| AcceptDict::from(pattern).takes(mime, "a");
        for (pattern, mime) in [
            ("*", "a/b"),
            ("*/*", "a/b"),
            ("image/*", "image/svg+xml"),
            ("IMAGE/Png", "image/png"),
            ("*/json", "application/json"),
            ("application/*+json", "application/ld+json"),
            ("a*b*c", "axbyc"),
        ] {
            assert!(takes(pattern, mime), "{pattern} {mime}");
        }
        for (pattern, mime) in [
            ("image/*", "text/plain"),
            ("text/plain", "text/plainer"),
            ("text", "text/plain"),
            ("", "a/b"),
            ("a/*b", "a/"),
            ("a*bb*b", "abb"),
        ] {
            assert!(!takes(pattern, mime), "{pattern} {mime}");
        }
    }
}
