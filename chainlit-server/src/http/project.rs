//! What a frontend asks before it opens the socket.

use std::sync::Arc;

use chainlit_core::{SetStarterCategories, SetStarters};
use serde_json::{Value, json};
use warp::reply::Response;

use super::{AppState, HttpError, Request, query, reply};
use crate::chat;
use crate::config::{Config, TRANSLATIONS_DIR};
use crate::{markdown, translations};

/// `GET /auth/config`.
pub(super) fn auth_config(state: &AppState) -> Response {
    let (ui, login) = (&state.config().ui, &state.facts().login);
    reply::json(&json!({
        "requireLogin": login.required,
        "passwordAuth": login.password,
        "headerAuth": login.header,
        "oauthProviders": login.oauth_providers,
        "default_theme": ui.default_theme,
        "ui": {
            "login_page_image": ui.login_page_image,
            "login_page_image_filter": ui.login_page_image_filter,
            "login_page_image_dark_filter": ui.login_page_image_dark_filter,
        },
    }))
}

/// `GET /project/translations`.
pub(super) async fn translations(
    state: &AppState,
    request: &Request,
) -> Result<Response, HttpError> {
    let language = language(state, request)?;
    let folder = state.app_root().join(TRANSLATIONS_DIR);
    let texts = translations::load(&folder, &language).await;
    Ok(reply::json(&json!({"translation": texts})))
}

/// `GET /project/settings`.
pub(super) async fn settings(state: &AppState, request: &Request) -> Result<Response, HttpError> {
    let language = language(state, request)?;
    let user = state.user(request).await?;
    let (chats, facts) = (state.chats(), state.facts());
    let dispatcher = chats.dispatcher();
    let profiles = dispatcher.profiles(&chats.visitor(&language, None, user.clone())).await;
    let asked = query::value(&request.query, "chat_profile");
    // The same as the chat will have.
    let profile = chat::chosen(&profiles, asked.as_deref().filter(|name| !name.is_empty()));
    let config = chats.config_of(profile).unwrap_or_else(|error| {
        // The page must be there to show why a chat is refused.
        tracing::error!("{error}");
        Arc::clone(&chats.settings().config)
    });
    let config = &*config;
    let visitor = chats.visitor(&language, profile.map(|profile| profile.name.clone()), user);
    let starters = dispatcher.visit::<SetStarters>(&visitor).await;
    let categories = dispatcher.visit::<SetStarterCategories>(&visitor).await;
    Ok(reply::json(&json!({
        "ui": ui(config),
        "features": features(config),
        "userEnv": config.project.user_env,
        "maskUserEnv": config.project.mask_user_env,
        "dataPersistence": facts.data_persistence,
        "threadResumable": facts.thread_resumable,
        "threadSharing": config.features.allow_thread_sharing && facts.shared_thread_view,
        "markdown": markdown::readme(state.app_root(), &language).await,
        "chatProfiles": profiles,
        "starters": starters.unwrap_or_default(),
        "starterCategories": categories.unwrap_or_default(),
        "debugUrl": null,
    })))
}

/// The configuration's language, else the one that the browser asks for.
fn language(state: &AppState, request: &Request) -> Result<String, HttpError> {
    let asked = query::language(&request.query)?;
    Ok(state.config().ui.language.clone().unwrap_or(asked))
}

/// The table `[UI]` without what is for the server alone.
fn ui(config: &Config) -> Value {
    let mut ui = json!(config.ui);
    if let Some(ui) = ui.as_object_mut() {
        ui.remove("show_errors");
    }
    ui
}

/// The table `[features]`. Of MCP only names and kinds leave the server: the rest holds commands and secrets.
fn features(config: &Config) -> Value {
    let mcp = &config.features.mcp;
    let servers: Vec<Value> = mcp
        .servers
        .iter()
        .map(|server| json!({"name": server.name(), "type": server.kind()}))
        .collect();
    let mut features = json!(config.features);
    features["mcp"] = json!({
        "enabled": mcp.enabled,
        "servers": servers,
        "user_servers": {"enabled": mcp.user_servers.enabled},
    });
    features
}
