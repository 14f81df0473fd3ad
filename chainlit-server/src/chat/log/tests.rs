use std::sync::Arc;
use std::time::Duration;

use chainlit_core::wire::{AnyStep, AskKind, AskMessage, AskSpec, MessageDict, ServerEvent};
use chainlit_core::{Emitter, Error};
use futures_util::FutureExt;
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::reader::Reader;
use super::{LogLimits, SessionLog};
use crate::chat::recovery::Dialect;
use crate::engineio::{Outbox, Payload, Source};

impl Default for LogLimits {
    fn default() -> Self {
        Self {
            transcript_bytes: 4 * 1024 * 1024,
            backlog_bytes: 256 * 1024,
            recovery_bytes: 256 * 1024,
            patience: Duration::from_secs(30),
            hides_steps: false,
        }
    }
}

const JS: &str = "EIO=4&transport=websocket";

/// One connection, as the layers below see it.
struct Peer {
    log: SessionLog,
    outbox: Arc<Outbox>,
    pid: Option<String>,
    offset: Option<String>,
    resumed: Option<Arc<dyn Source>>,
}

impl Peer {
    fn connect(log: &SessionLog, pid: Option<&str>, offset: Option<&str>) -> Self {
        let auth = json!({ "pid": pid, "offset": offset });
        let dialect = Dialect::read(auth.as_object().unwrap(), JS).unwrap();
        let outbox = Arc::new(Outbox::default());
        let beginning = log.connect(&outbox, &dialect);
        let resumed = beginning.resumed;
        if let Some(source) = &resumed {
            outbox.attach(Arc::clone(source));
        }
        let offset = offset.map(str::to_owned);
        Self { log: log.clone(), outbox, pid: beginning.pid, offset, resumed }
    }

    fn greeted(log: &SessionLog) -> Self {
        let peer = Self::connect(log, None, None);
        assert!(peer.resumed.is_none());
        log.attach(&peer.outbox);
        peer
    }

    /// Comes back with what this one knows.
    fn again(&self) -> Self {
        self.log.detach(&self.outbox);
        Self::connect(&self.log, self.pid.as_deref(), self.offset.as_deref())
    }

    /// Reads one batch; false when there is none.
    fn read(&mut self, events: &mut Vec<(String, String)>) -> bool {
        let mut batch = Vec::new();
        let Some(true) = self.outbox.next(&mut batch).now_or_never() else { return false };
        for payload in batch {
            let Payload::Text(text) = payload else { panic!("{payload:?}") };
            let digits = text.find('[').unwrap();
            let args: Vec<serde_json::Value> = serde_json::from_str(&text[digits..]).unwrap();
            if let Some(offset) = args.get(2) {
                self.offset = Some(offset.as_str().unwrap().to_owned());
            }
            let data = args[1]["token"].as_str().or(args[1]["message"].as_str());
            events.push((args[0].as_str().unwrap().to_owned(), data.unwrap_or("").to_owned()));
        }
        true
    }

    fn read_all(&mut self) -> Vec<(String, String)> {
        let mut events = Vec::new();
        while self.read(&mut events) {}
        events
    }

    /// Answers a ping.
    fn pong(&self) {
        self.outbox.ping_sent();
        self.outbox.pong_received();
    }
}

fn toast(log: &SessionLog, message: &str) {
    log.emit(&ServerEvent::Toast { message, kind: "info" });
}

fn token(log: &SessionLog, token: &str) {
    log.emit(&ServerEvent::StreamToken { id: "a", token, is_sequence: false, is_input: false });
}

fn texts(events: &[(String, String)]) -> Vec<&str> {
    events.iter().map(|(_, text)| text.as_str()).filter(|text| !text.is_empty()).collect()
}

