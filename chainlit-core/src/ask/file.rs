use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::open::upload_rules;
use super::question::{DEFAULT_TIMEOUT, Kind, Question, question_methods};
use crate::error::Error;
use crate::files::SessionFile;
use crate::message::MessageType;
use crate::session::Session;
use crate::upload::UploadError;
use crate::wire::{AcceptDict, AskKind};

/// A question that is answered by files.
///
/// ```no_run
/// # async fn ask() -> chainlit::Result {
/// use chainlit as cl;
///
/// let question = cl::AskFileMessage::new("Which text?", ["text/plain"]).max_files(3);
/// for file in question.send().await?.unwrap_or_default() {
///     let words = std::fs::read_to_string(&file.path)?.split_whitespace().count();
///     cl::Message::new(format!("{}: {words} words", file.name)).send().await?;
/// }
/// # Ok(()) }
/// ```
///
/// Which files are taken is said by media type, with `*` for a part, or by media type and name
/// extensions:
///
/// ```
/// use chainlit as cl;
///
/// let picture = cl::AskFileMessage::new("A picture, please", ["image/*"]);
/// let code = cl::AskFileMessage::new("Your program?", [("text/*", [".rs", ".py"])]);
/// # let _ = (picture, code);
/// ```
///
/// Size, number and type are checked when a file is uploaded and again when the answer names it.
/// The answer holds only files that this user has uploaded and not used for anything else.
///
/// The question is part of the session: it survives a dropped connection and a reload, is answered
/// once, and ends with Stop.
///
/// Follows [`cl.AskFileMessage`](https://docs.chainlit.io/api-reference/ask/ask-for-file). There
/// the limits are the client's to keep when the message has no parent.
#[derive(Clone, Debug)]
#[must_use = "a question is asked by its `send`"]
pub struct AskFileMessage {
    question: Question,
    accept: AcceptDict,
    max_size_mb: u64,
    max_files: u32,
}

impl AskFileMessage {
    /// A question for one file of at most 2 MiB that waits for 90 s.
    pub fn new(content: impl Into<String>, accept: impl Into<AcceptDict>) -> Self {
        Self {
            question: Question::new(content, DEFAULT_TIMEOUT),
            accept: accept.into(),
            max_size_mb: 2,
            max_files: 1,
        }
    }

    /// Sets who speaks.
    pub fn kind(mut self, kind: MessageType) -> Self {
        self.question.message.kind = kind;
        self
    }

    /// Sets how large each file may be, in MiB.
    pub fn max_size_mb(mut self, size: u64) -> Self {
        self.max_size_mb = size;
        self
    }

    /// Sets how many files the answer may have, at least one.
    pub fn max_files(mut self, files: u32) -> Self {
        self.max_files = files.max(1);
        self
    }

    question_methods!();

    /// Asks, and waits for the answer: at least one file, or `None` when the time is over or the
    /// question was [removed](Self::remove), or the server goes down.
    ///
    /// # Errors
    ///
    /// [`Error::AskTimeout`] with [`raise_on_timeout`](Self::raise_on_timeout);
    /// [`Error::TooManyAsks`] when as many are open as the configuration allows
    /// (`limits.asks_per_session`); [`Error::ChatEnded`].
    ///
    /// # Panics
    ///
    /// Outside of a handler, like [`Context::current`](crate::Context::current).
    ///
    /// # Cancel safety
    ///
    /// Dropped while it waits, the question is withdrawn in the page.
    pub async fn send(&self) -> Result<Option<Vec<SessionFile>>, Error> {
        let upload = Upload {
            accept: self.accept.clone(),
            max_size_mb: self.max_size_mb,
            max_files: self.max_files,
            message_id: self.id().to_owned(),
        };
        self.question.ask(upload).await
    }
}

struct Upload {
    accept: AcceptDict,
    max_size_mb: u64,
    max_files: u32,
    /// The message that asks, to which the files belong then.
    message_id: String,
}

/// How a client names a file.
#[derive(Deserialize)]
struct FileReference {
    id: String,
}

impl Kind for Upload {
    type Answer = Vec<SessionFile>;

    fn spec(&self) -> AskKind {
        AskKind::File {
            accept: self.accept.clone(),
            max_files: self.max_files,
            max_size_mb: self.max_size_mb,
        }
    }

    fn read(&mut self, session: &Session, value: Value) -> Result<Vec<SessionFile>, Error> {
        let refuse = |error: UploadError| Error::Refused(error.to_string());
        let named: Vec<FileReference> = serde_json::from_value(value)
            .map_err(|error| Error::Refused(format!("it is no list of files: {error}")))?;
        if named.is_empty() {
            return Err(Error::Refused("it names no file".to_owned()));
        }
        let (count, max_files) = (named.len(), self.max_files as usize);
        if count > max_files {
            return Err(refuse(UploadError::Count { count, max_files }));
        }
        let ids: Vec<&str> = named.iter().map(|file| file.id.as_str()).collect();
        // A file may have been uploaded for something else, under other rules.
        let check = |files: &[SessionFile]| {
            upload_rules(&self.spec()).map_or(Ok(()), |rules| rules.check(files))
        };
        session.claim_uploads(&ids, &self.message_id, check).map_err(refuse)
    }

    fn interaction<'a>(&'a self, answer: &'a Vec<SessionFile>) -> Cow<'a, str> {
        let names: Vec<_> = answer.iter().map(|file| file.name.as_str()).collect();
        Cow::Owned(names.join(","))
    }
}
