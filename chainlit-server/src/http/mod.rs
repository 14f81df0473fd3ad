//! Everything that is answered over HTTP, the socket aside: that has the [`request`] and the headers in common.
//!
//! [`routes`] is one warp filter that never rejects: put the filters of other paths before it with `or`. One
//! request goes through the router, which knows the paths, to one handler; what every response needs (security
//! headers, CORS, HEAD) is added at one place.

mod action;
mod branding;
mod content;
mod cors;
mod csp;
mod element;
mod encoding;
mod error;
mod feedback;
mod files;
mod found;
mod login;
mod multipart;
#[cfg(feature = "oauth")]
mod oauth;
mod owner;
mod page;
mod project;
mod query;
mod reply;
mod request;
mod router;
mod session;
mod session_cookie;
mod session_file;
mod state;
mod stored_file;
mod threads;
mod unavailable;
mod upload;

use std::convert::Infallible;

use warp::Filter;
use warp::reply::Response;

pub(crate) use cors::{OriginPolicy, preflight};
pub(crate) use error::HttpError;
pub(crate) use request::{PeerAddr, Request, filter as request};
pub(crate) use router::add_common_headers;
pub(crate) use state::{AppState, FrontendFacts, LoginFacts};

/// All routes as one filter, everything below the state's root path.
///
/// It answers every request, so it comes last: `socket.or(routes(state))`.
///
/// The client's address is taken from a [`PeerAddr`] among the request's extensions, or from `warp::serve`.
pub(crate) fn routes(
    state: AppState,
) -> impl Filter<Extract = (Response,), Error = Infallible> + Clone + Send + Sync + 'static {
    request::filter().then(move |request: Request| {
        let state = state.clone();
        async move { router::answer(&state, request).await }
    })
}
