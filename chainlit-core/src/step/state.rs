//! A step's state, and what the page is told of it.

use std::borrow::Cow;
use std::sync::Arc;

use uuid::Uuid;

use super::StepType;
use crate::context::Context;
use crate::element::Element;
use crate::scope::TaskScope;
use crate::session::Session;
use crate::wire::{AnyStep, ServerEvent, StepDict};

/// What a step is, and where it is shown. Events are sent under its lock, so that they have the
/// order of the changes.
pub(super) struct State {
    /// Shared with whoever keeps what was sent.
    dict: Arc<StepDict>,
    /// The session whose page shows it.
    session: Option<Session>,
    /// Set while it is open: what ends the work in it.
    open: Option<Open>,
    /// Its name is the one that the page shows.
    pub(super) is_introduced: bool,
    /// Elements whose content is kept; they are shown with the step.
    pub(super) elements: Vec<Element>,
    /// Elements that are still to be kept.
    pub(super) waiting: Vec<Element>,
}

/// What an open step knows of its work.
struct Open {
    /// `None` for a run, whose end is known by other means.
    scope: Option<TaskScope>,
}

/// How the work in a step ended.
pub(super) enum Ending {
    Done,
    /// With an error, of which the user may read that.
    Failed(String),
    /// Before its end: it was stopped, panicked, or nobody waits for it any more.
    Dropped,
}

impl State {
    pub(super) fn new(name: Cow<'static, str>, kind: StepType) -> Self {
        let mut id = Uuid::encode_buffer();
        let id: &str = Uuid::new_v4().hyphenated().encode_lower(&mut id);
        let dict = Arc::new(StepDict::new(id, Arc::<str>::default(), name, kind));
        Self {
            dict,
            session: None,
            open: None,
            is_introduced: false,
            elements: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// The session whose page shows it.
    pub(super) fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    pub(super) fn dict(&self) -> &StepDict {
        &self.dict
    }

    pub(super) fn dict_mut(&mut self) -> &mut StepDict {
        Arc::make_mut(&mut self.dict)
    }

    /// Shows that the step runs.
    pub(super) fn open(&mut self, context: &Context) {
        self.take_parent(context);
        self.open_in(context.session(), Some(context.task_scope().clone()));
    }

    pub(super) fn open_in(&mut self, session: &Session, scope: Option<TaskScope>) {
        self.place(session);
        let start = session.now();
        let dict = self.dict_mut();
        (dict.start, dict.end) = (Some(start), None);
        self.open = Some(Open { scope });
        self.emit(ServerEvent::NewMessage);
        self.show_elements();
    }

    /// Shows the step as it is.
    pub(super) fn send(&mut self) {
        self.place_here();
        self.end_stream();
        self.emit(ServerEvent::NewMessage);
        self.show_elements();
    }

    pub(super) fn update(&mut self) {
        self.place_here();
        self.end_stream();
        self.emit(ServerEvent::UpdateMessage);
        self.show_elements();
    }

    /// Shows the elements that are not shown yet, once the step itself is.
    pub(super) fn show_elements(&mut self) {
        let Some(session) = &self.session else { return };
        for element in self.elements.iter_mut().filter(|element| element.for_id.is_none()) {
            element.show(session, &self.dict.id);
        }
    }

    pub(super) fn remove(&mut self) {
        self.end_stream();
        self.emit(ServerEvent::DeleteMessage);
        if let Some(session) = &self.session {
            for element in self.elements.drain(..) {
                element.take_away(session);
            }
        }
        // Nobody is shown how it ends.
        (self.open, self.session) = (None, None);
    }

    pub(super) fn stream(&mut self, piece: &str, is_sequence: bool, is_input: bool) {
        self.place_here();
        let is_first = !self.dict.streaming;
        let dict = self.dict_mut();
        let text = if is_input { &mut dict.input } else { &mut dict.output };
        if is_sequence {
            text.clear();
        }
        text.push_str(piece);
        let Some(session) = self.session.clone() else { return };
        if is_first {
            self.dict_mut().streaming = true;
            self.emit(ServerEvent::StreamStart);
            session.end_turn();
        } else {
            let id = &self.dict.id;
            let token = ServerEvent::StreamToken { id, token: piece, is_sequence, is_input };
            session.emitter().emit(&token);
        }
    }

    /// Marks the step as failed; the error goes behind what there is of an output.
    pub(super) fn fail(&mut self, shown: &str) {
        let dict = self.dict_mut();
        dict.is_error = true;
        if !dict.output.is_empty() && !shown.is_empty() {
            dict.output.push_str("\n\n");
        }
        dict.output.push_str(shown);
    }

    /// Ends the work, if it has not ended before, and an open stream.
    pub(super) fn close(&mut self, ending: Ending) {
        let Some(open) = self.open.take() else {
            if self.dict.streaming {
                self.update();
            }
            return;
        };
        match ending {
            Ending::Done => {}
            Ending::Failed(shown) => self.fail(&shown),
            // Who stopped it knows that it was no mistake.
            Ending::Dropped => {
                let is_stopped = open.scope.is_none_or(|scope| scope.token().is_cancelled());
                self.dict_mut().is_error |= std::thread::panicking() || !is_stopped;
            }
        }
        let end = self.session.as_ref().map(Session::now);
        let dict = self.dict_mut();
        (dict.end, dict.streaming) = (end, false);
        self.emit(ServerEvent::UpdateMessage);
        self.show_elements();
    }

    fn end_stream(&mut self) {
        if self.dict.streaming {
            self.dict_mut().streaming = false;
        }
    }

    /// Finds its place in the current chat, if it has none yet.
    fn place_here(&mut self) {
        if self.session.is_none()
            && let Some(context) = Context::try_current()
        {
            self.take_parent(&context);
            self.place(context.session());
        }
    }

    fn take_parent(&mut self, context: &Context) {
        if self.dict.parent_id.is_none() {
            // A step that is sent from within itself is not its own child.
            let parent = context.current_step_id().filter(|id| **id != *self.dict.id);
            let parent = parent.map(Arc::from);
            self.dict_mut().parent_id = parent;
        }
    }

    fn place(&mut self, session: &Session) {
        let dict = self.dict_mut();
        dict.thread_id = session.shared_thread_id();
        dict.created_at.get_or_insert_with(|| session.now());
        self.session = Some(session.clone());
    }

    fn emit<'a>(&'a self, event: impl FnOnce(AnyStep<'a>) -> ServerEvent<'a>) {
        if let Some(session) = &self.session {
            session.emitter().emit(&event(AnyStep::Step(&self.dict)));
        }
    }
}
