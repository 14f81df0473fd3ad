//! What keeps users and conversations, if anything does.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use chainlit_core::{
    AppParts, BoxError, EventContext, Handler, ProvideDataLayer, Registry, SharedDataLayer,
};
use tokio::sync::OnceCell;

use crate::config::{AppRoot, Data, DatabaseUrl};
use crate::data;

/// The application's data layer, opened once: cheap to clone.
#[derive(Clone)]
pub(crate) struct Persistence(Arc<Inner>);

struct Inner {
    source: Option<Source>,
    layer: OnceCell<SharedDataLayer>,
}

/// Where the data layer comes from.
enum Source {
    /// The application's function for it.
    Function(Handler<ProvideDataLayer>, AppParts),
    /// A database of ours: its address, if it is named, and the application's folder.
    Sql(Option<DatabaseUrl>, PathBuf),
}

impl Persistence {
    /// What the application brings, else what is configured.
    pub(crate) fn new(
        registry: &Registry,
        parts: &AppParts,
        config: &Data,
        root: &AppRoot,
        has_login: bool,
    ) -> Self {
        let source = match registry.get::<ProvideDataLayer>() {
            Some(handler) => Some(Source::Function(handler.clone(), parts.clone())),
            None if config.is_on(has_login) => {
                Some(Source::Sql(config.url().cloned(), root.path().to_owned()))
            }
            None => None,
        };
        Self(Arc::new(Inner { source, layer: OnceCell::new() }))
    }

    /// Whether there is a data layer, opened or not.
    pub(crate) fn is_on(&self) -> bool {
        self.0.source.is_some()
    }

    /// The data layer; `None` when the application keeps nothing. Opens it when nobody has: a service
    /// that is mounted elsewhere has no start of its own.
    pub(crate) async fn layer(&self) -> Result<Option<&SharedDataLayer>, BoxError> {
        let Some(source) = &self.0.source else { return Ok(None) };
        self.0.layer.get_or_try_init(|| source.open()).await.map(Some)
    }

    /// The data layer, if there is one and it is open.
    pub(crate) fn opened(&self) -> Option<&SharedDataLayer> {
        self.0.layer.get()
    }

    /// Closes it. Nothing may be written any more.
    pub(crate) async fn close(&self) {
        if let Some(layer) = self.opened()
            && let Err(error) = layer.close().await
        {
            tracing::error!(%error, "the data layer could not be closed");
        }
    }
}

impl Source {
    async fn open(&self) -> Result<SharedDataLayer, BoxError> {
        match self {
            Self::Function(handler, parts) => {
                handler.call(EventContext::new((), (), parts.clone())).await
            }
            Self::Sql(url, folder) => {
                let url = url.as_ref().map(DatabaseUrl::as_str);
                Ok(data::open(url, folder).await?)
            }
        }
    }
}

impl fmt::Debug for Persistence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Persistence").field("is_on", &self.is_on()).finish_non_exhaustive()
    }
}
