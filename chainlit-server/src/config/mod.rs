//! Configuration: the file `.chainlit/config.toml`, the environment, and what they mean.
//!
//! The keys are Chainlit's, so a file that works there works here. [`prepare`] is the way in: it writes
//! the missing files of a first run, then reads the configuration and says in one line what is wrong with it.

mod app_root;
mod changes;
mod data;
mod env;
mod error;
mod features;
mod limits;
mod load;
mod login;
mod milliseconds;
mod overrides;
mod project;
mod seconds;
mod setup;
mod ui;
mod unavailable;
mod unknown;
mod validate;

pub use app_root::AppRoot;
pub use data::{Data, DatabaseUrl};
pub use env::{Env, EnvError};
pub use error::ConfigError;
pub use features::{Accept, Audio, Features, FileUpload, Mcp, McpServer, McpUserServers, Slack};
pub use limits::Limits;
pub use load::{Config, Meta};
pub use login::LoginConfig;
pub use project::{Project, Transport};
pub use setup::prepare;
pub use ui::{
    AlertStyle, ChainOfThought, HeaderLink, Layout, LinkTarget, SettingsLocation, SidebarState,
    Theme, Ui,
};

pub(crate) use changes::Changes;
pub(crate) use login::network;
pub(crate) use overrides::overridden;
pub(crate) use setup::TRANSLATIONS_DIR;
#[cfg(feature = "testing")]
pub(crate) use setup::read;
pub(crate) use validate::is_language;