#[test]
fn a_session_whose_client_has_everything_keeps_nothing() {
    let log = SessionLog::new(LogLimits::default());
    let mut peer = Peer::greeted(&log);
    toast(&log, "one");
    peer.read_all();
    assert_eq!(log.0.state.lock().window.entries(), 4);
    peer.pong();
    assert_eq!(log.0.state.lock().window.entries(), 0);
    let mut peer = peer.again();
    assert!(peer.resumed.is_some());
    assert_eq!(peer.read_all(), []);
}

#[test]
fn what_a_pong_does_not_prove_is_kept() {
    let log = SessionLog::new(LogLimits::default());
    let mut peer = Peer::greeted(&log);
    peer.read_all();
    peer.outbox.ping_sent();
    toast(&log, "after the ping");
    peer.outbox.next(&mut Vec::new()).now_or_never();
    peer.outbox.pong_received();
    let mut peer = peer.again();
    assert!(peer.resumed.is_some());
    assert_eq!(texts(&peer.read_all()), ["after the ping"]);
}

/// The answer to a ping may come after the next ping was written.
#[test]
fn a_late_pong_proves_no_more_than_its_own_ping() {
    let log = SessionLog::new(LogLimits::default());
    let mut peer = Peer::greeted(&log);
    peer.read_all();
    peer.outbox.ping_sent();
    toast(&log, "between the pings");
    peer.outbox.next(&mut Vec::new()).now_or_never();
    peer.outbox.ping_sent();
    peer.outbox.pong_received();
    let mut peer = peer.again();
    assert!(peer.resumed.is_some());
    assert_eq!(texts(&peer.read_all()), ["between the pings"]);
}

/// An ask carries no offset: a client that has it still names the event before.
#[test]
fn a_client_that_has_an_ask_goes_on_and_is_asked_again() {
    let log = SessionLog::new(LogLimits::default());
    let mut peer = Peer::greeted(&log);
    let _answer = log.request(&ServerEvent::TaskStart);
    peer.read_all();
    peer.pong();
    for _ in 0..3 {
        peer = peer.again();
        assert!(peer.resumed.is_some());
        assert_eq!(peer.read_all().len(), 1);
    }
    assert!(log.answer(1, json!(null)));
    let mut peer = peer.again();
    assert!(peer.resumed.is_some());
    // What was not known to have come comes again; nothing waits for its answer.
    assert!(peer.read_all().len() <= 1);
}

#[test]
fn tokens_for_who_is_away_are_joined() {
    let log = SessionLog::new(LogLimits::default());
    let mut peer = Peer::greeted(&log);
    token(&log, "live");
    peer.read_all();
    log.detach(&peer.outbox);
    for _ in 0..10_000 {
        token(&log, "0123456789");
    }
    let mut peer = peer.again();
    assert!(peer.resumed.is_some());
    let events = peer.read_all();
    assert!(events.len() < 20, "{}", events.len());
    assert_eq!(texts(&events).concat().len(), 100_000);
}

#[tokio::test(start_paused = true)]
async fn tokens_are_joined_for_a_reader_who_is_behind_and_only_then() {
    let log = SessionLog::new(LogLimits::default());
    let mut peer = Peer::greeted(&log);
    for _ in 0..20 {
        token(&log, "x");
    }
    assert_eq!(texts(&peer.read_all()).len(), 20);
    for _ in 0..10_000 {
        token(&log, "x");
    }
    // Tokens wait for company.
    sleep(Duration::from_millis(5)).await;
    let events = peer.read_all();
    assert!(texts(&events).len() < 200, "{}", events.len());
    assert_eq!(texts(&events).concat().len(), 10_000);
}

#[test]
fn the_window_is_bounded_whatever_is_not_answered() {
    let limits = LogLimits::default();
    let log = SessionLog::new(limits);
    let mut peer = Peer::greeted(&log);
    for n in 0..5_000 {
        toast(&log, &format!("{n}"));
        peer.read(&mut Vec::new());
    }
    let bytes = log.0.state.lock().window.bytes();
    assert!(bytes <= 2 * limits.recovery_bytes + 1024, "{bytes}");
    let mut peer = peer.again();
    assert!(peer.resumed.is_some(), "it has the last ones");
    assert_eq!(peer.read_all(), []);
}

