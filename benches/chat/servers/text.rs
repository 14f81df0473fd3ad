//! What is shown in a browser: of five characters a token, and messages of two lines.

use std::time::SystemTime;

/// Tokens of a paragraph.
const PARAGRAPH: u32 = 80;

/// A token as a model writes it, or of a paragraph without an end.
pub(super) fn token(number: u32, has_paragraphs: bool) -> &'static str {
    match number % PARAGRAPH {
        0 if has_paragraphs => "end\n\n",
        1 if has_paragraphs && number % (20 * PARAGRAPH) == 1 => "### A",
        7 if has_paragraphs => "**b**",
        _ if number % 9 == 8 => "then ",
        _ if number.is_multiple_of(2) => "some ",
        _ => "word ",
    }
}

/// One of many messages; the last one says when it was sent.
pub(super) fn message(number: u32, of: u32) -> String {
    let text = "A line of **plain** words as people write them, with `code` and no picture.";
    match number == of {
        true => format!("Message {number} of {of}. {text} {}", end()),
        false => format!("Message {number} of {of}. {text} {text}"),
    }
}

/// The clock is the one that a page can read.
pub(super) fn end() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    format!("The end, sent at {}.", now.unwrap_or_default().as_millis())
}
