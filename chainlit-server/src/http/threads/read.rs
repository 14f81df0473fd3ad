//! A conversation, a page of its steps, one of its elements, and the content of that.

use chainlit_core::wire::{ElementDict, ThreadDict, ThreadStepDict};
use chainlit_core::{StepRange, Thread};
use http::StatusCode;
use serde::Serialize;
use serde_json::Value;
use warp::reply::Response;

use super::access::{Own, enter, is_id, no_thread, stored};
use crate::http::{AppState, HttpError, Request, query, reply, stored_file};
use crate::storage::Way;

/// Steps of a conversation that is opened as a whole. There is a page for what stands before.
const MAX_STEPS: usize = 10_000;

/// Steps of a page that does not say how many it wants.
const PAGE_STEPS: usize = 100;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StepPage {
    steps: Vec<ThreadStepDict>,
    elements: Vec<ElementDict>,
    has_earlier: bool,
}

/// The thread that a request's path names, if it is the caller's.
pub(super) async fn own<'a>(
    state: &'a AppState,
    request: &Request,
    id: &str,
) -> Result<Own<'a>, HttpError> {
    let entered = enter(state, &request.headers).await?;
    let session_id = query::value(&request.query, "session_id");
    Own::find(state, entered, id, session_id.as_deref()).await
}

/// `GET /project/thread/{id}`.
pub(in crate::http) async fn thread(
    state: &AppState,
    request: &Request,
    id: &str,
) -> Result<Response, HttpError> {
    let own = own(state, request, id).await?;
    let count = count(request)?.unwrap_or(MAX_STEPS);
    let thread = load(state, request, &own, StepRange::Last(count)).await?;
    Ok(reply::json(&whole(&thread)))
}

/// `GET /project/thread/{id}/steps?before=&count=`: the last steps before one that the page has.
pub(in crate::http) async fn steps(
    state: &AppState,
    request: &Request,
    id: &str,
) -> Result<Response, HttpError> {
    let own = own(state, request, id).await?;
    let count = count(request)?.unwrap_or(PAGE_STEPS);
    let before = query::value(&request.query, "before").filter(|id| !id.is_empty());
    let range = match before.as_deref() {
        Some(id) if !is_id(id) => {
            let detail = "`before` must be the id of a step";
            return Err(HttpError::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
        }
        Some(id) => StepRange::Before { id, count },
        None => StepRange::Last(count),
    };
    let thread = load(state, request, &own, range).await?;
    let ThreadDict { steps, elements, .. } = ThreadDict::new(&thread);
    Ok(reply::json(&StepPage { steps, elements, has_earlier: thread.has_earlier }))
}

/// The thread with all that was read of it.
pub(super) fn whole(thread: &Thread) -> ThreadDict {
    ThreadDict::new(thread).with_pages(thread.has_earlier)
}

/// `GET /project/thread/{id}/element/{id}`; `null` when the thread has no such element.
pub(in crate::http) async fn element(
    state: &AppState,
    request: &Request,
    [thread_id, id]: [&str; 2],
) -> Result<Response, HttpError> {
    let own = own(state, request, thread_id).await?;
    let Some(mut element) = find_element(state, &own, id).await? else {
        return Ok(reply::json(&Value::Null));
    };
    let session_id = query::value(&request.query, "session_id");
    let root = state.root_path();
    Way::Own(session_id.as_deref()).address(root, std::slice::from_mut(&mut element));
    Ok(reply::json(&element))
}

/// `GET /project/thread/{id}/element/{id}/content`.
pub(in crate::http) async fn content(
    state: &AppState,
    request: &Request,
    [thread_id, id]: [&str; 2],
) -> Result<Response, HttpError> {
    let own = own(state, request, thread_id).await?;
    let element = find_element(state, &own, id).await?.ok_or_else(HttpError::file_not_found)?;
    stored_file::send(state, request, &element).await
}

/// An element of the thread; none of those that the caller is not to see.
async fn find_element(
    state: &AppState,
    own: &Own<'_>,
    id: &str,
) -> Result<Option<ElementDict>, HttpError> {
    if !is_id(id) {
        return Ok(None);
    }
    let Some(element) = stored(own.layer.get_element(&own.thread.id, id).await)? else {
        return Ok(None);
    };
    if !state.chats().hides_steps(&own.thread, &own.caller).await {
        return Ok(Some(element));
    }
    // Whether it belongs to a message is known by the thread alone.
    let thread = stored(own.layer.get_thread(&own.thread.id, StepRange::All).await)?;
    let mut thread = thread.ok_or_else(no_thread)?;
    crate::chat::conceal(&mut thread);
    Ok(thread.elements.into_iter().find(|known| known.id == element.id))
}

/// That part of the thread as its author may see it.
pub(super) async fn load(
    state: &AppState,
    request: &Request,
    own: &Own<'_>,
    range: StepRange<'_>,
) -> Result<Thread, HttpError> {
    let thread = stored(own.layer.get_thread(&own.thread.id, range).await)?;
    // It may have been removed just now.
    let mut thread = state.chats().presentable(thread.ok_or_else(no_thread)?);
    if state.chats().hides_steps(&own.thread, &own.caller).await {
        crate::chat::conceal(&mut thread);
    }
    let session_id = query::value(&request.query, "session_id");
    Way::Own(session_id.as_deref()).address(state.root_path(), &mut thread.elements);
    Ok(thread)
}

/// How many steps are asked for, if that is said.
fn count(request: &Request) -> Result<Option<usize>, HttpError> {
    let Some(text) = query::value(&request.query, "count") else { return Ok(None) };
    match text.parse() {
        Ok(count) if (1..=MAX_STEPS).contains(&count) => Ok(Some(count)),
        _ => {
            let detail = format!("`count` must be a number from 1 to {MAX_STEPS}");
            Err(HttpError::new(StatusCode::UNPROCESSABLE_ENTITY, detail))
        }
    }
}
