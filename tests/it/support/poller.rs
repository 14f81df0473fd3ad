use std::collections::VecDeque;

use serde_json::{Value, json};

use super::client::Event;
use super::server::TestServer;

/// A Socket.IO client that only ever polls.
pub(crate) struct Poller<'a> {
    server: &'a TestServer,
    path: String,
    packets: VecDeque<String>,
}

impl<'a> Poller<'a> {
    /// A connected client that has greeted the chat.
    pub(crate) async fn join(server: &'a TestServer, session_id: &str) -> Self {
        let path = "/ws/socket.io/?transport=polling&EIO=4";
        let (status, open) = server.request_text("GET", path, "").await;
        assert_eq!(status, 200, "{open}");
        let open: Value = serde_json::from_str(open.strip_prefix('0').unwrap()).unwrap();
        let path = format!("{path}&sid={}", open["sid"].as_str().unwrap());
        let mut poller = Self { server, path, packets: VecDeque::new() };
        poller.send(&format!("40{}", super::server::auth(session_id))).await;
        assert!(poller.packet().await.unwrap().starts_with("40{"));
        poller.emit("connection_successful", None).await;
        for name in ["task_end", "clear_ask", "clear_call_fn"] {
            assert_eq!(poller.next().await.name, name);
        }
        poller
    }

    pub(crate) async fn emit(&mut self, name: &str, payload: Option<Value>) {
        let mut event = vec![json!(name)];
        event.extend(payload);
        self.send(&format!("42{}", Value::Array(event))).await;
    }

    pub(crate) async fn say(&mut self, text: &str) {
        let message = super::client::user_message(text);
        self.emit("client_message", Some(json!({ "message": message }))).await;
    }

    async fn send(&self, packet: &str) {
        let answer = self.server.request_text("POST", &self.path, packet).await;
        assert_eq!(answer, (200, "ok".to_owned()));
    }

    /// Says goodbye.
    pub(crate) async fn leave(self) {
        self.send("1").await;
    }

    /// What the connection's requests ask for.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The next packet; none when the connection is over.
    pub(crate) async fn packet(&mut self) -> Option<String> {
        while self.packets.is_empty() {
            let (status, body) = self.server.request_text("GET", &self.path, "").await;
            if status != 200 {
                return None;
            }
            self.packets.extend(body.split('\x1e').map(str::to_owned));
        }
        self.packets.pop_front()
    }

    pub(crate) async fn next(&mut self) -> Event {
        let packet = self.packet().await.unwrap();
        let (event, _) = Event::read(&packet).unwrap_or_else(|| panic!("the end"));
        event
    }

    /// All events up to the one with that name, which is the last.
    pub(crate) async fn until(&mut self, name: &str) -> Vec<Event> {
        let mut events = Vec::new();
        while events.last().is_none_or(|event: &Event| event.name != name) {
            events.push(self.next().await);
        }
        events
    }
}
