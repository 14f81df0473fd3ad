//! Values as the page shows them.

use std::cell::RefCell;
use std::io::{Result, Write};
use std::rc::Rc;

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

/// What stands for binary data.
const BINARY: &str = "\"STRIPPED_BINARY_DATA\"";

/// A list of more bytes than that is binary data. A colour or a short list of numbers is none.
const MOST_NUMBERS: usize = 32;

/// A value as text.
pub(super) struct Content {
    pub(super) text: String,
    /// The text's highlighting language, when the value is no string.
    pub(super) language: Option<&'static str>,
}

/// What the page shows of a value.
pub(super) fn content<T: Serialize + ?Sized>(value: &T) -> Content {
    let text = match json(value) {
        Ok(text) => text,
        Err(error) => {
            let text = format!("This value can't be written as JSON: {error}");
            return Content { text, language: Some("text") };
        }
    };
    let language = match text.as_bytes().first() {
        Some(b'{' | b'[') => "json",
        Some(b'"') => {
            let text = serde_json::from_str(&text).unwrap_or(text);
            return Content { text, language: None };
        }
        Some(b'n') => return Content { text: String::new(), language: None },
        _ => "text",
    };
    Content { text, language: Some(language) }
}

/// The value as JSON, indented, without binary data.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    let text = Text::default();
    let formatter = WithoutBinary {
        text: text.clone(),
        pretty: PrettyFormatter::with_indent(b"    "),
        open: Vec::new(),
    };
    value.serialize(&mut Serializer::with_formatter(text.clone(), formatter))?;
    Ok(String::from_utf8_lossy(&text.0.take()).into_owned())
}

/// Where the JSON goes: its formatter takes back what turns out to be binary.
#[derive(Clone, Default)]
struct Text(Rc<RefCell<Vec<u8>>>);

impl Write for Text {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Writes a list of bytes as one word.
struct WithoutBinary<'a> {
    text: Text,
    pretty: PrettyFormatter<'a>,
    /// The lists and objects around what is written.
    open: Vec<Open>,
}

/// A list or an object that is being written.
#[derive(Default)]
struct Open {
    /// Where it begins.
    start: usize,
    values: usize,
    bytes: usize,
}

impl WithoutBinary<'_> {
    fn begin(&mut self) {
        let start = self.text.0.borrow().len();
        self.open.push(Open { start, ..Open::default() });
    }
}

impl Formatter for WithoutBinary<'_> {
    fn write_u8<W: ?Sized + Write>(&mut self, writer: &mut W, value: u8) -> Result<()> {
        if let Some(open) = self.open.last_mut() {
            open.bytes += 1;
        }
        write!(writer, "{value}")
    }

    fn write_byte_array<W: ?Sized + Write>(&mut self, writer: &mut W, _: &[u8]) -> Result<()> {
        writer.write_all(BINARY.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.begin();
        self.pretty.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.pretty.end_array(writer)?;
        match self.open.pop() {
            Some(Open { start, values, bytes }) if values == bytes && values > MOST_NUMBERS => {
                self.text.0.borrow_mut().truncate(start);
                writer.write_all(BINARY.as_bytes())
            }
            _ => Ok(()),
        }
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        if let Some(open) = self.open.last_mut() {
            open.values += 1;
        }
        self.pretty.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.pretty.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.begin();
        self.pretty.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.open.pop();
        self.pretty.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> Result<()> {
        self.pretty.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.pretty.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> Result<()> {
        self.pretty.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::json;

    use super::*;

    fn shown<T: Serialize>(value: T) -> (String, Option<&'static str>) {
        let Content { text, language } = content(&value);
        (text, language)
    }

    #[test]
    fn values_are_shown_as_chainlit_shows_them() {
        assert_eq!(shown("a \"b\"\n"), ("a \"b\"\n".to_owned(), None));
        assert_eq!(shown(None::<u8>), (String::new(), None));
        assert_eq!(shown(()), (String::new(), None));
        assert_eq!(shown(Some("x")), ("x".to_owned(), None));
        assert_eq!(shown(1.5), ("1.5".to_owned(), Some("text")));
        assert_eq!(shown(false), ("false".to_owned(), Some("text")));
        assert_eq!(shown(json!({})), ("{}".to_owned(), Some("json")));
        assert_eq!(shown(json!([])), ("[]".to_owned(), Some("json")));
        let text = "{\n    \"a\": [\n        \"é\"\n    ]\n}";
        assert_eq!(shown(json!({ "a": ["é"] })), (text.to_owned(), Some("json")));
    }

    #[test]
    fn binary_data_is_left_out_wherever_it_is() {
        struct Bytes;
        impl Serialize for Bytes {
            fn serialize<S: serde::Serializer>(
                &self,
                serializer: S,
            ) -> std::result::Result<S::Ok, S::Error> {
                serializer.serialize_bytes(b"abc")
            }
        }
        assert_eq!(shown(Bytes).0, "STRIPPED_BINARY_DATA");
        assert_eq!(shown(vec![0_u8; 33]).0, "STRIPPED_BINARY_DATA");
        let text = "[\n    \"STRIPPED_BINARY_DATA\",\n    \"STRIPPED_BINARY_DATA\"\n]";
        assert_eq!(shown([vec![0_u8; 40], vec![1; 50]]).0, text);
        let nested = json!({ "n": 1 });
        let text = "[\n    {\n        \"n\": 1\n    },\n    \"STRIPPED_BINARY_DATA\"\n]";
        assert_eq!(shown((nested, vec![0_u8; 40])).0, text);
    }

    #[test]
    fn numbers_are_no_binary_data() {
        assert!(shown((255_u8, 128_u8, 0_u8)).0.contains("128"));
        assert!(shown(vec![7_u16; 100]).0.contains('7'));
        let by_byte: Vec<HashMap<u8, u8>> = vec![HashMap::from([(1, 2)]); 40];
        assert!(shown(by_byte).0.contains("\"1\": 2"));
    }

    #[test]
    fn what_is_no_json_says_so() {
        let odd = HashMap::from([((1, 2), 3)]);
        assert!(shown(odd).0.contains("key must be a string"));
    }
}
