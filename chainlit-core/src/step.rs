//! Steps: what the application does between question and answer.

use serde_json::Value;
use uuid::Uuid;

use crate::session::Session;
use crate::wire::{AnyStep, ServerEvent, StepDict};

/// The step around one run of a handler: everything that the handler sends is its child.
///
/// The page never shows it, only its children; a data layer keeps it.
#[derive(Debug)]
pub struct Run {
    session: Session,
    dict: StepDict,
}

impl Run {
    /// Begins a run and tells the browser.
    #[must_use]
    pub fn begin(session: &Session, name: &str, parent_id: Option<String>) -> Self {
        let created_at = session.now();
        let dict = StepDict {
            name: name.to_owned(),
            kind: "run".to_owned(),
            id: Uuid::new_v4().to_string(),
            thread_id: session.thread_id().to_owned(),
            parent_id,
            streaming: false,
            metadata: serde_json::Map::new(),
            tags: None,
            input: String::new(),
            is_error: false,
            output: String::new(),
            created_at: Some(created_at),
            start: Some(session.now()),
            end: None,
            language: None,
            default_open: false,
            auto_collapse: false,
            show_input: Value::String("json".to_owned()),
            generation: None,
        };
        session.emitter().emit(&ServerEvent::NewMessage(AnyStep::Step(&dict)));
        Self { session: session.clone(), dict }
    }

    /// The run's id: the parent of what the handler sends.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.dict.id
    }

    /// Ends the run. `error` is the text that the browser may see.
    pub fn end(mut self, input: String, error: Option<String>) {
        self.dict.input = input;
        if let Some(error) = error {
            self.dict.is_error = true;
            self.dict.output = error;
        }
        self.dict.end = Some(self.session.now());
        self.session.emitter().emit(&ServerEvent::UpdateMessage(AnyStep::Step(&self.dict)));
    }
}
