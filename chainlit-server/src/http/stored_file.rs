//! The content of an element that outlives its session, sent from the storage.

use chainlit_core::wire::ElementDict;
use futures_util::{StreamExt, TryStreamExt, stream};
use http::StatusCode;
use http::header::{CACHE_CONTROL, LOCATION};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use warp::reply::Response;

use super::content::Content;
use super::found::Facts;
use super::reply::{self, set};
use super::{AppState, HttpError, Request};
use crate::root_path::RootPath;

/// What need not be encoded in a part of a path.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// How somebody comes to an element.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way<'a> {
    /// As the author; where nobody logs in, by the session with that id.
    Own(Option<&'a str>),
    /// By the conversation's link.
    Shared,
}

impl Way<'_> {
    /// Gives elements whose content is in the storage its address on this server.
    pub(super) fn address(self, root: &RootPath, elements: &mut [ElementDict]) {
        for element in elements.iter_mut().filter(|element| element.object_key.is_some()) {
            let (way, query) = match self {
                Self::Own(session_id) => ("thread", session_id),
                Self::Shared => ("share", None),
            };
            let encoded = |text| utf8_percent_encode(text, PLAIN);
            let (thread_id, id) = (encoded(&element.thread_id), encoded(&element.id));
            let mut url = format!("{root}/project/{way}/{thread_id}/element/{id}/content");
            if let Some(session_id) = query {
                url.push_str(&format!("?session_id={}", encoded(session_id)));
            }
            element.url = Some(url);
        }
    }
}

/// Sends an element's content, or the part of it that is asked for.
pub(super) async fn send(
    state: &AppState,
    request: &Request,
    element: &ElementDict,
) -> Result<Response, HttpError> {
    let key = element.object_key.as_deref().ok_or_else(HttpError::file_not_found)?;
    let storage = state.chats().storage();
    let failed = |error: crate::storage::StorageError| {
        tracing::error!(%error, "the content of an element can't be read");
        let detail = "The file can't be read now, try again in a moment";
        HttpError::new(StatusCode::SERVICE_UNAVAILABLE, detail)
    };
    if let Some(address) = storage.signed_url(key).await.map_err(failed)? {
        let mut response = reply::empty(StatusCode::TEMPORARY_REDIRECT);
        set(&mut response, LOCATION, &address);
        set(&mut response, CACHE_CONTROL, "no-store");
        return Ok(response);
    }
    let object = storage.find(key).await.map_err(failed)?.ok_or_else(HttpError::file_not_found)?;
    let media_type = element.mime.as_deref().unwrap_or("application/octet-stream");
    let content = Content::new(&element.name, media_type);
    let facts = Facts {
        length: object.length(),
        etag: object.etag().and_then(|tag| tag.parse().ok()),
        modified: Some(object.modified()),
        content_type: content.type_header(),
    };
    let response = facts.send(request, Content::CACHE, move |part| {
        // Opened when the first byte is wanted: for HEAD, never.
        Ok(stream::once(async move { object.read(part).await }).try_flatten().boxed())
    });
    Ok(content.guard(response?))
}
