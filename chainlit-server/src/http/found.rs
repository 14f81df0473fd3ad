//! A file below a folder: opened safely, sent whole or in part.

use std::fs::{File, Metadata};
use std::io::{ErrorKind, Seek, SeekFrom};
use std::ops::Bound;
use std::ops::Range as Part;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;
use futures_util::Stream;
use headers::{ETag, HeaderMapExt, IfModifiedSince, IfNoneMatch, IfRange, LastModified, Range};
use http::header::{ACCEPT_RANGES, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE};
use http::{Method, StatusCode};
use sync_wrapper::SyncStream;
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;
use warp::reply::{Reply, Response};

use super::files::content_type;
use super::reply::{self, set};
use super::{HttpError, Request};

/// How much of a file is in memory at once while it is sent.
const CHUNK_BYTES: usize = 64 * 1024;

/// A file that may be sent.
pub(super) struct Found {
    file: File,
    facts: Facts,
}

/// What is known of a content before any of it is read.
pub(super) struct Facts {
    pub(super) length: u64,
    pub(super) etag: Option<ETag>,
    pub(super) modified: Option<SystemTime>,
    pub(super) content_type: String,
}

/// Opens a file below a folder.
///
/// The name's parts come from a client. Each must be a plain name, and what the whole leads to, symbolic links
/// followed, must be a regular file inside the folder.
pub(super) async fn open_inside(folder: &Path, segments: &[&str]) -> Result<Found, HttpError> {
    let (folder, relative) = (folder.to_owned(), relative(segments)?);
    let opened = tokio::task::spawn_blocking(move || open(&folder, &relative)).await;
    opened.unwrap_or_else(|_| Err(HttpError::file_not_found()))
}

/// Opens a file whose place a client has no say in.
pub(super) async fn open_file(path: &Path, content_type: String) -> Result<Found, HttpError> {
    let path = path.to_owned();
    let opened = tokio::task::spawn_blocking(move || open_regular(&path, content_type)).await;
    opened.unwrap_or_else(|_| Err(HttpError::file_not_found()))
}

fn invalid() -> HttpError {
    HttpError::new(StatusCode::BAD_REQUEST, "Invalid filename")
}

pub(super) fn relative(segments: &[&str]) -> Result<PathBuf, HttpError> {
    let mut path = PathBuf::new();
    for segment in segments {
        let mut parts = Path::new(segment).components();
        let plain = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
            && !segment.contains(['\\', '/', '\0']);
        // Windows ignores closing dots and spaces, and takes a colon for a drive or a stream.
        let ambiguous = cfg!(windows) && (segment.contains(':') || segment.ends_with(['.', ' ']));
        if !plain || ambiguous {
            return Err(invalid());
        }
        path.push(segment);
    }
    Ok(path)
}

fn open(folder: &Path, relative: &Path) -> Result<Found, HttpError> {
    let missing = |error| missing(relative, &error);
    let folder = folder.canonicalize().map_err(missing)?;
    let path = folder.join(relative).canonicalize().map_err(missing)?;
    if !path.starts_with(&folder) {
        return Err(invalid());
    }
    open_regular(&path, content_type(&relative.to_string_lossy()))
}

fn open_regular(path: &Path, content_type: String) -> Result<Found, HttpError> {
    let missing = |error| missing(path, &error);
    // Asked before the file is opened: to open a pipe would wait for its writer.
    let metadata = path.metadata().map_err(missing)?;
    if !metadata.is_file() {
        return Err(HttpError::file_not_found());
    }
    let file = File::open(path).map_err(missing)?;
    Ok(Found::new(file, &metadata, content_type))
}

fn missing(path: &Path, error: &std::io::Error) -> HttpError {
    if error.kind() == ErrorKind::PermissionDenied {
        tracing::debug!("{}: {error}", path.display());
    }
    HttpError::file_not_found()
}

impl Found {
    fn new(file: File, metadata: &Metadata, content_type: String) -> Self {
        let modified = metadata.modified().ok();
        let stamp = modified
            .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
            .map_or(0, |since| since.as_nanos());
        let etag = format!("\"{:x}-{stamp:x}\"", metadata.len()).parse().ok();
        Self { file, facts: Facts { length: metadata.len(), etag, modified, content_type } }
    }

    /// For a compressed form, whose own name tells another type.
    pub(super) fn set_content_type(&mut self, content_type: String) {
        self.facts.content_type = content_type;
    }

    /// The whole content, for small files that the server itself reads.
    pub(super) async fn read(self, most_bytes: u64) -> std::io::Result<Vec<u8>> {
        let mut content = Vec::new();
        let file = tokio::fs::File::from_std(self.file);
        file.take(most_bytes).read_to_end(&mut content).await?;
        Ok(content)
    }

