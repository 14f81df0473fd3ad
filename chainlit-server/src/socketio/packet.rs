use std::borrow::Cow;
use std::cell::Cell;
use std::fmt::Display;
use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::engineio::{Group, Payload};

/// Binary messages that one packet may have.
pub(super) const MAX_ATTACHMENTS: usize = 16;

/// A packet as a client sends it. Arguments are JSON that was checked and not read yet: what they are
/// is known to who takes them.
#[derive(Clone, Debug)]
pub(crate) enum Packet<'a> {
    /// Asks for a connection to a namespace.
    Connect { namespace: &'a str, auth: Option<Value> },
    /// Leaves a namespace.
    Disconnect { namespace: &'a str },
    /// Says something, and how many binary messages follow with its attachments.
    Message { namespace: &'a str, message: Message<'a>, attachments: usize },
}

/// What a client says in a namespace.
#[derive(Clone, Debug)]
pub(crate) enum Message<'a> {
    Event {
        name: Cow<'a, str>,
        args: Vec<&'a RawValue>,
        ack: Option<u64>,
    },
    /// The answer to an event that wanted one.
    Ack {
        id: u64,
        args: Vec<&'a RawValue>,
    },
}

/// An event's name, borrowed where nothing in it is escaped.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Why a text is no packet.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PacketError {
    #[error("unknown packet type")]
    Type,
    #[error("the packet's payload is not what its type wants")]
    Payload,
    #[error("the packet's attachments are too many or not what its payload says")]
    Attachments,
    #[error("the packet's payload is not JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl<'a> Packet<'a> {
    /// Reads the text of an Engine.IO message.
    pub(crate) fn parse(text: &'a str) -> Result<Self, PacketError> {
        let (kind, rest) = text.split_at_checked(1).ok_or(PacketError::Type)?;
        let (attachments, rest) = match kind {
            "5" | "6" => {
                let (count, rest) = digits(rest);
                let rest = rest.strip_prefix('-').ok_or(PacketError::Payload)?;
                let count = usize::try_from(number(count)?).unwrap_or(usize::MAX);
                if count > MAX_ATTACHMENTS {
                    return Err(PacketError::Attachments);
                }
                (count, rest)
            }
            _ => (0, rest),
        };
        let (namespace, rest) = match rest.strip_prefix('/') {
            Some(_) => rest.split_once(',').unwrap_or((rest, "")),
            None => ("/", rest),
        };
        let (ack, payload) = digits(rest);
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
            ("2" | "5", ack) => {
                let mut args: Vec<&RawValue> = serde_json::from_str(payload)?;
                if args.is_empty() {
                    return Err(PacketError::Payload);
                }
                let Name(name) =
                    serde_json::from_str(args.remove(0).get()).map_err(|_| PacketError::Payload)?;
                check_placeholders(kind, &args, attachments)?;
                Self::Message {
                    namespace,
                    message: Message::Event { name, args, ack },
                    attachments,
                }
            }
            ("3" | "6", Some(id)) => {
                let args: Vec<&RawValue> = serde_json::from_str(payload)?;
                check_placeholders(kind, &args, attachments)?;
                Self::Message { namespace, message: Message::Ack { id, args }, attachments }
            }
            _ => return Err(PacketError::Type),
        })
    }
}

/// The digits at the beginning of a text, and the rest.
fn digits(text: &str) -> (&str, &str) {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    text.split_at(text.len() - rest.len())
}

fn number(digits: &str) -> Result<u64, PacketError> {
    digits.parse().map_err(|_| PacketError::Payload)
}

/// Which attachment a value stands for; none when it is a value of its own.
pub(crate) fn attachment_index(value: &Value) -> Option<usize> {
    let is_placeholder = value.get("_placeholder")? == &Value::Bool(true);
    let index = is_placeholder.then(|| value.get("num").and_then(Value::as_u64)).flatten();
    index.and_then(|index| index.try_into().ok())
}

/// Reads arguments.
pub(crate) fn values(args: &[&RawValue]) -> serde_json::Result<Vec<Value>> {
    args.iter().map(|arg| serde_json::from_str(arg.get())).collect()
}

/// Sees that each placeholder of a binary packet names an attachment that comes.
fn check_placeholders(
    kind: &str,
    args: &[&RawValue],
    attachments: usize,
) -> Result<(), PacketError> {
    // In other packets an object of that look is only an object.
    if matches!(kind, "2" | "3") {
        return Ok(());
    }
    if values(args)?.iter().all(|value| names_attachments(value, attachments)) {
        Ok(())
    } else {
        Err(PacketError::Attachments)
    }
}

