//! What a user sees: the server's events, folded as a page folds them.

use std::fmt;

use serde_json::{Map, Value};

/// What a user sees at one moment.
///
/// Displayed, it is a text that a test can compare:
///
/// ```text
/// User: How is the weather?
/// [tool] weather
/// Assistant: Sunny.
///   <image> map.png
///   (Again)
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Screen {
    /// Messages and steps, in order of arrival; those of the user too. Runs of handlers are left
    /// out, as a page leaves them out.
    pub entries: Vec<Entry>,
    /// Elements that belong to no message, or to one that is not there yet: task lists, the side bar's.
    pub elements: Vec<Value>,
    /// Whether the page shows that something runs.
    pub running: bool,
    /// What the application asks, as `{"msg": …, "spec": …}`.
    pub ask: Option<Value>,
    /// The notices so far: kind and text.
    pub toasts: Vec<(String, String)>,
    /// The widgets of the settings' form.
    pub settings: Vec<Value>,
    /// The commands that are offered.
    pub commands: Vec<Value>,
    /// The modes that are offered.
    pub modes: Vec<Value>,
    /// The user's favourite messages, the newest first.
    pub favorites: Vec<Value>,
    /// The side bar's title.
    pub sidebar_title: Option<String>,
    /// The side bar's elements; none when it is closed.
    pub sidebar: Vec<Value>,
    /// What the application told the window that the page is embedded in.
    pub window_messages: Vec<Value>,
    /// Tokens that were counted.
    pub tokens: u64,
    /// Whether sound is being recorded.
    pub audio: bool,
    /// How many times the page was told whether to record.
    pub(super) audio_answers: u64,
    /// Bytes of the sounds that came, since the last interruption.
    pub sounds: Vec<Vec<u8>>,
    /// Id of the conversation, once the user has done something in it.
    pub thread_id: Option<String>,
    /// The stored conversation that the page opened, as the server sent it.
    pub resumed: Option<Value>,
    /// Why a conversation could not be opened.
    pub resume_error: Option<String>,
    /// Whether the page is connected.
    pub connected: bool,
    /// Runs of handlers: id, parent, whether it has ended.
    pub(super) runs: Vec<(String, String, bool)>,
    /// Buttons whose message is not there yet: a question's come before it.
    early_actions: Vec<Value>,
    /// How to answer the open question.
    pub(super) ack: Option<u64>,
    /// How many times the page was told that nothing runs any more.
    pub(super) ends: u64,
}

/// A message or a step, with what stands below it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// UUID v4.
    pub id: String,
    /// `user_message`, `assistant_message`, `system_message`, or a step's type.
    pub kind: String,
    /// The author, or the step's name.
    pub name: String,
    /// The text, or the step's output.
    pub output: String,
    /// The step's input.
    pub input: String,
    /// Whether it is shown as an error.
    pub is_error: bool,
    /// Whether tokens are still to come.
    pub streaming: bool,
    /// The message or step it belongs to.
    pub parent_id: Option<String>,
    /// The buttons below it, as the server sent them.
    pub actions: Vec<Value>,
    /// The elements below it, as the server sent them.
    pub elements: Vec<Value>,
    /// Everything that the server said of it.
    pub dict: Map<String, Value>,
}

