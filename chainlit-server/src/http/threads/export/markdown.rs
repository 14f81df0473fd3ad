//! A conversation as Markdown. What was said is quoted, so that none of it reads as another's words.

use std::fmt::Write;

use chainlit_core::Thread;

use super::{Entry, entries, title};

pub(super) fn document(thread: &Thread) -> String {
    let mut text = format!("# {}\n", line(title(thread)));
    for entry in entries(thread) {
        text.push_str(&section(&entry));
    }
    text
}

fn section(entry: &Entry<'_>) -> String {
    let (author, kind) = (line(entry.author), entry.kind.map(line));
    let kind = kind.map(|kind| format!(" ({kind})")).unwrap_or_default();
    let time = entry.time.map(|time| format!(" – {time}")).unwrap_or_default();
    let mut section = format!("\n## {author}{kind}{time}\n");
    for said in [entry.input, entry.output].into_iter().filter(|said| !said.is_empty()) {
        section.push('\n');
        // A carriage return alone ends a line in Markdown too.
        for line in said.replace("\r\n", "\n").split(['\n', '\r']) {
            // Writing to a text can't fail.
            let _ = writeln!(section, "> {line}");
        }
    }
    if !entry.elements.is_empty() {
        let names: Vec<String> = entry.elements.iter().map(|name| line(name)).collect();
        let _ = writeln!(section, "\nAttached: {}", names.join(", "));
    }
    section
}

/// One line that means itself.
fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            line.push('\\');
        }
        line.push(if c.is_control() { ' ' } else { c });
    }
    line
}
