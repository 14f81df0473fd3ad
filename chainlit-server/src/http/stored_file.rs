//! The content of an element that outlives its session, sent from the storage.

use chainlit_core::wire::ElementDict;
use futures_util::{StreamExt, TryStreamExt, stream};
use http::StatusCode;
use http::header::{CACHE_CONTROL, LOCATION};
use warp::reply::Response;

use super::content::Content;
use super::found::Facts;
use super::reply::{self, set};
use super::{AppState, HttpError, Request};

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
