//! `GET /project/file/{id}`: what a user uploaded, and the content of elements.

use chainlit_core::FileStore;
use http::StatusCode;
use warp::reply::Response;

use super::content::Content;
use super::found::open_file;
use super::{AppState, HttpError, Request, query};

const FORBIDDEN: &str = "You are not authorized to download files from this session";

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
    let content = Content::new(&file.name, &file.mime);
    let found = open_file(&file.path, content.type_header()).await?;
    Ok(content.guard(found.send(request, Content::CACHE)?))
}
