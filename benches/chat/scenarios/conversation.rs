use super::{Run, both};
use crate::Result;

impl Run<'_> {
    /// Messages one after the other, then a reader who goes up to the first one.
    pub(super) async fn conversation(&mut self) -> Result {
        let some = self.browse("conversation.300", "conversation.mjs", &["300"]).await;
        let many = self.browse("conversation.5000", "conversation.mjs", &["5000"]).await;
        both(some, many)
    }
}