    /// The file, the part of it that was asked for, or word that the client has it.
    pub(super) fn send(self, request: &Request, cache: &str) -> Result<Response, HttpError> {
        let mut file = self.file;
        self.facts.send(request, cache, move |part| {
            file.seek(SeekFrom::Start(part.start)).map_err(|_| HttpError::file_not_found())?;
            let part = tokio::fs::File::from_std(file).take(part.end - part.start);
            Ok(ReaderStream::with_capacity(part, CHUNK_BYTES))
        })
    }
}

impl Facts {
    /// The content that `open` gives for a range of bytes, or word that the client has it.
    pub(super) fn send<S, E>(
        self,
        request: &Request,
        cache: &str,
        open: impl FnOnce(Part<u64>) -> Result<S, HttpError>,
    ) -> Result<Response, HttpError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: std::error::Error + Send + Sync + 'static,
    {
        let modified = self.modified.map(LastModified::from);
        let mut response = match &self.etag {
            Some(etag) if self.is_known(request, etag) => not_modified(etag.clone()),
            _ => self.stream(request, open)?,
        };
        set(&mut response, CACHE_CONTROL, cache);
        if let Some(modified) = modified {
            response.headers_mut().typed_insert(modified);
        }
        Ok(response)
    }

    fn is_known(&self, request: &Request, etag: &ETag) -> bool {
        if request.headers.contains_key(http::header::IF_NONE_MATCH) {
            return has_copy(request, etag);
        }
        let since = request.headers.typed_get::<IfModifiedSince>();
        match (since, self.modified) {
            (Some(since), Some(modified)) => !since.is_modified(modified),
            _ => false,
        }
    }

    fn stream<S, E>(
        self,
        request: &Request,
        open: impl FnOnce(Part<u64>) -> Result<S, HttpError>,
    ) -> Result<Response, HttpError>
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: std::error::Error + Send + Sync + 'static,
    {
        let length = self.length;
        let (start, end, partial) = match self.wanted(request) {
            Wanted::Whole => (0, length, false),
            Wanted::Part(start, end) => (start, end, true),
            Wanted::Nothing => {
                let mut response = reply::empty(StatusCode::RANGE_NOT_SATISFIABLE);
                set(&mut response, CONTENT_RANGE, &format!("bytes */{length}"));
                return Ok(response);
            }
        };
        let mut response = warp::reply::stream(SyncStream::new(open(start..end)?)).into_response();
        if partial {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            set(&mut response, CONTENT_RANGE, &format!("bytes {start}-{}/{length}", end - 1));
        }
        set(&mut response, CONTENT_TYPE, &self.content_type);
        set(&mut response, ACCEPT_RANGES, "bytes");
        response.headers_mut().insert(CONTENT_LENGTH, (end - start).into());
        if let Some(etag) = self.etag {
            response.headers_mut().typed_insert(etag);
        }
        Ok(response)
    }

    /// What is asked for. More than one part is answered with the whole, as a server may.
    fn wanted(&self, request: &Request) -> Wanted {
        let Some(range) =
            request.headers.typed_get::<Range>().filter(|_| request.method == Method::GET)
        else {
            return Wanted::Whole;
        };
        let outdated = request.headers.typed_get::<IfRange>().is_some_and(|condition| {
            condition
                .is_modified(self.etag.as_ref(), self.modified.map(LastModified::from).as_ref())
        });
        if outdated {
            return Wanted::Whole;
        }
        let length = self.length;
        let mut parts = range.satisfiable_ranges(length).filter_map(|(start, end)| {
            let start = match start {
                Bound::Included(start) => start,
                Bound::Excluded(start) => start.checked_add(1)?,
                Bound::Unbounded => 0,
            };
            let end = match end {
                Bound::Included(end) => end.saturating_add(1).min(length),
                Bound::Excluded(end) => end.min(length),
                Bound::Unbounded => length,
            };
            (start < end).then_some((start, end))
        });
        match (parts.next(), parts.next()) {
            (None, _) => Wanted::Nothing,
            (Some((start, end)), None) => Wanted::Part(start, end),
            (Some(_), Some(_)) => Wanted::Whole,
        }
    }
}

enum Wanted {
    Whole,
    /// From the first byte to the one behind the last.
    Part(u64, u64),
    Nothing,
}

pub(super) fn has_copy(request: &Request, etag: &ETag) -> bool {
    let known = request.headers.typed_get::<IfNoneMatch>();
    known.is_some_and(|known| !known.precondition_passes(etag))
}

pub(super) fn not_modified(etag: ETag) -> Response {
    let mut response = reply::empty(StatusCode::NOT_MODIFIED);
    response.headers_mut().remove(CONTENT_LENGTH);
    response.headers_mut().typed_insert(etag);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_make_a_path() {
        assert_eq!(relative(&["a", "b.txt"]).unwrap(), Path::new("a/b.txt"));
        for bad in ["", ".", "..", "a\\b", "..\\x", "a\0b", "/etc", "a/b"] {
            assert!(relative(&["x", bad]).is_err(), "{bad:?}");
        }
    }
}
