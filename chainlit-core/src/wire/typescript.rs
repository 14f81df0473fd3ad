//! The TypeScript types of the web UI, written from the wire types.

use std::collections::BTreeMap;
use std::path::Path;

use ts_rs::{Config, TS, TypeVisitor};

use super::event::{Empty, FirstInteraction, RemovedElement, SidebarElements, Sound, Toast, Token};
use super::{
    ActionDict, AnyStep, AskMessage, ClientAudioChunk, ClientMessage, EditedMessage, ElementDict,
    MarkedMessage, SettingsItem, ThreadDict,
};
use crate::chat_profile::ChatProfile;
use crate::command::Command;
use crate::mode::Mode;
use crate::starter::{Starter, StarterCategory};
use crate::user::User;

/// Name and payload of each event that the server sends.
#[derive(TS)]
#[expect(dead_code, reason = "only its shape is read")]
struct ServerEvents {
    /// A handler began: the page shows that work is going on.
    task_start: Empty,
    /// Nothing runs any more.
    task_end: Empty,
    /// The user did something for the first time in this thread.
    first_interaction: FirstInteraction<'static>,
    /// A message or step was sent; a known id is merged.
    new_message: AnyStep<'static>,
    /// A message or step changed; an unknown id is ignored.
    update_message: AnyStep<'static>,
    /// A message or step was removed, with everything below it. Only the id is sure to be there.
    #[ts(type = "{ id: string }")]
    delete_message: AnyStep<'static>,
    /// The first token of a stream; it is already in the dictionary.
    stream_start: AnyStep<'static>,
    /// A further token.
    stream_token: Token<'static>,
    /// The application asks the user; answered by an acknowledgement.
    ask: AskMessage,
    /// Nobody answered in time.
    ask_timeout: Empty,
    /// The ask is over.
    clear_ask: Empty,
    /// No function call of the page is open any more.
    clear_call_fn: Empty,
    /// A button for a message.
    action: ActionDict,
    /// The button goes away.
    remove_action: ActionDict,
    /// An element, new or changed; a known id is merged.
    element: ElementDict,
    /// The element goes away.
    remove_element: RemovedElement<'static>,
    /// The form with the chat's settings.
    chat_settings: Vec<SettingsItem>,
    /// The commands that the composer offers.
    set_commands: Vec<Command>,
    /// The modes that the composer offers.
    set_modes: Vec<Mode>,
    /// The side bar's title; opens it.
    #[ts(type = "string")]
    set_sidebar_title: (),
    /// The side bar's elements, which were sent before.
    set_sidebar_elements: SidebarElements<'static>,
    /// The user's favourite messages, the newest first.
    set_favorites: Vec<AnyStep<'static>>,
    /// Tokens that a model has used since the last such event.
    #[ts(type = "number")]
    token_usage: (),
    /// Something for the window that the page is embedded in.
    #[ts(type = "unknown")]
    window_message: (),
    /// Whether the page records.
    #[ts(type = "\"on\" | \"off\"")]
    audio_connection: (),
    /// A piece of sound to play.
    audio_chunk: Sound<'static>,
    /// What is being played ends.
    audio_interrupt: Empty,
    /// A short notice.
    toast: Toast<'static>,
    /// A stored conversation, which takes the place of what the page shows.
    resume_thread: ThreadDict,
    /// There is no such conversation for this user.
    #[ts(type = "string")]
    resume_thread_error: (),
}

