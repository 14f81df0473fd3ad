//! What users may upload, and what they have uploaded.

use std::collections::{HashMap, VecDeque};

use parking_lot::Mutex;

use crate::files::SessionFile;
use crate::message::Message;
use crate::session::Session;
use crate::wire::AcceptDict;

/// Which files a user may upload: with a message, or to answer a question.
///
/// ```
/// use chainlit as cl;
///
/// let mut rules = cl::UploadRules::default();
/// assert!(rules.check_type("film.mp4", "video/mp4").is_ok());
///
/// rules.accept = Some(cl::wire::AcceptDict::Types(vec!["image/*".to_owned()]));
/// assert!(rules.check_type("cat.png", "image/png").is_ok());
/// assert!(rules.check_type("film.mp4", "video/mp4").is_err());
/// ```
///
/// Follows Chainlit's `spontaneous_file_upload` and `AskFileMessage`. There the number of files is
/// checked by the page alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UploadRules {
    /// Which files are taken; any when `None`.
    pub accept: Option<AcceptDict>,
    /// Bytes that one file may have; only what the session may keep bounds it when `None`.
    pub max_bytes: Option<u64>,
    /// Files that one message or answer may bring; any number when `None`.
    pub max_files: Option<usize>,
}

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UploadError {
    /// Files of that type or name are not wanted.
    #[error("File type not allowed: `{name}` is {mime}")]
    Type {
        /// The file's name.
        name: String,
        /// Its media type.
        mime: String,
    },
    /// It is too large.
    #[error("File size too large: `{name}` has more than {max_bytes} bytes")]
    Size {
        /// The file's name.
        name: String,
        /// Bytes that it may have.
        max_bytes: u64,
    },
    /// Too many at once.
    #[error("Too many files: {count} were sent, at most {max_files} are taken at once")]
    Count {
        /// How many came.
        count: usize,
        /// How many may come.
        max_files: usize,
    },
    /// Nothing may be uploaded.
    #[error("File upload is not enabled")]
    Off,
    /// No file that was uploaded has that id, or another message has it already.
    #[error("The file {id} is not there (any more): upload it again")]
    Unknown {
        /// What the client calls it.
        id: String,
    },
}

impl UploadRules {
    /// Whether a file of that name and media type is taken.
    ///
    /// # Errors
    ///
    /// [`UploadError::Type`] when it is not.
    pub fn check_type(&self, name: &str, mime: &str) -> Result<(), UploadError> {
        let accept = self.accept.as_ref();
        let is_taken = accept.is_none_or(|accept| accept.takes(mime, name));
        if is_taken {
            return Ok(());
        }
        Err(UploadError::Type { name: name.to_owned(), mime: mime.to_owned() })
    }

    /// Whether all these files are taken together. A client may have uploaded them under other
    /// rules than those of what it uses them for.
    ///
    /// # Errors
    ///
    /// [`UploadError`], for the first file that is not.
    pub fn check(&self, files: &[SessionFile]) -> Result<(), UploadError> {
        if let Some(max_files) = self.max_files.filter(|most| files.len() > *most) {
            return Err(UploadError::Count { count: files.len(), max_files });
        }
        for file in files {
            self.check_type(&file.name, &file.mime)?;
            if let Some(max_bytes) = self.max_bytes.filter(|most| file.size > *most) {
                return Err(UploadError::Size { name: file.name.clone(), max_bytes });
            }
        }
        Ok(())
    }
}

/// The files that a session's user has uploaded.
#[derive(Debug, Default)]
pub(crate) struct Uploads(Mutex<Ids>);

#[derive(Debug, Default)]
struct Ids {
    /// Uploaded and not yet part of a message or an answer, the oldest first.
    waiting: VecDeque<String>,
    /// Files by the message that brought them. Each file is there once.
    attached: HashMap<String, Vec<String>>,
}

impl Uploads {
    pub(crate) fn clear(&self) {
        *self.0.lock() = Ids::default();
    }

    /// Whether a message has that file, or may still be given it.
    fn has(&self, id: &str) -> bool {
        let ids = self.0.lock();
        ids.waiting.iter().chain(ids.attached.values().flatten()).any(|known| known == id)
    }
}

impl Session {
    /// What may be uploaded for the open question whose message has that id, or stands below the
    /// step with that id; for one at the top level when `parent` is `None`. `None` when no question
    /// asks for files there.
    ///
    /// Chainlit's client names the parent of the message that asks, and nothing when it has none.
    #[must_use]
    pub fn upload_rules(&self, parent: Option<&str>) -> Option<UploadRules> {
        self.asks().upload_rules(parent)
    }

