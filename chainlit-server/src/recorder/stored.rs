//! A thread as it was stored, made ready to be taken up.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chainlit_core::wire::{ActionDict, AnyStep, Facts, MessageDict, StepDict};
use chainlit_core::{Thread, ThreadStep, ThreadSummary, Timestamp};
use data_encoding::HEXLOWER;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::tape::{ACTIONS, SESSION};

/// What a step's metadata says of one that was running when its server was killed.
const INTERRUPTED: &str = "interrupted";

/// Keys of a thread's metadata that are no values of the session.
const NO_VALUES: [&str; 4] = ["is_shared", "shared_at", "share_expires_at", "chat_settings"];

/// A thread as it was stored, and what else was kept in it.
pub(crate) struct Stored {
    /// As everybody may see it.
    pub(crate) thread: Thread,
    /// The buttons, by the id of the step that they stand under.
    pub(crate) actions: HashMap<Arc<str>, Vec<ActionDict>>,
    /// The session's values.
    pub(crate) values: Map<String, Value>,
    /// Those of the settings' form.
    pub(crate) settings: Map<String, Value>,
    /// The profile.
    pub(crate) profile: Option<String>,
    /// The latest time in it.
    pub(crate) last: Option<Timestamp>,
}

/// What a thread keeps of the id of the session that made it. Whoever reads the database can't take
/// the session's place by it.
pub(crate) fn session_hash(session_id: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(session_id))
}

impl Stored {
    /// Where a thread's metadata has the hash of the session that made it.
    pub(crate) const MADE_BY: &str = SESSION;

    /// A thread's own facts as everybody may see them.
    pub(crate) fn clean(summary: &mut ThreadSummary) {
        summary.metadata.remove(SESSION);
    }

    /// A message or step as everybody may see it.
    pub(crate) fn clean_step(step: &mut ThreadStep) {
        take_actions(step, &mut HashMap::new());
    }

    /// `is_live` when a chat of this process writes to the thread still: what runs in it was not
    /// interrupted then.
    pub(crate) fn new(mut thread: Thread, is_live: bool) -> Self {
        Self::clean(&mut thread.summary);
        let metadata = &thread.summary.metadata;
        let settings = match metadata.get("chat_settings") {
            Some(Value::Object(settings)) => settings.clone(),
            _ => Map::new(),
        };
        let profile = metadata.get("chat_profile").and_then(Value::as_str);
        let profile = profile.filter(|name| !name.is_empty()).map(str::to_owned);
        let is_value = |key: &&String| !NO_VALUES.contains(&key.as_str());
        let values = metadata.iter().filter(|(key, _)| is_value(key));
        let values = values.map(|(key, value)| (key.clone(), value.clone())).collect();
        let last = thread.steps.iter().filter_map(latest).max_by_key(|time| time.as_micros());
        let mut actions = HashMap::new();
        let ids: HashSet<Arc<str>> = thread.steps.iter().map(|step| step.id().clone()).collect();
        for step in &mut thread.steps {
            take_actions(step, &mut actions);
            settle(step, last, is_live);
            adopt(step, &ids);
        }
        thread.elements.retain(|element| ids.contains(&element.for_id));
        Self { thread, actions, values, settings, profile, last }
    }
}

fn latest(step: &ThreadStep) -> Option<Timestamp> {
    let (created_at, end) = match step.as_any() {
        AnyStep::Message(message) => (message.created_at, message.end),
        AnyStep::Step(step) => (step.created_at, step.end),
    };
    [created_at, end].into_iter().flatten().max_by_key(|time| time.as_micros())
}

/// Moves the buttons out of the metadata, which is the application's.
fn take_actions(step: &mut ThreadStep, actions: &mut HashMap<Arc<str>, Vec<ActionDict>>) {
    let found = match step {
        ThreadStep::Message(message) if message.metadata.as_str().contains(ACTIONS) => {
            let message: &mut MessageDict = Arc::make_mut(message);
            let mut facts = message.metadata.to_map();
            let found = facts.remove(ACTIONS);
            message.metadata = Facts::from(&facts);
            found
        }
        ThreadStep::Step(step) if step.metadata.contains_key(ACTIONS) => {
            Arc::make_mut(step).metadata.remove(ACTIONS)
        }
        _ => None,
    };
    if let Some(found) = found.and_then(|found| serde_json::from_value(found).ok()) {
        actions.insert(Arc::clone(step.id()), found);
    }
}

/// Nothing of what is stored runs any more, or waits for an answer; what did is marked as
/// interrupted.
fn settle(step: &mut ThreadStep, last: Option<Timestamp>, is_live: bool) {
    match step {
        ThreadStep::Message(message) if message.streaming || message.wait_for_answer => {
            let message: &mut MessageDict = Arc::make_mut(message);
            if message.streaming && !is_live {
                let mut facts = message.metadata.to_map();
                facts.insert(INTERRUPTED.to_owned(), true.into());
                message.metadata = Facts::from(&facts);
            }
            (message.streaming, message.wait_for_answer) = (false, false);
        }
        ThreadStep::Step(step)
            if step.start.is_some() && (step.streaming || step.end.is_none()) =>
        {
            let step: &mut StepDict = Arc::make_mut(step);
            step.streaming = false;
            if !is_live {
                step.end = step.end.or(last);
                step.is_error = true;
                step.metadata.insert(INTERRUPTED.to_owned(), true.into());
            }
        }
        _ => {}
    }
}

/// A step whose parent is not there stands at the top level: pages drop what hangs in the air.
fn adopt(step: &mut ThreadStep, ids: &HashSet<Arc<str>>) {
    let parent = match step {
        ThreadStep::Message(message) => &message.parent_id,
        ThreadStep::Step(step) => &step.parent_id,
    };
    if parent.as_ref().is_some_and(|parent| !ids.contains(parent)) {
        match step {
            ThreadStep::Message(message) => Arc::make_mut(message).parent_id = None,
            ThreadStep::Step(step) => Arc::make_mut(step).parent_id = None,
        }
    }
}
