//! `GET /project/file/{id}`: what a user uploaded, and the content of elements.

use chainlit_core::{FileStore, SessionFile};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use warp::reply::Response;

use super::found::open_file;
use super::reply::set;
use super::{AppState, HttpError, Request, query};

/// The content is the user's own and may change where the application's file does.
const CACHE: &str = "private, no-cache";

const FORBIDDEN: &str = "You are not authorized to download files from this session";

/// What need not be encoded in a name: `attr-char` of RFC 5987.
const NOT_PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// Sends a file to whoever has its session.
pub(super) async fn send(
    state: &AppState,
    request: &Request,
    id: &str,
) -> Result<Response, HttpError> {
    let session_id = query::value(&request.query, "session_id").unwrap_or_default();
    let unknown = HttpError::new(StatusCode::UNAUTHORIZED, "Unauthorized");
    let chat = state.own_chat(request, &session_id, unknown, FORBIDDEN).await?;
    let file = chat.files.get(id).ok_or_else(HttpError::file_not_found)?;
    let essence = file.mime.split(';').next().unwrap_or_default().trim().to_lowercase();
    let found = open_file(&file.path, content_type(&file.mime, &essence)).await?;
    let mut response = found.send(request, CACHE)?;
    // No browser shows a PDF in a sandbox. It can't run anything in this origin either.
    let policy = if essence == "application/pdf" {
        "script-src 'none'"
    } else {
        "sandbox; default-src 'none'"
    };
    set(&mut response, CONTENT_SECURITY_POLICY, policy);
    set(&mut response, CONTENT_DISPOSITION, &disposition(&file, &essence));
    Ok(response)
}

fn content_type(media_type: &str, essence: &str) -> String {
    let is_plain = essence.bytes().all(|byte| byte.is_ascii_graphic()) && essence.contains('/');
    match essence {
        _ if !is_plain => "application/octet-stream".to_owned(),
        _ if essence.starts_with("text/") => format!("{essence}; charset=utf-8"),
        _ => media_type.to_owned(),
    }
}

/// Whether a browser may show it at this server's address.
fn is_harmless(essence: &str) -> bool {
    let is_picture = essence.starts_with("image/") && !essence.starts_with("image/svg");
    let is_shown = ["audio/", "video/"].iter().any(|kind| essence.starts_with(kind));
    is_picture
        || is_shown
        || matches!(essence, "application/pdf" | "text/plain" | "application/json")
}

/// The name in both forms: a plain one for old clients, and the right one.
fn disposition(file: &SessionFile, essence: &str) -> String {
    let kind = if is_harmless(essence) { "inline" } else { "attachment" };
    let plain: String = file
        .name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !"\"\\%;".contains(c) || c == ' ' { c } else { '_' })
        .collect();
    let right = utf8_percent_encode(&file.name, NOT_PLAIN);
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{right}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_not_more_than_a_name() {
        let named = |name: &str| {
            let file = SessionFile::new("1", name, "x", "image/svg+xml", 1);
            disposition(&file, "image/svg+xml")
        };
        assert_eq!(
            named("a b.svg"),
            "attachment; filename=\"a b.svg\"; filename*=UTF-8''a%20b.svg"
        );
        assert_eq!(
            named("\"; x=\"\r\nA: ä"),
            "attachment; filename=\"__ x=___A: _\"; filename*=UTF-8''%22%3B%20x%3D%22%0D%0AA%3A%20%C3%A4"
        );
    }

    #[test]
    fn what_a_browser_may_show() {
        for shown in ["image/png", "audio/mpeg", "video/mp4", "application/pdf", "text/plain"] {
            assert!(is_harmless(shown), "{shown}");
        }
        for saved in ["image/svg+xml", "text/html", "text/xml", "application/xhtml+xml", "x/y"] {
            assert!(!is_harmless(saved), "{saved}");
        }
    }

    #[test]
    fn a_type_is_a_type() {
        assert_eq!(content_type("text/html", "text/html"), "text/html; charset=utf-8");
        assert_eq!(content_type("a\r\nb/c", "a\r\nb/c"), "application/octet-stream");
        assert_eq!(content_type("image/png", "image/png"), "image/png");
    }
}
