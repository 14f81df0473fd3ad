use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::value::RawValue;

/// One line of a recording.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Where it stands in the file, from 1.
    pub(super) number: usize,
    /// Which of several sockets.
    pub(super) client: String,
    pub(super) what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// The client sent this frame.
    Sent(String),
    /// The client sent this frame, and that many bytes behind it.
    SentWith(String, usize),
    /// The client sent a message of 1.1 MB.
    SentTooMuch,
    /// The client left.
    Left,
    /// The server accepted the client.
    Accepted,
    /// The server sent this frame.
    Came(String),
    /// The server sent this frame, and that many bytes behind it.
    CameWith(String, usize),
    /// The server closed the connection.
    Closed,
    /// A request to `POST /project/action`.
    Action { body: String, status: u16, answer: String },
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(default)]
    client: String,
    dir: String,
    event: String,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    ack: Option<u64>,
}

#[derive(Deserialize)]
struct RawAction<'a> {
    #[serde(borrow)]
    request: &'a RawValue,
    status: u16,
    #[serde(borrow)]
    response: &'a RawValue,
}

/// The lines of the recording with that name.
pub(super) fn read(name: &str) -> Vec<Line> {
    let path = format!("{}/tests/fixtures/traces/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let parse = |(index, text): (usize, &str)| {
        let raw: Raw<'_> = serde_json::from_str(text)
            .unwrap_or_else(|error| panic!("{path}:{}: {error}", index + 1));
        Line { number: index + 1, client: raw.client.clone(), what: raw.what() }
    };
    text.lines().enumerate().map(parse).collect()
}

impl Raw<'_> {
    fn what(&self) -> What {
        let data = self.data.map(RawValue::get);
        if let Some((frame, bytes)) = data.and_then(|data| binary_frame(&self.event, data)) {
            return match self.dir.as_str() {
                "c2s" => What::SentWith(frame, bytes),
                _ => What::CameWith(frame, bytes),
            };
        }
        let ack = self.ack.map(|id| id.to_string()).unwrap_or_default();
        match (self.dir.as_str(), self.event.as_str(), data) {
            ("c2s", "(CONNECT)", Some(auth)) => What::Sent(format!("40{auth}")),
            ("c2s", "(DISCONNECT)", None) => What::Left,
            ("c2s", "(ack)", Some(args)) => What::Sent(format!("43{ack}{args}")),
            ("c2s", _, Some("\"<1.1 MB message>\"")) => What::SentTooMuch,
            ("c2s", event, None) => What::Sent(format!("42[\"{event}\"]")),
            ("c2s", event, Some(data)) => What::Sent(format!("42[\"{event}\",{data}]")),
            ("s2c", "(CONNECT ok)", _) => What::Accepted,
            ("s2c", "(CONNECT_ERROR)", Some(data)) => What::Came(format!("44{data}")),
            ("s2c", "(closed)", None) => What::Closed,
            ("s2c", event, Some(data)) => What::Came(event_frame(&ack, event, data)),
            ("http", "POST /project/action", Some(data)) => {
                let raw: RawAction<'_> = serde_json::from_str(data).unwrap();
                What::Action {
                    body: raw.request.get().to_owned(),
                    status: raw.status,
                    answer: raw.response.get().to_owned(),
                }
            }
            _ => panic!("a line that nobody can replay: {} {}", self.dir, self.event),
        }
    }
}

/// The frame of an event with bytes in it, and how many those are.
fn binary_frame(event: &str, data: &str) -> Option<(String, usize)> {
    let (before, rest) = data.split_once(r#"{"__bytes_len__":"#)?;
    let (bytes, after) = rest.split_once('}')?;
    let placeholder = r#"{"_placeholder":true,"num":0}"#;
    let frame = format!(r#"451-["{event}",{before}{placeholder}{after}]"#);
    Some((frame, bytes.parse().ok()?))
}

/// Recorded bytes as a client of the tests reads them: only their number is known.
pub(super) fn attachment(bytes: usize) -> String {
    format!("b{}", BASE64.encode(&vec![0; bytes]))
}

/// The frame of an event from the server. `ack` is empty when it wants no answer.
pub(super) fn event_frame(ack: &str, event: &str, data: &str) -> String {
    format!("42{ack}[\"{event}\",{data}]")
}
