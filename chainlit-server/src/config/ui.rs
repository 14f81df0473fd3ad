//! The `[UI]` table.

use serde::{Deserialize, Serialize};

/// What the page is called and how it looks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Ui {
    /// The page's title and the author of messages that name none.
    pub name: String,
    /// For search engines and link previews.
    pub description: String,
    /// How much of the steps between question and answer is shown.
    pub cot: ChainOfThought,
    /// The theme of a first visit.
    pub default_theme: Option<Theme>,
    /// One language for everybody, instead of the browser's.
    pub language: Option<String>,
    /// The width of the conversation.
    pub layout: Layout,
    /// The list of threads at first sight.
    pub default_sidebar_state: SidebarState,
    /// Where the chat settings open.
    pub chat_settings_location: SettingsLocation,
    /// Whether the chat settings are open at first.
    pub default_chat_settings_open: bool,
    /// Whether "new chat" asks before it leaves the current one.
    pub confirm_new_chat: bool,
    /// A link to the source code in the header.
    pub github: Option<String>,
    /// A style sheet for the page.
    pub custom_css: Option<String>,
    /// More attributes of that style sheet's link.
    pub custom_css_attributes: String,
    /// A script for the page.
    pub custom_js: Option<String>,
    /// The look of alerts in messages.
    pub alert_style: AlertStyle,
    /// More attributes of that script's tag.
    pub custom_js_attributes: String,
    /// The picture of the login page.
    pub login_page_image: Option<String>,
    /// A CSS filter for that picture.
    pub login_page_image_filter: Option<String>,
    /// The same for the dark theme.
    pub login_page_image_dark_filter: Option<String>,
    /// The address in link previews.
    pub custom_meta_url: Option<String>,
    /// The picture in link previews.
    pub custom_meta_image_url: Option<String>,
    /// A logo instead of `/logo`.
    pub logo_file_url: Option<String>,
    /// An avatar instead of `/avatars/…`.
    pub default_avatar_file_url: Option<String>,
    /// Width of avatars in pixels.
    pub avatar_size: Option<u32>,
    /// A folder with another built frontend, relative to the application's folder.
    pub custom_build: Option<String>,
    /// Links in the header.
    pub header_links: Option<Vec<HeaderLink>>,
    /// Whether a visitor sees the text of a handler's error. The error's id is shown in any case.
    ///
    /// Not a key of Chainlit, which always shows the text.
    pub show_errors: bool,
}

impl Default for Ui {
    fn default() -> Self {
        Self {
            name: "Assistant".to_owned(),
            description: String::new(),
            cot: ChainOfThought::default(),
            default_theme: Some(Theme::Dark),
            language: None,
            layout: Layout::default(),
            default_sidebar_state: SidebarState::default(),
            chat_settings_location: SettingsLocation::default(),
            default_chat_settings_open: false,
            confirm_new_chat: true,
            github: None,
            custom_css: None,
            custom_css_attributes: String::new(),
            custom_js: None,
            alert_style: AlertStyle::default(),
            custom_js_attributes: "defer".to_owned(),
            login_page_image: None,
            login_page_image_filter: None,
            login_page_image_dark_filter: None,
            custom_meta_url: None,
            custom_meta_image_url: None,
            logo_file_url: None,
            default_avatar_file_url: None,
            avatar_size: None,
            custom_build: None,
            header_links: None,
            show_errors: false,
        }
    }
}

/// How much of the steps between question and answer is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChainOfThought {
    /// Nothing; the steps' contents do not leave the server.
    Hidden,
    /// Tools only.
    ToolCall,
    /// Every step.
    #[default]
    Full,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The word that the file and the wire use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The width of the conversation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// A column that reads well.
    #[default]
    Default,
    /// A wider column.
    Wide,
}

/// The list of threads at first sight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SidebarState {
    /// Shown.
    #[default]
    Open,
    /// Folded, with a button to open it.
    Closed,
    /// Not offered.
    Hidden,
}

/// Where the chat settings open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingsLocation {
    /// From the box in which messages are written.
    #[default]
    MessageComposer,
    /// From the sidebar.
    Sidebar,
}

/// The look of alerts in messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AlertStyle {
    /// With a bar at the edge.
    #[default]
    Classic,
    /// With a frame.
    Modern,
}

/// A link in the header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeaderLink {
    /// For assistive technology and the tooltip.
    pub name: String,
    /// The link's picture.
    pub icon_url: String,
    /// Where it leads.
    pub url: String,
    /// A text beside the picture.
    #[serde(default)]
    pub display_name: Option<String>,
    /// The window in which it opens.
    #[serde(default)]
    pub target: Option<LinkTarget>,
}

/// The window in which a link opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkTarget {
    /// A new one.
    #[serde(rename = "_blank")]
    Blank,
    /// The same.
    #[serde(rename = "_self")]
    Own,
    /// The one around.
    #[serde(rename = "_parent")]
    Parent,
    /// The outermost.
    #[serde(rename = "_top")]
    Top,
}
