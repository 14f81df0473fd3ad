//! A conversation as one page that needs nothing else. Whatever was said stands there as text.

use std::fmt::Write;

use chainlit_core::Thread;

use super::{Entry, POLICY, entries, title};
use crate::http::page::escape;

const STYLE: &str = "\
body{max-width:48rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif;\
color:#1a1a1a;background:#fff}\
article{margin:1.5rem 0}header{color:#666;font-size:.875rem}header b{color:inherit}\
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.25rem 0;font:inherit}\
details pre{font:.875rem/1.5 ui-monospace,monospace}details{border-left:2px solid #ccc;padding-left:.75rem}\
.error pre{color:#b00020}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}header{color:#aaa}\
details{border-color:#555}.error pre{color:#ff8a80}}";

pub(super) fn document(thread: &Thread) -> String {
    let title = escape(title(thread));
    let mut page = format!(
        "<!doctype html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    for entry in entries(thread) {
        page.push_str(&article(&entry));
    }
    page.push_str("</body>\n</html>\n");
    page
}

fn article(entry: &Entry<'_>) -> String {
    let class = if entry.is_error { " class=\"error\"" } else { "" };
    let (author, text) = (escape(entry.author), |text: &str| {
        let text = escape(text);
        if text.is_empty() { text } else { format!("<pre>{text}</pre>\n") }
    });
    let time = entry.time.map(|time| format!(" <time>{time}</time>")).unwrap_or_default();
    let mut article = format!("<article{class}>\n");
    // Writing to a text can't fail.
    let _ = match entry.kind {
        None => write!(article, "<header><b>{author}</b>{time}</header>\n{}", text(entry.output)),
        Some(kind) => write!(
            article,
            "<details><summary>{author} ({}){time}</summary>\n{}{}</details>\n",
            escape(kind),
            text(entry.input),
            text(entry.output)
        ),
    };
    if !entry.elements.is_empty() {
        let names: Vec<String> = entry.elements.iter().map(|name| escape(name)).collect();
        let _ = writeln!(article, "<p>📎 {}</p>", names.join(", "));
    }
    article.push_str("</article>\n");
    article
}
