//! Texts, PDF documents, and files of any kind.

use super::kind::{kind, sources};

kind! {
    /// A text beside the message, maybe code.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let code = cl::Text::new("print('Hi')").name("hi.py").language("python");
    /// let code = code.display(cl::Display::Side);
    /// assert_eq!(code.mime.as_deref(), Some("text/plain"));
    /// ```
    ///
    /// Follows [`cl.Text`](https://docs.chainlit.io/api-reference/elements/text).
    Text
}

sources!(Text, Text, |text: &mut super::Element| text.mime = Some("text/plain".to_owned()));

impl Text {
    /// Sets the highlighting language.
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.0.language = Some(language.into());
        self
    }
}

kind! {
    /// A PDF document.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let manual = cl::Pdf::path("docs/manual.pdf").page(3).display(cl::Display::Page);
    /// assert_eq!(manual.name, "manual.pdf");
    /// ```
    ///
    /// Follows [`cl.Pdf`](https://docs.chainlit.io/api-reference/elements/pdf).
    Pdf
}

sources!(Pdf, Pdf, |pdf: &mut super::Element| pdf.mime = Some("application/pdf".to_owned()));

impl Pdf {
    /// Sets the page that is shown first, counted from 1.
    pub fn page(mut self, page: u32) -> Self {
        self.0.page = Some(page);
        self
    }
}

kind! {
    /// A file of any kind, to be downloaded.
    ///
    /// ```
    /// use chainlit as cl;
    ///
    /// let lines = futures_util::stream::iter((1..=3).map(|n| Ok(format!("{n}\n").into())));
    /// let file = cl::File::new(cl::Content::stream(lines)).name("numbers.txt");
    /// assert_eq!(file.name, "numbers.txt");
    /// ```
    ///
    /// Follows [`cl.File`](https://docs.chainlit.io/api-reference/elements/file).
    File
}

sources!(File, File, |_| {});
