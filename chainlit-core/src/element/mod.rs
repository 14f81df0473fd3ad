//! What a message shows beside its text: pictures, documents, charts, tables, own components.

mod content;
mod custom;
mod dataframe;
mod document;
mod kind;
mod media;
mod plotly;
mod sidebar;
mod task_list;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::context::Context;
use crate::error::Error;
use crate::files::Content;
use crate::session::Session;
use crate::wire::{Display, ElementDict, ElementSize, ElementType, ServerEvent};
use content::Source;

pub use custom::CustomElement;
pub use dataframe::Dataframe;
pub use document::{File, Pdf, Text};
pub use media::{Audio, Image, Video};
pub use plotly::Plotly;
pub use sidebar::ElementSidebar;
pub use task_list::{Task, TaskList, TaskStatus};

/// Something that the page shows beside a text, of any kind.
///
/// One is made by its kind: [`Text`], [`Image`], [`Pdf`], [`Audio`], [`Video`], [`File`],
/// [`Plotly`], [`Dataframe`] or [`CustomElement`], from content, from a file or from an address.
/// Mostly it goes with a message:
///
/// ```
/// use chainlit as cl;
///
/// let message = cl::Message::new("The code and the picture.")
///     .element(cl::Text::new("fn main() {}").name("code").language("rust"))
///     .element(cl::Image::path("cat.png"));
/// assert_eq!(message.elements[1].name, "cat.png");
/// ```
///
/// The content is kept among the session's files and the page fetches it from there: it never goes
/// over the socket, and a file or a stream is never in memory as a whole. A copy of an element is
/// the same element: both have one id, and the page shows it once.
///
/// Follows Chainlit's [elements](https://docs.chainlit.io/api-reference/elements/text). Different
/// from there, an element can be [updated](Self::update), an empty content is a content, and an
/// element that can't be shown is an error before anything is sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Element {
    /// UUID v4; the same through all updates.
    pub id: String,
    /// Shown above it; where the message's text has it, it becomes a link to the element. The
    /// file's own name unless set.
    pub name: String,
    /// Where the page shows it.
    pub display: Display,
    /// How large it is shown.
    pub size: Option<ElementSize>,
    /// The content's media type; the page is told what content and name show when `None`.
    pub mime: Option<String>,
    /// Id of the message or step it belongs to, once it was sent.
    pub for_id: Option<String>,
    kind: ElementType,
    source: Source,
    language: Option<String>,
    page: Option<u32>,
    auto_play: Option<bool>,
    player_config: Option<Map<String, Value>>,
    props: Option<Map<String, Value>>,
    /// The content is still that of earlier props.
    are_props_new: bool,
    /// Id of the session's file with the content, once it is kept.
    file_id: Option<String>,
    /// The content's media type as it was found out, once it is kept.
    found_mime: Option<String>,
}

impl Element {
    fn from_content(kind: ElementType, content: Content) -> Self {
        let name = content::name_of(&content);
        Self::new(kind, name, Source::of(content))
    }

    fn from_url(kind: ElementType, url: String) -> Self {
        Self::new(kind, content::name_of_url(&url), Source::Url(url))
    }

