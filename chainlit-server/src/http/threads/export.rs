//! `GET /project/thread/{id}/export`: a conversation as a file that its author keeps.

mod html;
mod markdown;

use chainlit_core::wire::AnyStep;
use chainlit_core::{StepRange, Thread, Timestamp};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY};
use warp::reply::Response;

use super::read::{load, own, whole};
use crate::http::content::disposition;
use crate::http::reply::{self, set};
use crate::http::{AppState, HttpError, Request, query};

/// What a conversation without a title is called.
const UNNAMED: &str = "Conversation";

/// Letters of the title in the file's name.
const MAX_NAME: usize = 80;

/// Nothing of an exported page may be loaded or run, wherever it is opened.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Markdown,
    Html,
}

/// Sends the whole conversation, as JSON when no format is named.
pub(in crate::http) async fn export(
    state: &AppState,
    request: &Request,
    id: &str,
) -> Result<Response, HttpError> {
    let own = own(state, request, id).await?;
    let format = format(request)?;
    let thread = load(state, request, &own, StepRange::All).await?;
    let (media_type, extension) = match format {
        Format::Json => ("application/json", "json"),
        Format::Markdown => ("text/markdown; charset=utf-8", "md"),
        Format::Html => ("text/html; charset=utf-8", "html"),
    };
    let text = match format {
        Format::Json => serde_json::to_string_pretty(&whole(&thread)).map_err(|error| {
            tracing::error!(%error, "a thread can't be written as JSON");
            HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong.")
        })?,
        Format::Markdown => markdown::document(&thread),
        Format::Html => html::document(&thread),
    };
    let mut response = reply::bytes(text, media_type);
    let name = format!("{}.{extension}", file_name(title(&thread)));
    set(&mut response, CONTENT_DISPOSITION, &disposition("attachment", &name));
    set(&mut response, CONTENT_SECURITY_POLICY, &format!("sandbox; {POLICY}"));
    set(&mut response, CACHE_CONTROL, "no-store");
    Ok(response)
}

fn format(request: &Request) -> Result<Format, HttpError> {
    match query::value(&request.query, "format").as_deref() {
        None | Some("json") => Ok(Format::Json),
        Some("markdown") => Ok(Format::Markdown),
        Some("html") => Ok(Format::Html),
        Some(_) => {
            let detail = "`format` must be `json`, `markdown` or `html`";
            Err(HttpError::new(StatusCode::UNPROCESSABLE_ENTITY, detail))
        }
    }
}

fn title(thread: &Thread) -> &str {
    thread.summary.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(UNNAMED)
}

/// A name that every disk takes.
fn file_name(title: &str) -> String {
    let plain: String = title
        .chars()
        .map(|c| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { ' ' } else { c })
        .take(MAX_NAME)
        .collect();
    let plain = plain.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if plain.is_empty() { UNNAMED.to_owned() } else { plain.to_owned() }
}

/// What a reader sees of a message or step.
struct Entry<'a> {
    author: &'a str,
    time: Option<Timestamp>,
    /// `None` for a message.
    kind: Option<&'a str>,
    input: &'a str,
    output: &'a str,
    is_error: bool,
    /// Names of the elements that belong to it.
    elements: Vec<&'a str>,
}

/// What a reader sees, in order. The steps around handlers say nothing of their own.
fn entries(thread: &Thread) -> impl Iterator<Item = Entry<'_>> {
    thread.steps.iter().filter_map(|step| {
        let id = step.id();
        let own = thread.elements.iter().filter(|element| element.for_id == *id);
        let elements = own.map(|element| element.name.as_str()).collect();
        Some(match step.as_any() {
            AnyStep::Message(message) => Entry {
                author: &message.name,
                time: message.created_at,
                kind: None,
                input: "",
                output: &message.output,
                is_error: message.is_error,
                elements,
            },
            AnyStep::Step(step) if step.is_run() => return None,
            AnyStep::Step(step) => Entry {
                author: &step.name,
                time: step.created_at,
                kind: Some(&step.kind),
                input: &step.input,
                output: &step.output,
                is_error: step.is_error,
                elements,
            },
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_name() {
        assert_eq!(file_name("../../etc/passwd"), "etc passwd");
        assert_eq!(file_name("a\r\nb: c?"), "a  b  c");
        assert_eq!(file_name(" .. "), UNNAMED);
        assert_eq!(file_name(&"ä".repeat(500)).chars().count(), MAX_NAME);
    }
}
