use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Free-form facts, a JSON object, kept as the text that goes over the wire.
///
/// A [`Map`] takes two thirds of a KiB for its first entry. Messages are kept for long, and those of a
/// browser carry one fact each.
///
/// ```
/// use chainlit as cl;
///
/// let facts: cl::wire::Facts = serde_json::from_str(r#"{"location":"http://localhost/"}"#)?;
/// assert_eq!(facts.to_map()["location"], "http://localhost/");
/// assert_eq!(serde_json::to_string(&cl::wire::Facts::default())?, "{}");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Facts(Option<Box<RawValue>>);

impl Facts {
    /// The facts, to be read or changed.
    #[must_use]
    pub fn to_map(&self) -> Map<String, Value> {
        // The text is of an object, whoever made it.
        serde_json::from_str(self.as_str()).unwrap_or_default()
    }

    /// The facts as JSON.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_deref().map_or("{}", RawValue::get)
    }
}

impl From<&Map<String, Value>> for Facts {
    fn from(map: &Map<String, Value>) -> Self {
        // A map with string keys can always be written.
        Self(if map.is_empty() { None } else { serde_json::value::to_raw_value(map).ok() })
    }
}

impl PartialEq for Facts {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Serialize for Facts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(json) => json.serialize(serializer),
            None => serializer.collect_map::<&str, (), _>([]),
        }
    }
}

impl<'de> Deserialize<'de> for Facts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Only an object will do.
        Map::deserialize(deserializer).map(|map| Self::from(&map))
    }
}
