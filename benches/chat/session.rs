//! A chat as a browser holds it, reduced to what the measurements need. Frames are searched, not
//! parsed.

use std::net::SocketAddr;

use memchr::memmem;
use uuid::Uuid;

use crate::Result;
use crate::websocket::WebSocket;

/// What the applications say when a chat starts.
pub(crate) const GREETING: &str = "Welcome";

/// What one token looks like.
pub(crate) const TOKEN: &str = "word";

/// Bytes of the receive buffer of a session that will stop to read.
const SLOW_BUFFER: u32 = 16 * 1024;

/// Where a server listens, and how clients are to speak to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    /// As `socket.io-client` does it in a browser, not as other clients.
    pub(crate) recovery: bool,
}

pub(crate) struct Session {
    id: Uuid,
    socket: WebSocket,
    frames: u64,
}

/// An event from the server.
struct Event<'a> {
    name: &'a [u8],
    data: &'a [u8],
}

impl Session {
    /// Opens a chat; ready when the greeting is there.
    pub(crate) async fn greeted(target: Target) -> Result<Self> {
        Self::open(target, None).await
    }

    /// Opens a chat; ready when the greeting's handler has ended.
    pub(crate) async fn ready(target: Target) -> Result<Self> {
        let mut session = Self::open(target, None).await?;
        session.until_task_end().await?;
        Ok(session)
    }

    /// The same, with a connection whose server notices soon that nobody reads.
    pub(crate) async fn ready_and_slow(target: Target) -> Result<Self> {
        let mut session = Self::open(target, Some(SLOW_BUFFER)).await?;
        session.until_task_end().await?;
        Ok(session)
    }