/// A writer that was replaced may take a batch at the very moment.
#[test]
fn only_the_newest_connection_takes_events() {
    let log = SessionLog::new(LogLimits::default());
    let mut peer = Peer::greeted(&log);
    peer.read_all();
    let old = peer.again();
    let mut new = old.again();
    toast(&log, "for the new one");
    let mut batch = Vec::new();
    assert!(!old.resumed.unwrap().pull(1000, &mut batch));
    assert_eq!(batch, []);
    assert_eq!(texts(&new.read_all()), ["for the new one"]);
}

fn message(id: &str, output: &str) -> Arc<MessageDict> {
    let dict = json!({
        "id": id, "threadId": "t", "parentId": null, "createdAt": null, "command": null, "modes": null,
        "start": null, "end": null, "output": output, "name": "A", "type": "assistant_message",
        "language": null, "streaming": true, "isError": false, "waitForAnswer": false,
        "metadata": {}, "tags": null,
    });
    serde_json::from_value(dict).unwrap()
}

fn show(log: &SessionLog, id: &str, output: &str) {
    log.emit(&ServerEvent::NewMessage(AnyStep::Message(&message(id, output))));
}

/// Steps are encoded when they are taken, so a stream may reach one before or after that.
#[test]
fn what_happens_while_the_state_is_rebuilt_comes_once() {
    let log = SessionLog::new(LogLimits::default());
    for id in ["a", "b", "c"] {
        show(&log, id, id);
    }
    let peer = Peer::connect(&log, None, None);
    log.attach(&peer.outbox);
    let source = {
        let mut state = log.0.state.lock();
        state.connection += 1;
        Reader { log: Arc::clone(&log.0), connection: state.connection }
    };
    let mut batch = Vec::new();
    // The greeting's three events and the first step.
    for _ in 0..4 {
        assert!(source.pull(1, &mut batch));
    }
    let stream = |id: &str| {
        let token =
            ServerEvent::StreamToken { id, token: "+", is_sequence: false, is_input: false };
        log.emit(&token);
    };
    ["a", "b", "c"].into_iter().for_each(stream);
    log.emit(&ServerEvent::DeleteMessage(AnyStep::Message(&message("b", ""))));
    show(&log, "d", "d");
    stream("d");
    while source.pull(1, &mut batch) {}
    let mut shown = std::collections::BTreeMap::new();
    let mut offset = None;
    for payload in &batch {
        let Payload::Text(text) = payload else { panic!("{payload:?}") };
        let args: Vec<serde_json::Value> = serde_json::from_str(&text[2..]).unwrap();
        let id = args[1]["id"].as_str().unwrap_or_default().to_owned();
        match args[0].as_str().unwrap() {
            "new_message" => _ = shown.insert(id, args[1]["output"].as_str().unwrap().to_owned()),
            "stream_token" => shown.get_mut(&id).unwrap().push('+'),
            "delete_message" => _ = shown.remove(&id),
            _ => {}
        }
        offset = args.get(2).or(offset.as_ref()).cloned();
    }
    let shown: Vec<_> = shown.values().map(String::as_str).collect();
    assert_eq!(shown, ["a+", "c+", "d+"]);
    // It has all, and goes on from here.
    let peer = Peer { offset: offset.unwrap().as_str().map(str::to_owned), ..peer };
    let mut peer = peer.again();
    assert!(peer.resumed.is_some());
    assert_eq!(peer.read_all(), []);
}

/// Who was cut off while it was shown the chat lacks steps that no event will bring.
#[test]
fn a_rebuilding_that_was_cut_begins_anew() {
    let log = SessionLog::new(LogLimits::default());
    for id in ["a", "b", "c"] {
        show(&log, id, &"x".repeat(100_000));
    }
    let mut peer = Peer::greeted(&log);
    assert!(peer.read(&mut Vec::new()));
    assert!(peer.offset.is_some());
    let mut peer = peer.again();
    assert!(peer.resumed.is_none());
    log.attach(&peer.outbox);
    assert_eq!(peer.read_all().len(), 6);
    assert!(peer.again().resumed.is_some());
}