    // For the server, which receives uploads.
    #[doc(hidden)]
    /// A file was uploaded, and waits for the message or the answer that uses it.
    ///
    /// A user who takes an attachment back tells nobody. So the oldest of those that wait goes when
    /// more than `most` do.
    pub fn note_upload(&self, file: &SessionFile, most: usize) {
        let gone: Vec<String> = {
            let waiting = &mut self.uploads().0.lock().waiting;
            waiting.push_back(file.id.clone());
            let beyond = waiting.len().saturating_sub(most.max(1));
            waiting.drain(..beyond).collect()
        };
        for id in gone {
            self.files().remove(&id);
        }
    }

    /// Gives the uploaded files with these ids to the message with that id, if `check` takes them:
    /// nothing else can use them from now on.
    ///
    /// # Errors
    ///
    /// [`UploadError::Unknown`] for the first id that is none of a file which waits, or comes twice;
    /// what `check` says. Nothing is given then.
    pub fn claim_uploads(
        &self,
        ids: &[&str],
        message_id: &str,
        check: impl FnOnce(&[SessionFile]) -> Result<(), UploadError>,
    ) -> Result<Vec<SessionFile>, UploadError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        // One lock for all: a message and an answer may name the same file at the same time.
        let mut known = self.uploads().0.lock();
        let file = |(place, id): (usize, &&str)| {
            let is_new = !ids[..place].contains(id);
            let is_waiting = is_new && known.waiting.iter().any(|waiting| waiting == id);
            let file = if is_waiting { self.files().get(id) } else { None };
            // Whatever a client sends is not sent back at length.
            file.ok_or_else(|| UploadError::Unknown { id: id.chars().take(64).collect() })
        };
        let files = ids.iter().enumerate().map(file).collect::<Result<Vec<_>, _>>()?;
        check(&files)?;
        known.waiting.retain(|waiting| !ids.contains(&waiting.as_str()));
        let of_message = known.attached.entry(message_id.to_owned()).or_default();
        of_message.extend(files.iter().map(|file| file.id.clone()));
        Ok(files)
    }

    /// The message with that id was not taken after all: what was claimed for it waits again.
    pub fn return_uploads(&self, message_id: &str) {
        let mut ids = self.uploads().0.lock();
        let files = ids.attached.remove(message_id).unwrap_or_default();
        ids.waiting.extend(files);
    }

    // For the server, which decides when this is right.
    #[doc(hidden)]
    /// Removes the files of elements that the page shows no more, but for what the user has uploaded
    /// for a message that is still there, or is still to write.
    pub fn release_forgotten(&self) {
        for id in self.emitter().take_forgotten() {
            if !self.uploads().has(&id) {
                self.files().remove(&id);
            }
        }
    }

    /// The user's message with that id is gone; what was uploaded for it goes with it, once the
    /// page shows it no more.
    pub(crate) fn detach_uploads(&self, message_id: &str) {
        let files = self.uploads().0.lock().attached.remove(message_id).unwrap_or_default();
        for id in files.iter().filter(|id| self.emitter().element(id).is_none()) {
            self.files().remove(id);
        }
    }

    /// Gives the messages the files that came with them.
    pub(crate) fn fill_in_files(&self, messages: &mut [Message]) {
        if self.uploads().0.lock().attached.is_empty() {
            return;
        }
        for message in messages {
            message.files = self.attached_files(&message.id);
        }
    }

    /// The files that came with the message with that id.
    #[must_use]
    pub fn attached_files(&self, message_id: &str) -> Vec<SessionFile> {
        let ids = self.uploads().0.lock().attached.get(message_id).cloned().unwrap_or_default();
        ids.iter().filter_map(|id| self.files().get(id)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_wants_type_and_extension() {
        let table = [("text/plain".to_owned(), vec![".txt".to_owned(), ".Ä".to_owned()])];
        let rules = UploadRules {
            accept: Some(AcceptDict::Extensions(table.into())),
            ..UploadRules::default()
        };
        for (name, mime, is_taken) in [
            ("a.txt", "text/plain", true),
            ("a.TXT", "text/plain; charset=utf-8", true),
            ("a.ä", "text/plain", true),
            ("a.log", "text/plain", false),
            ("a.txt", "image/png", false),
            ("ä", "text/plain", false),
        ] {
            assert_eq!(rules.check_type(name, mime).is_ok(), is_taken, "{name} {mime}");
        }
    }

    #[test]
    fn files_are_checked_together() {
        let file = |size| SessionFile::new("1", "a.txt", "a", "text/plain", size);
        let rules =
            UploadRules { max_bytes: Some(5), max_files: Some(2), ..UploadRules::default() };
        assert_eq!(rules.check(&[file(5), file(0)]), Ok(()));
        let size = UploadError::Size { name: "a.txt".to_owned(), max_bytes: 5 };
        assert_eq!(rules.check(&[file(6)]), Err(size));
        let count = UploadError::Count { count: 3, max_files: 2 };
        assert_eq!(rules.check(&[file(1), file(1), file(1)]), Err(count));
    }
}
