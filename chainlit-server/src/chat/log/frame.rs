use std::fmt::Write;
use std::sync::Arc;

use chainlit_core::wire::ServerEvent;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::chat::recovery::Offset;
use crate::engineio::{Group, Payload};
use crate::socketio;

/// Bytes that a frame grows to by tokens that are added; the next one begins another.
const MAX_GROWN: usize = 16 * 1024;

/// What stands before and after the texts of a `stream_token` that appends.
const TOKEN_HEAD: &str = r#"42["stream_token",{"id":""#;
const TOKEN_MIDDLE: &str = r#"","token":""#;
const TOKEN_TAILS: [&str; 2] =
    [r#"","isSequence":false,"isInput":false}"#, r#"","isSequence":false,"isInput":true}"#];

/// An encoded event.
#[derive(Debug)]
pub(super) struct Frame {
    text: Text,
    /// Where the event's payload ends; the offset, if any, and a bracket follow.
    end: usize,
    wants_answer: bool,
    /// It is of use only to a client that is there now.
    is_live: bool,
}

#[derive(Debug)]
enum Text {
    /// Not written yet: a token may still be added.
    Own(String),
    Shared(Utf8Bytes),
    /// With the binary messages that follow.
    Group(Arc<Group>),
}

impl Frame {
    /// Encodes an event. One that can't be written is only logged.
    pub(super) fn event(event: &ServerEvent<'_>, offset: Option<Offset<'_>>) -> Option<Self> {
        let is_live = event.is_live();
        if let Some(attachment) = event.attachment() {
            let attachments = vec![attachment.clone()];
            let payload = socketio::encode_event_with("/", None, event, attachments);
            let Payload::Group(group) = encoded(event, payload)? else { return None };
            // A client that goes on where it was does not miss it: it has no offset.
            let end = group.text.len() - 1;
            return Some(Self { text: Text::Group(group), end, wants_answer: false, is_live });
        }
        let (text, end) = encoded(event, socketio::encode_event(event, offset))?;
        Some(Self { text: Text::Own(text), end, wants_answer: false, is_live })
    }

    /// Encodes an event that wants an answer. Clients take no offset from such.
    pub(super) fn request(id: u64, event: &ServerEvent<'_>) -> Option<Self> {
        let text = encoded(event, socketio::encode_request(id, event))?;
        let end = text.len() - 1;
        Some(Self { text: Text::Shared(text.into()), end, wants_answer: true, is_live: false })
    }

    /// The same event at another place.
    pub(super) fn moved_to(&self, offset: Option<Offset<'_>>) -> Self {
        let text = match &self.text {
            Text::Shared(text) if self.wants_answer => Text::Shared(text.clone()),
            Text::Group(group) => Text::Group(Arc::clone(group)),
            _ => {
                let mut text = self.as_str()[..self.end].to_owned();
                close(&mut text, offset);
                Text::Own(text)
            }
        };
        Self { text, end: self.end, wants_answer: self.wants_answer, is_live: self.is_live }
    }

    /// Adds a token to the one that waits here; false when it is of another text, or on its way.
    pub(super) fn grow(&mut self, id: &str, token: &str, is_input: bool) -> bool {
        let tail = TOKEN_TAILS[usize::from(is_input)];
        let Text::Own(text) = &mut self.text else { return false };
        // An id that JSON writes in another way is compared with nothing.
        if text.len() > MAX_GROWN || id.contains(|c: char| matches!(c, '"' | '\\') || c < ' ') {
            return false;
        }
        let is_same = text[..self.end]
            .strip_prefix(TOKEN_HEAD)
            .and_then(|rest| rest.strip_prefix(id))
            .and_then(|rest| rest.strip_prefix(TOKEN_MIDDLE))
            .is_some_and(|rest| rest.ends_with(tail));
        if !is_same {
            return false;
        }
        let Ok(quoted) = serde_json::to_string(token) else { return false };
        let added = &quoted[1..quoted.len() - 1];
        let rest = text.split_off(self.end - tail.len());
        text.push_str(added);
        text.push_str(&rest);
        self.end += added.len();
        true
    }

    /// What goes over the transport; the frame keeps it, too.
    pub(super) fn share(&mut self) -> Payload {
        let text = match &mut self.text {
            Text::Own(text) => Utf8Bytes::from(std::mem::take(text)),
            Text::Shared(text) => text.clone(),
            Text::Group(group) => return Payload::Group(Arc::clone(group)),
        };
        self.text = Text::Shared(text.clone());
        Payload::Text(text)
    }

    /// What goes over the transport.
    pub(super) fn into_payload(self) -> Payload {
        match self.text {
            Text::Own(text) => Payload::from(text),
            Text::Shared(text) => Payload::Text(text),
            Text::Group(group) => Payload::Group(group),
        }
    }

    /// Whether it is of use only to a client that is there now.
    pub(super) fn is_live(&self) -> bool {
        self.is_live
    }

    /// Whether a client that has it knows where it stands.
    pub(super) fn has_offset(&self) -> bool {
        self.as_str().len() > self.end + 1
    }

    /// Bytes of memory that it takes.
    pub(super) fn bytes(&self) -> usize {
        match &self.text {
            Text::Own(text) => text.capacity(),
            Text::Shared(text) => text.len(),
            Text::Group(group) => {
                group.text.len() + group.attachments.iter().map(bytes::Bytes::len).sum::<usize>()
            }
        }
    }

    fn as_str(&self) -> &str {
        match &self.text {
            Text::Own(text) => text,
            Text::Shared(text) => text,
            Text::Group(group) => &group.text,
        }
    }
}

fn close(text: &mut String, offset: Option<Offset<'_>>) {
    let closed = match offset {
        Some(offset) => write!(text, ",\"{offset}\"]"),
        None => text.write_char(']'),
    };
    closed.expect("a string takes everything");
}

fn encoded<T>(event: &ServerEvent<'_>, encoded: serde_json::Result<T>) -> Option<T> {
    encoded
        .inspect_err(|error| {
            tracing::error!(%error, event = event.name(), "an event can't be encoded");
        })
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::recovery::Recovery;

    fn token<'a>(id: &'a str, token: &'a str) -> ServerEvent<'a> {
        ServerEvent::StreamToken { id, token, is_sequence: false, is_input: false }
    }

    #[test]
    fn tokens_grow_into_one_that_reads_like_all_of_them() {
        let recovery = Recovery::new();
        let mut frame = Frame::event(&token("a", "x\""), Some(recovery.offset(3))).unwrap();
        assert!(frame.grow("a", "\\\n", false));
        assert!(frame.grow("a", r#"","isSequence":false,"isInput":true}"#, false));
        let whole = r#"x"\
","isSequence":false,"isInput":true}"#;
        let whole = Frame::event(&token("a", whole), Some(recovery.offset(3))).unwrap();
        assert_eq!(frame.as_str(), whole.as_str());
        assert_eq!(frame.share(), whole.into_payload());
        assert!(!frame.grow("a", "y", false), "it may have been written");
    }

    #[test]
    fn only_tokens_of_the_same_text_are_added() {
        for (id, is_input) in [("b", false), ("a", true), ("", false), ("a\"", false)] {
            let mut frame = Frame::event(&token("a", "x"), None).unwrap();
            assert!(!frame.grow(id, "y", is_input), "{id} {is_input}");
        }
        let sequence =
            ServerEvent::StreamToken { id: "a", token: "x", is_sequence: true, is_input: false };
        assert!(!Frame::event(&sequence, None).unwrap().grow("a", "y", false));
        assert!(!Frame::event(&ServerEvent::TaskEnd, None).unwrap().grow("a", "y", false));
        // Written as JSON, the first id looks like the second.
        let mut frame = Frame::event(&token("a\"", "x"), None).unwrap();
        assert!(!frame.grow("a\\\"", "y", false));
    }

    #[test]
    fn an_event_moves_with_its_offset_and_a_request_has_none() {
        let recovery = Recovery::new();
        let mut frame = Frame::event(&ServerEvent::TaskEnd, Some(recovery.offset(3))).unwrap();
        frame.share();
        let moved = frame.moved_to(Some(recovery.offset(12)));
        let wanted = format!(r#"42["task_end",{{}},"{}"]"#, recovery.offset(12));
        assert_eq!(moved.as_str(), wanted);
        assert_eq!(moved.moved_to(None).as_str(), r#"42["task_end",{}]"#);
        let request = Frame::request(5, &ServerEvent::TaskEnd).unwrap();
        assert_eq!(request.moved_to(Some(recovery.offset(1))).as_str(), r#"425["task_end",{}]"#);
    }
}
