use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An element as the browser sees it: always these 16 keys, in this order.
///
/// ```
/// use chainlit as cl;
///
/// let element = cl::wire::ElementDict::new("e1", "t1", cl::ElementType::Text, "notes");
/// assert_eq!(element.display, cl::Display::Inline);
/// assert!(serde_json::to_string(&element)?.starts_with(r#"{"id":"e1","threadId":"t1","type":"text""#));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ElementDict {
    /// UUID v4; the same through all updates.
    pub id: Arc<str>,
    /// The thread the element belongs to.
    pub thread_id: Arc<str>,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: ElementType,
    /// Where its content is, when it is not kept by the server.
    pub url: Option<String>,
    /// Id of the session's file with its content.
    pub chainlit_key: Option<String>,
    /// The name: shown, and what the message's text refers to.
    pub name: String,
    /// Where the page shows it.
    pub display: Display,
    /// Where a storage keeps the content.
    pub object_key: Option<String>,
    /// How large it is shown.
    pub size: Option<ElementSize>,
    /// What a custom element's component gets.
    #[cfg_attr(feature = "typescript", ts(type = "Record<string, unknown> | null"))]
    pub props: Option<Map<String, Value>>,
    /// A PDF's page that is shown first, counted from 1.
    pub page: Option<u32>,
    /// Whether a sound starts by itself.
    pub auto_play: Option<bool>,
    /// Options of a video's player.
    #[cfg_attr(feature = "typescript", ts(type = "Record<string, unknown> | null"))]
    pub player_config: Option<Map<String, Value>>,
    /// Highlighting language of a text.
    pub language: Option<String>,
    /// Id of the message or step it belongs to; empty for a task list and the side bar's elements.
    pub for_id: Arc<str>,
    /// Media type of the content.
    pub mime: Option<String>,
}

impl ElementDict {
    /// An element that is shown inline and has nothing else set.
    #[must_use]
    pub fn new(
        id: impl Into<Arc<str>>,
        thread_id: impl Into<Arc<str>>,
        kind: ElementType,
        name: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            thread_id: thread_id.into(),
            kind,
            url: None,
            chainlit_key: None,
            name: name.into(),
            display: Display::Inline,
            object_key: None,
            size: None,
            props: None,
            page: None,
            auto_play: None,
            player_config: None,
            language: None,
            for_id: Arc::from(""),
            mime: None,
        }
    }

    /// Roughly the bytes of memory that the element holds, for those who keep many within a bound.
    #[must_use]
    pub fn weight(&self) -> usize {
        /// An element without any text.
        const BARE: usize = 500;
        /// A JSON value in memory beside its text.
        const JSON: usize = 16;
        let texts = [&self.url, &self.object_key, &self.language, &self.mime];
        let texts: usize = texts.into_iter().flatten().map(String::len).sum();
        let facts = super::json_bytes(&self.props) + super::json_bytes(&self.player_config);
        BARE + self.name.len() + texts + JSON * facts
    }
}

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ElementType {
    /// A picture.
    Image,
    /// A text, maybe code.
    Text,
    /// A PDF document.
    Pdf,
    /// The list of what the application is doing.
    TaskList,
    /// A sound.
    Audio,
    /// A film.
    Video,
    /// Any file, to be downloaded.
    File,
    /// A chart of Plotly.
    Plotly,
    /// A table.
    Dataframe,
    /// A component of the application.
    Custom,
}

/// Where the page shows an element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Display {
    /// Below the message.
    #[default]
    Inline,
    /// Beside the conversation, when the user follows its name in the text.
    Side,
    /// On a page of its own, when the user follows its name in the text.
    Page,
}

/// How large an element is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum ElementSize {
    /// A fourth of the column.
    Small,
    /// Half of the column.
    Medium,
    /// The whole column.
    Large,
}
