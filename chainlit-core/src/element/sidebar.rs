//! The bar beside the conversation.

use super::Element;
use crate::context::Context;
use crate::error::Error;
use crate::into_list::IntoList;
use crate::wire::{ElementDict, ServerEvent};

/// The bar beside the conversation, which shows elements that the application chooses.
///
/// ```
/// use chainlit as cl;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
/// let draft = cl::Text::new("# Draft").name("draft").language("markdown");
/// cl::ElementSidebar::set_elements([draft], Some("draft-1")).await?;
/// cl::ElementSidebar::set_title("Your draft").await?;
/// cl::ElementSidebar::close().await?;
/// # Ok::<(), cl::Error>(()) }).await.unwrap();
/// # }
/// ```
///
/// Follows Chainlit's
/// [`cl.ElementSidebar`](https://docs.chainlit.io/api-reference/elements/element-sidebar).
#[derive(Debug)]
#[non_exhaustive]
pub struct ElementSidebar;

impl ElementSidebar {
    /// Sets the title, and opens the bar.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`].
    ///
    /// # Panics
    ///
    /// Outside of a handler, like [`Context::current`]; so do the other functions here.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent.
    pub async fn set_title(title: impl AsRef<str>) -> Result<(), Error> {
        let context = Context::current();
        context.room().await?;
        context.emitter().emit(&ServerEvent::SetSidebarTitle(title.as_ref()));
        Ok(())
    }

    /// Shows these elements in the bar, and opens it; none of them closes it.
    ///
    /// Elements of several kinds stand in a tuple, those of one kind in an array or a `Vec`:
    ///
    /// ```
    /// # use chainlit as cl;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
    /// let notes = cl::Text::new("Two of three are done.").name("notes");
    /// let map = cl::Image::url("https://example.org/map.png").name("map");
    /// cl::ElementSidebar::set_elements((notes.clone(), map.clone()), None).await?;
    ///
    /// let mut shown: Vec<cl::Element> = vec![notes.into()];
    /// shown.push(map.into());
    /// cl::ElementSidebar::set_elements(shown, None).await?;
    /// # Ok::<(), cl::Error>(()) }).await.unwrap();
    /// # }
    /// ```
    ///
    /// While the bar is open with the same key, it keeps what it shows. An element that is to be
    /// updated later stays with the caller, who gives a copy of it. The content of what the bar
    /// shows no more makes room for others.
    ///
    /// # Errors
    ///
    /// Those of [`Element::send`]. Nothing was sent then.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was sent.
    pub async fn set_elements<Kind>(
        elements: impl IntoList<Element, Kind>,
        key: Option<&str>,
    ) -> Result<(), Error> {
        let context = Context::current();
        let mut elements = elements.into_list();
        for element in &mut elements {
            element.keep_content(context.session()).await?;
        }
        context.room().await?;
        for element in &mut elements {
            let for_id = element.place(&context);
            element.show(context.session(), &for_id);
        }
        let elements: Vec<ElementDict> =
            elements.iter().map(|element| element.to_dict(context.session())).collect();
        context.emitter().emit(&ServerEvent::SetSidebarElements { elements: &elements, key });
        Ok(())
    }

    /// Closes the bar.
    ///
    /// # Errors
    ///
    /// [`Error::ChatEnded`].
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, the bar is still open.
    pub async fn close() -> Result<(), Error> {
        Self::set_elements(Vec::<Element>::new(), None).await
    }
}
