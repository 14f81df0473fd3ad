//! Content that somebody brought along, sent in a way that lets none of it run at this server's address.

use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use warp::reply::Response;

use super::reply::set;

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

/// What is told about a content before it is sent.
pub(super) struct Content<'a> {
    name: &'a str,
    media_type: &'a str,
    /// The media type without its parameters.
    essence: String,
}

impl<'a> Content<'a> {
    /// The content is the user's own and may change where the application's file does.
    pub(super) const CACHE: &'static str = "private, no-cache";

    pub(super) fn new(name: &'a str, media_type: &'a str) -> Self {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_lowercase();
        Self { name, media_type, essence }
    }

    /// The value of `Content-Type`.
    pub(super) fn type_header(&self) -> String {
        let essence = &self.essence;
        let is_plain = essence.bytes().all(|byte| byte.is_ascii_graphic()) && essence.contains('/');
        match essence {
            _ if !is_plain => "application/octet-stream".to_owned(),
            _ if essence.starts_with("text/") => format!("{essence}; charset=utf-8"),
            _ => self.media_type.to_owned(),
        }
    }

    /// The response with the headers that keep it harmless.
    pub(super) fn guard(&self, mut response: Response) -> Response {
        // No browser shows a PDF in a sandbox. It can't run anything in this origin either.
        let policy = if self.essence == "application/pdf" {
            "script-src 'none'"
        } else {
            "sandbox; default-src 'none'"
        };
        set(&mut response, CONTENT_SECURITY_POLICY, policy);
        let kind = if self.is_harmless() { "inline" } else { "attachment" };
        set(&mut response, CONTENT_DISPOSITION, &disposition(kind, self.name));
        response
    }

    /// Whether a browser may show it at this server's address.
    fn is_harmless(&self) -> bool {
        let essence = self.essence.as_str();
        let is_picture = essence.starts_with("image/") && !essence.starts_with("image/svg");
        let is_shown = ["audio/", "video/"].iter().any(|kind| essence.starts_with(kind));
        is_picture
            || is_shown
            || matches!(essence, "application/pdf" | "text/plain" | "application/json")
    }
}

/// The name in both forms: a plain one for old clients, and the right one. `kind` is `inline` or `attachment`.
pub(super) fn disposition(kind: &str, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !"\"\\%;".contains(c) || c == ' ' { c } else { '_' })
        .collect();
    let right = utf8_percent_encode(name, NOT_PLAIN);
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{right}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_not_more_than_a_name() {
        assert_eq!(
            disposition("attachment", "a b.svg"),
            "attachment; filename=\"a b.svg\"; filename*=UTF-8''a%20b.svg"
        );
        assert_eq!(
            disposition("inline", "\"; x=\"\r\nA: ä"),
            "inline; filename=\"__ x=___A: _\"; filename*=UTF-8''%22%3B%20x%3D%22%0D%0AA%3A%20%C3%A4"
        );
    }

    #[test]
    fn what_a_browser_may_show() {
        for shown in ["image/png", "audio/mpeg", "video/mp4", "application/pdf", "text/plain"] {
            assert!(Content::new("x", shown).is_harmless(), "{shown}");
        }
        for saved in ["image/svg+xml", "text/html", "text/xml", "application/xhtml+xml", "x/y"] {
            assert!(!Content::new("x", saved).is_harmless(), "{saved}");
        }
    }

    #[test]
    fn a_type_is_a_type() {
        let type_of = |media_type| Content::new("x", media_type).type_header();
        assert_eq!(type_of("text/html"), "text/html; charset=utf-8");
        assert_eq!(type_of("a\r\nb/c"), "application/octet-stream");
        assert_eq!(type_of("image/png"), "image/png");
    }
}
