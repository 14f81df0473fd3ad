//! Files that updates have replaced.

use std::collections::VecDeque;

/// The most files that are kept for a page that asks late.
const MAX_FILES: usize = 16;

/// The most bytes that they have together.
const MAX_BYTES: u64 = 1024 * 1024;

/// Files that updates have replaced, the oldest first. A page that fetches what an element showed a
/// moment ago still finds it.
#[derive(Debug, Default)]
pub(super) struct Outdated {
    files: VecDeque<(String, u64)>,
    bytes: u64,
}

impl Outdated {
    /// Adds a file of so many bytes; gives the ids of those that are kept no longer.
    pub(super) fn push(&mut self, id: String, bytes: u64) -> Vec<String> {
        self.files.push_back((id, bytes));
        self.bytes += bytes;
        let mut gone = Vec::new();
        while (self.files.len() > MAX_FILES || self.bytes > MAX_BYTES)
            && let Some(id) = self.pop()
        {
            gone.push(id);
        }
        gone
    }

    /// Gives up the oldest.
    pub(super) fn pop(&mut self) -> Option<String> {
        let (id, bytes) = self.files.pop_front()?;
        self.bytes -= bytes;
        Some(id)
    }

    /// The file with that id is gone, or is shown again.
    pub(super) fn forget(&mut self, id: &str) {
        self.files.retain(|(known, bytes)| {
            let stays = known != id;
            if !stays {
                self.bytes -= bytes;
            }
            stays
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_small_files_stay() {
        let mut outdated = Outdated::default();
        for n in 0..MAX_FILES {
            assert!(outdated.push(n.to_string(), 10).is_empty());
        }
        assert_eq!(outdated.push("one more".to_owned(), 10), ["0"]);
        assert_eq!(outdated.push("large".to_owned(), MAX_BYTES + 1).len(), MAX_FILES + 1);
        assert!(outdated.push("again".to_owned(), MAX_BYTES).is_empty());
        outdated.forget("again");
        assert!(outdated.push("other".to_owned(), MAX_BYTES).is_empty());
        assert_eq!((outdated.pop().as_deref(), outdated.pop()), (Some("other"), None));
    }
}
