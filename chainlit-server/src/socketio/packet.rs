use serde::Serialize;
use serde_json::Value;

/// A packet as a client sends it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Packet<'a> {
    /// Asks for a connection to a namespace.
    Connect { namespace: &'a str, auth: Option<Value> },
    /// Leaves a namespace.
    Disconnect { namespace: &'a str },
    /// An event and its arguments.
    Event { namespace: &'a str, ack: Option<u64>, name: String, args: Vec<Value> },
    /// The answer to an event that wanted one.
    Ack { namespace: &'a str, id: u64, args: Vec<Value> },
    /// An event or an answer whose attachments follow in binary messages.
    Binary { attachments: usize },
}

/// Why a text is no packet.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PacketError {
    #[error("unknown packet type")]
    Type,
    #[error("the packet's payload is not what its type wants")]
    Payload,
    #[error("the packet's payload is not JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl<'a> Packet<'a> {
    /// Reads the text of an Engine.IO message.
    pub(crate) fn parse(text: &'a str) -> Result<Self, PacketError> {
        let (kind, rest) = text.split_at_checked(1).ok_or(PacketError::Type)?;
        let (attachments, rest) = match kind {
            "5" | "6" => {
                let (count, rest) = rest.split_once('-').ok_or(PacketError::Payload)?;
                (number(count)?, rest)
            }
            _ => (0, rest),
        };
        let (namespace, rest) = match rest.strip_prefix('/') {
            Some(_) => rest.split_once(',').unwrap_or((rest, "")),
            None => ("/", rest),
        };
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (ack, payload) = rest.split_at(digits);
        let ack = if ack.is_empty() { None } else { Some(number(ack)?) };
        Ok(match (kind, ack) {
            ("0", None) => {
                let auth: Option<Value> =
                    if payload.is_empty() { None } else { Some(serde_json::from_str(payload)?) };
                if auth.as_ref().is_some_and(|auth| !auth.is_object()) {
                    return Err(PacketError::Payload);
                }
                Self::Connect { namespace, auth }
            }
            ("1", None) if payload.is_empty() => Self::Disconnect { namespace },
            ("2", ack) => {
                let mut args: Vec<Value> = serde_json::from_str(payload)?;
                if args.is_empty() {
                    return Err(PacketError::Payload);
                }
                let Value::String(name) = args.remove(0) else { return Err(PacketError::Payload) };
                Self::Event { namespace, ack, name, args }
            }
            ("3", Some(id)) => Self::Ack { namespace, id, args: serde_json::from_str(payload)? },
            ("5" | "6", _) => Self::Binary { attachments: attachments as usize },
            _ => return Err(PacketError::Type),
        })
    }
}

fn number(digits: &str) -> Result<u64, PacketError> {
    digits.parse().map_err(|_| PacketError::Payload)
}

/// An event for the default namespace, as an Engine.IO message. `event` serialises to the array of
/// name and arguments.
pub(crate) fn encode_event(event: &impl Serialize) -> serde_json::Result<String> {
    encode("42", event)
}

/// An event that wants an answer.
pub(crate) fn encode_request(id: u64, event: &impl Serialize) -> serde_json::Result<String> {
    encode(&format!("42{id}"), event)
}

fn encode(prefix: &str, event: &impl Serialize) -> serde_json::Result<String> {
    let mut text = Vec::with_capacity(256);
    text.extend_from_slice(prefix.as_bytes());
    serde_json::to_writer(&mut text, event)?;
    String::from_utf8(text).map_err(|_| serde::ser::Error::custom("JSON is always UTF-8"))
}

/// The packet that accepts a connection.
pub(super) fn encode_connect(namespace: &str, sid: &str, pid: Option<&str>) -> String {
    let mut answer = serde_json::json!({ "sid": sid });
    if let Some(pid) = pid {
        answer["pid"] = pid.into();
    }
    format!("40{}{answer}", prefix(namespace))
}

/// The packet that refuses a connection.
pub(super) fn encode_connect_error(namespace: &str, message: &str) -> String {
    format!("44{}{}", prefix(namespace), serde_json::json!({ "message": message }))
}

/// The answer to an event that wanted one: that it came.
pub(super) fn encode_ack(id: u64) -> String {
    format!("43{id}[]")
}

/// The packet that ends a connection.
pub(super) fn encode_disconnect() -> &'static str {
    "41"
}

fn prefix(namespace: &str) -> String {
    if namespace == "/" { String::new() } else { format!("{namespace},") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_every_packet_a_client_may_send() {
        let cases = [
            ("0", Packet::Connect { namespace: "/", auth: None }),
            (r#"0{"a":1}"#, Packet::Connect { namespace: "/", auth: Some(json!({ "a": 1 })) }),
            ("0/admin,", Packet::Connect { namespace: "/admin", auth: None }),
            ("1", Packet::Disconnect { namespace: "/" }),
            (
                r#"2["hi",1,"x"]"#,
                Packet::Event {
                    namespace: "/",
                    ack: None,
                    name: "hi".into(),
                    args: vec![json!(1), json!("x")],
                },
            ),
            (
                r#"2/n,7["hi"]"#,
                Packet::Event { namespace: "/n", ack: Some(7), name: "hi".into(), args: vec![] },
            ),
            ("312[]", Packet::Ack { namespace: "/", id: 12, args: vec![] }),
            ("51-[\"x\"]", Packet::Binary { attachments: 1 }),
        ];
        for (text, packet) in cases {
            assert_eq!(Packet::parse(text).unwrap(), packet, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_packet() {
        for text in [
            "",
            "9",
            "x",
            "0[]",
            "0\"x\"",
            "0{",
            "2",
            "2[]",
            "2[1]",
            "2{}",
            "3[]",
            "3x[]",
            "1x",
            "5[]",
            "5x-[]",
            "299999999999999999999[\"x\"]",
            "ë",
        ] {
            assert!(Packet::parse(text).is_err(), "{text:?}");
        }
    }
}
