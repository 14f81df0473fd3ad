//! The route of the socket: `<root path>/ws/socket.io/`.

use std::convert::Infallible;

use http::header::{CONTENT_TYPE, ORIGIN};
use http::{HeaderValue, Method};
use hyper::upgrade::OnUpgrade;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use crate::addresses::Addresses;
use crate::engineio::{self, Application, Head, Refusal, Server};
use crate::http::{OriginPolicy, Request, add_common_headers, preflight};

/// What the socket's route needs.
pub(crate) struct SocketRoute<A> {
    /// The whole path, with the root path.
    pub(crate) path: String,
    pub(crate) settings: engineio::Settings,
    /// Whose pages may open a socket. Browsers do not ask before a WebSocket as they do before other
    /// requests to foreign servers: any page could act with its visitor's cookies.
    pub(crate) origins: OriginPolicy,
    pub(crate) application: A,
    /// How many connections an address may have that poll.
    pub(crate) addresses: Addresses,
    /// What a browser's cookie is for.
    pub(crate) cookie_path: String,
    /// Open connections, for shutdown to wait for.
    pub(crate) sockets: TaskTracker,
    /// Ends all connections.
    pub(crate) shutdown: CancellationToken,
}

impl<A: Application> SocketRoute<A> {
    /// The route as a filter; it rejects every other path.
    pub(crate) fn filter(self) -> BoxedFilter<(Response,)> {
        let Self {
            path,
            settings,
            origins,
            application,
            addresses,
            cookie_path,
            sockets,
            shutdown,
        } = self;
        let is_ours = warp::path::full().and_then(move |full: warp::path::FullPath| {
            let found = full.as_str() == path;
            async move { if found { Ok(()) } else { Err(warp::reject::not_found()) } }
        });
        let server =
            Server::new(application, settings.clone(), addresses, cookie_path, sockets, shutdown);
        let route = Route { server, settings, origins };
        is_ours
            .untuple_one()
            .and(crate::http::request())
            .and(warp::ext::optional::<OnUpgrade>())
            .and_then(move |request, upgrade| {
                let route = route.clone();
                async move { Ok::<_, Infallible>(route.answer(request, upgrade).await) }
            })
            .boxed()
    }
}

struct Route<A: Application> {
    server: Server<A>,
    settings: engineio::Settings,
    origins: OriginPolicy,
}

impl<A: Application> Clone for Route<A> {
    fn clone(&self) -> Self {
        Self {
            server: self.server.clone(),
            settings: self.settings.clone(),
            origins: self.origins.clone(),
        }
    }
}

impl<A: Application> Route<A> {
    async fn answer(&self, request: Request, upgrade: Option<OnUpgrade>) -> Response {
        let origin = request.headers.get(ORIGIN).cloned();
        let mut response = match preflight(&self.origins, &request) {
            Some(response) => response,
            None => self.handle(request, upgrade).await.unwrap_or_else(refuse),
        };
        add_common_headers(&self.origins, origin.as_ref(), &mut response);
        response
    }

    async fn handle(
        &self,
        mut request: Request,
        upgrade: Option<OnUpgrade>,
    ) -> Result<Response, Refusal> {
        if !self.origins.admits(&request.headers) {
            return Err(Refusal::ForbiddenOrigin);
        }
        // Reading a body looks at them, too.
        let headers = match request.method {
            Method::POST => request.headers.clone(),
            _ => std::mem::take(&mut request.headers),
        };
        let query = std::mem::take(&mut request.query);
        let peer = request.peer.map(|peer| peer.ip());
        let head = Head { method: request.method.clone(), headers, query, peer };
        let engineio::Settings { max_payload, write_timeout, .. } = self.settings;
        let body = move || async move {
            request.bytes(max_payload, write_timeout).await.map_err(|error| error.status())
        };
        self.server.handle(head, body, upgrade).await
    }
}

fn refuse(refusal: Refusal) -> Response {
    let mut response = http::Response::new(refusal.body().into());
    *response.status_mut() = refusal.status();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
