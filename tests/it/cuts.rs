//! Whatever is sent, and wherever connections are cut: not a word is missing, none comes twice.

use std::collections::{HashMap, HashSet};

use chainlit::wire::ServerEvent;
use chainlit::{self as cl, App};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::support::{Client, Event, Length, Memory, Recovering, TestServer, auth, user_message};

const GREETING: &str = "42[\"connection_successful\"]";

/// One thing that the application does.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Act {
    /// Streams a message: pieces of text, some of which replace what was there.
    Stream(Vec<Piece>),
    Say(String),
    /// Removes what was said last in this turn.
    Remove,
    Toast(String),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Piece {
    text: String,
    replaces: bool,
    /// How often others may go first.
    pauses: u8,
}

/// A cable that a connection goes over.
#[derive(Clone, Debug)]
struct Cut {
    length: Length,
    /// Afterwards the connection stays open, and nobody reads it.
    is_dark: bool,
}

/// Does what the message says, and says that it is done.
async fn perform(message: cl::Message, session: cl::Session) -> cl::Result {
    let (turn, acts): (usize, Vec<Act>) = serde_json::from_str(&message.content)?;
    let mut said = Vec::new();
    for act in acts {
        match act {
            Act::Stream(pieces) => {
                let mut reply = cl::Message::new("");
                for Piece { text, replaces, pauses } in pieces {
                    if replaces {
                        reply.stream_sequence(text).await?;
                    } else {
                        reply.stream_token(text).await?;
                    }
                    for _ in 0..pauses {
                        tokio::task::yield_now().await;
                    }
                }
                reply.update().await?;
            }
            Act::Say(text) => {
                let mut reply = cl::Message::new(text);
                reply.send().await?;
                said.push(reply);
            }
            Act::Remove => {
                if let Some(mut last) = said.pop() {
                    last.remove().await?;
                }
            }
            Act::Toast(text) => {
                session.emitter().emit(&ServerEvent::Toast { message: &text, kind: "info" });
            }
        }
    }
    cl::Message::new(end_of(turn)).send().await?;
    Ok(())
}

fn end_of(turn: usize) -> String {
    format!("end of turn {turn}")
}

/// What a client of [`perform`] must see, event by event, with neighbouring tokens joined.
fn expected_events(turns: &[Vec<Act>]) -> Vec<String> {
    let mut lines = Lines::default();
    let mut ids = 0..;
    let mut id = || format!("expected {}", ids.next().unwrap());
    ["task_end", "clear_ask", "clear_call_fn"].iter().for_each(|name| lines.add(name, "", ""));
    for (turn, acts) in turns.iter().enumerate() {
        lines.add("task_start", "", "");
        if turn == 0 {
            lines.add("first_interaction", "", "");
        }
        lines.add("run", "", "");
        let mut said = Vec::new();
        for act in acts {
            match act {
                Act::Stream(pieces) => {
                    let (id, mut whole) = (id(), String::new());
                    for (at, Piece { text, replaces, .. }) in pieces.iter().enumerate() {
                        if *replaces {
                            whole.clear();
                        }
                        whole.push_str(text);
                        let name = match (at, replaces) {
                            (0, _) => "stream_start",
                            (_, true) => "sequence",
                            (_, false) => "stream_token",
                        };
                        lines.add(name, &id, text);
                    }
                    lines.add("update_message", &id, &whole);
                }
                Act::Say(text) => {
                    said.push(id());
                    lines.add("new_message", said.last().unwrap(), text);
                }
                Act::Remove => {
                    if let Some(last) = said.pop() {
                        lines.add("delete_message", &last, "");
                    }
                }
                Act::Toast(text) => lines.add("toast", "", text),
            }
        }
        lines.add("new_message", &id(), &end_of(turn));
        lines.add("run", "", "");
        lines.add("task_end", "", "");
    }
    lines.lines
}

/// Events in a form that can be compared: ids by order of appearance, neighbouring tokens joined.
#[derive(Default)]
struct Lines {
    lines: Vec<String>,
    ids: HashMap<String, usize>,
}

impl Lines {
    fn add(&mut self, name: &str, id: &str, text: &str) {
        let next = self.ids.len();
        let number = *self.ids.entry(id.to_owned()).or_insert(next);
        let head = format!("{name} {number}: ");
        match self.lines.last_mut() {
            Some(last) if name == "stream_token" && last.starts_with(&head) => last.push_str(text),
            _ => self.lines.push(head + text),
        }
    }

