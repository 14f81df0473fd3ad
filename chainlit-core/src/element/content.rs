//! Where an element's content is, and how it gets among the session's files.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use tokio::sync::Mutex;

use super::Element;
use crate::error::Error;
use crate::files::{Content, NewFile};
use crate::session::Session;
use crate::wire::ElementType;

/// What a store says of a file that it knows nothing of.
const UNKNOWN: &str = "application/octet-stream";

/// What a table's file is.
const TEXT: &str = "text/plain";

/// Where an element's content is.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// Somewhere else.
    Url(String),
    /// Here. Copies of an element share it, so that it is kept once.
    Stock(Arc<Mutex<Stock>>),
}

impl Source {
    pub(super) fn of(content: Content) -> Self {
        let supply = match content {
            Content::Bytes(bytes) => Supply::Bytes(bytes),
            Content::Path(path) => Supply::Path(path),
            stream @ Content::Stream(_) => Supply::Once(Some(stream)),
        };
        Self::Stock(Arc::new(Mutex::new(Stock { supply, kept: None })))
    }

    pub(super) fn url(&self) -> Option<&str> {
        match self {
            Self::Url(url) => Some(url),
            Self::Stock(_) => None,
        }
    }
}

/// A content, and the file it was kept in last.
#[derive(Debug)]
pub(super) struct Stock {
    supply: Supply,
    kept: Option<Kept>,
}

/// What a content comes from.
#[derive(Debug)]
enum Supply {
    Bytes(Bytes),
    Path(PathBuf),
    /// A stream, until it is read.
    Once(Option<Content>),
}

/// A file among those of a session.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) file_id: String,
    pub(super) mime: Option<String>,
    session_id: String,
    element_id: String,
    /// What a file on this machine looked like then.
    look: Option<Look>,
}

/// Length and time of the last change: what tells that a file has become another one.
type Look = (u64, Option<SystemTime>);

impl Stock {
    /// The element's file in that session, which is made where there is none yet.
    pub(super) async fn keep(
        &mut self,
        element: &Element,
        session: &Session,
    ) -> Result<Kept, Error> {
        let look = match &self.supply {
            Supply::Path(path) => look_at(path).await,
            Supply::Bytes(_) | Supply::Once(_) => None,
        };
        if let Some(kept) = &self.kept
            && kept.look == look
            && kept.session_id == session.id()
            && kept.element_id == element.id
            && session.files().reclaim(&kept.file_id)
        {
            session.emitter().reclaim(&kept.file_id);
            return Ok(kept.clone());
        }
        // What the page shows no more makes room.
        session.release_forgotten();
        let content = match &mut self.supply {
            Supply::Bytes(bytes) => Content::Bytes(bytes.clone()),
            Supply::Path(path) => Content::Path(path.clone()),
            Supply::Once(stream) => stream.take().ok_or_else(|| Error::File {
                name: element.name.clone(),
                reason: "its content came from a stream, which was read already".to_owned(),
            })?,
        };
        // Chainlit's page parses a table itself, and wants it as a text.
        let is_table = element.kind() == ElementType::Dataframe;
        let mime = element.mime.clone().or(is_table.then(|| TEXT.to_owned()));
        let file = NewFile::new(element.name.as_str(), content).mime(mime);
        let file = session.files().save(file).await?;
        let kept = Kept {
            file_id: file.id,
            mime: Some(file.mime).filter(|mime| mime != UNKNOWN && !is_table),
            session_id: session.id().to_owned(),
            element_id: element.id.clone(),
            look,
        };
        self.kept = Some(kept.clone());
        Ok(kept)
    }
}

async fn look_at(path: &Path) -> Option<Look> {
    let metadata = tokio::fs::metadata(path).await.ok()?;
    Some((metadata.len(), metadata.modified().ok()))
}

/// The name that an element has unless it is given one.
pub(super) fn name_of(content: &Content) -> String {
    match content {
        Content::Path(path) => {
            path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
        }
        Content::Bytes(_) | Content::Stream(_) => String::new(),
    }
}

/// The last part of an address's path.
pub(super) fn name_of_url(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    path.rsplit_once('/').map_or("", |(_, name)| name).to_owned()
}

/// The media type that an address's ending tells of.
pub(super) fn mime_of_url(url: &str) -> Option<String> {
    mime_guess::from_path(name_of_url(url)).first().map(|mime| mime.to_string())
}

/// Refuses an address that would run as a script, or means something else in the page than here.
pub(super) fn check_url(name: &str, url: &str) -> Result<(), Error> {
    let lower = url.to_ascii_lowercase();
    let is_own = url.starts_with('/') && !url.starts_with("/\\");
    let is_plain = !url.contains(|c: char| c.is_control() || c.is_whitespace());
    if is_plain && (is_own || lower.starts_with("https://") || lower.starts_with("http://")) {
        return Ok(());
    }
    let problem = "must begin with `https://`, `http://` or `/`; give content that you have at \
                   hand as content";
    Err(Error::Definition {
        what: format!("element `{name}`"),
        field: "url",
        problem: problem.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_tell_name_and_type() {
        let url = "https://example.org/a/cat.png?size=2#top";
        assert_eq!(name_of_url(url), "cat.png");
        assert_eq!(mime_of_url(url).as_deref(), Some("image/png"));
        assert_eq!(name_of_url("https://example.org"), "");
        assert_eq!(mime_of_url("https://example.org/png"), None);
    }

    #[test]
    fn only_addresses_that_a_page_can_load_are_taken() {
        for good in ["https://a.example/x", "HTTP://a.example", "/public/x.png", "//a.example/x"] {
            assert!(check_url("x", good).is_ok(), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            " javascript:alert(1)",
            "java\nscript:x",
            "data:text/html,x",
            "file:///etc/passwd",
            "/\\a.example",
            "x.png",
            "https://a.example/x y",
            "",
        ] {
            let error = check_url("cat", bad).unwrap_err().to_string();
            assert!(error.contains("`cat`"), "{error}");
        }
    }
}
