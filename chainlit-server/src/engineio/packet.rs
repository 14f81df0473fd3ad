use std::sync::Arc;

use bytes::Bytes;
use tokio_tungstenite::tungstenite::Utf8Bytes;

/// What goes over the transport: an encoded packet, cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Payload {
    /// A text frame, with its packet type in front.
    Text(Utf8Bytes),
    /// A binary message.
    Binary(Bytes),
    /// A text frame and the binary messages that must follow it with nothing between them.
    Group(Arc<Group>),
}

/// See [`Payload::Group`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) text: Utf8Bytes,
    pub(crate) attachments: Vec<Bytes>,
}

impl Payload {
    /// Length in bytes.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
            Self::Group(group) => {
                group.text.len() + group.attachments.iter().map(Bytes::len).sum::<usize>()
            }
        }
    }
}

impl From<String> for Payload {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<&'static str> for Payload {
    fn from(text: &'static str) -> Self {
        Self::Text(Utf8Bytes::from_static(text))
    }
}

/// A packet as the client sends it in a text frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Packet {
    /// The client leaves.
    Close,
    /// A ping of a client of an older protocol, or the probe during an upgrade.
    Ping { is_probe: bool },
    /// Answer to our ping.
    Pong,
    /// A message for the layer above.
    Message(Utf8Bytes),
    /// The client has moved to this transport.
    Upgrade,
    /// Nothing.
    Noop,
}

/// A text frame that is no packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an Engine.IO packet")]
pub(crate) struct PacketError;

impl Packet {
    /// Reads a text frame.
    pub(crate) fn parse(text: Utf8Bytes) -> Result<Self, PacketError> {
        let (kind, rest) = text.as_str().split_at_checked(1).ok_or(PacketError)?;
        Ok(match kind {
            "1" if rest.is_empty() => Self::Close,
            "2" if rest.is_empty() => Self::Ping { is_probe: false },
            "2" if rest == "probe" => Self::Ping { is_probe: true },
            "3" => Self::Pong,
            "4" => Self::Message(tail(&text)?),
            "5" if rest.is_empty() => Self::Upgrade,
            "6" if rest.is_empty() => Self::Noop,
            _ => return Err(PacketError),
        })
    }
}

/// The text after the packet type, sharing its bytes.
fn tail(text: &Utf8Bytes) -> Result<Utf8Bytes, PacketError> {
    let bytes: Bytes = text.clone().into();
    Utf8Bytes::try_from(bytes.slice(1..)).map_err(|_| PacketError)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &'static str) -> Result<Packet, PacketError> {
        Packet::parse(Utf8Bytes::from_static(text))
    }

    #[test]
    fn reads_every_packet_a_client_may_send() {
        assert_eq!(parse("1"), Ok(Packet::Close));
        assert_eq!(parse("2"), Ok(Packet::Ping { is_probe: false }));
        assert_eq!(parse("2probe"), Ok(Packet::Ping { is_probe: true }));
        assert_eq!(parse("3"), Ok(Packet::Pong));
        assert_eq!(parse("4hëllo"), Ok(Packet::Message("hëllo".into())));
        assert_eq!(parse("5"), Ok(Packet::Upgrade));
        assert_eq!(parse("6"), Ok(Packet::Noop));
    }

    #[test]
    fn refuses_what_is_no_packet() {
        for text in ["", "0{}", "7", "x", "ë", "1 ", "5x", "2x"] {
            assert_eq!(parse(text), Err(PacketError), "{text:?}");
        }
    }

    fn written(packet: &Packet) -> String {
        match packet {
            Packet::Close => "1".to_owned(),
            Packet::Ping { is_probe } => format!("2{}", if *is_probe { "probe" } else { "" }),
            Packet::Pong => "3".to_owned(),
            Packet::Message(text) => format!("4{text}"),
            Packet::Upgrade => "5".to_owned(),
            Packet::Noop => "6".to_owned(),
        }
    }

    fn any_packet() -> impl Strategy<Value = Packet> {
        prop_oneof![
            Just(Packet::Close),
            any::<bool>().prop_map(|is_probe| Packet::Ping { is_probe }),
            Just(Packet::Pong),
            any::<String>().prop_map(|text| Packet::Message(text.into())),
            Just(Packet::Upgrade),
            Just(Packet::Noop),
        ]
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(packet in any_packet()) {
            prop_assert_eq!(Packet::parse(written(&packet).into()), Ok(packet));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".*") {
            if let Ok(packet) = Packet::parse(text.as_str().into())
                && packet != Packet::Pong
            {
                prop_assert_eq!(written(&packet), text);
            }
        }
    }
}
