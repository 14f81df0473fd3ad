//! `POST /project/file`: a user attaches a file, or answers a question with one.

use chainlit_core::{UploadError, UploadRules};
use futures_util::stream::{self, StreamExt};
use http::StatusCode;
use http::header::CONTENT_LENGTH;
use serde_json::json;
use warp::reply::Response;

use super::multipart::{FormError, FormFile};
use super::{AppState, HttpError, Request, query, reply};
use crate::chat::Chat;
use crate::files::{MediaType, SaveError, clean_name};

/// Bytes of a form beside its file: nobody sends more in good faith.
const FORM_BYTES: u64 = 64 * 1024;

/// Uploads that may wait for a message, where a message may bring any number of files.
const WAITING: usize = 256;

const FORBIDDEN: &str = "You are not authorized to upload files for this session";

/// How many uploads may wait for each that one message may bring: a user who takes an attachment
/// back tells nobody.
const WAITING_PER_FILE: usize = 4;

/// Why a file is not taken.
enum Refusal {
    Form(FormError),
    Save(SaveError),
}

impl From<FormError> for Refusal {
    fn from(error: FormError) -> Self {
        Self::Form(error)
    }
}

/// Keeps a file that a user sends, and answers with its id.
pub(super) async fn receive(state: &AppState, request: Request) -> Result<Response, HttpError> {
    let chats = state.chats();
    if chats.is_closing() {
        let detail = "The server is going down, try again in a moment";
        return Err(HttpError::new(StatusCode::SERVICE_UNAVAILABLE, detail));
    }
    let not_found = |detail: &str| HttpError::new(StatusCode::NOT_FOUND, detail);
    let id = query::value(&request.query, "session_id").unwrap_or_default();
    let chat = state.own_chat(&request, &id, not_found("Session not found"), FORBIDDEN).await?;
    let parent = query::value(&request.query, "ask_parent_id").filter(|id| !id.is_empty());
    let asked = chat.session.upload_rules(parent.as_deref());
    let rules = match parent {
        Some(_) => asked.ok_or_else(|| not_found("Parent message not found"))?,
        None => asked.or_else(|| chat.config.features.upload_rules()).ok_or(UploadError::Off)?,
    };
    let most =
        rules.max_bytes.unwrap_or(u64::MAX).min(state.config().limits.file_bytes_per_session);
    let declared = request.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    // A declared length saves the reading; that it is wrong or missing is found while reading.
    if declared
        .and_then(|text| text.parse().ok())
        .is_some_and(|length: u64| length > most.saturating_add(FORM_BYTES))
    {
        return Err(HttpError::new(StatusCode::PAYLOAD_TOO_LARGE, "File size too large"));
    }
    // Attachments that wait for their message do not give way to a question's files, nor these to them.
    let of_messages = chat.config.features.upload_rules();
    let waiting = of_messages.iter().chain([&rules]).map(most_waiting).max().unwrap_or(WAITING);
    let id = keep(&chat, &rules, waiting, FormFile::find(request).await?).await?;
    Ok(reply::json(&json!({ "id": id })))
}

/// How many uploads may wait under these rules.
fn most_waiting(rules: &UploadRules) -> usize {
    rules.max_files.map_or(WAITING, |most| most.saturating_mul(WAITING_PER_FILE))
}

/// Writes the file down if it is what it should be; gives its id. The oldest of those that wait goes when more than
/// `waiting` do.
async fn keep(
    chat: &Chat,
    rules: &UploadRules,
    waiting: usize,
    file: FormFile,
) -> Result<String, HttpError> {
    let name = clean_name(&file.name);
    let claim = file.media_type.clone();
    let mut content = Box::pin(file.into_content().fuse());
    let head = MediaType::head(&mut content).await?;
    let media_type = MediaType::checked(&name, claim.as_deref(), &head.concat())
        .map_err(|lie| HttpError::new(StatusCode::BAD_REQUEST, lie.to_string()))?;
    rules.check_type(&name, &media_type)?;
    let content = stream::iter(head.into_iter().map(Ok)).chain(content);
    let content = content.map(|piece| piece.map_err(Refusal::Form));
    chat.session.release_forgotten();
    let kept = chat.files.receive(name.clone(), media_type, rules.max_bytes, content).await;
    let file = kept.map_err(|refusal| refusal.told(&name))?;
    chat.session.note_upload(&file, waiting);
    Ok(file.id)
}

impl From<SaveError> for Refusal {
    fn from(error: SaveError) -> Self {
        Self::Save(error)
    }
}

impl Refusal {
    /// What the client is told.
    fn told(self, name: &str) -> HttpError {
        let error = match self {
            Self::Form(error) => return error.into(),
            Self::Save(error) => error,
        };
        let status = match &error {
            SaveError::TooLarge(_) => {
                return HttpError::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    format!("File size too large: `{name}`: {error}"),
                );
            }
            SaveError::NoRoom(_) => StatusCode::PAYLOAD_TOO_LARGE,
            SaveError::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            SaveError::ServerFull => StatusCode::INSUFFICIENT_STORAGE,
            SaveError::Ended => {
                return HttpError::new(StatusCode::NOT_FOUND, "Session not found");
            }
            SaveError::NoFile | SaveError::Io(_) => {
                // Where our files are is nobody's business.
                tracing::error!(%error, "an upload could not be written");
                let status = StatusCode::INSUFFICIENT_STORAGE;
                return HttpError::new(status, format!("`{name}` could not be written"));
            }
        };
        HttpError::new(status, format!("`{name}` can't be kept: {error}"))
    }
}

impl From<UploadError> for HttpError {
    fn from(error: UploadError) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error.to_string())
    }
}
