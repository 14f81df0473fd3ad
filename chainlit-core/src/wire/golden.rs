//! One example of everything on the wire, as files that the web UI's tests read too.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{
    AcceptDict, ActionDict, AnyStep, AskKind, AskMessage, AskSpec, ClientAudioChunk, ClientMessage,
    ClientStep, DateMode, DateValue, EditedMessage, ElementDict, ElementSize, ElementType, Facts,
    ItemDict, MarkedMessage, MessageDict, ServerEvent, SettingsItem, ShowInput, StepDict, TabDict,
    ThreadDict, WidgetDict,
};
use crate::audio::{AudioConnection, OutputAudioChunk};
use crate::chat_profile::ChatProfile;
use crate::data_layer::{Feedback, FeedbackValue};
use crate::message::MessageType;
use crate::starter::{Starter, StarterCategory};
use crate::thread::{Thread, ThreadStep};
use crate::time::Timestamp;
use crate::user::User;

const THREAD: &str = "e891e31f-65ad-4c0b-8e04-ed9aaf25cbf9";
const USER_MESSAGE: &str = "7a6225eb-e513-4356-8cb9-141e1e7bcae5";
const RUN: &str = "c0eea6cf-3c97-45da-a735-a0c1b6957ec0";
const ANSWER: &str = "f1039526-2ecc-41c6-aeff-37b26fe494a0";
const ELEMENT: &str = "09496542-8b2e-4177-8f86-44dc5641c5c8";
const FILE: &str = "935d0f76-73e2-478f-91a2-74a9e74372a2";
const ACTION: &str = "b2258f55-d415-4fdb-92a1-0506e21df999";

fn time(micros: i64) -> Option<Timestamp> {
    Some(Timestamp::from_micros(1_795_228_047_000_000 + micros))
}

fn message() -> MessageDict {
    MessageDict {
        id: ANSWER.into(),
        thread_id: THREAD.into(),
        parent_id: Some(RUN.into()),
        created_at: time(139_829),
        command: None,
        modes: None,
        start: time(139_829),
        end: time(139_829),
        output: "Is it **you**?\nSay \"yes\" – or é".to_owned(),
        name: "Assistant".to_owned(),
        kind: MessageType::Assistant,
        language: None,
        streaming: false,
        is_error: false,
        wait_for_answer: false,
        metadata: Facts::default(),
        tags: Some(vec!["greeting".to_owned()]),
    }
}

fn run() -> StepDict {
    StepDict {
        name: "on_message".into(),
        kind: "run".into(),
        id: RUN.into(),
        thread_id: THREAD.into(),
        parent_id: Some(USER_MESSAGE.into()),
        streaming: false,
        metadata: Map::new(),
        tags: None,
        input: "Hi".to_owned(),
        is_error: false,
        output: String::new(),
        created_at: time(138_403),
        start: time(138_427),
        end: None,
        language: None,
        default_open: false,
        auto_collapse: false,
        show_input: ShowInput::Code("json".into()),
        generation: None,
    }
}

fn action() -> ActionDict {
    ActionDict {
        name: "approve".to_owned(),
        payload: json!({ "order": 7 }),
        label: "Approve".to_owned(),
        tooltip: "Ships the order".to_owned(),
        icon: Some("check".to_owned()),
        for_id: Some(ANSWER.into()),
        id: ACTION.to_owned(),
    }
}

fn element() -> ElementDict {
    let mut element = ElementDict::new(ELEMENT, THREAD, ElementType::Image, "up.png");
    element.chainlit_key = Some(FILE.to_owned());
    element.size = Some(ElementSize::Medium);
    element.for_id = ANSWER.into();
    element.mime = Some("image/png".to_owned());
    element
}

