mod sidebar;

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use chainlit_core::list::{IdList, Keyed, Known};
use chainlit_core::wire::{
    ActionDict, AnyStep, ElementDict, ElementType, MessageDict, ServerEvent, StepDict,
};
use serde_json::{Value, json};

use sidebar::Sidebar;

/// Ids of removed steps, elements and actions that are kept, for clients that may still show them.
const MAX_REMOVED: usize = 256;

/// Task lists that are kept. The page shows the newest one, and when it is removed the one before.
const MAX_TASK_LISTS: usize = 2;

/// Bytes that an action costs beside its payload.
const ACTION_BYTES: usize = 300;

/// What a client that followed a session from the start shows now: all events folded into the
/// steps they built.
///
/// It is the part of the session log that never runs out: a client that comes back with nothing,
/// or with an unknown part, gets it as `new_message` events, which clients merge by id.
#[derive(Default)]
pub(crate) struct Transcript {
    steps: IdList<Kept>,
    /// Elements that belong to no step: a task list, the side bar's.
    loose: Vec<ElementDict>,
    sidebar: Sidebar,
    /// What the whole page shows, by event: forms, commands.
    page: BTreeMap<&'static str, Value>,
    removed: VecDeque<Removed>,
    /// Files of elements that were forgotten, until somebody asks.
    forgotten: HashSet<String>,
    bytes: usize,
}

/// A step with its elements and buttons.
struct Kept {
    step: Step,
    /// What the step weighs.
    bytes: usize,
    elements: Vec<ElementDict>,
    actions: Vec<ActionDict>,
}

/// Something that was removed.
struct Removed {
    /// The event that removes it in a client.
    event: &'static str,
    /// Its payload. Clients look at nothing but the id.
    data: Value,
}

/// A step as it is shown to a client.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    number: u64,
    kept: &'a Kept,
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

/// Shared with whoever else keeps it, and copied only when a token is added meanwhile.
enum Step {
    Message(Arc<MessageDict>),
    Step(Arc<StepDict>),
}

impl Step {
    fn of(step: AnyStep<'_>) -> Self {
        match step {
            AnyStep::Message(message) => Self::Message(Arc::clone(message)),
            AnyStep::Step(step) => Self::Step(Arc::clone(step)),
        }
    }

    fn as_any(&self) -> AnyStep<'_> {
        match self {
            Self::Message(message) => AnyStep::Message(message),
            Self::Step(step) => AnyStep::Step(step),
        }
    }

    fn id(&self) -> &Arc<str> {
        match self {
            Self::Message(message) => &message.id,
            Self::Step(step) => &step.id,
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
            Self::Message(message) => &mut Arc::make_mut(message).output,
            Self::Step(step) => {
                let step = Arc::make_mut(step);
                if is_input { &mut step.input } else { &mut step.output }
            }
        }
    }

    /// Whether it grows, or waits for an answer.
    fn is_under_way(&self) -> bool {
        match self {
            Self::Message(message) => message.streaming || message.wait_for_answer,
            Self::Step(step) => step.streaming,
        }
    }
}

impl Keyed for Kept {
    fn id(&self) -> &Arc<str> {
        self.step.id()
    }
}

impl Kept {
    fn new(step: AnyStep<'_>) -> Self {
        let (elements, actions) = (Vec::new(), Vec::new());
        Self { step: Step::of(step), bytes: step.weight(), elements, actions }
    }

    /// Becomes the new one, but for its elements and actions, which stay; gives what the step
    /// weighed.
    fn replace(&mut self, new: Self) -> usize {
        self.step = new.step;
        std::mem::replace(&mut self.bytes, new.bytes)
    }

    /// What it weighs with its elements and buttons.
    fn bytes(&self) -> usize {
        self.bytes
            + self.elements.iter().map(ElementDict::weight).sum::<usize>()
            + self.actions.iter().map(action_weight).sum::<usize>()
    }
}

impl<'a> Shown<'a> {
    /// Grows from step to step, and stays when the step changes.
    pub(super) fn number(self) -> u64 {
        self.number
    }

