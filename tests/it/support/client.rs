use std::net::SocketAddr;
use std::time::Duration;

use data_encoding::BASE64;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;

use super::cable::{Cable, Length};
use super::wire::{Polls, Received, Wire};

/// How long a test waits for something that must come.
const PATIENCE: Duration = Duration::from_secs(10);

/// In the order of `python-socketio`, which knows nothing of recovery.
const PYTHON_QUERY: &str = "transport=websocket&EIO=4";

/// A Socket.IO client over a real WebSocket, or real requests. Everything that comes is kept in order; what a test
/// expects is compared with the next event.
pub(crate) struct Client {
    wire: Wire,
    last_sent: String,
    close_code: Option<u16>,
}

/// An event from the server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) data: Value,
    /// Set when the server wants an answer.
    pub(crate) ack: Option<u64>,
}

impl Event {
    /// The text of the message that the event carries.
    pub(crate) fn output(&self) -> &str {
        self.data["output"].as_str().unwrap_or_else(|| panic!("no output in {self:?}"))
    }

    /// Reads a text frame: an event, and the offset behind it. `None` when the server takes its
    /// leave.
    pub(super) fn read(frame: &str) -> Option<(Self, Option<String>)> {
        let Some(event) = frame.strip_prefix("42") else {
            assert_eq!(frame, "41", "neither an event nor the end");
            return None;
        };
        let digits = event.find('[').unwrap();
        let mut args: Vec<Value> = serde_json::from_str(&event[digits..]).unwrap();
        let offset = args.drain(2..).map(|offset| offset.as_str().unwrap().to_owned()).next();
        let [name, data] = args.try_into().unwrap();
        let name = name.as_str().unwrap().to_owned();
        Some((Self { name, data, ack: event[..digits].parse().ok() }, offset))
    }

    /// Whether it is the step around a handler's run, which no page shows.
    pub(crate) fn is_run(&self) -> bool {
        self.data["type"] == "run"
    }
}

/// The reason of a refused CONNECT.
#[derive(Debug, PartialEq)]
pub(crate) struct Refused(pub(crate) String);

impl Client {
    /// An open WebSocket, past Engine.IO's handshake.
    pub(crate) async fn open(address: SocketAddr) -> Self {
        Self::try_open(address, None).await.unwrap_or_else(|status| panic!("status {status}"))
    }

    /// The same from a page of that origin; the status when it is refused.
    pub(crate) async fn try_open(address: SocketAddr, origin: Option<&str>) -> Result<Self, u16> {
        Self::handshake(address, PYTHON_QUERY, origin, Length::ENDLESS).await.map_err(|error| {
            match error {
                Error::Http(response) => response.status().as_u16(),
                error => panic!("{error}"),
            }
        })
    }

    /// An open connection of that length, as the query asks for it; `None` when it ends within the handshake.
    pub(crate) async fn dial(address: SocketAddr, query: &str, length: Length) -> Option<Self> {
        Self::handshake(address, query, None, length).await.ok()
    }