fn settings() -> Vec<SettingsItem> {
    let item = |value: &str| ItemDict { label: value.to_uppercase(), value: value.to_owned() };
    let items = vec![item("a"), item("b")];
    let (label, tooltip, description) = ("Label".to_owned(), None, None);
    let head = |id: &str| (id.to_owned(), label.clone());
    let (id, label) = head("switch");
    let switch =
        WidgetDict::Switch { id, label, initial: true, tooltip, description, disabled: false };
    let (id, label) = head("slider");
    let slider = WidgetDict::Slider {
        id,
        label,
        initial: 1.0,
        min: 0.0,
        max: 2.0,
        step: 0.1,
        tooltip: Some("Warm".to_owned()),
        description: Some("How bold it is".to_owned()),
        disabled: true,
    };
    let (id, label) = head("select");
    let select = WidgetDict::Select {
        id,
        label,
        initial: None,
        items,
        tooltip: None,
        description: None,
        disabled: false,
    };
    let (id, label) = head("stay");
    let stay = WidgetDict::DatePicker {
        id,
        label,
        tooltip: None,
        description: None,
        mode: DateMode::Range,
        initial: Some(DateValue::Range(["2026-01-30".to_owned(), "2026-02-02".to_owned()])),
        min_date: Some("2026-01-01".to_owned()),
        max_date: None,
        format: None,
        placeholder: None,
        disabled: false,
    };
    let tab = |id: &str, inputs| {
        let (id, label) = head(id);
        SettingsItem::Tab(TabDict { id, label, inputs })
    };
    vec![tab("model", vec![switch, slider]), tab("trip", vec![select, stay])]
}

fn thread(message: &Arc<MessageDict>, run: &Arc<StepDict>, element: &ElementDict) -> ThreadDict {
    let mut thread = Thread::default();
    thread.summary.id = THREAD.to_owned();
    thread.summary.created_at = time(0);
    thread.summary.name = Some("Hi".to_owned());
    thread.summary.metadata.insert("chat_settings".to_owned(), json!({ "switch": true }));
    thread.steps =
        vec![ThreadStep::Step(Arc::clone(run)), ThreadStep::Message(Arc::clone(message))];
    thread.elements = vec![element.clone()];
    thread.feedbacks = vec![Feedback {
        id: Some(ACTION.to_owned()),
        for_id: ANSWER.to_owned(),
        thread_id: Some(THREAD.to_owned()),
        value: FeedbackValue::Positive,
        comment: None,
    }];
    ThreadDict::new(&thread).with_pages(true)
}

