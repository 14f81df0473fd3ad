//! The dictionaries and events that travel between server and browser.
//!
//! Field names, their order and their defaults are those of Chainlit 2.12, so that its own
//! frontend and clients read them unchanged. These types are the source of the web UI's
//! TypeScript types.

mod ask;
mod client;
mod element;
mod event;
mod facts;
#[cfg(test)]
mod golden;
mod settings;
mod step;
mod thread;
#[cfg(test)]
#[cfg(feature = "typescript")]
mod typescript;

pub use ask::{AcceptDict, AskKind, AskMessage, AskSpec};
pub use client::{
    ClientAudioChunk, ClientMessage, ClientStep, EditedMessage, FavoriteMark, FileReference,
    MarkedMessage, MarkedStep,
};
pub use element::{Display, ElementDict, ElementSize, ElementType};
pub use event::ServerEvent;
pub use facts::Facts;
pub use settings::{DateMode, DateValue, ItemDict, SettingsItem, TabDict, WidgetDict};
pub(crate) use step::json_bytes;
pub use step::{AnyStep, MessageDict, ShowInput, StepDict};
pub use thread::{ThreadDict, ThreadStepDict};

pub use crate::action::ActionDict;
