//! `POST /project/threads`: the user's conversations, page by page.

use chainlit_core::wire::ThreadDict;
use chainlit_core::{
    FeedbackValue, SharedDataLayer, Thread, ThreadQuery, ThreadSummary, Timestamp,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use warp::reply::Response;

use super::access::{enter, is_id, stored, unauthorized};
use crate::chat::Caller;
use crate::http::{AppState, HttpError, Request, reply};
use crate::recorder::Stored;

/// Threads of one page.
const MAX_PAGE: u32 = 100;

/// Bytes that a text to search for may have.
const MAX_SEARCH: usize = 1000;

#[derive(Deserialize)]
struct Body {
    pagination: Pagination,
    #[serde(default)]
    filter: Filter,
}

#[derive(Deserialize)]
struct Pagination {
    first: u32,
    #[serde(default)]
    cursor: Option<String>,
}

/// A `userId` that a client names is not read: everybody sees their own.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Filter {
    search: Option<String>,
    feedback: Option<FeedbackValue>,
    /// The conversations of the archive instead of the others. Not a key of Chainlit's.
    archived: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    page_info: PageInfo<'a>,
    data: Vec<Listed>,
}

/// A thread of a list. It has no steps there; what it has beside is ours.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    #[serde(flatten)]
    thread: ThreadDict,
    updated_at: Option<Timestamp>,
    archived_at: Option<Timestamp>,
}

impl From<&ThreadSummary> for Listed {
    fn from(summary: &ThreadSummary) -> Self {
        let (updated_at, archived_at) = (summary.updated_at, summary.archived_at);
        let mut thread = Thread { summary: summary.clone(), ..Thread::default() };
        Stored::clean(&mut thread.summary);
        Self { thread: ThreadDict::new(&thread), updated_at, archived_at }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo<'a> {
    has_next_page: bool,
    start_cursor: Option<&'a str>,
    end_cursor: Option<&'a str>,
}

/// Lists the caller's threads.
pub(in crate::http) async fn list(
    state: &AppState,
    request: Request,
) -> Result<Response, HttpError> {
    let (layer, caller) = enter(state, &request.headers).await?;
    if caller.user().is_none() {
        return Err(unauthorized());
    }
    let Body { pagination, filter } = request.json().await?;
    let cursor = pagination.cursor.filter(|cursor| !cursor.is_empty());
    if cursor.as_deref().is_some_and(|cursor| !is_id(cursor)) {
        return Err(wrong("cursor", "Input should be the id of a thread"));
    }
    let search = filter.search.map(|text| text.replace(char::is_control, " ").trim().to_owned());
    if search.as_ref().is_some_and(|text| text.len() > MAX_SEARCH) {
        return Err(wrong("search", "Input should have at most 1000 bytes"));
    }
    let query = ThreadQuery {
        user_id: user_id(layer, &caller).await?,
        first: pagination.first.clamp(1, MAX_PAGE) as usize,
        cursor,
        search: search.filter(|text| !text.is_empty()),
        feedback: filter.feedback,
        archived: filter.archived,
    };
    let page = stored(layer.list_threads(&query).await)?;
    let ids = || page.threads.iter().map(|thread| thread.id.as_str());
    Ok(reply::json(&Page {
        page_info: PageInfo {
            has_next_page: page.has_more,
            start_cursor: ids().next(),
            end_cursor: ids().next_back(),
        },
        data: page.threads.iter().map(Listed::from).collect(),
    }))
}

/// The caller's id among the users of the database.
pub(super) async fn user_id(layer: &SharedDataLayer, caller: &Caller) -> Result<String, HttpError> {
    let user = caller.user().ok_or_else(unauthorized)?;
    if let Some(id) = &user.id {
        return Ok(id.clone());
    }
    // The database was away when the user was looked up.
    let known = stored(layer.get_user(&user.user.identifier).await)?;
    let known = known.ok_or_else(|| HttpError::new(StatusCode::NOT_FOUND, "User not found"))?;
    Ok(known.id)
}

/// The refusal of a value.
pub(super) fn wrong(name: &str, message: &str) -> HttpError {
    HttpError::validation(json!({
        "type": "value_error",
        "loc": ["body", name],
        "msg": message,
        "input": null,
    }))
}