fn fill(log: &SessionLog) {
    while log.ready().is_none() {
        toast(log, &"x".repeat(1000));
    }
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_takes_nothing_is_cut_off_after_its_time() {
    let limits = LogLimits::default();
    let log = SessionLog::new(limits);
    let peer = Peer::greeted(&log);
    fill(&log);
    let begun = Instant::now();
    log.ready().unwrap().await.unwrap();
    assert_eq!(begun.elapsed(), limits.patience);
    assert!(peer.outbox.is_aborted());
    assert!(log.ready().is_none(), "nobody has to be waited for");
    let mut peer = Peer::greeted(&log);
    assert!(texts(&peer.read_all()).len() > 100);
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_takes_a_little_now_and_then_is_waited_for() {
    let limits = LogLimits { backlog_bytes: 1024 * 1024, ..LogLimits::default() };
    let log = SessionLog::new(limits);
    let mut peer = Peer::greeted(&log);
    fill(&log);
    // So that one batch does not make room.
    (0..300).for_each(|_| toast(&log, &"x".repeat(1000)));
    let ready = log.ready().unwrap();
    let reader = async {
        while log.ready().is_some() {
            sleep(limits.patience - Duration::from_secs(1)).await;
            assert!(peer.read(&mut Vec::new()));
        }
    };
    let (done, ()) = tokio::join!(ready, reader);
    done.unwrap();
    assert!(!peer.outbox.is_aborted());
}

/// The time of the old connection ends just when the new one has come.
#[tokio::test(start_paused = true)]
async fn a_new_connection_is_not_cut_off_for_the_old_one() {
    let limits = LogLimits::default();
    let log = SessionLog::new(limits);
    let mut peer = Peer::greeted(&log);
    peer.read(&mut Vec::new());
    fill(&log);
    let waiting = tokio::spawn(log.ready().unwrap());
    sleep(limits.patience - Duration::from_millis(1)).await;
    let new = peer.again();
    assert!(new.resumed.is_none(), "more waits than is kept");
    log.attach(&new.outbox);
    fill(&log);
    sleep(Duration::from_millis(2)).await;
    assert!(!new.outbox.is_aborted());
    // Whoever waited for the old one gives up that, and waits for the new one.
    log.give_up(1);
    assert!(!new.outbox.is_aborted());
    assert!(!waiting.is_finished());
    log.close();
    assert!(matches!(waiting.await.unwrap(), Err(Error::ChatEnded)));
}

/// A question whose text, or whose buttons, had gone with the oldest steps could never be answered.
#[tokio::test]
async fn an_open_question_is_kept_however_much_is_said_after_it() {
    let limits = LogLimits { transcript_bytes: 16 * 1024, ..LogLimits::default() };
    let log = SessionLog::new(limits);
    let said =
        |id: &str, text: &str| MessageDict { streaming: false, ..(*message(id, text)).clone() };
    let ask = |id: &str| {
        let msg = Arc::new(MessageDict { wait_for_answer: true, ..said(id, id) });
        let spec = AskSpec { timeout: 1, kind: AskKind::Text, step_id: msg.id.clone() };
        log.request(&ServerEvent::Ask(&AskMessage { msg, spec }))
    };
    let (_one, two) = (ask("one"), ask("two"));
    drop(two);
    // The other one is over, and the client forgets what it shows.
    log.emit(&ServerEvent::ClearAsk);
    let text = "x".repeat(1024);
    for number in 0..64 {
        let said = Arc::new(said(&number.to_string(), &text));
        log.emit(&ServerEvent::NewMessage(AnyStep::Message(&said)));
    }
    let waits = |id: &str| log.shown(id).map(|kept| kept.wait_for_answer);
    assert_eq!([waits("one"), waits("two"), waits("0")], [Some(true), None, None]);
}
