use std::collections::VecDeque;
use std::ops::Range;

use chainlit_core::wire::{ActionDict, AnyStep, MessageDict, ServerEvent, StepDict};

/// Ids of removed steps that are kept, for clients that may still show them.
const MAX_REMOVED: usize = 256;

/// Bytes that an action costs beside its payload.
const ACTION_BYTES: usize = 300;

/// What a client that followed a session from the start shows now: all events folded into the
/// steps they built.
///
/// It is the part of the session log that never runs out: a client that comes back with nothing,
/// or with an unknown part, gets it as `new_message` events, which clients merge by id.
#[derive(Default)]
pub(super) struct Transcript {
    steps: VecDeque<Kept>,
    /// Number of the next step that is added.
    next_number: u64,
    removed: VecDeque<String>,
    bytes: usize,
}

/// A step with its buttons.
pub(super) struct Kept {
    /// Grows from step to step, and stays when the step changes.
    number: u64,
    step: Step,
    actions: Vec<ActionDict>,
    bytes: usize,
}

/// Where an event went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    /// Nowhere: it must reach the client by itself.
    Not,
    /// Into the step with that number, which now says all that the event said.
    Step(u64),
    /// Into the whole: clients need it beside the steps.
    Whole,
}

enum Step {
    Message(MessageDict),
    Step(StepDict),
}

impl Step {
    fn of(step: AnyStep<'_>) -> Self {
        match step {
            AnyStep::Message(message) => Self::Message(message.clone()),
            AnyStep::Step(step) => Self::Step(step.clone()),
        }
    }

    fn as_any(&self) -> AnyStep<'_> {
        match self {
            Self::Message(message) => AnyStep::Message(message),
            Self::Step(step) => AnyStep::Step(step),
        }
    }

    fn parent_id(&self) -> Option<&str> {
        match self {
            Self::Message(message) => message.parent_id.as_deref(),
            Self::Step(step) => step.parent_id.as_deref(),
        }
    }

    fn text(&mut self, is_input: bool) -> &mut String {
        match self {
            Self::Message(message) => &mut message.output,
            Self::Step(step) => {
                if is_input {
                    &mut step.input
                } else {
                    &mut step.output
                }
            }
        }
    }

    fn is_streaming(&self) -> bool {
        match self {
            Self::Message(message) => message.streaming,
            Self::Step(step) => step.streaming,
        }
    }
}

impl Kept {
    /// Grows from step to step, and stays when the step changes.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The events that show it to a client that may know a part of it.
    pub(super) fn events(&self) -> impl Iterator<Item = ServerEvent<'_>> {
        let buttons = self.actions.iter();
        // Clients append actions without looking: a known one is taken away first.
        let buttons = buttons
            .flat_map(|action| [ServerEvent::RemoveAction(action), ServerEvent::Action(action)]);
        std::iter::once(ServerEvent::NewMessage(self.step.as_any())).chain(buttons)
    }
}

impl Transcript {
    /// Folds an event in.
    pub(super) fn apply(&mut self, event: &ServerEvent<'_>) -> Fold {
        match event {
            ServerEvent::NewMessage(step) | ServerEvent::StreamStart(step) => {
                return Fold::Step(self.upsert(*step));
            }
            ServerEvent::Ask(ask) => {
                self.upsert(AnyStep::Message(&ask.msg));
            }
            ServerEvent::UpdateMessage(step) => {
                if self.find(step.id()).is_none() {
                    return Fold::Not;
                }
                return Fold::Step(self.upsert(*step));
            }
            ServerEvent::DeleteMessage(step) => self.remove(step.id()),
            ServerEvent::StreamToken { id, token, is_sequence, is_input } => {
                return self.append(id, token, *is_sequence, *is_input);
            }
            ServerEvent::Action(action) => {
                let Some(kept) = action.for_id.as_deref().and_then(|id| self.find(id)) else {
                    return Fold::Not;
                };
                let bytes = action_weight(action);
                kept.actions.push((*action).clone());
                kept.bytes += bytes;
                let number = kept.number;
                self.bytes += bytes;
                return Fold::Step(number);
            }
            ServerEvent::RemoveAction(action) => {
                for kept in &mut self.steps {
                    for gone in kept.actions.extract_if(.., |known| known.id == action.id) {
                        let bytes = action_weight(&gone);
                        kept.bytes -= bytes;
                        self.bytes -= bytes;
                    }
                }
            }
            ServerEvent::AskTimeout | ServerEvent::ClearAsk => {
                for kept in &mut self.steps {
                    if let Step::Message(message) = &mut kept.step {
                        message.wait_for_answer = false;
                    }
                }
            }
            ServerEvent::TaskStart | ServerEvent::TaskEnd | ServerEvent::ClearCallFn => {}
            _ => return Fold::Not,
        }
        Fold::Whole
    }