    async fn handshake(
        address: SocketAddr,
        query: &str,
        origin: Option<&str>,
        length: Length,
    ) -> Result<Self, Error> {
        if query.contains("transport=polling") {
            let cable = Cable::new(TcpStream::connect(address).await?, length);
            return Self::greeted(Wire::Polls(Polls::open(address, query, cable).await?)).await;
        }
        let url = format!("ws://{address}/ws/socket.io/?{query}");
        let mut request = url.into_client_request()?;
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().unwrap());
        }
        let stream = TcpStream::connect(address).await?;
        Self::over(Cable::new(stream, length), request).await
    }

    /// A client that takes little at a time: what it does not read stays with the server.
    pub(crate) async fn open_narrow(address: SocketAddr) -> Self {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(16 * 1024).unwrap();
        let stream = socket.connect(address).await.unwrap();
        let url = format!("ws://{address}/ws/socket.io/?{PYTHON_QUERY}");
        let cable = Cable::new(stream, Length::ENDLESS);
        Self::over(cable, url.into_client_request().unwrap()).await.unwrap()
    }

    async fn over(cable: Cable, request: Request) -> Result<Self, Error> {
        let (socket, _) = tokio_tungstenite::client_async(request, cable).await?;
        Self::greeted(Wire::Socket(socket)).await
    }

    async fn greeted(wire: Wire) -> Result<Self, Error> {
        let mut client = Self { wire, last_sent: String::new(), close_code: None };
        let open = client.frame().await.ok_or(Error::ConnectionClosed)?;
        let open: Value = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
        assert_eq!(open["pingInterval"], 25_000);
        Ok(client)
    }

    /// Asks to be connected.
    pub(crate) async fn connect(&mut self, auth: Value) -> Result<(), Refused> {
        self.send(format!("40{auth}")).await;
        let answer = Self::read_answer(&self.frame().await.expect("an answer to CONNECT"))?;
        assert_eq!(answer.get("pid"), None, "this client does not speak recovery");
        Ok(())
    }

    /// Reads the answer to CONNECT.
    pub(super) fn read_answer(frame: &str) -> Result<Value, Refused> {
        if let Some(error) = frame.strip_prefix("44") {
            let error: Value = serde_json::from_str(error).unwrap();
            return Err(Refused(error["message"].as_str().unwrap().to_owned()));
        }
        let answer: Value = serde_json::from_str(frame.strip_prefix("40").unwrap()).unwrap();
        assert_eq!(answer["sid"].as_str().unwrap().len(), 20);
        Ok(answer)
    }

    /// Sends an event.
    pub(crate) async fn emit(&mut self, name: &str, payload: impl Into<Option<Value>>) {
        let mut event = vec![json!(name)];
        event.extend(payload.into());
        self.send(format!("42{}", Value::Array(event))).await;
    }

    /// Sends an event whose `data` is binary.
    pub(crate) async fn emit_binary(&mut self, name: &str, mut payload: Value, data: &[u8]) {
        payload["data"] = json!({ "_placeholder": true, "num": 0 });
        self.send_with(&format!("451-{}", json!([name, payload])), data).await;
    }

    /// Sends a text frame as it is, and the binary message that belongs to it.
    pub(crate) async fn send_with(&mut self, frame: &str, data: &[u8]) {
        assert!(self.wire.send_with(frame, data).await, "the connection broke");
    }

    /// Sends a message as the composer does; gives its id.
    pub(crate) async fn say(&mut self, text: &str) -> String {
        let message = user_message(text);
        let id = message["id"].as_str().unwrap().to_owned();
        self.emit("client_message", json!({ "message": message, "fileReferences": [] })).await;
        id
    }

    /// Answers an event that wants it.
    pub(crate) async fn ack(&mut self, event: &Event, value: Value) {
        let id = event.ack.expect("the event wants no answer");
        self.send(format!("43{id}{}", json!([value]))).await;
    }

    /// Sends a text frame as it is.
    pub(crate) async fn send(&mut self, frame: impl Into<String>) {
        self.last_sent = frame.into();
        assert!(self.wire.send(&self.last_sent).await, "the connection broke");
    }

    /// The text frame that was sent last.
    pub(crate) fn last_sent(&self) -> &str {
        &self.last_sent
    }

    /// The same; false when the server has ended the connection or takes nothing for a while.
    pub(crate) async fn try_send(&mut self, frame: &str) -> bool {
        let send = self.wire.send(frame);
        matches!(tokio::time::timeout(PATIENCE, send).await, Ok(true))
    }

    /// Sends a binary message; false as above.
    pub(crate) async fn try_send_binary(&mut self, data: &[u8]) -> bool {
        let send = self.wire.send_binary(data);
        matches!(tokio::time::timeout(PATIENCE, send).await, Ok(true))
    }

    /// The next event; `None` when the server ends the connection first.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        let frame = self.frame().await?;
        if let Some(event) = frame.strip_prefix("451-") {
            return Some(self.next_binary(event).await);
        }
        let (event, offset) = Event::read(&frame)?;
        assert_eq!(offset, None, "an additional argument breaks handlers that take one: {event:?}");
        Some(event)
    }

    /// An event with one attachment, whose bytes are numbers in its `data`.
    pub(super) async fn next_binary(&mut self, event: &str) -> Event {
        let (name, mut data): (String, Value) = serde_json::from_str(event).unwrap();
        assert_eq!(data["data"], json!({ "_placeholder": true, "num": 0 }));
        let attachment = self.frame().await.expect("an attachment");
        let attachment = attachment.strip_prefix('b').expect("nothing stands between");
        data["data"] = json!(BASE64.decode(attachment.as_bytes()).unwrap());
        Event { name, data, ack: None }
    }

    /// The next event, which must have that name.
    pub(crate) async fn expect(&mut self, name: &str) -> Event {
        let event = self.next().await.unwrap_or_else(|| panic!("the end instead of {name}"));
        assert_eq!(event.name, name, "{event:?}");
        event
    }

    /// All events up to the one with that name, which is the last.
    pub(crate) async fn until(&mut self, name: &str) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let event = self.next().await.unwrap_or_else(|| panic!("no {name} in {events:?}"));
            let found = event.name == name;
            events.push(event);
            if found {
                return events;
            }
        }
    }

    /// The texts of the messages that come until the work is done, runs left out.
    pub(crate) async fn answers(&mut self) -> Vec<String> {
        self.until("task_end")
            .await
            .iter()
            .filter(|event| event.name == "new_message" && !event.is_run())
            .map(|event| event.output().to_owned())
            .collect()
    }

    /// The next text frame, heartbeats answered and left out; `None` at the end.
    pub(crate) async fn frame(&mut self) -> Option<String> {
        loop {
            let received = tokio::time::timeout(PATIENCE, self.wire.next())
                .await
                .expect("nothing came in time");
            match received {
                Received::Packet(packet) if packet == "2" => self.send("3").await,
                Received::Packet(packet) => return Some(packet),
                Received::Closed(code) => {
                    self.close_code = code;
                    return None;
                }
                Received::Broken => return None,
            }
        }
    }

    /// The code with which the server has ended the connection.
    pub(crate) fn close_code(&self) -> Option<u16> {
        self.close_code
    }

    /// Cuts the connection without a word, as a lost network does.
    pub(crate) fn cut(self) {
        self.wire.into_cable().cut();
    }

    /// The connection, open and unread.
    pub(crate) fn into_stream(self) -> TcpStream {
        self.wire.into_cable().into_stream()
    }

    /// Leaves as Chainlit's client does, and waits until the server has seen it. Gives what still
    /// came.
    pub(crate) async fn leave(mut self) -> Vec<String> {
        self.send("41").await;
        self.wire.close().await;
        let mut rest = Vec::new();
        while let Some(frame) = self.frame().await {
            rest.push(frame);
        }
        rest
    }
}

/// A message as the composer writes it.
pub(crate) fn user_message(text: &str) -> Value {
    json!({
        "threadId": "",
        "id": uuid::Uuid::new_v4().to_string(),
        "name": "User",
        "type": "user_message",
        "output": text,
        "createdAt": "2026-11-21T02:25:27.133Z",
        "metadata": { "location": "http://127.0.0.1/" },
    })
}
