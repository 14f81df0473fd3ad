use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::cable::Length;
use super::{Client, Event, Refused};

/// The query of `socket.io-client`.
fn query(transport: &str) -> String {
    format!("EIO=4&transport={transport}")
}

/// What `socket.io-client` keeps when its connection breaks, to go on where it was.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    pub(crate) pid: Option<String>,
    pub(crate) offset: Option<String>,
}

/// A client that speaks connection state recovery as `socket.io-client` does.
pub(crate) struct Recovering {
    pub(crate) client: Client,
    pub(crate) memory: Memory,
    /// Whether the server has gone on where the memory ended.
    pub(crate) is_recovered: bool,
}

impl Recovering {
    /// Connects with what is remembered. The session's other facts are in `auth`.
    pub(crate) async fn connect(
        address: SocketAddr,
        auth: Value,
        memory: Memory,
    ) -> Result<Self, Refused> {
        let client = Client::dial(address, &query("websocket"), Length::ENDLESS).await;
        let mut client = Self::over(client.expect("nothing cuts it"), memory);
        client.introduce(auth).await.expect("an answer to CONNECT")?;
        Ok(client)
    }

    /// A client of a connection of that length; `None` when that ends within the handshake.
    pub(crate) async fn dial(
        address: SocketAddr,
        transport: &str,
        memory: Memory,
        length: Length,
    ) -> Option<Self> {
        Some(Self::over(Client::dial(address, &query(transport), length).await?, memory))
    }

    fn over(client: Client, memory: Memory) -> Self {
        Self { client, memory, is_recovered: false }
    }

    /// Sends CONNECT and reads its answer; `None` when the connection ends before.
    pub(crate) async fn introduce(&mut self, mut auth: Value) -> Option<Result<(), Refused>> {
        if let Some(pid) = &self.memory.pid {
            auth["pid"] = json!(pid);
            if let Some(offset) = &self.memory.offset {
                auth["offset"] = json!(offset);
            }
        }
        if !self.client.try_send(&format!("40{auth}")).await {
            return None;
        }
        let answer = match Client::read_answer(&self.client.frame().await?) {
            Ok(answer) => answer,
            Err(refused) => return Some(Err(refused)),
        };
        let pid = answer["pid"].as_str().expect("a pid for a client that recovers").to_owned();
        self.is_recovered = self.memory.pid.as_ref() == Some(&pid);
        // As in the original, the offset stays.
        self.memory.pid = Some(pid);
        Some(Ok(()))
    }

    /// The next event; `None` at the end of the connection.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        let frame = self.client.frame().await?;
        if let Some(event) = frame.strip_prefix("451-") {
            return Some(self.client.next_binary(event).await);
        }
        let (event, offset) = Event::read(&frame)?;
        assert!(
            event.ack.is_none() || offset.is_none(),
            "an offset that no client takes: {event:?}"
        );
        if offset.is_some() {
            self.memory.offset = offset;
        }
        Some(event)
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
        while events.last().is_none_or(|event: &Event| event.name != name) {
            let event = self.next().await;
            events.push(event.unwrap_or_else(|| panic!("no {name} in {events:?}")));
        }
        events
    }

    /// Greets, and reads what a session without any steps answers.
    pub(crate) async fn greet(&mut self) {
        self.client.emit("connection_successful", None).await;
        for name in ["task_end", "clear_ask", "clear_call_fn"] {
            self.expect(name).await;
        }
    }

    /// Cuts the connection without a word, and gives what it remembers.
    pub(crate) fn cut(self) -> Memory {
        self.client.cut();
        self.memory
    }

    /// Leaves the connection open and unread, as a network does that swallows everything. It is
    /// closed when the stream is dropped.
    pub(crate) fn leave_open(self) -> (Memory, TcpStream) {
        (self.memory, self.client.into_stream())
    }
}