    async fn open(target: Target, receive_buffer: Option<u32>) -> Result<Self> {
        let query = match target.recovery {
            true => "EIO=4&transport=websocket",
            false => "transport=websocket&EIO=4",
        };
        let path = format!("/ws/socket.io/?{query}");
        let socket = WebSocket::open(target.address, &path, receive_buffer).await?;
        let id = Uuid::new_v4();
        let mut session = Self { id, socket, frames: 0 };
        session.expect(b"0{").await?;
        let connect = format!(
            r#"40{{"clientType":"webapp","sessionId":"{}","threadId":"","userEnv":"{{}}","chatProfile":""}}"#,
            session.id
        );
        session.socket.send(connect.as_bytes()).await?;
        session.expect(br#"40{"sid""#).await?;
        session.socket.send(br#"42["connection_successful"]"#).await?;
        loop {
            let event = session.next().await?;
            if event.name == b"new_message" && event.field("output") == Some(GREETING.as_bytes()) {
                return Ok(session);
            }
        }
    }

    /// Leaves as a closed page does.
    pub(crate) async fn close(self) -> Result {
        Ok(self.socket.close().await?)
    }

    /// Answers heartbeats. Never ready but with an error.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe.
    pub(crate) async fn idle(&mut self) -> chainlit::BoxError {
        match self.next().await {
            Ok(event) => format!("a sudden {}", String::from_utf8_lossy(event.name)).into(),
            Err(error) => error,
        }
    }

    /// Sends a message as the composer does.
    pub(crate) async fn say(&mut self, text: &str) -> Result {
        let message = format!(
            r#"42["client_message",{{"message":{{"threadId":"","id":"{}","name":"User","type":"user_message","output":"{text}","createdAt":"2026-11-21T02:25:27.133Z","metadata":{{"location":"http://127.0.0.1/"}}}},"fileReferences":[]}}]"#,
            Uuid::new_v4()
        );
        Ok(self.socket.send(message.as_bytes()).await?)
    }

    /// Says something and waits until it was answered and the page shows that nothing runs.
    pub(crate) async fn echo(&mut self, number: u64) -> Result {
        let text = format!("number {number}");
        self.say(&text).await?;
        let mut is_answered = false;
        loop {
            let event = self.next().await?;
            match event.name {
                b"new_message" => {
                    let output = event.field("output").unwrap_or_default();
                    is_answered |= output.strip_prefix(b"Echo: ") == Some(text.as_bytes());
                }
                b"task_end" if is_answered => return Ok(()),
                b"task_end" => return Err("the answer is missing".into()),
                _ => {}
            }
        }
    }

    /// Reads one streamed answer and checks that all is there: so many bytes piece by piece, for
    /// `on_text`, and as many once more as the final text. Gives the number of frames.
    pub(crate) async fn streamed(
        &mut self,
        bytes: usize,
        mut on_text: impl FnMut(&[u8]),
    ) -> Result<u64> {
        let before = self.frames;
        let (mut live, mut last) = (0, None);
        loop {
            let event = self.next().await?;
            match event.name {
                b"stream_token" => {
                    let text = event.field("token").ok_or("a token without text")?;
                    live += text.len();
                    on_text(text);
                }
                b"stream_start" => {
                    let text = event.field("output").ok_or("a stream without text")?;
                    live += text.len();
                    on_text(text);
                }
                b"update_message" if memmem::find(event.data, br#""type":"run""#).is_none() => {
                    last = event.field("output").map(<[u8]>::len);
                }
                b"task_end" => break,
                _ => {}
            }
        }
        if live != bytes || last != Some(bytes) {
            return Err(format!("{live} bytes live, {last:?} at the end, of {bytes}").into());
        }
        Ok(self.frames - before)
    }

    /// Reads an answer that is done in so many steps, and checks that all began and ended. Gives
    /// their number.
    pub(crate) async fn stepped(&mut self, steps: usize) -> Result<usize> {
        let (mut begun, mut ended) = (0, 0);
        loop {
            let event = self.next().await?;
            let is_step = memmem::find(event.data, br#""showInput""#).is_some()
                && memmem::find(event.data, br#""type":"run""#).is_none();
            match event.name {
                b"new_message" if is_step => begun += 1,
                b"update_message" if is_step => ended += 1,
                b"task_end" => break,
                _ => {}
            }
        }
        if (begun, ended) == (steps, steps) {
            return Ok(steps);
        }
        Err(format!("{begun} steps began and {ended} ended, of {steps}").into())
    }

    /// The session's id.
    pub(crate) fn id(&self) -> Uuid {
        self.id
    }

    pub(crate) async fn until_task_end(&mut self) -> Result {
        while self.next().await?.name != b"task_end" {}
        Ok(())
    }

    async fn expect(&mut self, start: &[u8]) -> Result {
        let range = self.frame().await?;
        let text = self.socket.text(range);
        if text.starts_with(start) {
            return Ok(());
        }
        let (start, text) = (String::from_utf8_lossy(start), String::from_utf8_lossy(text));
        Err(format!("{start} was expected: {text}").into())
    }

    async fn next(&mut self) -> Result<Event<'_>> {
        let range = self.frame().await?;
        let text = self.socket.text(range);
        let event = text.strip_prefix(b"42[\"").and_then(|rest| {
            let end = memchr::memchr(b'"', rest)?;
            Some(Event { name: &rest[..end], data: &rest[end + 1..] })
        });
        event.ok_or_else(|| format!("no event: {}", String::from_utf8_lossy(text)).into())
    }

    /// The next frame that is no heartbeat.
    async fn frame(&mut self) -> Result<std::ops::Range<usize>> {
        loop {
            let range = self.socket.next().await?;
            if self.socket.text(range.clone()) == b"2" {
                self.socket.send(b"3").await?;
                continue;
            }
            self.frames += 1;
            return Ok(range);
        }
    }
}

impl<'a> Event<'a> {
    /// A text of the payload. The applications say nothing that JSON would escape.
    fn field(&self, name: &str) -> Option<&'a [u8]> {
        let mut key = [0; 16];
        let parts: [&[u8]; 3] = [b"\"", name.as_bytes(), b"\":\""];
        let mut len = 0;
        for part in parts {
            key[len..len + part.len()].copy_from_slice(part);
            len += part.len();
        }
        let start = memmem::find(self.data, &key[..len])? + len;
        let text = &self.data[start..];
        Some(&text[..memchr::memchr(b'"', text)?])
    }
}