/// Name and payload of each event that the server understands. An acknowledgement, where the client
/// asks for one, is empty: the event was taken, or refused and the user told so.
#[derive(TS)]
#[expect(dead_code, reason = "only its shape is read")]
struct ClientEvents {
    /// The page is ready to be shown the chat. The first event after CONNECT.
    #[ts(type = "undefined")]
    connection_successful: (),
    /// The user said something.
    client_message: ClientMessage,
    /// The user rewrote one of their messages.
    edit_message: EditedMessage,
    /// What runs is to be dropped.
    #[ts(type = "undefined")]
    stop: (),
    /// The user leaves for good: the session ends with the connection.
    #[ts(type = "undefined")]
    clear_session: (),
    /// The user marks a message as a favourite, or takes the mark away.
    message_favorite: MarkedMessage,
    /// The page wants the favourite messages.
    #[ts(type = "undefined")]
    fetch_favorites: (),
    /// The user has confirmed the form: values by widget id.
    #[ts(type = "Record<string, unknown>")]
    chat_settings_change: (),
    /// The user edits the form: values by widget id.
    #[ts(type = "Record<string, unknown>")]
    chat_settings_edit: (),
    /// Another window said something to the page.
    #[ts(type = "unknown")]
    window_message: (),
    /// The user wants to speak; answered by `audio_connection`.
    #[ts(type = "undefined")]
    audio_start: (),
    /// A piece of what the user says.
    audio_chunk: ClientAudioChunk,
    /// The user has said everything.
    #[ts(type = "undefined")]
    audio_end: (),
}

/// Files by name, in the shape of the folder.
struct Files {
    config: Config,
    texts: BTreeMap<String, String>,
}

impl Files {
    fn generate() -> BTreeMap<String, String> {
        let mut files = Self { config: Config::new(), texts: BTreeMap::new() };
        files.visit::<ServerEvents>();
        files.visit::<ClientEvents>();
        files.visit::<User>();
        files.visit::<ChatProfile>();
        files.visit::<Starter>();
        files.visit::<StarterCategory>();
        let mut texts = files.texts;
        let index = texts
            .keys()
            .map(|file| file.trim_end_matches(".ts"))
            .map(|name| format!("export type {{ {name} }} from \"./{name}\";\n"))
            .collect();
        texts.insert("index.ts".to_owned(), index);
        texts
    }
}

impl TypeVisitor for Files {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let Some(path) = T::output_path() else { return };
        let text = tidied(&T::export_to_string(&self.config).unwrap());
        if self.texts.insert(path.to_str().unwrap().to_owned(), text).is_none() {
            T::visit_dependencies(self);
        }
    }
}

/// Without the Rust examples of the documentation and without spaces at the ends of lines.
fn tidied(text: &str) -> String {
    let mut is_example = false;
    let mut tidied = String::new();
    for line in text.lines() {
        let is_fence = line.trim_start().starts_with("* ```");
        if !is_example && !is_fence {
            tidied.push_str(line.trim_end());
            tidied.push('\n');
        }
        is_example ^= is_fence;
    }
    tidied.replace(" *\n */", " */")
}

/// The names of the events that the server sends, as TypeScript knows them.
pub(super) fn server_event_names() -> Vec<String> {
    ServerEvents::inline(&Config::new())
        .lines()
        .filter(|line| !line.trim_start().starts_with('*'))
        .filter_map(|line| line.split_once(": "))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// `UPDATE_TYPES=1` writes the files instead of comparing them.
#[test]
fn the_uis_types_are_those_of_the_server() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../chainlit-server/ui/src/client/protocol/generated");
    let generated = Files::generate();
    if std::env::var_os("UPDATE_TYPES").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        for file in std::fs::read_dir(&folder).unwrap() {
            std::fs::remove_file(file.unwrap().path()).unwrap();
        }
        for (name, text) in &generated {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    let committed: BTreeMap<_, _> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap())
        .map(|file| {
            let text = std::fs::read_to_string(file.path()).unwrap();
            (file.file_name().into_string().unwrap(), text)
        })
        .collect();
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&committed), names(&generated), "{UPDATE}");
    for (name, text) in &generated {
        assert_eq!(&committed[name], text, "{name} is out of date; {UPDATE}");
    }
}

const UPDATE: &str =
    "write them with `UPDATE_TYPES=1 cargo test -p chainlit-core --features typescript`";
