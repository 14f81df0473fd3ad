use super::{Run, both};
use crate::Result;

/// Of five characters each.
const TOKENS: &str = "200000";

impl Run<'_> {
    /// One megabyte at full speed: what a model writes, and the same without a paragraph's end.
    pub(super) async fn answer(&mut self) -> Result {
        let prose = self.browse("answer.prose", "answer.mjs", &["prose", TOKENS]).await;
        let flat = self.browse("answer.flat", "answer.mjs", &["flat", TOKENS]).await;
        both(prose, flat)
    }
}