impl Screen {
    /// The messages, those of the user too.
    pub fn messages(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.is_message())
    }

    /// The steps that are no messages.
    pub fn steps(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.is_message())
    }

    /// What the application has said, oldest first.
    pub fn answers(&self) -> Vec<&str> {
        let said = self.messages().filter(|entry| entry.kind != "user_message");
        said.map(|entry| entry.output.as_str()).collect()
    }

    /// What the application has said last.
    #[must_use]
    pub fn last_answer(&self) -> Option<&str> {
        self.answers().pop()
    }

    /// The newest button with that label or name.
    #[must_use]
    pub fn action(&self, label: &str) -> Option<&Value> {
        let actions = self.entries.iter().flat_map(|entry| &entry.actions);
        actions.rev().find(|action| action["label"] == label || action["name"] == label)
    }

    /// The newest element of that name.
    #[must_use]
    pub fn element(&self, name: &str) -> Option<&Value> {
        let of_entries = self.entries.iter().flat_map(|entry| &entry.elements);
        of_entries.chain(&self.elements).rev().find(|element| element["name"] == name)
    }

    /// The text of the question that waits for an answer.
    #[must_use]
    pub fn question(&self) -> Option<&str> {
        self.ask.as_ref()?["msg"]["output"].as_str()
    }

    /// Whether the run that answers the message with that id has ended.
    pub(super) fn is_answered(&self, message_id: &str) -> bool {
        self.runs.iter().any(|(_, parent, is_ended)| parent == message_id && *is_ended)
    }

    /// Fills in the settings' form, and gives all its values.
    pub(super) fn fill_in(&mut self, changed: Map<String, Value>) -> Map<String, Value> {
        let mut values = Map::new();
        let mut take = |widget: &mut Value| {
            let Some(id) = widget["id"].as_str().filter(|_| widget.get("type").is_some()) else {
                return;
            };
            let id = id.to_owned();
            if let Some(value) = changed.get(&id) {
                widget["initial"] = value.clone();
            }
            values.insert(id, widget["initial"].clone());
        };
        for widget in &mut self.settings {
            take(widget);
            let inputs = widget.get_mut("inputs").and_then(Value::as_array_mut);
            inputs.into_iter().flatten().for_each(&mut take);
        }
        // What the form does not have is for the server to refuse.
        values.extend(changed);
        values
    }

    /// Takes a sound.
    pub(super) fn hear(&mut self, data: &[u8]) {
        self.sounds.push(data.to_vec());
    }

    /// Shows what the user does at once, as a page does.
    pub(super) fn say(&mut self, dict: Value) {
        self.upsert(dict, true);
    }

    /// Forgets what came after a message, as a page does when the user rewrites it.
    pub(super) fn rewrite(&mut self, id: &str, text: &str) {
        if let Some(place) = self.entries.iter().position(|entry| entry.id == id) {
            self.entries.truncate(place + 1);
            self.entries[place].set_output(text);
        }
    }

    /// Takes an event of the server.
    pub(super) fn apply(&mut self, name: &str, data: Value, ack: Option<u64>) {
        match name {
            "task_start" => self.running = true,
            "task_end" => {
                self.running = false;
                self.ends += 1;
                self.entries.iter_mut().for_each(|entry| entry.streaming = false);
            }
            "new_message" | "stream_start" => self.upsert(data, true),
            "update_message" => self.upsert(data, false),
            "delete_message" => self.remove(text(&data, "id")),
            "stream_token" => self.stream(&data),
            "ask" => {
                self.upsert(data["msg"].clone(), true);
                (self.ask, self.ack, self.running) = (Some(data), ack, false);
            }
            "clear_ask" | "ask_timeout" => (self.ask, self.ack) = (None, None),
            "action" => {
                self.take_action(text(&data, "id"));
                let for_id = text(&data, "forId");
                match self.entries.iter_mut().find(|entry| entry.id == for_id) {
                    Some(entry) => entry.actions.push(data),
                    None => self.early_actions.push(data),
                }
            }
            "remove_action" => self.take_action(text(&data, "id")),
            "element" => self.place_element(data),
            "remove_element" => self.take_element(text(&data, "id")),
            "first_interaction" => self.thread_id = Some(text(&data, "thread_id").to_owned()),
            "resume_thread" => self.resume(data),
            "resume_thread_error" => self.resume_error = data.as_str().map(str::to_owned),
            "toast" => {
                let notice = (text(&data, "type").to_owned(), text(&data, "message").to_owned());
                self.toasts.push(notice);
            }
            "chat_settings" => self.settings = list(data),
            "set_commands" => self.commands = list(data),
            "set_modes" => self.modes = list(data),
            "set_favorites" => self.favorites = list(data),
            "set_sidebar_title" => self.sidebar_title = data.as_str().map(str::to_owned),
            "set_sidebar_elements" => self.sidebar = list(data["elements"].clone()),
            "window_message" => self.window_messages.push(data),
            "token_usage" => self.tokens += data.as_u64().unwrap_or_default(),
            "audio_connection" => {
                self.audio = data == "on";
                self.audio_answers += 1;
            }
            "audio_interrupt" => self.sounds.clear(),
            _ => {}
        }
    }

    /// A stored conversation takes the place of what is shown.
    fn resume(&mut self, thread: Value) {
        self.entries.clear();
        self.elements.clear();
        self.runs.clear();
        for step in list(thread["steps"].clone()) {
            self.upsert(step, true);
        }
        for element in list(thread["elements"].clone()) {
            self.place_element(element);
        }
        self.thread_id = Some(text(&thread, "id").to_owned());
        self.resumed = Some(thread);
    }

    fn upsert(&mut self, dict: Value, is_new: bool) {
        let id = text(&dict, "id").to_owned();
        let parent = text(&dict, "parentId").to_owned();
        if dict["type"] == "run" {
            let is_ended = !dict["end"].is_null();
            match self.runs.iter_mut().find(|run| run.0 == id) {
                Some(run) => run.2 = is_ended,
                None => self.runs.push((id, parent, is_ended)),
            }
            return;
        }
        let Value::Object(dict) = dict else { return };
        match self.entries.iter_mut().find(|entry| entry.id == id) {
            Some(entry) => entry.merge(dict),
            None if is_new => {
                let mut entry = Entry::new(dict);
                let is_its = |value: &mut Value| value["forId"] == id;
                entry.actions.extend(self.early_actions.extract_if(.., is_its));
                entry.elements.extend(self.elements.extract_if(.., is_its));
                self.entries.push(entry);
            }
            None => {}
        }
    }

    fn remove(&mut self, id: &str) {
        let mut gone = vec![id.to_owned()];
        self.entries.retain(|entry| {
            let is_gone = gone.contains(&entry.id)
                || entry.parent_id.as_ref().is_some_and(|parent| gone.contains(parent));
            if is_gone {
                gone.push(entry.id.clone());
            }
            !is_gone
        });
    }

    fn stream(&mut self, token: &Value) {
        let id = text(token, "id");
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.id == id) else { return };
        let key = if token["isInput"] == true { "input" } else { "output" };
        let old = entry.dict.get(key).and_then(Value::as_str).unwrap_or_default();
        let kept = if token["isSequence"] == true { "" } else { old };
        let whole = format!("{kept}{}", text(token, "token"));
        entry.merge(Map::from_iter([(key.to_owned(), Value::String(whole))]));
    }

    fn place_element(&mut self, element: Value) {
        let (id, for_id) = (text(&element, "id").to_owned(), text(&element, "forId").to_owned());
        let lists = self.entries.iter_mut().map(|entry| &mut entry.elements);
        for elements in lists.chain(std::iter::once(&mut self.elements)) {
            let known = elements.iter_mut().find(|known| known["id"] == id);
            if let Some(known) = known.filter(|known| text(known, "forId") == for_id) {
                *known = element;
                return;
            }
        }
        self.take_element(&id);
        match self.entries.iter_mut().find(|entry| entry.id == for_id) {
            Some(entry) => entry.elements.push(element),
            None => self.elements.push(element),
        }
    }

    fn take_action(&mut self, id: &str) {
        forget(&mut self.early_actions, id);
        self.entries.iter_mut().for_each(|entry| forget(&mut entry.actions, id));
    }

    fn take_element(&mut self, id: &str) {
        forget(&mut self.elements, id);
        self.entries.iter_mut().for_each(|entry| forget(&mut entry.elements, id));
    }
}

