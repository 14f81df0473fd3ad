//! `GET /project/file/{id}`: what a user uploaded, and the content of elements.

use chainlit_core::FileStore;
use http::StatusCode;
use warp::reply::Response;

use super::content::Content;
use super::found::open_file;
use super::{AppState, HttpError, Request, query};

/// Sends a file to whoever knows its session.
pub(super) async fn send(
    state: &AppState,
    request: &Request,
    id: &str,
) -> Result<Response, HttpError> {
    let session_id = query::value(&request.query, "session_id");
    let chat = session_id.and_then(|id| state.chats().get(&id));
    let chat = chat.ok_or_else(|| HttpError::new(StatusCode::UNAUTHORIZED, "Unauthorized"))?;
    let file = chat.files.get(id).ok_or_else(HttpError::file_not_found)?;
    let content = Content::new(&file.name, &file.media_type);
    let found = open_file(&file.path, content.type_header()).await?;
    Ok(content.guard(found.send(request, Content::CACHE)?))
}
