//! The warp server of the `chainlit` crate: socket loop, dispatch, routes, configuration, command
//! line and the embedded web UI.
//!
//! Applications use the `chainlit` crate, which re-exports what they need from here.

mod addresses;
mod app;
mod assets;
mod bucket;
mod chat;
mod cli;
pub mod config;
#[doc(hidden)]
pub mod conformance;
mod data;
mod engineio;
mod files;
mod http;
mod login;
mod logins;
mod markdown;
mod persistence;
mod random;
mod ready;
mod recorder;
mod root_path;
mod serve;
mod service;
mod shutdown;
mod socket;
mod socketio;
mod storage;
#[cfg(feature = "testing")]
pub mod testing;
mod translations;
mod ui;

pub use app::{App, AppError, run};
pub use cli::{ServeOptions, UsageError};
pub use config::{AppRoot, Config};
pub use data::OpenError;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use data::{ImportReport, SqlDataLayer};
pub use login::LoginSetupError;
pub use logins::Logins;
pub use random::create_secret;
pub use root_path::RootPath;
pub use service::ChainlitService;
