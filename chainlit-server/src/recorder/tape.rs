//! What has happened in a chat and is not written down yet.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Weak};

use chainlit_core::list::{IdList, Keyed, Known};
use chainlit_core::wire::{
    ActionDict, AnyStep, ElementDict, Facts, MessageDict, ServerEvent, StepDict,
};
use chainlit_core::{Record, ThreadStep, ThreadUpdate};
use serde_json::{Map, Value, json};

use super::contents::Content;
use super::{Recorder, Source, Taken};
use crate::chat::Transcript;
use crate::files::{PinnedFile, SessionFiles};

/// Where a step's metadata has its buttons, in the database only.
pub(super) const ACTIONS: &str = "chainlit_actions";

/// Where a thread's metadata says which session made it, in the database only.
pub(super) const SESSION: &str = "chainlit_session";

/// Characters of a thread's title: as many as Chainlit's own schema has.
const MAX_NAME: usize = 255;

/// Bytes of a note beside what it notes.
const NOTE_BYTES: usize = 100;

/// Bytes that are counted together, so that a token costs no visit to what all chats share.
const COUNT_STEP: usize = 4 * 1024;

/// Ids of removed steps that are known, so that a late change does not bring one back.
const MAX_REMOVED: usize = 1_024;

/// Notes what has changed in one chat since it was read last. It belongs to the chat's log and is
/// under the log's lock.
///
/// A note says that a step has changed, not how: when it is read, the step is taken as the transcript
/// has it then. So a token costs no more than to see that its step is noted already.
pub(crate) struct Tape {
    recorder: Recorder,
    /// The log that this belongs to.
    source: Option<Weak<dyn Source>>,
    /// Where the content of elements is.
    files: SessionFiles,
    thread_id: Arc<str>,
    /// What the thread's row gets at first; there until the user has done something.
    head: Option<ThreadUpdate>,
    /// The thread was removed: nothing is noted any more.
    is_detached: bool,
    /// Whether the page sees of a step only that it is there.
    hides_steps: bool,
    /// Bytes that may be noted before the user has done something.
    limit: usize,
    steps: IdList<StepNote>,
    elements: IdList<ElementNote>,
    /// What of the session has changed.
    metadata: Map<String, Value>,
    /// What of the session was noted last, by key.
    facts: HashMap<String, u64>,
    /// Steps that stream and that the transcript does not have.
    hidden: HashMap<Arc<str>, Arc<StepDict>>,
    /// Questions that wait for an answer.
    asking: Vec<Arc<str>>,
    removed: VecDeque<Arc<str>>,
    /// The step that grew last, if it is noted.
    growing: Option<Arc<str>>,
    is_queued: bool,
    is_hurried: bool,
    /// What is noted weighs that much.
    bytes: usize,
    /// So much of it is counted among what waits in the recorder.
    counted: usize,
}

struct StepNote {
    id: Arc<str>,
    state: Noted,
    /// There was one with its id, which was removed before.
    was_deleted: bool,
    bytes: usize,
}

enum Noted {
    /// As the page shows it.
    Shown,
    /// Like this.
    Step(ThreadStep),
    Deleted,
}

struct ElementNote {
    id: Arc<str>,
    /// `None` when it was removed.
    element: Option<Arc<ElementDict>>,
    /// Its content, if the storage is to have it.
    file: Option<PinnedFile>,
    bytes: usize,
}

impl Keyed for StepNote {
    fn id(&self) -> &Arc<str> {
        &self.id
    }
}

impl Keyed for ElementNote {
    fn id(&self) -> &Arc<str> {
        &self.id
    }
}

impl Tape {
    /// For a new thread, which begins with `head` once its user has done something.
    pub(crate) fn new(
        recorder: Recorder,
        files: SessionFiles,
        head: ThreadUpdate,
        session_hash: String,
        hides_steps: bool,
        limit: usize,
    ) -> Self {
        let metadata = Map::from_iter([(SESSION.to_owned(), Value::String(session_hash))]);
        Self {
            source: None,
            files,
            thread_id: Arc::clone(&head.id),
            head: Some(head),
            is_detached: false,
            hides_steps,
            limit,
            steps: IdList::default(),
            elements: IdList::default(),
            metadata,
            facts: HashMap::new(),
            hidden: HashMap::new(),
            asking: Vec::new(),
            removed: VecDeque::new(),
            growing: None,
            is_queued: false,
            is_hurried: false,
            bytes: 0,
            counted: 0,
            recorder,
        }
    }

    /// The thread is there already, with these facts of the session.
    pub(crate) fn resumed(mut self, facts: Map<String, Value>) -> Self {
        self.facts(facts);
        self.metadata.clear();
        self.forget();
        self.head = None;
        self
    }