/// An example of each event, with the name of its file.
fn each_event(mut see: impl FnMut(&str, &ServerEvent<'_>)) {
    let (message, run, action) = (Arc::new(message()), Arc::new(run()), action());
    let ended = Arc::new(StepDict { end: time(140_110), ..StepDict::clone(&run) });
    let changed = || MessageDict::clone(&message);
    let begun = Arc::new(MessageDict { output: "Is it".to_owned(), streaming: true, ..changed() });
    let ask = AskMessage {
        msg: Arc::new(MessageDict { wait_for_answer: true, ..changed() }),
        spec: AskSpec { timeout: 60, kind: AskKind::Text, step_id: ANSWER.into() },
    };
    let asked =
        |kind| AskMessage { spec: AskSpec { kind, ..ask.spec.clone() }, msg: Arc::clone(&ask.msg) };
    let accept = AcceptDict::Types(vec!["text/plain".to_owned()]);
    let ask_file = asked(AskKind::File { accept, max_files: 2, max_size_mb: 1 });
    let ask_action = asked(AskKind::Action { keys: vec![ACTION.to_owned()] });
    let ask_element = asked(AskKind::Element { element_id: ELEMENT.into() });
    let element = element();
    let settings = settings();
    let commands =
        [crate::Command::new("Search", "Find").icon("globe").button(true).persistent(true)];
    let option = crate::ModeOption::new("a", "A").description("d").icon("x").default(true);
    let modes = [crate::Mode::new("llm", "Model").option(option)];
    let data = json!({ "height": 600 });
    let sound = OutputAudioChunk::new("answer-1", vec![0; 16]);
    let favorites = [ThreadStep::Message(Arc::clone(&message))];
    let message_step = AnyStep::Message(&message);
    let thread = thread(&message, &ended, &element);
    let examples = [
        ServerEvent::TaskStart,
        ServerEvent::TaskEnd,
        ServerEvent::FirstInteraction { interaction: "Hi", thread_id: THREAD },
        ServerEvent::NewMessage(message_step),
        ServerEvent::UpdateMessage(message_step),
        ServerEvent::DeleteMessage(message_step),
        ServerEvent::StreamStart(AnyStep::Message(&begun)),
        ServerEvent::StreamToken {
            id: ANSWER,
            token: " **you**?",
            is_sequence: false,
            is_input: false,
        },
        ServerEvent::Ask(&ask),
        ServerEvent::AskTimeout,
        ServerEvent::ClearAsk,
        ServerEvent::ClearCallFn,
        ServerEvent::Action(&action),
        ServerEvent::RemoveAction(&action),
        ServerEvent::Element(&element),
        ServerEvent::RemoveElement { id: ELEMENT },
        ServerEvent::ChatSettings(&settings),
        ServerEvent::SetCommands(&commands),
        ServerEvent::SetModes(&modes),
        ServerEvent::SetSidebarTitle("Sources"),
        ServerEvent::SetSidebarElements {
            elements: std::slice::from_ref(&element),
            key: Some("k1"),
        },
        ServerEvent::SetFavorites(&favorites),
        ServerEvent::TokenUsage(5),
        ServerEvent::WindowMessage(&data),
        ServerEvent::AudioConnection(AudioConnection::On),
        ServerEvent::AudioChunk(&sound),
        ServerEvent::AudioInterrupt,
        ServerEvent::Toast { message: "Saved", kind: "success" },
        ServerEvent::ResumeThread(&thread),
        ServerEvent::ResumeThreadError("Thread not found."),
    ];
    for event in &examples {
        see(event.name(), event);
    }
    see("new_message.step", &ServerEvent::NewMessage(AnyStep::Step(&run)));
    see("ask.file", &ServerEvent::Ask(&ask_file));
    see("ask.action", &ServerEvent::Ask(&ask_action));
    see("ask.element", &ServerEvent::Ask(&ask_element));
    see("update_message.step", &ServerEvent::UpdateMessage(AnyStep::Step(&ended)));
    // Whoever adds an event adds its example above.
    examples.iter().for_each(|event| match event {
        ServerEvent::TaskStart
        | ServerEvent::TaskEnd
        | ServerEvent::FirstInteraction { .. }
        | ServerEvent::NewMessage(_)
        | ServerEvent::UpdateMessage(_)
        | ServerEvent::DeleteMessage(_)
        | ServerEvent::StreamStart(_)
        | ServerEvent::StreamToken { .. }
        | ServerEvent::Ask(_)
        | ServerEvent::AskTimeout
        | ServerEvent::ClearAsk
        | ServerEvent::ClearCallFn
        | ServerEvent::Action(_)
        | ServerEvent::RemoveAction(_)
        | ServerEvent::Element(_)
        | ServerEvent::RemoveElement { .. }
        | ServerEvent::ChatSettings(_)
        | ServerEvent::SetCommands(_)
        | ServerEvent::SetModes(_)
        | ServerEvent::SetSidebarTitle(_)
        | ServerEvent::SetSidebarElements { .. }
        | ServerEvent::SetFavorites(_)
        | ServerEvent::TokenUsage(_)
        | ServerEvent::WindowMessage(_)
        | ServerEvent::AudioConnection(_)
        | ServerEvent::AudioChunk(_)
        | ServerEvent::AudioInterrupt
        | ServerEvent::Toast { .. }
        | ServerEvent::ResumeThread(_)
        | ServerEvent::ResumeThreadError(_)
        | ServerEvent::Custom { .. } => {}
    });
}

fn file(name: &str) -> PathBuf {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/protocol");
    PathBuf::from(format!("{folder}/{name}.json"))
}

fn read(name: &str) -> String {
    let path = file(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}; write it with `UPDATE_TYPES=1 cargo test -p chainlit-core`",
            path.display()
        )
    })
}

/// Compares with the file; `UPDATE_TYPES=1` writes it first.
fn check(name: &str, value: &impl Serialize) {
    let text = serde_json::to_string_pretty(value).unwrap() + "\n";
    if std::env::var_os("UPDATE_TYPES").is_some() {
        let path = file(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &text).unwrap();
    }
    assert_eq!(read(name), text, "{name}.json is out of date");
}

