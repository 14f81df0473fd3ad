use std::collections::BTreeMap;
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
    /// use chainlit_core::wire::AcceptDict;
    ///
    /// let pictures = AcceptDict::from(["image/*"]);
    /// assert!(pictures.takes("image/png", "cat.png"));
    /// assert!(!pictures.takes("text/plain", "cat.png"));
    ///
    /// let logs = AcceptDict::from([("text/plain", [".txt", ".log"])]);
    /// assert!(logs.takes("text/plain; charset=utf-8", "Server.LOG"));
    /// assert!(!logs.takes("text/plain", "server.rs"));
    /// ```
    #[must_use]
    pub fn takes(&self, media_type: &str, name: &str) -> bool {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_lowercase();
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
    fn from(media_type: &str) -> Self {
        Self::Types(vec![media_type.to_owned()])
    }
}

impl<const N: usize> From<[&str; N]> for AcceptDict {
    fn from(types: [&str; N]) -> Self {
        Self::Types(types.map(str::to_owned).to_vec())
    }
}

impl From<Vec<String>> for AcceptDict {
    fn from(types: Vec<String>) -> Self {
        Self::Types(types)
    }
}

impl<const N: usize, const M: usize> From<[(&str, [&str; M]); N]> for AcceptDict {
    fn from(table: [(&str, [&str; M]); N]) -> Self {
        let row = |(media_type, extensions): (&str, [&str; M])| {
            (media_type.to_owned(), extensions.map(str::to_owned).to_vec())
        };
        Self::Extensions(table.map(row).into_iter().collect())
    }
}

impl From<BTreeMap<String, Vec<String>>> for AcceptDict {
    fn from(table: BTreeMap<String, Vec<String>>) -> Self {
        Self::Extensions(table)
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
    use super::AcceptDict;

    #[test]
    fn patterns_of_media_types() {
        let takes = |pattern: &str, media_type| AcceptDict::from(pattern).takes(media_type, "a");
        for (pattern, media_type) in [
            ("*", "a/b"),
            ("*/*", "a/b"),
            ("image/*", "image/svg+xml"),
            ("IMAGE/Png", "image/png"),
            ("*/json", "application/json"),
            ("application/*+json", "application/ld+json"),
            ("a*b*c", "axbyc"),
        ] {
            assert!(takes(pattern, media_type), "{pattern} {media_type}");
        }
        for (pattern, media_type) in [
            ("image/*", "text/plain"),
            ("text/plain", "text/plainer"),
            ("text", "text/plain"),
            ("", "a/b"),
            ("a/*b", "a/"),
            ("a*bb*b", "abb"),
        ] {
            assert!(!takes(pattern, media_type), "{pattern} {media_type}");
        }
    }
}
