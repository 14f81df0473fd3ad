//! Steps: what the application does between question and answer.

use std::borrow::Cow;
use std::sync::Arc;

use uuid::Uuid;

use crate::session::Session;
use crate::wire::{AnyStep, ServerEvent, ShowInput, StepDict};

/// The step around one run of a handler: everything that the handler sends is its child.
///
/// The page never shows it, only its children; a data layer keeps it.
#[derive(Debug)]
pub struct Run {
    session: Session,
    dict: Arc<StepDict>,
}

impl Run {
    /// Begins a run and tells the browser.
    #[must_use]
    pub fn begin(session: &Session, name: &'static str, parent_id: Option<Arc<str>>) -> Self {
        let created_at = session.now();
        let mut id = Uuid::encode_buffer();
        let id: &str = Uuid::new_v4().hyphenated().encode_lower(&mut id);
        let dict = Arc::new(StepDict {
            name: Cow::Borrowed(name),
            kind: Cow::Borrowed("run"),
            id: Arc::from(id),
            thread_id: session.shared_thread_id(),
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
            show_input: ShowInput::Code(Cow::Borrowed("json")),
            generation: None,
        });
        session.emitter().emit(&ServerEvent::NewMessage(AnyStep::Step(&dict)));
        Self { session: session.clone(), dict }
    }

    /// The run's id: the parent of what the handler sends.
    #[must_use]
    pub fn id(&self) -> &Arc<str> {
        &self.dict.id
    }

    /// Ends the run. `error` is the text that the browser may see.
    pub fn end(self, input: String, error: Option<String>) {
        let mut dict = StepDict { input, ..StepDict::clone(&self.dict) };
        if let Some(error) = error {
            dict.is_error = true;
            dict.output = error;
        }
        dict.end = Some(self.session.now());
        self.session.emitter().emit(&ServerEvent::UpdateMessage(AnyStep::Step(&Arc::new(dict))));
    }
}
