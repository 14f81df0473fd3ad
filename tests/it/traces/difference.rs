use super::recording::{Line, What, event_frame};
use super::tokens::{Piece, pieces, renewed};

/// A place where this server answers otherwise than Chainlit, on purpose.
pub(super) struct Difference {
    /// The recording.
    pub(super) trace: &'static str,
    /// The weaknesses of Chainlit that are avoided, as `tests/fixtures/traces/README.md` numbers
    /// them.
    pub(super) weaknesses: &'static [u8],
    /// What this server does instead, in one sentence.
    pub(super) why: &'static str,
    /// What is expected instead of what was recorded.
    pub(super) changes: &'static [Change],
}

/// A change of the recorded expectation. Lines are those of the recording, from 1.
pub(super) enum Change {
    /// The lines do not come, or are not sent.
    Omit(&'static [usize]),
    /// The lines change places: these come, in this order, where they came in another.
    Order(&'static [usize]),
    /// In the lines, one text stands in another's place, everywhere.
    Text { lines: &'static [usize], from: &'static str, to: &'static str },
    /// One more event, without acknowledgement.
    Event { after: usize, event: &'static str, data: &'static str },
    /// One more message of the author `Error`.
    Error { after: usize, text: &'static str },
    /// The stream that the line begins is closed with that text.
    StreamClosed { after: usize, start: usize, output: &'static str },
    /// The steps of these lines are shown again, as `new_message`. A line that the client sent
    /// stands for its message as the server sees it.
    Shown { after: usize, steps: &'static [usize] },
    /// The lines come again as they were.
    Repeated { after: usize, lines: &'static [usize] },
    /// The lines come once more with new ids and times.
    Renewed { after: usize, lines: &'static [usize], turn: u32 },
    /// In the lines, that id is the one that [`Renewed`](Self::Renewed) gave it.
    RenewedId { lines: &'static [usize], id: &'static str, turn: u32 },
    /// The server takes its leave of another socket.
    Closed { after: usize, client: &'static str },
    /// The action's answer has this status and body.
    Answer { line: usize, status: u16, answer: &'static str },
}

/// Turns what was recorded into what is expected of this server.
pub(super) fn apply(trace: &str, recorded: Vec<Line>, differences: &[Difference]) -> Vec<Line> {
    let mut script = Script { lines: recorded };
    for difference in differences.iter().filter(|difference| difference.trace == trace) {
        for change in difference.changes {
            script.change(change, difference.why);
        }
    }
    script.lines
}

struct Script {
    /// What is expected so far. What was added carries the number of the line before it.
    lines: Vec<Line>,
}

impl Script {
    fn change(&mut self, change: &Change, why: &str) {
        match change {
            Change::Omit(lines) => {
                for line in *lines {
                    let place = self.place(*line);
                    self.lines.remove(place);
                }
            }
            Change::Order(order) => {
                let mut places: Vec<_> = order.iter().map(|line| self.place(*line)).collect();
                let lines: Vec<_> = places.iter().map(|place| self.lines[*place].clone()).collect();
                assert!(!places.is_sorted(), "{why}: the order is as recorded");
                places.sort_unstable();
                for (place, line) in places.into_iter().zip(lines) {
                    self.lines[place] = line;
                }
            }
            Change::Text { lines, from, to } => {
                assert_ne!(from, to, "{why}: no change");
                for line in *lines {
                    self.edit(*line, |frame| {
                        assert!(frame.contains(from), "{why}: {line} has no {from}: {frame}");
                        frame.replace(from, to)
                    });
                }
            }
            Change::Event { after, event, data } => {
                self.insert(*after, [event_frame("", event, data)]);
            }
            Change::Error { after, text } => {
                let data = self.message(*after, &self.thread_at(*after), "Error", text);
                let data = data.replace("user_message", "assistant_message");
                let data = data.replace(r#""isError":false"#, r#""isError":true"#);
                self.insert(*after, [event_frame("", "new_message", &data)]);
            }
            Change::StreamClosed { after, start, output } => {
                let step = self.shown(*start, "");
                let step = step.replace("[\"new_message\"", "[\"update_message\"");
                let step = step.replace(r#""streaming":true"#, r#""streaming":false"#);
                let (head, rest) = step.split_once(r#""output":""#).unwrap();
                let (_, tail) = rest.split_once(r#"","name""#).unwrap();
                let closed = format!(r#"{head}"output":"{output}","name"{tail}"#);
                self.insert(*after, [closed]);
            }
            Change::Shown { after, steps } => {
                let thread = self.thread_at(*after);
                let shown: Vec<_> = steps.iter().map(|line| self.shown(*line, &thread)).collect();
                self.insert(*after, shown);
            }
            Change::Repeated { after, lines } => {
                let frames: Vec<_> =
                    lines.iter().map(|line| self.frame(*line).to_owned()).collect();
                self.insert(*after, frames);
            }
            Change::Renewed { after, lines, turn } => {
                let frames: Vec<_> =
                    lines.iter().map(|line| renewed(self.frame(*line), *turn)).collect();
                self.insert(*after, frames);
            }
            Change::RenewedId { lines, id, turn } => {
                for line in *lines {
                    self.edit(*line, |frame| {
                        assert!(frame.contains(id), "{why}: {line} has no {id}: {frame}");
                        frame.replace(id, &renewed(id, *turn))
                    });
                }
            }
            Change::Closed { after, client } => {
                let client = (*client).to_owned();
                for what in [What::Closed, What::Came("41".to_owned())] {
                    let line = Line { number: *after, client: client.clone(), what };
                    let place = self.place(*after) + 1;
                    self.lines.insert(place, line);
                }
            }
            Change::Answer { line, status, answer } => {
                let place = self.place(*line);
                let What::Action { body, .. } = &self.lines[place].what else {
                    panic!("{why}: {line} is no action");
                };
                let what = What::Action {
                    body: body.clone(),
                    status: *status,
                    answer: (*answer).to_owned(),
                };
                assert_ne!(what, self.lines[place].what, "{why}: {line} is as recorded");
                self.lines[place].what = what;
            }
        }
    }

    /// Where the recorded line stands now.
    fn place(&self, number: usize) -> usize {
        self.lines
            .iter()
            .position(|line| line.number == number)
            .unwrap_or_else(|| panic!("there is no line {number}, or it is omitted"))
    }

    /// The line's frame, as it is expected so far.
    fn frame(&self, number: usize) -> &str {
        match &self.lines[self.place(number)].what {
            What::Came(frame) | What::Sent(frame) => frame,
            other => panic!("line {number} is no frame: {other:?}"),
        }
    }

    fn edit(&mut self, number: usize, edit: impl FnOnce(&str) -> String) {
        let place = self.place(number);
        let What::Came(frame) = &mut self.lines[place].what else {
            panic!("line {number} is nothing that came");
        };
        *frame = edit(frame);
    }

    /// Puts frames after a line and what was already put there.
    fn insert(&mut self, after: usize, frames: impl IntoIterator<Item = String>) {
        let first = self.place(after);
        let added = self.lines[first + 1..].iter().take_while(|line| line.number == after).count();
        let client = self.lines[first].client.clone();
        let new = frames.into_iter().map(|frame| Line {
            number: after,
            client: client.clone(),
            what: What::Came(frame),
        });
        let place = first + 1 + added;
        self.lines.splice(place..place, new.collect::<Vec<_>>());
    }

    /// The step of a line as `new_message`.
    fn shown(&self, line: usize, thread: &str) -> String {
        let frame = self.frame(line);
        let data = match &self.lines[self.place(line)].what {
            What::Sent(_) => {
                let said = frame.strip_prefix("42[\"client_message\",{\"message\":").unwrap();
                let said = said.strip_suffix(",\"fileReferences\":[]}]").unwrap();
                let said: serde_json::Value = serde_json::from_str(said).unwrap();
                let text = said["output"].as_str().unwrap();
                let message = self.message(line, thread, "User", text);
                let message = message
                    .replace(r#""metadata":{}"#, &format!(r#""metadata":{}"#, said["metadata"]));
                message.replace(&own_id(line), said["id"].as_str().unwrap())
            }
            _ => {
                let begin = frame.find(",{").unwrap() + 1;
                let end = frame.find(",\"spec\":{").unwrap_or(frame.len() - 1);
                let data = &frame[begin..end];
                let data = data.strip_prefix("{\"msg\":").unwrap_or(data);
                if self.is_ask_over(line) {
                    data.replace(r#""waitForAnswer":true"#, r#""waitForAnswer":false"#)
                } else {
                    data.to_owned()
                }
            }
        };
        event_frame("", "new_message", &data)
    }

    /// Whether the client that was asked something in that line sees it withdrawn.
    fn is_ask_over(&self, line: usize) -> bool {
        let place = self.place(line);
        let client = &self.lines[place].client;
        self.lines[place..]
            .iter()
            .filter(|line| line.client == *client)
            .any(|line| matches!(&line.what, What::Came(frame) if frame.contains("clear_ask")))
    }

    /// The thread that the server last spoke of before that line.
    fn thread_at(&self, line: usize) -> String {
        let frames =
            self.lines[..=self.place(line)].iter().rev().filter_map(|line| match &line.what {
                What::Came(frame) => frame.split_once("\"threadId\":\""),
                _ => None,
            });
        let ids = frames.filter_map(|(_, rest)| match pieces(rest).get(1) {
            Some(Piece::Id(id)) => Some((*id).to_owned()),
            _ => None,
        });
        ids.into_iter().next().unwrap_or_else(|| panic!("no thread before line {line}"))
    }

    /// A message that was never recorded as such.
    fn message(&self, line: usize, thread: &str, name: &str, text: &str) -> String {
        let (id, time) = (own_id(line), format!("2000-01-01T00:00:00.{line:06}Z"));
        format!(
            r#"{{"id":"{id}","threadId":"{thread}","parentId":null,"createdAt":"{time}","command":null,"modes":null,"start":"{time}","end":"{time}","output":"{text}","name":"{name}","type":"user_message","language":null,"streaming":false,"isError":false,"waitForAnswer":false,"metadata":{{}},"tags":null}}"#
        )
    }
}

/// An id that is in no recording.
fn own_id(line: usize) -> String {
    format!("{line:08x}-0000-4000-8000-000000000000")
}
