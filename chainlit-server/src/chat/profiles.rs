use std::path::Path;
use std::sync::Arc;

use chainlit_core::{
    ChatProfile, Session, SessionSettings, SetChatProfiles, SetStarterCategories, SetStarters,
    Starter, ThreadSummary,
};
use serde_json::Value;

use super::dispatch::Dispatcher;
use super::request::Caller;
use super::sessions::Chats;
use crate::config::{self, ChainOfThought, Config};
use crate::login::LoggedIn;

impl Dispatcher {
    /// The profiles that the application offers to that visitor.
    pub(crate) async fn profiles(&self, visitor: &Session) -> Vec<ChatProfile> {
        let profiles = self.visit::<SetChatProfiles>(visitor).await.unwrap_or_default();
        match ChatProfile::check_all(&profiles) {
            Ok(()) => profiles,
            Err(error) => {
                tracing::error!("set_chat_profiles gave no good list: {error}");
                Vec::new()
            }
        }
    }

    /// Whether the application may offer something to begin with.
    pub(super) fn has_starters(&self) -> bool {
        self.has::<SetStarters>()
            || self.has::<SetStarterCategories>()
            || self.has::<SetChatProfiles>()
    }

    /// Whether something that is offered to begin with sends that command.
    pub(super) async fn starter_sends(&self, session: &Session, command: &str) -> bool {
        let sends = |starters: &[Starter]| {
            starters.iter().any(|starter| starter.command.as_deref() == Some(command))
        };
        let visitor = session.visitor();
        if sends(&self.visit::<SetStarters>(&visitor).await.unwrap_or_default()) {
            return true;
        }
        let categories = self.visit::<SetStarterCategories>(&visitor).await.unwrap_or_default();
        if categories.iter().any(|category| sends(&category.starters)) {
            return true;
        }
        let name = session.chat_profile();
        let profiles = self.profiles(&visitor).await;
        let mut own = profiles.iter().filter(|profile| Some(&profile.name) == name.as_ref());
        own.any(|profile| sends(profile.starters.as_deref().unwrap_or_default()))
    }
}

/// The profile with that name; without a name, the one that is chosen at first, if there is one.
pub(crate) fn chosen<'a>(
    profiles: &'a [ChatProfile],
    name: Option<&str>,
) -> Option<&'a ChatProfile> {
    profiles.iter().find(|profile| match name {
        Some(name) => profile.name == name,
        None => profile.default,
    })
}

impl Chats {
    /// The profile of that name, which must be one that the visitor is offered, or else the one that
    /// is chosen at first, and what is configured with it.
    pub(super) async fn profile(
        &self,
        name: Option<&str>,
        language: &str,
        user: Option<&LoggedIn>,
    ) -> Result<(Option<String>, Arc<Config>), String> {
        if name.is_none() && !self.dispatcher().has::<SetChatProfiles>() {
            return Ok((None, Arc::clone(&self.settings().config)));
        }
        let profiles =
            self.dispatcher().profiles(&self.visitor(language, None, user.cloned())).await;
        let profile = chosen(&profiles, name);
        if let (Some(name), None) = (name, profile) {
            return Err(format!("The chat profile `{name}` is not offered here"));
        }
        let name = profile.map(|profile| profile.name.clone());
        let config = self.config_of(profile).map_err(|error| {
            tracing::error!("{error}");
            let name = name.as_deref().unwrap_or_default();
            format!("The chat profile `{name}` is configured wrongly; the server's log says how")
        })?;
        Ok((name, config))
    }

    /// Whether what is between question and answer is hidden in a stored conversation. A profile that
    /// is not offered any more can't be asked: better too little is shown than too much.
    pub(crate) async fn hides_steps(&self, thread: &ThreadSummary, caller: &Caller) -> bool {
        let name = thread.metadata.get("chat_profile").and_then(Value::as_str);
        let config = match name.filter(|_| self.dispatcher().has::<SetChatProfiles>()) {
            None => Arc::clone(&self.settings().config),
            Some(_) => match self.profile(name, caller.language(), caller.user()).await {
                Ok((_, config)) => config,
                Err(_) => return true,
            },
        };
        config.ui.cot == ChainOfThought::Hidden
    }

    /// What is configured for a chat with that profile.
    pub(crate) fn config_of(
        &self,
        profile: Option<&ChatProfile>,
    ) -> Result<Arc<Config>, config::ConfigError> {
        let common = &self.settings().config;
        let Some(profile) = profile.filter(|profile| !profile.config_overrides.is_empty()) else {
            return Ok(Arc::clone(common));
        };
        // Messages name it in the place of the file.
        let place = format!("the overrides of the chat profile `{}`", profile.name);
        let tables = profile.config_overrides.tables();
        config::overridden(Path::new(&place), common, tables).map(Arc::new)
    }

    /// What a session knows of the application, with that configuration.
    pub(super) fn session_settings(&self, config: &Arc<Config>) -> Arc<SessionSettings> {
        let common = &self.settings().session;
        if Arc::ptr_eq(config, &self.settings().config) {
            return Arc::clone(common);
        }
        let mut settings = SessionSettings::clone(common);
        settings.assistant_name.clone_from(&config.ui.name);
        settings.show_errors = config.ui.show_errors || self.settings().is_debug;
        Arc::new(settings)
    }
}