    fn of(events: &[Event]) -> Vec<String> {
        let mut lines = Self::default();
        for event in events {
            let text = |key: &str| event.data[key].as_str().unwrap();
            match event.name.as_str() {
                _ if event.is_run() => lines.add("run", "", ""),
                "stream_token" if event.data["isSequence"] == true => {
                    lines.add("sequence", text("id"), text("token"));
                }
                "stream_token" => lines.add("stream_token", text("id"), text("token")),
                "toast" => lines.add("toast", "", text("message")),
                name @ "delete_message" => lines.add(name, text("id"), ""),
                name @ ("new_message" | "stream_start" | "update_message") => {
                    lines.add(name, text("id"), event.output());
                }
                name => lines.add(name, "", ""),
            }
        }
        lines.lines
    }
}

/// What a client shows.
#[derive(Default)]
struct Screen {
    messages: Vec<(String, String)>,
    toasts: HashSet<String>,
}

impl Screen {
    fn apply(&mut self, event: &Event) {
        if event.is_run() || event.data["type"] == "user_message" {
            return;
        }
        let id = event.data["id"].as_str().unwrap_or_default().to_owned();
        let known = self.messages.iter_mut().find(|(known, _)| *known == id);
        match (event.name.as_str(), known) {
            ("new_message" | "stream_start" | "update_message", Some((_, text))) => {
                *text = event.output().to_owned();
            }
            ("new_message" | "stream_start", None) => {
                self.messages.push((id, event.output().to_owned()));
            }
            ("stream_token", Some((_, text))) => {
                if event.data["isSequence"] == true {
                    text.clear();
                }
                text.push_str(event.data["token"].as_str().unwrap());
            }
            ("delete_message", Some(_)) => self.messages.retain(|(known, _)| *known != id),
            ("toast", _) => {
                self.toasts.insert(event.data["message"].as_str().unwrap().to_owned());
            }
            _ => {}
        }
    }

    fn texts(&self) -> Vec<&str> {
        self.messages.iter().map(|(_, text)| text.as_str()).collect()
    }
}

/// The texts that stay, in order.
fn expected_texts(turns: &[Vec<Act>]) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for (turn, acts) in turns.iter().enumerate() {
        let mut said = Vec::new();
        for act in acts {
            match act {
                Act::Stream(pieces) => {
                    let last = pieces.iter().rposition(|piece| piece.replaces).unwrap_or(0);
                    texts.push(pieces[last..].iter().map(|piece| piece.text.as_str()).collect());
                }
                Act::Say(text) => {
                    said.push(texts.len());
                    texts.push(text.clone());
                }
                Act::Remove => {
                    // What comes after it moves up.
                    if let Some(at) = said.pop() {
                        texts.remove(at);
                    }
                }
                Act::Toast(_) => {}
            }
        }
        texts.push(end_of(turn));
    }
    texts
}

/// The messages that ask for the turns. Each keeps its id however often it is sent.
fn requests(turns: &[Vec<Act>]) -> Vec<Value> {
    let requests = turns.iter().enumerate().map(|turn| {
        let message = user_message(&serde_json::to_string(&turn).unwrap());
        json!(["client_message", { "message": message }])
    });
    requests.collect()
}

/// Talks until all turns are done, over one cable after the other; gives what came.
async fn talk_recovering(
    server: &TestServer,
    transport: &str,
    turns: &[Vec<Act>],
    cuts: &[Cut],
) -> Vec<Event> {
    let requests = requests(turns);
    let mut cuts = cuts.iter();
    let mut memory = Memory::default();
    let mut events: Vec<Event> = Vec::new();
    let mut dark = Vec::new();
    loop {
        let cut = cuts.next();
        let length = cut.map_or(Length::ENDLESS, |cut| cut.length);
        let client = Recovering::dial(server.address, transport, memory.clone(), length).await;
        let Some(mut client) = client else { continue };
        if let Some(answer) = client.introduce(auth("tab")).await {
            answer.unwrap();
            assert!(client.is_recovered || events.is_empty(), "not recovered after {events:?}");
            let mut is_whole = client.client.try_send(GREETING).await;
            let mut asked = usize::MAX;
            while is_whole {
                // The first end belongs to the greeting.
                let ends = events.iter().filter(|event| event.name == "task_end").count();
                if let Some(turn) = ends.checked_sub(1)
                    && asked != turn
                {
                    let Some(request) = requests.get(turn) else {
                        // The cable may be at its end.
                        client.client.try_send("41").await;
                        return events;
                    };
                    is_whole = client.client.try_send(&format!("42{request}")).await;
                    asked = turn;
                    continue;
                }
                let Some(event) = client.next().await else { break };
                events.push(event);
            }
        }
        memory = client.memory.clone();
        if cut.is_some_and(|cut| cut.is_dark) {
            dark.push(client.leave_open());
        } else {
            client.cut();
        }
    }
}

