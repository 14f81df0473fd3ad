use std::sync::Arc;

use super::Step;
use super::state::Ending;
use crate::session::Session;

/// The step around one run of a handler: everything that the handler sends is its child.
///
/// The page never shows it, only its children; a data layer keeps it.
#[derive(Debug)]
pub struct Run(Step);

impl Run {
    /// Begins a run and tells the browser.
    #[must_use]
    pub fn begin(session: &Session, name: &'static str, parent_id: Option<Arc<str>>) -> Self {
        Self(Step::in_session(name, parent_id, session))
    }

    /// The step: the parent of what the handler sends.
    pub fn step(&self) -> &Step {
        &self.0
    }

    /// Ends the run. `error` is the text that the browser may see.
    pub fn end(self, input: String, error: Option<String>) {
        let mut state = self.0.0.0.lock();
        let dict = state.dict_mut();
        dict.input = input;
        if let Some(error) = error {
            dict.is_error = true;
            dict.output = error;
        }
        state.close(Ending::Done);
    }
}
