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
    body: Utf8Bytes,
    /// Where the next packet begins; none after the last one.
    next: Option<usize>,
}

/// Begins to read a body.
pub(crate) fn decode(body: Bytes) -> Result<Packets, PacketError> {
    let body = Utf8Bytes::try_from(body).map_err(|_| PacketError)?;
    Ok(Packets { body, next: Some(0) })
}

impl Iterator for Packets {
    type Item = Result<Received, PacketError>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.next.take()?;
        let end = self.body.as_str()[start..].find(SEPARATOR).map(|length| start + length);
        self.next = end.map(|end| end + 1);
        let packet = part(&self.body, start..end.unwrap_or(self.body.len()));
        Some(match packet.as_str().strip_prefix('b') {
            Some(encoded) => BASE64
                .decode(encoded.as_bytes())
                .map(|bytes| Received::Binary(bytes.into()))
                .map_err(|_| PacketError),
            None => Packet::parse(packet).map(Received::Packet),
        })
    }
}

/// A part of a text that begins and ends beside ASCII characters, sharing its bytes. Looks at no more
/// than the part.
fn part(text: &Utf8Bytes, range: std::ops::Range<usize>) -> Utf8Bytes {
    let bytes: Bytes = text.clone().into();
    Utf8Bytes::try_from(bytes.slice(range)).expect("cut beside a separator")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a message in a body may be: without the separator, which JSON never has.
    fn any_payload() -> impl Strategy<Value = Payload> {
        prop_oneof![
            "[^\x1e]*".prop_map(|text| Payload::from(format!("4{text}"))),
            any::<Vec<u8>>().prop_map(|bytes| Payload::Binary(bytes.into())),
        ]
    }

    fn read(body: impl Into<Bytes>) -> Result<Vec<Received>, PacketError> {
        decode(body.into())?.collect()
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(batch in proptest::collection::vec(any_payload(), 1..8)) {
            let received: Vec<Received> = batch
                .iter()
                .map(|payload| match payload {
                    Payload::Text(text) => {
                        Received::Packet(Packet::Message(text.as_str()[1..].into()))
                    }
                    Payload::Binary(bytes) => Received::Binary(bytes.clone()),
                    Payload::Group(_) => unreachable!("none is made above"),
                })
                .collect();
            prop_assert_eq!(read(encode(batch)), Ok(received));
        }

        #[test]
        fn any_body_is_read_or_refused(body in any::<Vec<u8>>()) {
            let _ = read(body);
        }

        #[test]
        fn any_text_is_read_or_refused(body in "[0-9b=\x1eA-C]*") {
            let _ = read(body);
        }
    }

    /// Were each packet to cost as much as what follows it, this would take minutes.
    #[test]
    fn many_packets_before_a_long_text_cost_little() {
        let body = "6\x1e".repeat(250_000) + "4" + &"é".repeat(250_000);
        assert_eq!(read(body).unwrap().len(), 250_001);
    }

    #[test]
    fn attachments_follow_their_text() {
        let attachments = vec![Bytes::from_static(&[1, 2, 3]), Bytes::new()];
        let group = super::super::Group { text: "452-[]".into(), attachments };
        let batch = vec![Payload::from("2"), Payload::Group(std::sync::Arc::new(group))];
        assert_eq!(encode(batch), "2\x1e452-[]\x1ebAQID\x1eb");
    }
}