#[test]
fn events_of_the_server_are_written_as_in_the_files() {
    let mut names = Vec::new();
    each_event(|name, event| {
        check(&format!("server/{name}"), event);
        names.push(name.to_owned());
    });
    let mut files: Vec<_> = std::fs::read_dir(file("server/task_end").parent().unwrap())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap().replace(".json", ""))
        .collect();
    files.sort();
    names.sort();
    assert_eq!(files, names, "a file is of no event");
}

#[cfg(feature = "typescript")]
#[test]
fn typescript_knows_each_event() {
    let mut names = Vec::new();
    each_event(|_, event| names.push(event.name().to_owned()));
    names.sort();
    names.dedup();
    let mut known = super::typescript::server_event_names();
    known.sort();
    assert_eq!(known, names);
}

#[test]
fn types_are_read_and_written_as_in_the_files() {
    fn both_ways<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
        name: &str,
        value: &T,
    ) {
        check(name, value);
        let back: T = serde_json::from_str(&read(name)).unwrap();
        assert_eq!(back, *value);
    }
    both_ways("types/MessageDict", &message());
    both_ways("types/StepDict", &run());
    both_ways("types/ActionDict", &action());
    both_ways("types/SettingsItems", &settings());
    let starter = Starter::new("Hi", "Say hi").icon("/public/hi.svg");
    let profile = ChatProfile::new("poet", "Speaks in *rhymes*.").starter(starter.clone());
    both_ways("types/ChatProfile", &profile.default(true).icon("/public/poet.svg"));
    both_ways("types/StarterCategory", &StarterCategory::new("Greetings").starter(starter));
    both_ways("types/User", &User::new("ada@example.org").display_name("Ada"));
}

/// These files are written by hand: they say what clients send.
#[test]
fn events_of_clients_are_read_from_the_files() {
    fn payload(name: &str) -> Value {
        let event: Vec<Value> = serde_json::from_str(&read(&format!("client/{name}"))).unwrap();
        assert_eq!(event[0], name);
        event.get(1).cloned().unwrap_or_default()
    }
    let bare = [
        "connection_successful",
        "fetch_favorites",
        "stop",
        "clear_session",
        "audio_start",
        "audio_end",
    ];
    for name in bare {
        assert!(payload(name).is_null(), "{name}");
    }
    let said: ClientMessage = serde_json::from_value(payload("client_message")).unwrap();
    assert_eq!(said.message.id, USER_MESSAGE);
    assert_eq!(said.message.output, "Hi");
    assert_eq!(said.message.command.as_deref(), Some("Search"));
    assert_eq!(said.message.modes.unwrap()["llm"], "large");
    assert!(said.message.metadata.unwrap().contains_key("location"));
    let edited: EditedMessage = serde_json::from_value(payload("edit_message")).unwrap();
    assert_eq!(
        (edited.message.id.as_str(), edited.message.output.as_str()),
        (USER_MESSAGE, "Hello")
    );
    assert_eq!(edited.edit_id.as_deref(), Some("0c1a3b52-7a14-4f0e-9a4b-6f1f0c2d7e55"));
    for name in ["chat_settings_change", "chat_settings_edit"] {
        let values: Map<String, Value> = serde_json::from_value(payload(name)).unwrap();
        assert_eq!(values["temperature"], 0.5, "{name}");
    }
    assert!(payload("window_message").is_object());
    let marked: MarkedMessage = serde_json::from_value(payload("message_favorite")).unwrap();
    assert_eq!(
        (marked.message.id.as_str(), marked.message.thread_id.as_deref()),
        (USER_MESSAGE, Some(THREAD))
    );
    assert!(marked.message.metadata.favorite);
    let said: ClientAudioChunk = serde_json::from_value(payload("audio_chunk")).unwrap();
    assert_eq!((said.is_start, said.elapsed_time), (true, 120.0));
    assert_eq!(said.data["num"], 0);

    let [answer]: [ClientStep; 1] = serde_json::from_str(&read("client/ask.answer")).unwrap();
    assert_eq!(answer.output, "yes");
    assert_eq!(answer.parent_id.as_deref(), Some(RUN));
}
