//! The `[features]` table.

use std::collections::BTreeMap;

use chainlit_core::UploadRules;
use chainlit_core::wire::AcceptDict;
use serde::{Deserialize, Serialize};

/// What users may do, and how the page shows messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Features {
    /// Files that users attach to a message; absent means without limits.
    pub spontaneous_file_upload: Option<FileUpload>,
    /// The microphone.
    pub audio: Audio,
    /// Model Context Protocol servers.
    pub mcp: Mcp,
    /// The Slack bot.
    pub slack: Slack,
    /// Whether `$…$` and `$$…$$` in messages are drawn as formulas.
    pub latex: bool,
    /// Whether users' messages are rendered as Markdown.
    pub user_message_markdown: bool,
    /// Whether the page scrolls to a new message of the user.
    pub user_message_autoscroll: bool,
    /// Whether the page scrolls along with the assistant's message.
    pub assistant_message_autoscroll: bool,
    /// Chainlit's key for HTML in messages; it has no effect here: what a model repeats would run in the user's page.
    pub unsafe_allow_html: bool,
    /// Whether a thread is tagged with its chat profile.
    pub auto_tag_thread: bool,
    /// Whether users may edit their messages.
    pub edit_message: bool,
    /// Whether users may share threads.
    pub allow_thread_sharing: bool,
    /// Whether users may keep favourite messages.
    pub favorites: bool,
    /// Hosts whose pictures, sounds and films the page loads by itself. Not a key of Chainlit's, whose page loads
    /// from anywhere: that tells the host of each visitor.
    pub allowed_media_hosts: Vec<String>,
}

impl Default for Features {
    fn default() -> Self {
        Self {
            spontaneous_file_upload: None,
            audio: Audio::default(),
            mcp: Mcp::default(),
            slack: Slack::default(),
            latex: false,
            user_message_markdown: true,
            user_message_autoscroll: true,
            assistant_message_autoscroll: true,
            unsafe_allow_html: false,
            auto_tag_thread: true,
            edit_message: true,
            allow_thread_sharing: false,
            favorites: false,
            allowed_media_hosts: Vec::new(),
        }
    }
}

/// Files that users attach to a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct FileUpload {
    /// Whether users may attach files at all; absent means no.
    pub enabled: Option<bool>,
    /// Which files; absent means any.
    pub accept: Option<Accept>,
    /// How many files for one message.
    pub max_files: Option<u32>,
    /// How large one file may be, in MiB.
    pub max_size_mb: Option<u64>,
}

impl Features {
    /// What users may attach to a message; `None` when nothing.
    pub(crate) fn upload_rules(&self) -> Option<UploadRules> {
        let Some(upload) = &self.spontaneous_file_upload else {
            return Some(UploadRules::default());
        };
        upload.enabled.unwrap_or_default().then(|| UploadRules {
            accept: upload.accept.clone().map(|accept| match accept {
                Accept::Types(types) => AcceptDict::Types(types),
                Accept::Extensions(table) => AcceptDict::Extensions(table),
            }),
            max_bytes: upload.max_size_mb.map(|size| size.saturating_mul(1024 * 1024)),
            max_files: upload.max_files.map(|files| files as usize),
        })
    }
}

/// Which files are taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a list of MIME types, or a table from MIME type to file extensions")]
pub enum Accept {
    /// MIME types, with `*` for a part: `["text/plain", "image/*"]`.
    Types(Vec<String>),
    /// MIME types with the extensions that each may have: `{"text/plain" = [".txt", ".log"]}`.
    Extensions(BTreeMap<String, Vec<String>>),
}

/// The microphone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Audio {
    /// Samples per second.
    pub sample_rate: u32,
    /// Whether the microphone is offered.
    pub enabled: bool,
}

impl Default for Audio {
    fn default() -> Self {
        Self { sample_rate: 24_000, enabled: false }
    }
}

/// Model Context Protocol servers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Mcp {
    /// Whether connections are offered.
    pub enabled: bool,
    /// The servers that users may connect to by name.
    pub servers: Vec<McpServer>,
    /// Servers that users bring themselves.
    pub user_servers: McpUserServers,
}

/// One configured server. Its command, address and headers never leave this process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum McpServer {
    /// A program that is started here.
    Stdio {
        /// Unique, whatever the letters' case.
        name: String,
        /// The command line.
        command: String,
        /// Variables for the program.
        #[serde(default)]
        env: BTreeMap<String, String>,
    },
    /// An address that sends events.
    Sse {
        /// Unique, whatever the letters' case.
        name: String,
        /// Where it listens.
        url: String,
        /// Sent with each request.
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// An address that speaks streamable HTTP.
    StreamableHttp {
        /// Unique, whatever the letters' case.
        name: String,
        /// Where it listens.
        url: String,
        /// Sent with each request.
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
}

impl McpServer {
    /// The server's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Stdio { name, .. }
            | Self::Sse { name, .. }
            | Self::StreamableHttp { name, .. } => name,
        }
    }

    /// How the server is reached, in the word that the file uses.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Stdio { .. } => "stdio",
            Self::Sse { .. } => "sse",
            Self::StreamableHttp { .. } => "streamable-http",
        }
    }
}

/// Servers that users bring themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct McpUserServers {
    /// Whether users may.
    pub enabled: bool,
    /// Beginnings of the addresses they may use; none of them means no address at all.
    pub allowed_urls: Vec<String>,
}

/// The Slack bot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Slack {
    /// Whether a received message gets a reaction.
    pub reaction_on_message_received: bool,
}