fn names_attachments(value: &Value, attachments: usize) -> bool {
    match value {
        Value::Object(map) if map.get("_placeholder") == Some(&Value::Bool(true)) => {
            attachment_index(value).is_some_and(|index| index < attachments)
        }
        Value::Object(map) => map.values().all(|value| names_attachments(value, attachments)),
        Value::Array(values) => values.iter().all(|value| names_attachments(value, attachments)),
        _ => true,
    }
}

/// An event for the default namespace, as an Engine.IO message. `event` serialises to the array of
/// name and arguments; `last` is one more argument, of characters that JSON does not escape. Gives
/// where it stands, too.
pub(crate) fn encode_event(
    event: &impl Serialize,
    last: Option<impl Display>,
) -> serde_json::Result<(String, usize)> {
    let mut end = 0;
    let text = encode(|draft| {
        draft.extend_from_slice(b"42");
        serde_json::to_writer(&mut *draft, event)?;
        end = draft.len() - 1;
        if let Some(last) = last {
            draft.truncate(end);
            write!(draft, ",\"{last}\"]").map_err(serde::ser::Error::custom)?;
        }
        Ok(())
    })?;
    Ok((text, end))
}

/// An event that wants an answer.
pub(crate) fn encode_request(id: u64, event: &impl Serialize) -> serde_json::Result<String> {
    encode_json(&format!("42{id}"), event)
}

/// An event for any namespace, with attachments, wanting an answer or not. The placeholders
/// `{"_placeholder":true,"num":0}` stand in `event` where the attachments belong.
pub(crate) fn encode_event_with(
    namespace: &str,
    id: Option<u64>,
    event: &impl Serialize,
    attachments: Vec<Bytes>,
) -> serde_json::Result<Payload> {
    encode_with(["2", "5"], namespace, id, event, attachments)
}

/// The answer to an event that wanted one.
pub(super) fn encode_ack(
    namespace: &str,
    id: u64,
    args: &[Value],
    attachments: Vec<Bytes>,
) -> serde_json::Result<Payload> {
    encode_with(["3", "6"], namespace, Some(id), &args, attachments)
}

/// `kinds` are the packet's types without and with attachments.
fn encode_with(
    kinds: [&str; 2],
    namespace: &str,
    id: Option<u64>,
    data: &impl Serialize,
    attachments: Vec<Bytes>,
) -> serde_json::Result<Payload> {
    let mut head = match attachments.len() {
        0 => format!("4{}", kinds[0]),
        count => format!("4{}{count}-", kinds[1]),
    };
    head.push_str(&prefix(namespace));
    if let Some(id) = id {
        head.push_str(&id.to_string());
    }
    let text = encode_json(&head, data)?;
    Ok(if attachments.is_empty() {
        text.into()
    } else {
        Payload::Group(Arc::new(Group { text: text.into(), attachments }))
    })
}

thread_local! {
    /// Where packets are written before their length is known.
    static DRAFT: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Bytes that a thread's draft may keep.
const MAX_DRAFT: usize = 64 * 1024;

fn encode_json(prefix: &str, data: &impl Serialize) -> serde_json::Result<String> {
    encode(|draft| {
        draft.extend_from_slice(prefix.as_bytes());
        serde_json::to_writer(draft, data)
    })
}

/// A packet in no more memory than it needs: it may wait for long.
fn encode(
    write: impl FnOnce(&mut Vec<u8>) -> serde_json::Result<()>,
) -> serde_json::Result<String> {
    // A thread that ends has none any more.
    let mut draft = DRAFT.try_with(Cell::take).unwrap_or_default();
    draft.clear();
    let text = write(&mut draft).and_then(|()| match str::from_utf8(&draft) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(serde::ser::Error::custom(error)),
    });
    if draft.capacity() <= MAX_DRAFT {
        let _ = DRAFT.try_with(|place| place.set(draft));
    }
    text
}

