//! Files of the application and of the frontend.

use std::path::Path;

use data_encoding::HEXLOWER;
use headers::{ETag, HeaderMapExt};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, HeaderValue, VARY};
use sha2::{Digest, Sha256};
use warp::reply::Response;

use super::encoding::Accepted;
use super::found::{has_copy, not_modified, open_inside, relative};
use super::reply::{self, set};
use super::{AppState, HttpError, Request};
use crate::assets;
use crate::ui::UiSource;

/// For names that change with the content.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// For names that stay: the browser asks each time whether its copy is still right.
const ASK: &str = "no-cache";

/// `GET /public/…`: files of the application's folder `public`.
pub(super) async fn public(
    state: &AppState,
    request: &Request,
    segments: &[&str],
) -> Result<Response, HttpError> {
    let found = open_inside(&state.app_root().join("public"), segments).await?;
    found.send(request, ASK)
}

/// `GET /assets/…`: files of the frontend.
pub(super) async fn asset(
    state: &AppState,
    request: &Request,
    segments: &[&str],
) -> Result<Response, HttpError> {
    relative(segments)?;
    match state.ui() {
        UiSource::Embedded => embedded(request, &format!("assets/{}", segments.join("/"))),
        UiSource::Folder(folder) => from_folder(&folder.join("assets"), request, segments).await,
    }
}

/// Answers with a body that is in memory, or with 304 when the client has it. The hash stands for the content.
pub(super) fn content(
    request: &Request,
    body: impl Into<bytes::Bytes>,
    content_type: &str,
    hash: &str,
    cache: &str,
) -> Response {
    let mut response = match format!("\"{hash}\"").parse::<ETag>() {
        Ok(etag) if has_copy(request, &etag) => not_modified(etag),
        Ok(etag) => {
            let mut response = reply::bytes(body, content_type);
            response.headers_mut().typed_insert(etag);
            response
        }
        Err(_) => reply::bytes(body, content_type),
    };
    set(&mut response, CACHE_CONTROL, cache);
    response
}

/// What stands for contents made or kept here, small enough to be hashed at each request.
pub(super) fn hash_of(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part);
    }
    HEXLOWER.encode(&digest.finalize()[..16])
}

fn embedded(request: &Request, path: &str) -> Result<Response, HttpError> {
    let file = assets::find(path).ok_or_else(HttpError::file_not_found)?;
    let accepted = Accepted::from(&request.headers);
    let (body, coding) = match (file.brotli, file.gzip) {
        (Some(body), _) if accepted.brotli => (body, Some("br")),
        (_, Some(body)) if accepted.gzip => (body, Some("gzip")),
        _ => (file.identity, None),
    };
    let hash = format!("{}{}", file.hash, coding.unwrap_or_default());
    let mut response = content(request, body, &content_type(path), &hash, lifetime(path));
    if file.brotli.is_some() || file.gzip.is_some() {
        mark_coding(&mut response, coding);
    }
    Ok(response)
}

async fn from_folder(
    folder: &Path,
    request: &Request,
    segments: &[&str],
) -> Result<Response, HttpError> {
    let accepted = Accepted::from(&request.headers);
    let name = segments.join("/");
    for (taken, extension, coding) in [(accepted.brotli, "br", "br"), (accepted.gzip, "gz", "gzip")]
    {
        let compressed = format!("{name}.{extension}");
        let parts: Vec<&str> = compressed.split('/').collect();
        if taken && let Ok(mut found) = open_inside(folder, &parts).await {
            found.set_content_type(content_type(&name));
            let mut response = found.send(request, lifetime(&name))?;
            mark_coding(&mut response, Some(coding));
            return Ok(response);
        }
    }
    let mut response = open_inside(folder, segments).await?.send(request, lifetime(&name))?;
    mark_coding(&mut response, None);
    Ok(response)
}

fn mark_coding(response: &mut Response, coding: Option<&str>) {
    response.headers_mut().append(VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(coding) = coding.filter(|_| response.status() != StatusCode::NOT_MODIFIED) {
        set(response, CONTENT_ENCODING, coding);
    }
}

/// Builders of frontends put eight characters of a hash behind the name: `index-B3f9_Qx1.js`.
fn lifetime(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let hash = stem.len().checked_sub(9).and_then(|start| stem.get(start..)).unwrap_or_default();
    let hashed = hash.starts_with('-')
        && hash.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        && hash.bytes().any(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if hashed { FOREVER } else { ASK }
}

/// The type by the name's extension; texts are UTF-8.
pub(super) fn content_type(name: &str) -> String {
    if name.ends_with(".jsx") {
        return "text/javascript; charset=utf-8".to_owned(); // has no type of its own
    }
    let mime = mime_guess::from_path(name).first_or_octet_stream();
    let text = mime.type_() == "text"
        || matches!(mime.essence_str(), "application/json" | "application/javascript");
    if text { format!("{}; charset=utf-8", mime.essence_str()) } else { mime.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for name in ["index-B2u6IBgX.js", "a/b-c_D-3fgh.css", "x-12345678.js.map"] {
            assert_eq!(lifetime(name), FOREVER, "{name}");
        }
        for name in ["index.js", "my-document.js", "-short.js", "ä-B2u6IBg.js", ""] {
            assert_eq!(lifetime(name), ASK, "{name}");
        }
    }

    #[test]
    fn types_by_name() {
        assert_eq!(content_type("a.js"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("a.jsx"), "text/javascript; charset=utf-8");
        assert_eq!(content_type("a.svg"), "image/svg+xml");
        assert_eq!(content_type("a.unknown"), "application/octet-stream");
    }
}
