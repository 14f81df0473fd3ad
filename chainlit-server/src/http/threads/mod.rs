//! Stored conversations: who may read, change and share them.

mod access;
mod change;
mod export;
mod list;
mod read;
mod share;

pub(super) use access::{is_id, layer, no_thread, stored, unauthorized};
pub(super) use change::{change, remove};
pub(super) use export::export;
pub(super) use list::list;
pub(super) use read::{content, element, steps, thread};
pub(super) use share::{share, shared_content, view};
