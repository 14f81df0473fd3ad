//! What a step shows beside its input and output.

use super::{Step, room};
use crate::context::Context;
use crate::element::Element;
use crate::error::Error;
use crate::into_list::IntoList;

impl Step {
    /// Adds something that the page shows with the step: a picture, a document, a chart.
    ///
    /// It is shown when the step is, or at the step's next [`update`](Self::update) or
    /// [`end`](Self::end). [`run_sync`](Self::run_sync) shows none by itself: content is kept while
    /// one waits.
    ///
    /// ```
    /// # use chainlit as cl;
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// # cl::Context::new(cl::Session::http("s1").build()).scope(async {
    /// let query = cl::Text::new("select 1").name("query").language("sql");
    /// let step = cl::Step::new("database").element(query).start().await?;
    /// assert_eq!(step.shown_elements()[0].for_id.as_deref(), Some(&*step.step_id()));
    /// # Ok::<_, cl::BoxError>(()) }).await.unwrap();
    /// # }
    /// ```
    pub fn element(self, element: impl Into<Element>) -> Self {
        self.elements((element,))
    }

    /// Adds several such things; a tuple where they are of several kinds.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let log = cl::Text::new("3 files read").name("log");
    /// let step = cl::Step::new("read").elements((log, cl::Image::path("chart.svg")));
    /// assert_eq!(step.shown_elements().len(), 2);
    /// ```
    pub fn elements<Kind>(self, elements: impl IntoList<Element, Kind>) -> Self {
        self.0.0.lock().waiting.extend(elements.into_list());
        self
    }

    /// Shows something with the step at once; with a step that is not shown yet, when that is.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// /// Shows a chart in whatever step this is called in.
    /// async fn draw(figure: &serde_json::Value) -> cl::Result {
    ///     if let Some(step) = cl::Context::current().current_step() {
    ///         step.add_element(cl::Plotly::new(figure)?.name("chart")).await?;
    ///     }
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Element::send`]; the step does not have the element then.
    ///
    /// # Cancel safety
    ///
    /// Dropped before it is ready, nothing was shown; the step has the element.
    pub async fn add_element(&self, element: impl Into<Element>) -> Result<(), Error> {
        self.0.0.lock().waiting.push(element.into());
        self.keep_elements().await?;
        room().await?;
        self.0.0.lock().show_elements();
        Ok(())
    }

    /// What it shows beside its input and output, and is going to.
    #[must_use]
    pub fn shown_elements(&self) -> Vec<Element> {
        let state = self.0.0.lock();
        state.elements.iter().chain(&state.waiting).cloned().collect()
    }

    /// Sees to it that the page can fetch the content of all elements. Where one fails, the step
    /// does not have it any more.
    pub(super) async fn keep_elements(&self) -> Result<(), Error> {
        if self.0.0.lock().waiting.is_empty() {
            return Ok(());
        }
        let Some(context) = Context::try_current() else { return Ok(()) };
        while let Some(mut element) = self.next_waiting() {
            let result = element.keep_content(context.session()).await;
            let mut state = self.0.0.lock();
            // Another task may have kept it meanwhile.
            let gone = state.waiting.extract_if(.., |known| known.id == element.id).next();
            if gone.is_some() && result.is_ok() {
                state.elements.push(element);
            }
            result?;
        }
        Ok(())
    }

    /// The same for work that is done even if an element can't be shown.
    pub(super) async fn try_keep_elements(&self) {
        while let Err(error) = self.keep_elements().await {
            tracing::warn!(step = self.name(), "an element of a step can't be shown: {error}");
        }
    }

    fn next_waiting(&self) -> Option<Element> {
        self.0.0.lock().waiting.first().cloned()
    }
}