    /// Sets where this is read from.
    pub(crate) fn belongs_to(&mut self, source: Weak<dyn Source>) {
        self.source = Some(source);
    }

    pub(crate) fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Notes an event that `shown` does not hold yet.
    pub(crate) fn note(&mut self, event: &ServerEvent<'_>, shown: &Transcript) {
        if self.is_detached {
            return;
        }
        match event {
            ServerEvent::StreamToken { id, token, is_sequence, is_input } => {
                self.grow(id, token, *is_sequence, *is_input, shown);
            }
            ServerEvent::NewMessage(step) | ServerEvent::StreamStart(step) => {
                self.removed.retain(|gone| gone != step.id());
                self.step(*step);
            }
            // What was removed does not come back by a late change.
            ServerEvent::UpdateMessage(step) if self.removed.contains(step.id()) => {}
            ServerEvent::UpdateMessage(step) => self.step(*step),
            ServerEvent::Ask(ask) => {
                self.asking.push(Arc::clone(&ask.msg.id));
                self.step(AnyStep::Message(&ask.msg));
            }
            ServerEvent::AskTimeout | ServerEvent::ClearAsk => {
                for id in std::mem::take(&mut self.asking) {
                    self.mark(&id);
                }
            }
            ServerEvent::DeleteMessage(step) => {
                for id in shown.below(step.id()) {
                    self.delete(&id, &shown.contents_of(&id));
                }
            }
            ServerEvent::Action(action) => {
                if let Some(id) = action.for_id.as_deref().and_then(|id| shown.shared_id(id)) {
                    self.mark(id);
                }
            }
            ServerEvent::RemoveAction(action) => {
                let for_id = shown.action(&action.id).and_then(|known| known.for_id.as_deref());
                if let Some(id) = for_id.and_then(|id| shown.shared_id(id)) {
                    self.mark(id);
                }
            }
            // A task list, and what the side bar shows, belong to no step.
            ServerEvent::Element(element) if !element.for_id.is_empty() => {
                self.element(element, shown)
            }
            ServerEvent::RemoveElement { id } => {
                if let Some(known) = shown.element(id).filter(|known| !known.for_id.is_empty()) {
                    self.note_element(Arc::clone(&known.id), None, None, 0);
                } else if self.elements.number_of(id).is_some() {
                    self.note_element(Arc::from(*id), None, None, 0);
                }
            }
            ServerEvent::FirstInteraction { interaction, .. } => self.begin(interaction),
            _ => {}
        }
    }

    /// The step with that id is no more, nor are these elements of it, which have a content.
    pub(crate) fn delete(&mut self, id: &Arc<str>, contents: &[Arc<str>]) {
        if self.is_detached {
            return;
        }
        self.hidden.remove(id);
        self.growing = None;
        if self.removed.len() == MAX_REMOVED {
            self.removed.pop_front();
        }
        self.removed.push_back(Arc::clone(id));
        let below = self.elements.iter().filter(|note| note.is_of(id));
        let below: Vec<Arc<str>> = below.map(|note| Arc::clone(&note.id)).collect();
        for gone in below.iter().filter_map(|element| self.elements.remove(element)) {
            self.bytes = self.bytes.saturating_sub(gone.bytes);
        }
        if self.head.is_some() {
            let gone = self.steps.remove(id).map_or(0, |note| note.bytes);
            self.bytes = self.bytes.saturating_sub(gone);
        } else {
            self.note_step(id, Noted::Deleted, 0);
            for content in contents {
                self.note_element(Arc::clone(content), None, None, 0);
            }
        }
    }

    /// The session is like this now: what has changed is written.
    pub(crate) fn facts(&mut self, facts: Map<String, Value>) {
        if self.is_detached {
            return;
        }
        let before = self.metadata.len();
        let gone: Vec<String> =
            self.facts.keys().filter(|key| !facts.contains_key(*key)).cloned().collect();
        for key in gone {
            self.facts.remove(&key);
            self.metadata.insert(key, Value::Null);
        }
        let mut bytes = 0;
        for (key, value) in facts {
            let text = value.to_string();
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            if self.facts.insert(key.clone(), hasher.finish()) != Some(hasher.finish()) {
                bytes += text.len();
                self.metadata.insert(key, value);
            }
        }
        if bytes > 0 || self.metadata.len() > before {
            self.changed(bytes);
        }
    }

    /// Has what was noted written now.
    pub(crate) fn hurry(&mut self) {
        if self.is_queued
            && !std::mem::replace(&mut self.is_hurried, true)
            && let Some(source) = &self.source
        {
            self.recorder.hurry(Weak::clone(source));
        }
    }

    /// The thread was removed: nothing is written to it any more.
    pub(crate) fn detach(&mut self) {
        self.is_detached = true;
        self.forget();
    }

