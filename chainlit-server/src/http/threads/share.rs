//! A conversation is opened by its link.

use chainlit_core::{
    OnSharedThreadView, SharedThreadView, StepRange, Thread, ThreadUpdate, Timestamp,
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use warp::reply::Response;

use super::access::{Own, enter, is_id, layer, no_thread, stored};
use super::list::wrong;
use super::read::whole;
use crate::http::{AppState, HttpError, Request, reply, session, stored_file};
use crate::storage::Way;

/// Facts of a thread about its link, in the thread's metadata. The first two are Chainlit's.
const IS_SHARED: &str = "is_shared";
const SHARED_AT: &str = "shared_at";
const EXPIRES_AT: &str = "share_expires_at";

/// Steps that a viewer gets; the last ones.
const MAX_STEPS: usize = 10_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    thread_id: String,
    is_shared: bool,
    /// When the link ends; never, when it is missing. Not a key of Chainlit's.
    #[serde(default)]
    expires_at: Option<Timestamp>,
    #[serde(default)]
    session_id: Option<String>,
}

/// `PUT /project/thread/share`.
pub(in crate::http) async fn share(
    state: &AppState,
    request: Request,
) -> Result<Response, HttpError> {
    let entered = enter(state, &request.headers).await?;
    let body: Body = request.json().await?;
    let own = Own::find(state, entered, &body.thread_id, body.session_id.as_deref()).await?;
    let now = Timestamp::now();
    if body.is_shared && !state.config().features.allow_thread_sharing {
        let detail = "Conversations can't be shared here";
        return Err(HttpError::new(StatusCode::FORBIDDEN, detail));
    }
    if body.expires_at.is_some_and(|end| end <= now) {
        return Err(wrong("expiresAt", "Input should be in the future"));
    }
    // `null` takes a fact away.
    let text = |time: Option<Timestamp>| {
        time.filter(|_| body.is_shared).map_or(Value::Null, |time| time.to_string().into())
    };
    let facts = [
        (IS_SHARED, Value::Bool(body.is_shared)),
        (SHARED_AT, text(Some(now))),
        (EXPIRES_AT, text(body.expires_at)),
    ];
    let metadata = facts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let update = ThreadUpdate { metadata: Some(metadata), ..own.update() };
    stored(own.layer.update_thread(&update).await)?;
    Ok(reply::json(&json!({"success": true})))
}

/// `GET /project/share/{id}`: for everybody who has the link.
pub(in crate::http) async fn view(
    state: &AppState,
    request: &Request,
    id: &str,
) -> Result<Response, HttpError> {
    let mut thread = viewed(state, request, id).await?;
    Way::Shared.address(state.root_path(), &mut thread.elements);
    Ok(reply::json(&whole(&thread)))
}

/// `GET /project/share/{id}/element/{id}/content`.
pub(in crate::http) async fn shared_content(
    state: &AppState,
    request: &Request,
    [thread_id, id]: [&str; 2],
) -> Result<Response, HttpError> {
    let thread = viewed(state, request, thread_id).await?;
    let element = thread.elements.iter().find(|element| *element.id == *id);
    stored_file::send(state, request, element.ok_or_else(HttpError::file_not_found)?).await
}

/// The thread as a viewer may see it: 404 for none, and for one that is not shared with them.
async fn viewed(state: &AppState, request: &Request, id: &str) -> Result<Thread, HttpError> {
    let layer = layer(state).await?;
    let caller = session::anybody(state, &request.headers).await;
    if !is_id(id) {
        return Err(no_thread());
    }
    // Asked first, since it costs little: most of what is asked for in vain ends here.
    let summary = stored(layer.get_thread_summary(id).await)?.ok_or_else(no_thread)?;
    let is_shared = state.config().features.allow_thread_sharing && is_shared(&summary.metadata);
    let asks = state.chats().dispatcher().registry().get::<OnSharedThreadView>().is_some();
    if !is_shared && !asks {
        return Err(no_thread());
    }
    let thread = stored(layer.get_thread(id, StepRange::Last(MAX_STEPS)).await)?;
    let mut thread = state.chats().presentable(thread.ok_or_else(no_thread)?);
    if asks {
        let view = SharedThreadView::new(thread.clone(), is_shared);
        let answer = state.chats().call::<OnSharedThreadView>(&caller, None, view).await;
        // No answer is no permission.
        if answer != Some(true) {
            return Err(no_thread());
        }
    }
    if state.chats().hides_steps(&thread.summary, &caller).await {
        crate::chat::conceal(&mut thread);
    }
    // What the session kept and what the author thinks of answers is nobody else's business.
    thread.summary.metadata.retain(|key, _| [IS_SHARED, SHARED_AT, EXPIRES_AT].contains(&&**key));
    thread.feedbacks.clear();
    Ok(thread)
}

/// Whether the author shares the thread now.
fn is_shared(metadata: &Map<String, Value>) -> bool {
    let is_over = match metadata.get(EXPIRES_AT) {
        None | Some(Value::Null) => false,
        // What can't be read was not written here: it opens nothing.
        Some(end) => end
            .as_str()
            .and_then(|text| text.parse::<Timestamp>().ok())
            .is_none_or(|end| end <= Timestamp::now()),
    };
    metadata.get(IS_SHARED) == Some(&Value::Bool(true)) && !is_over
}
