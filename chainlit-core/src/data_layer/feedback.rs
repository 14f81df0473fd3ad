use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a user says of an answer.
///
/// ```
/// use chainlit as cl;
///
/// let json = r#"{"forId":"m1","threadId":"t1","value":0,"comment":"wrong"}"#;
/// let feedback: cl::Feedback = serde_json::from_str(json)?;
/// assert_eq!(feedback.value, cl::FeedbackValue::Negative);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Feedback {
    /// UUID v4; `None` while it is stored nowhere.
    #[serde(default)]
    pub id: Option<String>,
    /// Id of the message or step it is about.
    pub for_id: String,
    /// The thread of that.
    #[serde(default)]
    pub thread_id: Option<String>,
    /// Thumb up or down.
    pub value: FeedbackValue,
    /// In the user's words.
    #[serde(default)]
    pub comment: Option<String>,
}

/// Thumb up or down: 1 or 0 on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[cfg_attr(feature = "typescript", ts(type = "0 | 1"))]
pub enum FeedbackValue {
    /// Thumb down.
    Negative,
    /// Thumb up.
    Positive,
}

impl From<FeedbackValue> for u8 {
    fn from(value: FeedbackValue) -> Self {
        match value {
            FeedbackValue::Negative => 0,
            FeedbackValue::Positive => 1,
        }
    }
}

impl TryFrom<u8> for FeedbackValue {
    type Error = String;

    fn try_from(value: u8) -> Result<Self, String> {
        match value {
            0 => Ok(Self::Negative),
            1 => Ok(Self::Positive),
            _ => Err(format!("a feedback's `value` is 0 or 1, not {value}")),
        }
    }
}

impl Serialize for FeedbackValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8((*self).into())
    }
}

impl<'de> Deserialize<'de> for FeedbackValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u8::deserialize(deserializer)?.try_into().map_err(serde::de::Error::custom)
    }
}