impl Entry {
    fn new(dict: Map<String, Value>) -> Self {
        let mut entry = Self {
            id: String::new(),
            kind: String::new(),
            name: String::new(),
            output: String::new(),
            input: String::new(),
            is_error: false,
            streaming: false,
            parent_id: None,
            actions: Vec::new(),
            elements: Vec::new(),
            dict: Map::new(),
        };
        entry.merge(dict);
        entry
    }

    /// Whether it is a message.
    #[must_use]
    pub fn is_message(&self) -> bool {
        self.kind.ends_with("_message")
    }

    fn set_output(&mut self, text: &str) {
        self.merge(Map::from_iter([("output".to_owned(), Value::String(text.to_owned()))]));
    }

    fn merge(&mut self, dict: Map<String, Value>) {
        self.dict.extend(dict);
        let text = |key: &str| self.dict.get(key).and_then(Value::as_str).map(str::to_owned);
        let flag = |key: &str| self.dict.get(key) == Some(&Value::Bool(true));
        let (id, kind, name) = (text("id"), text("type"), text("name"));
        let (output, input) = (text("output"), text("input"));
        (self.is_error, self.streaming) = (flag("isError"), flag("streaming"));
        self.parent_id = text("parentId");
        self.id = id.unwrap_or_default();
        self.kind = kind.unwrap_or_default();
        self.name = name.unwrap_or_default();
        self.output = output.unwrap_or_default();
        self.input = input.unwrap_or_default();
    }
}

impl fmt::Display for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in &self.entries {
            match (entry.is_message(), entry.is_error) {
                (true, false) => writeln!(f, "{}: {}", entry.name, entry.output)?,
                (true, true) => writeln!(f, "{}! {}", entry.name, entry.output)?,
                (false, false) => writeln!(f, "[{}] {}", entry.kind, entry.name)?,
                (false, true) => writeln!(f, "[{}]! {}", entry.kind, entry.name)?,
            }
            for element in &entry.elements {
                writeln!(f, "  <{}> {}", text(element, "type"), text(element, "name"))?;
            }
            for action in &entry.actions {
                let label = Some(text(action, "label")).filter(|label| !label.is_empty());
                writeln!(f, "  ({})", label.unwrap_or(text(action, "name")))?;
            }
        }
        Ok(())
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(values) => values,
        _ => Vec::new(),
    }
}

fn forget(values: &mut Vec<Value>, id: &str) {
    values.retain(|value| value["id"] != id);
}
