//! Questions to the user.
//!
//! Each kind of question has a file; `question.rs` has what all of them do, `open.rs` those that
//! wait for an answer.

mod action;
mod element;
mod file;
mod open;
mod question;
#[cfg(test)]
mod tests;
mod user;

pub use action::AskActionMessage;
pub use element::{AskElementMessage, ElementAnswer};
pub use file::AskFileMessage;
pub(crate) use open::OpenAsks;
pub use user::AskUserMessage;