    fn new(kind: ElementType, name: String, source: Source) -> Self {
        Self {
            id: Uuid::new_v4().to_string(),
            name,
            display: Display::Inline,
            size: None,
            mime: None,
            for_id: None,
            kind,
            source,
            language: None,
            page: None,
            auto_play: None,
            player_config: None,
            props: None,
            are_props_new: false,
            file_id: None,
            found_mime: None,
        }
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> ElementType {
        self.kind
    }

    /// Gives it another content; [`update`](Self::update) shows it.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let mut notes = cl::Text::new("first line").name("notes");
    /// notes.set_content("first line\nsecond line");
    /// ```
    pub fn set_content(&mut self, content: impl Into<Content>) {
        self.source = Source::of(content.into());
        self.found_mime = None;
        self.are_props_new = false;
    }

    /// Shows it under the message or step with that id; no id, `""`, is for elements that belong to
    /// none.
    ///
    /// # Errors
    ///
    /// - [`Error::File`] when the content can't be read or kept; it has the element's name.
    /// - [`Error::Definition`] when the address is none that a page can show, or the name of a custom
    ///   element can't be the name of its file.
    /// - [`Error::ChatEnded`].
    ///
    /// # Panics
    ///
    /// Outside of a handler, like [`Context::current`]; so do the other methods that send.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent. What a stream gave by then is lost.
    pub async fn send(&mut self, for_id: &str) -> Result<(), Error> {
        let context = Context::current();
        self.keep_content(context.session()).await?;
        context.room().await?;
        self.show(context.session(), for_id);
        Ok(())
    }

    /// Shows its present state where the page shows it. A new content takes the place of the old
    /// one, which is kept for a moment longer: a page may be fetching it. A file on this machine
    /// that has changed since it was shown is a new content.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send).
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent. What a stream gave by then is lost.
    pub async fn update(&mut self) -> Result<(), Error> {
        let for_id = self.place(&Context::current());
        self.send(&for_id).await
    }

    /// Takes it away from the page, and its content from the session's files.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was removed.
    pub async fn remove(&self) -> Result<(), Error> {
        let context = Context::current();
        context.room().await?;
        self.take_away(context.session());
        Ok(())
    }

    /// The element as the browser sees it.
    #[must_use]
    pub fn to_dict(&self, session: &Session) -> ElementDict {
        let thread_id = session.shared_thread_id();
        let new = ElementDict::new(self.id.as_str(), thread_id, self.kind, self.name.clone());
        ElementDict {
            url: self.source.url().map(str::to_owned),
            chainlit_key: self.file_id.clone(),
            display: self.display,
            size: self.size,
            props: self.props.clone(),
            page: self.page,
            auto_play: self.auto_play,
            player_config: self.player_config.clone(),
            language: self.language.clone(),
            for_id: self.for_id.as_deref().unwrap_or_default().into(),
            mime: self.mime.clone().or_else(|| self.found_mime.clone()),
            ..new
        }
    }

    /// Sees to it that the page can fetch the content.
    pub(crate) async fn keep_content(&mut self, session: &Session) -> Result<(), Error> {
        if self.kind == ElementType::Custom {
            custom::check_name(&self.name)?;
            if let Some(props) = self.props.as_ref().filter(|_| self.are_props_new) {
                self.set_content(custom::content(props));
            }
        }
        let stock = match &self.source {
            Source::Url(url) => {
                content::check_url(&self.name, url)?;
                self.found_mime = content::mime_of_url(url);
                return Ok(());
            }
            Source::Stock(stock) => stock,
        };
        // The props of a custom element reach the page without their file.
        let is_carried = self.kind == ElementType::Custom;
        if !session.keeps_files() && (is_carried || !session.has_browser()) {
            return Ok(());
        }
        let kept = stock.lock().await.keep(self, session).await?;
        self.found_mime = kept.mime;
        self.file_id = Some(kept.file_id);
        Ok(())
    }

    /// Shows it; what it consists of is kept already.
    pub(crate) fn show(&mut self, session: &Session, for_id: &str) {
        self.for_id = Some(for_id.to_owned());
        replace_shown(session, &self.to_dict(session));
    }

    /// Id of what it belongs to: as the page has it, because a copy may have been sent.
    fn place(&self, context: &Context) -> String {
        match context.emitter().element(&self.id) {
            Some(shown) => shown.for_id.as_ref().to_owned(),
            None => self.for_id.clone().unwrap_or_default(),
        }
    }

    /// Takes it away from the page, with what the page fetches.
    pub(crate) fn take_away(&self, session: &Session) {
        let shown = session.emitter().element(&self.id).and_then(|shown| shown.chainlit_key);
        session.emitter().emit(&ServerEvent::RemoveElement { id: &self.id });
        if let Some(file) = shown {
            session.files().remove(&file);
        }
        self.drop_content(session);
    }

    /// Removes what was kept for it.
    pub(crate) fn drop_content(&self, session: &Session) {
        if let Some(file) = &self.file_id {
            session.files().remove(file);
        }
    }
}

/// Shows an element; the file that the page showed under its id until now is outdated.
fn replace_shown(session: &Session, element: &ElementDict) {
    let old = session.emitter().element(&element.id).and_then(|old| old.chainlit_key);
    session.emitter().emit(&ServerEvent::Element(element));
    let old = old.filter(|old| Some(old) != element.chainlit_key.as_ref());
    if let Some(file) = old {
        session.files().retire(&file);
    }
}
