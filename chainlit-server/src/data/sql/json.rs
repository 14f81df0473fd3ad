//! JSON in columns.

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::ser::{CharEscape, Formatter};

/// Writes JSON as Python does, with a blank behind each comma and colon: Chainlit's SQLAlchemy layer
/// looks for `"favorite": true` in the text. A NUL, which neither engine keeps in text, becomes
/// U+FFFD.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        to: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if first { Ok(()) } else { to.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        to: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if first { Ok(()) } else { to.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(b": ")
    }

    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        to: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        match escape {
            CharEscape::AsciiControl(0) => to.write_all("\u{fffd}".as_bytes()),
            other => serde_json::ser::CompactFormatter.write_char_escape(to, other),
        }
    }
}

/// The value as a column's text.
pub(super) fn json(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Spaced);
    // Maps with string keys can always be written, and nothing else is.
    let written =
        value.serialize(&mut serializer).ok().and_then(|()| String::from_utf8(bytes).ok());
    written.unwrap_or_else(|| "null".to_owned())
}

/// The text as a column can keep it.
pub(super) fn text(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text.to_owned() }
}

/// What a column holds; the usual value for anything else, since others write these tables too.
pub(super) fn parse<T: DeserializeOwned + Default>(text: Option<&str>) -> T {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    #[test]
    fn it_is_written_as_python_writes_it() {
        let value = json!({"favorite": true, "list": [1, "a\0b\"\n"], "none": {}});
        let text = super::json(&value);
        assert_eq!(
            text,
            "{\"favorite\": true, \"list\": [1, \"a\u{fffd}b\\\"\\n\"], \"none\": {}}"
        );
        assert_eq!(super::parse::<Value>(Some(&text))["favorite"], true);
    }
}
