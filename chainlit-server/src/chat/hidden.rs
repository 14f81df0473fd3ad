use std::collections::HashSet;
use std::sync::Arc;

use chainlit_core::wire::{AnyStep, ServerEvent, StepDict};
use chainlit_core::{StepType, Thread, ThreadStep};

use super::transcript::Transcript;

/// What a client gets of an event when `UI.cot` hides what is between question and answer: that
/// there is a step, when it ran and whether it failed, but nothing of its content. The runs of
/// handlers hold the conversation together and stay as they are.
pub(super) enum Seen {
    /// The event as it is.
    All,
    /// The event with another step.
    Stub(Name, Arc<StepDict>),
    /// Nothing: the client has it already, or is not to have it.
    Nothing,
}

/// Which event carries the stub.
pub(super) enum Name {
    New,
    Update,
    Delete,
}

impl Seen {
    pub(super) fn of(event: &ServerEvent<'_>, transcript: &Transcript) -> Self {
        let (name, step) = match event {
            // What is hidden never streams.
            ServerEvent::StreamToken { id, .. } if !transcript.is_streaming(id) => {
                return Self::Nothing;
            }
            ServerEvent::StreamStart(AnyStep::Step(step))
                if !step.is_run() && transcript.number_of(&step.id).is_some() =>
            {
                return Self::Nothing;
            }
            ServerEvent::Element(element) if transcript.is_between(&element.for_id) => {
                return Self::Nothing;
            }
            ServerEvent::NewMessage(AnyStep::Step(step))
            | ServerEvent::StreamStart(AnyStep::Step(step)) => (Name::New, step),
            ServerEvent::UpdateMessage(AnyStep::Step(step)) => (Name::Update, step),
            ServerEvent::DeleteMessage(AnyStep::Step(step)) => (Name::Delete, step),
            _ => return Self::All,
        };
        if step.is_run() { Self::All } else { Self::Stub(name, stub(step)) }
    }
}

impl Name {
    pub(super) fn event(self, step: &Arc<StepDict>) -> ServerEvent<'_> {
        let step = AnyStep::Step(step);
        match self {
            Self::New => ServerEvent::NewMessage(step),
            Self::Update => ServerEvent::UpdateMessage(step),
            Self::Delete => ServerEvent::DeleteMessage(step),
        }
    }
}

/// The same for a stored conversation.
pub(crate) fn conceal(thread: &mut Thread) {
    let mut hidden = HashSet::new();
    for step in &mut thread.steps {
        if let ThreadStep::Step(dict) = step
            && !dict.is_run()
        {
            hidden.insert(Arc::clone(&dict.id));
            *dict = stub(dict);
        }
    }
    thread.elements.retain(|element| !hidden.contains(&element.for_id));
}

/// The step without its content.
fn stub(step: &StepDict) -> Arc<StepDict> {
    let (id, thread_id) = (Arc::clone(&step.id), Arc::clone(&step.thread_id));
    Arc::new(StepDict {
        kind: step.kind.clone(),
        parent_id: step.parent_id.clone(),
        is_error: step.is_error,
        created_at: step.created_at,
        start: step.start,
        end: step.end,
        show_input: step.show_input.clone(),
        ..StepDict::new(id, thread_id, step.name.clone(), StepType::default())
    })
}