    /// The chat is over: what is noted is written without it.
    pub(crate) fn end(mut self, shown: &Transcript) {
        let taken = self.take(shown);
        self.is_detached = true;
        if !(taken.records.is_empty() && taken.contents.is_empty()) {
            self.recorder.leave(taken);
        }
    }

    /// What was noted since the last time.
    pub(crate) fn take(&mut self, shown: &Transcript) -> Taken {
        if self.is_detached || self.head.is_some() {
            return Taken::default();
        }
        let (mut records, mut contents) = (Vec::new(), Vec::new());
        if !self.metadata.is_empty() {
            records.push(Record::Thread(ThreadUpdate {
                metadata: Some(std::mem::take(&mut self.metadata)),
                ..ThreadUpdate::new(Arc::clone(&self.thread_id))
            }));
        }
        for note in self.steps.iter() {
            if note.was_deleted || matches!(note.state, Noted::Deleted) {
                let (thread_id, id) = (Arc::clone(&self.thread_id), Arc::clone(&note.id));
                records.push(Record::DeleteStep { thread_id, id });
            }
            if let Some(step) = self.present(note, shown) {
                records.push(Record::Step(with_actions(step, shown.actions_of(&note.id))));
            }
        }
        for note in self.elements.iter() {
            match (&note.element, &note.file) {
                (Some(element), Some(file)) => {
                    contents.push(Content::new(Arc::clone(element), file.clone()));
                }
                (Some(element), None) => records.push(Record::Element(Arc::clone(element))),
                (None, _) => {
                    let (thread_id, id) = (Arc::clone(&self.thread_id), Arc::clone(&note.id));
                    records.push(Record::DeleteElement { thread_id, id });
                }
            }
        }
        // It is taken along, and given back when it is written.
        let bytes = std::mem::take(&mut self.counted);
        self.forget();
        Taken { records, contents, bytes }
    }