/// The packet that accepts a connection.
pub(super) fn encode_connect(namespace: &str, sid: &str, pid: Option<&str>) -> String {
    // Ids are made here, of letters and digits.
    let pid = pid.map(|pid| format!(r#","pid":"{pid}""#)).unwrap_or_default();
    format!(r#"40{}{{"sid":"{sid}"{pid}}}"#, prefix(namespace))
}

/// The packet that refuses a connection.
pub(super) fn encode_connect_error(namespace: &str, message: &str) -> String {
    format!("44{}{}", prefix(namespace), serde_json::json!({ "message": message }))
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
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// A packet with its arguments read, to be compared.
    fn read(text: &str) -> Value {
        match Packet::parse(text).unwrap() {
            Packet::Connect { namespace, auth } => json!(["connect", namespace, auth]),
            Packet::Disconnect { namespace } => json!(["disconnect", namespace]),
            Packet::Message { namespace, message, attachments } => match message {
                Message::Event { name, args, ack } => {
                    json!(["event", namespace, ack, name, values(&args).unwrap(), attachments])
                }
                Message::Ack { id, args } => {
                    json!(["ack", namespace, id, values(&args).unwrap(), attachments])
                }
            },
        }
    }

    #[test]
    fn reads_every_packet_a_client_may_send() {
        let placeholder = |num: usize| json!({ "_placeholder": true, "num": num });
        for (text, packet) in [
            ("0", json!(["connect", "/", null])),
            (r#"0{"a":1}"#, json!(["connect", "/", { "a": 1 }])),
            ("0/admin,", json!(["connect", "/admin", null])),
            ("1", json!(["disconnect", "/"])),
            (r#"2["hi",1,"x"]"#, json!(["event", "/", null, "hi", [1, "x"], 0])),
            (r#"2["h\u0069"]"#, json!(["event", "/", null, "hi", [], 0])),
            (r#"2/n,7["hi"]"#, json!(["event", "/n", 7, "hi", [], 0])),
            ("312[]", json!(["ack", "/", 12, [], 0])),
            (
                r#"52-/n,3["x",{"a":[{"_placeholder":true,"num":1}]}]"#,
                json!(["event", "/n", 3, "x", [{ "a": [placeholder(1)] }], 2]),
            ),
            (
                r#"61-12[{"_placeholder":true,"num":0}]"#,
                json!(["ack", "/", 12, [placeholder(0)], 1]),
            ),
        ] {
            assert_eq!(read(text), packet, "{text}");
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
            "5+1-[\"x\"]",
            "51[\"x\"]",
            "517-[\"x\"]",
            "599999999999999999999-[\"x\"]",
            r#"51-["x",{"_placeholder":true,"num":1}]"#,
            r#"51-["x",{"_placeholder":true,"num":-1}]"#,
            r#"51-["x",{"_placeholder":true}]"#,
            "61-[]",
            "299999999999999999999[\"x\"]",
            "ë",
        ] {
            assert!(Packet::parse(text).is_err(), "{text:?}");
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::hash_map(".{0,8}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    /// The text of what goes out, as a client would send it: without the transport's packet type.
    fn text_of(payload: &Payload) -> &str {
        let text = match payload {
            Payload::Text(text) => text.as_str(),
            Payload::Group(group) => group.text.as_str(),
            Payload::Binary(_) => panic!("no packet begins with bytes"),
        };
        &text[1..]
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(
            namespace in "/[a-z/0-9]{0,6}",
            id in any::<Option<u64>>(),
            name in any::<String>(),
            mut args in proptest::collection::vec(any_value(), 0..4),
            attachments in 0..=MAX_ATTACHMENTS,
        ) {
            args.extend((0..attachments).map(|num| json!({ "_placeholder": true, "num": num })));
            let mut data = vec![Value::from(name.as_str())];
            data.extend(args.iter().cloned());
            let bytes = vec![Bytes::new(); attachments];
            let written = encode_event_with(&namespace, id, &data, bytes.clone()).unwrap();
            let event = json!(["event", namespace, id, name, args, attachments]);
            prop_assert_eq!(read(text_of(&written)), event);
            let written = encode_ack(&namespace, 7, &args, bytes).unwrap();
            let ack = json!(["ack", namespace, 7, args, attachments]);
            prop_assert_eq!(read(text_of(&written)), ack);
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".*") {
            let _ = Packet::parse(&text);
        }

        #[test]
        fn any_packet_like_text_is_read_or_refused(text in r#"[0-6][0-9]{0,3}-?(/[a-z]*,)?[0-9]{0,22}[\[\]{}"a,:0-9]*"#) {
            let _ = Packet::parse(&text);
        }
    }
}
