use std::collections::VecDeque;
use std::io::{Error, ErrorKind};
use std::net::SocketAddr;

use data_encoding::BASE64;
use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::cable::Cable;

/// What carries a client's packets.
pub(super) enum Wire {
    Socket(WebSocketStream<Cable>),
    Polls(Polls),
}

/// What comes over it.
pub(super) enum Received {
    Packet(String),
    /// The server has ended the connection, with this code if there are codes.
    Closed(Option<u16>),
    /// The connection broke.
    Broken,
}

impl Wire {
    pub(super) async fn send(&mut self, packet: &str) -> bool {
        match self {
            Self::Socket(socket) => socket.send(Message::text(packet)).await.is_ok(),
            Self::Polls(polls) => polls.post(packet).await.is_ok(),
        }
    }

    /// Sends a packet and the binary message that belongs to it.
    pub(super) async fn send_with(&mut self, packet: &str, data: &[u8]) -> bool {
        match self {
            Self::Socket(socket) => {
                socket.send(Message::text(packet)).await.is_ok()
                    && socket.send(Message::binary(data.to_vec())).await.is_ok()
            }
            Self::Polls(polls) => {
                polls.post(&format!("{packet}\x1eb{}", BASE64.encode(data))).await.is_ok()
            }
        }
    }

    pub(super) async fn send_binary(&mut self, data: &[u8]) -> bool {
        match self {
            Self::Socket(socket) => socket.send(Message::binary(data.to_vec())).await.is_ok(),
            Self::Polls(polls) => polls.post(&format!("b{}", BASE64.encode(data))).await.is_ok(),
        }
    }

    /// What comes next; a binary message as polling writes it.
    pub(super) async fn next(&mut self) -> Received {
        match self {
            Self::Socket(socket) => loop {
                return match socket.next().await {
                    Some(Ok(Message::Text(text))) => Received::Packet(text.to_string()),
                    Some(Ok(Message::Binary(data))) => {
                        Received::Packet(format!("b{}", BASE64.encode(&data)))
                    }
                    Some(Ok(Message::Close(frame))) => {
                        Received::Closed(frame.map(|frame| frame.code.into()))
                    }
                    Some(Err(_)) | None => Received::Broken,
                    Some(Ok(_)) => continue,
                };
            },
            Self::Polls(polls) => match polls.next().await {
                Ok(packet) if packet == "1" => Received::Closed(None),
                Ok(packet) => Received::Packet(packet),
                Err(_) => Received::Broken,
            },
        }
    }

    /// Says goodbye.
    pub(super) async fn close(&mut self) {
        match self {
            Self::Socket(socket) => socket.close(None).await.unwrap(),
            Self::Polls(polls) => polls.post("1").await.unwrap(),
        }
    }

    pub(super) fn into_cable(self) -> Cable {
        match self {
            Self::Socket(socket) => socket.into_inner(),
            Self::Polls(polls) => polls.cable.into_inner(),
        }
    }
}

/// Long-polling, one request after the other over one TCP connection that stays open.
pub(super) struct Polls {
    cable: BufReader<Cable>,
    host: SocketAddr,
    target: String,
    packets: VecDeque<String>,
}

impl Polls {
    /// Asks for a connection. Its first packet is to be read next.
    pub(super) async fn open(host: SocketAddr, query: &str, cable: Cable) -> Result<Self, Error> {
        let target = format!("/ws/socket.io/?{query}");
        let mut polls =
            Self { cable: BufReader::new(cable), host, target, packets: VecDeque::new() };
        polls.poll().await?;
        let open: Value = serde_json::from_str(&polls.packets[0][1..])?;
        polls.target = format!("{}&sid={}", polls.target, open["sid"].as_str().unwrap());
        Ok(polls)
    }

    async fn post(&mut self, packet: &str) -> Result<(), Error> {
        let body = self.request("POST", packet).await?;
        assert_eq!(body, "ok");
        Ok(())
    }

    async fn next(&mut self) -> Result<String, Error> {
        loop {
            match self.packets.pop_front() {
                Some(packet) if packet == "6" => {}
                Some(packet) => return Ok(packet),
                None => self.poll().await?,
            }
        }
    }

    async fn poll(&mut self) -> Result<(), Error> {
        let body = self.request("GET", "").await?;
        self.packets.extend(body.split('\x1e').map(str::to_owned));
        Ok(())
    }

    /// The body of the answer. Any other status than 200 is an error.
    async fn request(&mut self, method: &str, body: &str) -> Result<String, Error> {
        let Self { host, target, .. } = self;
        let length = body.len();
        let request = format!(
            "{method} {target} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        self.cable.write_all(request.as_bytes()).await?;
        let status = self.line().await?;
        let mut length = 0;
        loop {
            let line = self.line().await?;
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.cable.read_exact(&mut body).await?;
        if status.contains(" 200 ") {
            Ok(String::from_utf8(body).unwrap())
        } else {
            Err(Error::other(status))
        }
    }

    async fn line(&mut self) -> Result<String, Error> {
        let mut line = String::new();
        self.cable.read_line(&mut line).await?;
        match line.strip_suffix("\r\n") {
            Some(line) => Ok(line.to_owned()),
            None => Err(ErrorKind::UnexpectedEof.into()),
        }
    }
}