    /// The step as it is now.
    fn present(&self, note: &StepNote, shown: &Transcript) -> Option<ThreadStep> {
        match &note.state {
            Noted::Deleted => None,
            Noted::Step(step) => Some(step.clone()),
            Noted::Shown => {
                if let Some(step) = self.hidden.get(&note.id) {
                    return Some(ThreadStep::Step(Arc::clone(step)));
                }
                // What is shown of a hidden step is not the step.
                let is_whole = |step: &AnyStep<'_>| match step {
                    AnyStep::Message(_) => true,
                    AnyStep::Step(step) => !self.hides_steps || step.is_run(),
                };
                shown.step(&note.id).filter(is_whole).map(ThreadStep::from)
            }
        }
    }

    /// The user has done something for the first time.
    fn begin(&mut self, interaction: &str) {
        let Some(head) = self.head.take() else { return };
        let name: String = interaction.chars().take(MAX_NAME).collect();
        let head = ThreadUpdate {
            name: Some(name),
            keeps_name: true,
            metadata: Some(std::mem::take(&mut self.metadata)),
            ..head
        };
        let bytes = NOTE_BYTES;
        self.recorder.add(bytes);
        self.recorder.leave(Taken {
            records: vec![Record::Thread(head)],
            bytes,
            ..Taken::default()
        });
        self.changed(0);
        self.hurry();
    }

    fn step(&mut self, step: AnyStep<'_>) {
        let id = step.id();
        if self.growing.as_ref() == Some(id) {
            self.growing = None;
        }
        if let AnyStep::Step(step) = step
            && self.hides_steps
            && !step.is_run()
        {
            if step.streaming {
                self.hidden.insert(Arc::clone(id), Arc::clone(step));
            } else {
                self.hidden.remove(id);
            }
        }
        self.note_step(id, Noted::Step(step.into()), step.weight());
    }

    /// The step with that id has changed.
    fn mark(&mut self, id: &Arc<str>) {
        let is_hidden = self.hides_steps
            && self
                .steps
                .get(id)
                .is_some_and(|note| matches!(note.state, Noted::Step(ThreadStep::Step(_))));
        if !is_hidden {
            self.note_step(id, Noted::Shown, 0);
        }
    }

    fn grow(
        &mut self,
        id: &str,
        token: &str,
        is_sequence: bool,
        is_input: bool,
        shown: &Transcript,
    ) {
        if self.growing.as_deref() == Some(id) {
            return self.count(token.len());
        }
        if let Some(step) = self.hidden.get_mut(id) {
            let step = Arc::make_mut(step);
            let text = if is_input { &mut step.input } else { &mut step.output };
            if is_sequence {
                text.clear();
            }
            text.push_str(token);
            let id = Arc::clone(&step.id);
            return self.note_step(&id, Noted::Shown, token.len());
        }
        // A token for what is not there is for nobody.
        let Some(known) = shown.shared_id(id).cloned() else { return };
        self.note_step(&known, Noted::Shown, token.len());
        self.growing = Some(known);
    }

    fn note_step(&mut self, id: &Arc<str>, state: Noted, bytes: usize) {
        let bytes = bytes + NOTE_BYTES;
        let new = StepNote { id: Arc::clone(id), state, was_deleted: false, bytes };
        let mut old = 0;
        if let Err(Known { there, new, .. }) = self.steps.push(new) {
            let is_back = !matches!(new.state, Noted::Deleted);
            there.was_deleted |= is_back && matches!(there.state, Noted::Deleted);
            there.state = new.state;
            old = std::mem::replace(&mut there.bytes, new.bytes);
        }
        self.bytes = self.bytes.saturating_sub(old);
        self.changed(bytes);
    }

    fn element(&mut self, element: &ElementDict, shown: &Transcript) {
        let bytes = element.weight();
        let key = element.chainlit_key.as_ref();
        let noted = self.elements.get(&element.id).and_then(|note| note.file.clone());
        let noted = noted.filter(|file| Some(&file.file().id) == key);
        let before = shown.element(&element.id);
        // Shown before with the same content: that was seen to.
        let is_known = key.is_some() && before.is_some_and(|old| old.chainlit_key.as_ref() == key);
        let file = match key {
            Some(key) if noted.is_none() && !is_known => self.files.pin(key),
            _ => noted,
        };
        let element = match file.is_none() && (is_known || element.object_key.is_some()) {
            true => self.recorder.with_address(element),
            false => element.clone(),
        };
        self.note_element(Arc::clone(&element.id), Some(Arc::new(element)), file, bytes);
    }

    fn note_element(
        &mut self,
        id: Arc<str>,
        element: Option<Arc<ElementDict>>,
        file: Option<PinnedFile>,
        bytes: usize,
    ) {
        let bytes = bytes + NOTE_BYTES;
        let new = ElementNote { id, element, file, bytes };
        let mut old = 0;
        if let Err(Known { there, new, .. }) = self.elements.push(new) {
            (there.element, there.file) = (new.element, new.file);
            old = std::mem::replace(&mut there.bytes, new.bytes);
        }
        self.bytes = self.bytes.saturating_sub(old);
        self.changed(bytes);
    }

    /// Something was noted.
    fn changed(&mut self, bytes: usize) {
        self.count(bytes);
        if self.head.is_some() {
            // Who has said nothing yet has no thread: the oldest is forgotten, as in the log.
            while self.bytes > self.limit && self.steps.len() + self.elements.len() > 1 {
                let step = self.steps.remove_first(|_| true).map(|note| note.bytes);
                let oldest =
                    step.or_else(|| self.elements.remove_first(|_| true).map(|note| note.bytes));
                self.bytes = self.bytes.saturating_sub(oldest.unwrap_or(self.bytes));
            }
        } else if !self.is_queued
            && let Some(source) = &self.source
        {
            self.is_queued = true;
            self.recorder.enqueue(Weak::clone(source));
        }
    }

    fn count(&mut self, bytes: usize) {
        self.bytes += bytes;
        if self.head.is_some() || self.bytes.abs_diff(self.counted) < COUNT_STEP {
            return;
        }
        if self.bytes > self.counted {
            self.recorder.add(self.bytes - self.counted);
        } else {
            self.recorder.release(self.counted - self.bytes);
        }
        self.counted = self.bytes;
    }

    /// Forgets what is noted, and what is counted of it.
    fn forget(&mut self) {
        self.steps = IdList::default();
        self.elements = IdList::default();
        self.growing = None;
        (self.is_queued, self.is_hurried) = (false, false);
        self.bytes = 0;
        let counted = std::mem::take(&mut self.counted);
        if counted > 0 {
            self.recorder.release(counted);
        }
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        self.forget();
    }
}

impl ElementNote {
    fn is_of(&self, step: &str) -> bool {
        self.element.as_ref().is_some_and(|element| *element.for_id == *step)
    }
}

/// The step with its buttons among its facts.
fn with_actions(step: ThreadStep, actions: &[ActionDict]) -> ThreadStep {
    if actions.is_empty() {
        return step;
    }
    match step {
        ThreadStep::Message(message) => {
            let mut facts = message.metadata.to_map();
            facts.insert(ACTIONS.to_owned(), json!(actions));
            let metadata = Facts::from(&facts);
            ThreadStep::Message(Arc::new(MessageDict { metadata, ..MessageDict::clone(&message) }))
        }
        ThreadStep::Step(step) => {
            let mut step = StepDict::clone(&step);
            step.metadata.insert(ACTIONS.to_owned(), json!(actions));
            ThreadStep::Step(Arc::new(step))
        }
    }
}
