//! Favicon, logos and avatars: the application's own where it has them, else the crate's.

use std::path::Path;

use http::StatusCode;
use warp::reply::Response;

use super::files;
use super::found::open_inside;
use super::{AppState, HttpError, Request, query};
use crate::assets;
use crate::config::Theme;
use crate::ui::UiSource;

const SVG: &str = "image/svg+xml";

/// How long a picture of the application is used without asking again.
const A_MINUTE: &str = "public, max-age=60";

/// `GET /favicon`.
pub(super) async fn favicon(state: &AppState, request: &Request) -> Result<Response, HttpError> {
    let public = state.app_root().join("public");
    let own = find(&public, |name| has_stem(name, "favicon")).await;
    match own {
        Some(name) => open_inside(&public, &[&name]).await?.send(request, A_MINUTE),
        None => Ok(bundled(request, assets::FAVICON, "favicon")),
    }
}

/// `GET /logo`.
pub(super) async fn logo(state: &AppState, request: &Request) -> Result<Response, HttpError> {
    let theme = query::theme(&request.query)?;
    let stem = format!("logo_{}", theme.as_str());
    let public = state.app_root().join("public");
    if let Some(name) = find(&public, |name| has_stem(name, &stem)).await {
        return open_inside(&public, &[&name]).await?.send(request, A_MINUTE);
    }
    match state.ui() {
        UiSource::Folder(folder) => {
            let folder = folder.join("assets");
            if let Some(name) = find(&folder, |name| name.starts_with(&stem)).await {
                return open_inside(&folder, &[&name]).await?.send(request, A_MINUTE);
            }
        }
        UiSource::Embedded => {
            let path = format!("assets/{stem}");
            if let Some(file) =
                assets::starting_with(&path).find(|file| file.path.ends_with(".svg"))
            {
                return Ok(files::content(request, file.identity, SVG, file.hash, A_MINUTE));
            }
        }
    }
    Ok(match theme {
        Theme::Light => bundled(request, assets::LOGO_LIGHT, "logo-light"),
        Theme::Dark => bundled(request, assets::LOGO_DARK, "logo-dark"),
    })
}

/// `GET /avatars/{id}`: a file of `public/avatars` with the author's name, else the favicon.
pub(super) async fn avatar(
    state: &AppState,
    request: &Request,
    id: &str,
) -> Result<Response, HttpError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ' ' | '.' | '-');
    if id.is_empty() || !id.chars().all(allowed) {
        return Err(HttpError::new(StatusCode::BAD_REQUEST, "Invalid avatar_id"));
    }
    let author = if id == "default" { &state.config().ui.name } else { id };
    let stem = author.trim().to_lowercase().replace([' ', '.'], "_");
    let folder = state.app_root().join("public/avatars");
    match find(&folder, |name| has_stem(name, &stem)).await {
        Some(name) => open_inside(&folder, &[&name]).await?.send(request, A_MINUTE),
        None => favicon(state, request).await,
    }
}

fn bundled(request: &Request, svg: &'static str, name: &str) -> Response {
    let hash = format!("{name}-{}", env!("CARGO_PKG_VERSION"));
    files::content(request, svg, SVG, &hash, A_MINUTE)
}

/// The first name in a folder that fits. What a client sent is compared with names, and never becomes one.
async fn find(folder: &Path, fits: impl Fn(&str) -> bool) -> Option<String> {
    let mut entries = tokio::fs::read_dir(folder).await.ok()?;
    let mut first: Option<String> = None;
    while let Ok(Some(entry)) = entries.next_entry().await {
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if fits(&name) && first.as_ref().is_none_or(|first| name < *first) {
            first = Some(name);
        }
    }
    first
}

fn has_stem(name: &str, stem: &str) -> bool {
    name.strip_prefix(stem).is_some_and(|rest| rest.len() > 1 && rest.starts_with('.'))
}