    /// The events that show it to a client that may know a part of it.
    pub(super) fn events(self) -> impl Iterator<Item = ServerEvent<'a>> {
        let buttons = self.kept.actions.iter();
        // Clients append actions without looking: a known one is taken away first.
        let buttons = buttons
            .flat_map(|action| [ServerEvent::RemoveAction(action), ServerEvent::Action(action)]);
        std::iter::once(ServerEvent::NewMessage(self.kept.step.as_any()))
            .chain(self.kept.elements.iter().map(ServerEvent::Element))
            .chain(buttons)
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
                let Some((number, kept)) = self.steps.get_mut(step.id()) else {
                    return Fold::Not;
                };
                let old = kept.replace(Kept::new(*step));
                self.bytes = self.bytes - old + kept.bytes;
                return Fold::Step(number);
            }
            ServerEvent::DeleteMessage(step) => self.remove(step.id()),
            ServerEvent::StreamToken { id, token, is_sequence, is_input } => {
                return self.append(id, token, *is_sequence, *is_input);
            }
            ServerEvent::Action(action) => {
                let kept = action.for_id.as_deref().and_then(|id| self.steps.get_mut(id));
                let Some((number, kept)) = kept else { return Fold::Not };
                kept.actions.push((*action).clone());
                self.bytes += action_weight(action);
                return Fold::Step(number);
            }
            ServerEvent::RemoveAction(action) => {
                for kept in self.steps.iter_mut() {
                    for gone in kept.actions.extract_if(.., |known| known.id == action.id) {
                        self.bytes -= action_weight(&gone);
                    }
                }
                self.note_removed("remove_action", &action.id);
            }
            ServerEvent::Element(element) => return self.upsert_element(element),
            ServerEvent::RemoveElement { id } => {
                self.take_element(id);
                self.bytes -= self.sidebar.weight();
                self.sidebar.remove(id);
                self.bytes += self.sidebar.weight();
                self.note_removed("remove_element", id);
            }
            ServerEvent::ChatSettings(items) => self.set_page("chat_settings", json!(items)),
            ServerEvent::SetCommands(commands) => self.set_page("set_commands", json!(commands)),
            ServerEvent::SetModes(modes) => self.set_page("set_modes", json!(modes)),
            ServerEvent::SetSidebarTitle(title) => {
                self.bytes -= self.sidebar.weight();
                self.sidebar.set_title(title);
                self.bytes += self.sidebar.weight();
            }
            ServerEvent::SetSidebarElements { elements, key } => {
                self.set_sidebar(elements, *key);
            }
            ServerEvent::AskTimeout | ServerEvent::ClearAsk => {
                for kept in self.steps.iter_mut() {
                    if let Step::Message(message) = &mut kept.step
                        && message.wait_for_answer
                    {
                        Arc::make_mut(message).wait_for_answer = false;
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
        let new = Kept::new(step);
        self.bytes += new.bytes;
        match self.steps.push(new) {
            Ok(number) => number,
            Err(Known { number, there, new }) => {
                self.bytes -= there.replace(new);
                number
            }
        }
    }

    /// Whether there is a step with that id, or was one that has been removed.
    pub(super) fn contains(&self, id: &str) -> bool {
        self.number_of(id).is_some() || self.was_removed(id)
    }

    /// The message with that id waits for an answer, still.
    pub(super) fn wait_for_answer(&mut self, id: &str) {
        if let Some((_, Kept { step: Step::Message(message), .. })) = self.steps.get_mut(id) {
            Arc::make_mut(message).wait_for_answer = true;
        }
    }

    /// Forgets the oldest steps until at most `limit` bytes are kept; a running stream stays, and
    /// an open question, with what it is answered by. Where that is not enough, the oldest elements
    /// go.
    pub(super) fn trim(&mut self, limit: usize) {
        while self.bytes > limit
            && self.steps.len() > 1
            && let Some(oldest) = self.steps.remove_first(|kept| !kept.step.is_under_way())
        {
            self.bytes -= oldest.bytes();
            note_forgotten(&mut self.forgotten, &oldest.elements);
        }
        if self.bytes <= limit {
            return;
        }
        let of_steps = self.steps.iter_mut().map(|kept| &mut kept.elements);
        for elements in std::iter::once(&mut self.loose).chain(of_steps) {
            while self.bytes > limit && elements.len() > 1 {
                let gone = elements.remove(0);
                self.bytes -= gone.weight();
                note_forgotten(&mut self.forgotten, [&gone]);
            }
        }
    }

    /// Removes everything after the step with that id, but for the steps in `keep`; gives the ids of
    /// what is gone. Clients do the same when a message is edited.
    ///
    /// Gives their ids, with those of their elements that have a content.
    pub(super) fn truncate_after(
        &mut self,
        id: &str,
        keep: &[Arc<str>],
    ) -> Vec<(Arc<str>, Vec<Arc<str>>)> {
        let Some(number) = self.number_of(id) else { return Vec::new() };
        let gone = self.steps.cut_after(number, |kept| keep.contains(kept.id()));
        for gone in &gone {
            self.bytes -= gone.bytes();
            note_forgotten(&mut self.forgotten, &gone.elements);
        }
        gone.iter().map(|gone| (Arc::clone(gone.id()), contents(&gone.elements))).collect()
    }

    /// Forgets a step as if it had never been there.
    pub(super) fn forget(&mut self, id: &str) {
        if let Some(kept) = self.steps.remove(id) {
            self.bytes -= kept.bytes();
            note_forgotten(&mut self.forgotten, &kept.elements);
        }
    }

    /// Files of elements that were forgotten, but for those that something shows by now.
    pub(super) fn take_forgotten(&mut self) -> Vec<String> {
        let mut forgotten = std::mem::take(&mut self.forgotten);
        for shown in self.elements().chain(self.sidebar.elements()) {
            shown.chainlit_key.as_ref().map(|key| forgotten.remove(key));
        }
        forgotten.into_iter().collect()
    }

    /// The file with that id is to be shown again.
    pub(super) fn reclaim(&mut self, file: &str) {
        self.forgotten.remove(file);
    }

    /// The events that show, to a client that may know a part of it, what is no step: what was
    /// removed, and what the page shows beside the conversation.
    pub(super) fn beside_steps(&self) -> impl Iterator<Item = ServerEvent<'_>> {
        let removed = self.removed.iter().map(|removed| (removed.event, &removed.data));
        let page = self.page.iter().map(|(event, data)| (*event, data));
        let event = |(name, data)| ServerEvent::Custom { name, data };
        // The side bar names elements that clients are to know by then.
        let elements = self.loose.iter().map(ServerEvent::Element);
        removed.map(event).chain(elements).chain(self.sidebar.events()).chain(page.map(event))
    }

    /// The number that the next new step gets: all there are have lower ones.
    pub(super) fn next_number(&self) -> u64 {
        self.steps.next_number()
    }

    /// The number of the step with that id.
    pub(crate) fn number_of(&self, id: &str) -> Option<u64> {
        self.steps.number_of(id)
    }

    /// The steps with these numbers, in order.
    pub(super) fn steps(&self, numbers: Range<u64>) -> impl Iterator<Item = Shown<'_>> {
        self.steps.range(numbers).map(|(number, kept)| Shown { number, kept })
    }

    /// Whether tokens are still to come for the step with that id.
    pub(super) fn is_streaming(&self, id: &str) -> bool {
        self.steps.get(id).is_some_and(|kept| match &kept.step {
            Step::Message(message) => message.streaming,
            Step::Step(step) => step.streaming,
        })
    }

    /// Whether the step with that id is one between question and answer.
    pub(super) fn is_between(&self, id: &str) -> bool {
        let step = self.steps.get(id).map(|kept| &kept.step);
        matches!(step, Some(Step::Step(step)) if !step.is_run())
    }

    /// The message with that id.
    pub(super) fn message(&self, id: &str) -> Option<&Arc<MessageDict>> {
        match &self.steps.get(id)?.step {
            Step::Message(message) => Some(message),
            Step::Step(_) => None,
        }
    }

    /// The step with that id.
    pub(crate) fn step(&self, id: &str) -> Option<AnyStep<'_>> {
        self.steps.get(id).map(|kept| kept.step.as_any())
    }

    /// The id, shared, of the step that has it.
    pub(crate) fn shared_id(&self, id: &str) -> Option<&Arc<str>> {
        self.steps.get(id).map(Keyed::id)
    }

    /// The ids of all steps.
    pub(super) fn ids(&self) -> Vec<Arc<str>> {
        self.steps.iter().map(|kept| Arc::clone(kept.id())).collect()
    }

    /// The buttons of the step with that id.
    pub(crate) fn actions_of(&self, id: &str) -> &[ActionDict] {
        self.steps.get(id).map_or(&[], |kept| &kept.actions)
    }

    /// That id and those of all steps below it.
    pub(crate) fn below(&self, id: &Arc<str>) -> Vec<Arc<str>> {
        let mut below = vec![Arc::clone(id)];
        // Parents come before their children.
        for kept in self.steps.iter() {
            if kept.step.parent_id().is_some_and(|parent| below.iter().any(|id| **id == *parent)) {
                below.push(Arc::clone(kept.id()));
            }
        }
        below
    }

    /// The elements of the step with that id.
    pub(super) fn elements_of(&self, id: &str) -> &[ElementDict] {
        self.steps.get(id).map_or(&[], |kept| &kept.elements)
    }

    /// Ids of those of them that have a content.
    pub(crate) fn contents_of(&self, id: &str) -> Vec<Arc<str>> {
        contents(self.elements_of(id))
    }

    /// The action with that id, as it was sent.
    pub(crate) fn action(&self, id: &str) -> Option<&ActionDict> {
        self.steps.iter().flat_map(|kept| &kept.actions).find(|action| action.id == id)
    }

    /// The element with that id, as it was sent last.
    pub(crate) fn element(&self, id: &str) -> Option<&ElementDict> {
        self.elements().find(|element| *element.id == *id)
    }

    /// Whether a component of the application is shown, which may call its actions.
    pub(super) fn has_custom_element(&self) -> bool {
        self.elements().any(|element| element.kind == ElementType::Custom)
    }

    /// Whether something with that id was removed, as far as is remembered.
    pub(super) fn was_removed(&self, id: &str) -> bool {
        self.removed.iter().any(|removed| removed.data["id"] == id)
    }

    fn elements(&self) -> impl Iterator<Item = &ElementDict> {
        self.loose.iter().chain(self.steps.iter().flat_map(|kept| &kept.elements))
    }

    /// Elements that were shown in the side bar alone go with it.
    fn set_sidebar(&mut self, elements: &[ElementDict], key: Option<&str>) {
        self.bytes -= self.sidebar.weight();
        let gone = self.sidebar.set_elements(elements, key);
        self.bytes += self.sidebar.weight();
        for gone in self.loose.extract_if(.., |known| gone.contains(&known.id)) {
            self.bytes -= gone.weight();
            note_forgotten(&mut self.forgotten, [&gone]);
        }
    }

    fn upsert_element(&mut self, element: &ElementDict) -> Fold {
        self.bytes -= self.sidebar.weight();
        self.sidebar.update(element);
        self.bytes += self.sidebar.weight();
        let place = self.take_element(&element.id);
        self.bytes += element.weight();
        let (number, elements) = match self.steps.get_mut(&element.for_id) {
            Some((number, kept)) => (Some(number), &mut kept.elements),
            None => (None, &mut self.loose),
        };
        elements.insert(place.unwrap_or(elements.len()).min(elements.len()), element.clone());
        if element.kind == ElementType::TaskList {
            self.trim_task_lists();
        }
        number.map_or(Fold::Whole, Fold::Step)
    }

    fn trim_task_lists(&mut self) {
        let is_list = |element: &ElementDict| element.kind == ElementType::TaskList;
        let lists = self.loose.iter().filter(|element| is_list(element)).count();
        if lists > MAX_TASK_LISTS
            && let Some(oldest) = self.loose.iter().position(is_list)
        {
            let gone = self.loose.remove(oldest);
            self.bytes -= gone.weight();
            note_forgotten(&mut self.forgotten, [&gone]);
        }
    }

    /// Takes the element with that id out; gives its place among its step's.
    fn take_element(&mut self, id: &str) -> Option<usize> {
        let of_steps = self.steps.iter_mut().map(|kept| &mut kept.elements);
        for elements in of_steps.chain(std::iter::once(&mut self.loose)) {
            if let Some(place) = elements.iter().position(|known| *known.id == *id) {
                self.bytes -= elements.remove(place).weight();
                return Some(place);
            }
        }
        None
    }

    fn set_page(&mut self, event: &'static str, data: Value) {
        let weight = |data: &Value| data.to_string().len();
        self.bytes += weight(&data);
        if let Some(old) = self.page.insert(event, data) {
            self.bytes -= weight(&old);
        }
    }

    fn note_removed(&mut self, event: &'static str, id: &str) {
        if self.removed.len() == MAX_REMOVED {
            self.removed.pop_front();
        }
        self.removed.push_back(Removed { event, data: json!({ "id": id }) });
    }

    fn append(&mut self, id: &str, token: &str, is_sequence: bool, is_input: bool) -> Fold {
        let Some((number, kept)) = self.steps.get_mut(id) else { return Fold::Not };
        let text = kept.step.text(is_input);
        let old = if is_sequence { text.len() } else { 0 };
        if is_sequence {
            text.clear();
        }
        text.push_str(token);
        kept.bytes = kept.bytes - old + token.len();
        self.bytes = self.bytes - old + token.len();
        Fold::Step(number)
    }

    /// Removes a step and everything below it, as clients do.
    fn remove(&mut self, id: &Arc<str>) {
        for id in self.below(id) {
            self.forget(&id);
        }
        self.note_removed("delete_message", id);
    }
}

/// Their files may go, if nothing else shows them.
fn note_forgotten<'a>(
    forgotten: &mut HashSet<String>,
    gone: impl IntoIterator<Item = &'a ElementDict>,
) {
    forgotten.extend(gone.into_iter().filter_map(|element| element.chainlit_key.clone()));
}

/// Roughly the bytes of memory that an action holds.
/// Ids of the elements that have a content.
fn contents(elements: &[ElementDict]) -> Vec<Arc<str>> {
    let has_content =
        |element: &&ElementDict| element.chainlit_key.is_some() || element.object_key.is_some();
    elements.iter().filter(has_content).map(|element| Arc::clone(&element.id)).collect()
}

fn action_weight(action: &ActionDict) -> usize {
    ACTION_BYTES + action.payload.to_string().len()
}