    /// Adds a step or replaces the one with its id; gives its number.
    pub(super) fn upsert(&mut self, step: AnyStep<'_>) -> u64 {
        let bytes = step.weight();
        let step = Step::of(step);
        let id = step.as_any().id().to_owned();
        self.bytes += bytes;
        match self.find(&id) {
            Some(kept) => {
                // Its actions stay, and what they weigh.
                let old = kept.step.as_any().weight();
                kept.bytes = kept.bytes - old + bytes;
                kept.step = step;
                let number = kept.number;
                self.bytes -= old;
                number
            }
            None => {
                let number = self.next_number;
                self.next_number += 1;
                self.steps.push_back(Kept { number, step, actions: Vec::new(), bytes });
                number
            }
        }
    }

    /// Whether there is a step with that id, or was one that has been removed.
    pub(super) fn contains(&self, id: &str) -> bool {
        self.steps.iter().rev().any(|kept| kept.step.as_any().id() == id)
            || self.removed.iter().any(|removed| removed == id)
    }

    /// Forgets the oldest steps until at most `limit` bytes are kept; a running stream stays.
    pub(super) fn trim(&mut self, limit: usize) {
        while self.bytes > limit
            && self.steps.len() > 1
            && let Some(index) = self.steps.iter().position(|kept| !kept.step.is_streaming())
            && let Some(oldest) = self.steps.remove(index)
        {
            self.bytes -= oldest.bytes;
        }
    }

    /// Removes everything after the step with that id, but for the steps in `keep`. Clients do the
    /// same when a message is edited.
    pub(super) fn truncate_after(&mut self, id: &str, keep: &[String]) {
        let Some(index) = self.steps.iter().position(|kept| kept.step.as_any().id() == id) else {
            return;
        };
        for kept in self.steps.split_off(index + 1) {
            if keep.iter().any(|id| id == kept.step.as_any().id()) {
                self.steps.push_back(kept);
            } else {
                self.bytes -= kept.bytes;
            }
        }
    }

    /// Forgets a step as if it had never been there.
    pub(super) fn forget(&mut self, id: &str) {
        if let Some(index) = self.steps.iter().rposition(|kept| kept.step.as_any().id() == id)
            && let Some(kept) = self.steps.remove(index)
        {
            self.bytes -= kept.bytes;
        }
    }

    /// Ids of steps that were removed, for clients that may still show them.
    pub(super) fn removed(&self) -> impl Iterator<Item = &str> {
        self.removed.iter().map(String::as_str)
    }

    /// The number that the next new step gets: all there are have lower ones.
    pub(super) fn next_number(&self) -> u64 {
        self.next_number
    }

    /// The number of the step with that id.
    pub(super) fn number_of(&self, id: &str) -> Option<u64> {
        let kept = self.steps.iter().rev().find(|kept| kept.step.as_any().id() == id)?;
        Some(kept.number)
    }

    /// The steps with these numbers, in order.
    pub(super) fn steps(&self, numbers: Range<u64>) -> impl Iterator<Item = &Kept> {
        let first = self.steps.partition_point(|kept| kept.number < numbers.start);
        self.steps.range(first..).take_while(move |kept| kept.number < numbers.end)
    }

    /// The action with that id, as it was sent.
    pub(super) fn action(&self, id: &str) -> Option<&ActionDict> {
        self.steps.iter().flat_map(|kept| &kept.actions).find(|action| action.id == id)
    }

    /// Streams and updates mostly concern the newest steps.
    fn find(&mut self, id: &str) -> Option<&mut Kept> {
        self.steps.iter_mut().rev().find(|kept| kept.step.as_any().id() == id)
    }

    fn append(&mut self, id: &str, token: &str, is_sequence: bool, is_input: bool) -> Fold {
        let Some(kept) = self.find(id) else { return Fold::Not };
        let text = kept.step.text(is_input);
        let old = if is_sequence { text.len() } else { 0 };
        if is_sequence {
            text.clear();
        }
        text.push_str(token);
        kept.bytes = kept.bytes - old + token.len();
        let number = kept.number;
        self.bytes = self.bytes - old + token.len();
        Fold::Step(number)
    }

    /// Removes a step and everything below it, as clients do.
    fn remove(&mut self, id: &str) {
        let mut gone = vec![id.to_owned()];
        // Parents come before their children.
        for kept in &self.steps {
            if kept.step.parent_id().is_some_and(|parent| gone.iter().any(|id| id == parent)) {
                gone.push(kept.step.as_any().id().to_owned());
            }
        }
        let bytes = &mut self.bytes;
        self.steps.retain(|kept| {
            let keep = !gone.iter().any(|id| id == kept.step.as_any().id());
            if !keep {
                *bytes -= kept.bytes;
            }
            keep
        });
        if self.removed.len() == MAX_REMOVED {
            self.removed.pop_front();
        }
        self.removed.push_back(id.to_owned());
    }
}

/// Roughly the bytes of memory that an action holds.
fn action_weight(action: &ActionDict) -> usize {
    ACTION_BYTES + action.payload.to_string().len()
}
