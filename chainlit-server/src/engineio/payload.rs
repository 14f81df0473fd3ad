//! Several packets in the body of one request, as long-polling carries them.

use bytes::Bytes;
use data_encoding::BASE64;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::packet::{Packet, PacketError, Payload};

/// Stands between two packets. JSON never has it: it writes control characters as escapes.
const SEPARATOR: char = '\x1e';

/// Writes packets into one body, binary ones in base64.
pub(super) fn encode(batch: Vec<Payload>) -> String {
    let mut body = String::with_capacity(batch.iter().map(|payload| payload.len() + 1).sum());
    for payload in batch {
        match payload {
            Payload::Text(text) => push_text(&mut body, &text),
            Payload::Binary(bytes) => push_binary(&mut body, &bytes),
            Payload::Group(group) => {
                push_text(&mut body, &group.text);
                group.attachments.iter().for_each(|bytes| push_binary(&mut body, bytes));
            }
        }
    }
    body
}

fn push_text(body: &mut String, text: &str) {
    if !body.is_empty() {
        body.push(SEPARATOR);
    }
    body.push_str(text);
}

fn push_binary(body: &mut String, bytes: &[u8]) {
    push_text(body, "b");
    BASE64.encode_append(bytes, body);
}

/// A packet in the body of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Received {
    Packet(Packet),
    Binary(Bytes),
}

/// The packets of a body, read one by one; texts share the body's bytes.
pub(crate) struct Packets {
    /// What is not read yet; none after the last packet.
    rest: Option<Utf8Bytes>,
}

/// Begins to read a body.
pub(crate) fn decode(body: Bytes) -> Result<Packets, PacketError> {
    let text = Utf8Bytes::try_from(body).map_err(|_| PacketError)?;
    Ok(Packets { rest: Some(text) })
}

impl Iterator for Packets {
    type Item = Result<Received, PacketError>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.take()?;
        let (packet, rest) = match rest.as_str().find(SEPARATOR) {
            Some(at) => (part(&rest, 0..at), Some(part(&rest, at + 1..rest.len()))),
            None => (rest, None),
        };
        self.rest = rest;
        Some(match packet.as_str().strip_prefix('b') {
            Some(encoded) => BASE64
                .decode(encoded.as_bytes())
                .map(|bytes| Received::Binary(bytes.into()))
                .map_err(|_| PacketError),
            None => Packet::parse(packet).map(Received::Packet),
        })
    }
}

/// A part of a text that begins and ends beside ASCII characters, sharing its bytes.
fn part(text: &Utf8Bytes, range: std::ops::Range<usize>) -> Utf8Bytes {
    let bytes: Bytes = text.clone().into();
    Utf8Bytes::try_from(bytes.slice(range)).expect("cut beside a separator")
}