/// The same with a client that does not speak recovery: gives what it shows in the end.
async fn talk_plainly(
    server: &TestServer,
    transport: &str,
    turns: &[Vec<Act>],
    cuts: &[Cut],
) -> Screen {
    let requests = requests(turns);
    let toasts = turns.iter().flatten().filter_map(|act| match act {
        Act::Toast(text) => Some(text.clone()),
        _ => None,
    });
    let toasts: HashSet<String> = toasts.collect();
    let mut cuts = cuts.iter();
    let mut screen = Screen::default();
    let mut dark = Vec::new();
    loop {
        let cut = cuts.next();
        let length = cut.map_or(Length::ENDLESS, |cut| cut.length);
        let query = format!("transport={transport}&EIO=4");
        let client = Client::dial(server.address, &query, length).await;
        let Some(mut client) = client else { continue };
        let connect = format!("40{}", auth("tab"));
        if client.try_send(&connect).await && client.frame().await.is_some() {
            let mut is_whole = client.try_send(GREETING).await;
            let mut asked = usize::MAX;
            while is_whole {
                let ends: HashSet<&str> = screen.texts().into_iter().collect();
                let turn = (0..).take_while(|turn| ends.contains(end_of(*turn).as_str())).count();
                match requests.get(turn) {
                    Some(request) if asked != turn => {
                        is_whole = client.try_send(&format!("42{request}")).await;
                        asked = turn;
                        continue;
                    }
                    None if screen.toasts == toasts => {
                        client.try_send("41").await;
                        return screen;
                    }
                    _ => {}
                }
                let Some(event) = client.next().await else { break };
                screen.apply(&event);
            }
        }
        if cut.is_some_and(|cut| cut.is_dark) {
            dark.push(client.into_stream());
        } else {
            client.cut();
        }
    }
}

fn turns() -> impl Strategy<Value = Vec<Vec<Act>>> {
    let text = || "[a-z \"\\\\é\n]{1,12}";
    let piece = (text(), prop::bool::weighted(0.05), 0..3u8);
    let piece = piece.prop_map(|(text, replaces, pauses)| Piece { text, replaces, pauses });
    let act = prop_oneof![
        4 => prop::collection::vec(piece, 1..40).prop_map(Act::Stream),
        2 => text().prop_map(Act::Say),
        1 => Just(Act::Remove),
        1 => "[a-z]{8}".prop_map(Act::Toast),
    ];
    prop::collection::vec(prop::collection::vec(act, 0..5), 1..4)
}

fn cuts() -> impl Strategy<Value = Vec<Cut>> {
    let writes = prop_oneof![3 => Just(usize::MAX), 1 => 0..2_000usize];
    let cut = (0..4_000usize, writes, prop::bool::weighted(0.3));
    let cut =
        cut.prop_map(|(reads, writes, is_dark)| Cut { length: Length { reads, writes }, is_dark });
    prop::collection::vec(cut, 0..10)
}

fn transports() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("websocket"), Just("polling")]
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(test);
}

fn settings() -> ProptestConfig {
    ProptestConfig {
        cases: 48,
        max_shrink_iters: 256,
        failure_persistence: None,
        ..Default::default()
    }
}

proptest! {
    #![proptest_config(settings())]

    #[test]
    fn a_recovering_client_gets_every_event_once_and_in_order(
        turns in turns(),
        cuts in cuts(),
        transport in transports(),
    ) {
        run(async {
            let server = TestServer::start(App::new().on_message(perform)).await;
            let events = talk_recovering(&server, transport, &turns, &cuts).await;
            assert_eq!(Lines::of(&events), expected_events(&turns));
            server.stop().await;
        });
    }

    #[test]
    fn any_other_client_shows_everything_in_the_end(
        turns in turns(),
        cuts in cuts(),
        transport in transports(),
    ) {
        run(async {
            let server = TestServer::start(App::new().on_message(perform)).await;
            let screen = talk_plainly(&server, transport, &turns, &cuts).await;
            assert_eq!(screen.texts(), expected_texts(&turns));
            server.stop().await;
        });
    }
}
