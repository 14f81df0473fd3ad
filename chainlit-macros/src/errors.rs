//! All mistakes of one attribute, reported together.

use std::fmt::Display;

use quote::ToTokens;

/// Collects mistakes.
#[derive(Default)]
pub(crate) struct Errors {
    first: Option<syn::Error>,
}

impl Errors {
    /// Adds a mistake that underlines `tokens`, or the whole attribute when they are empty.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.add(syn::Error::new_spanned(tokens, message));
    }

    /// Adds a mistake.
    pub(crate) fn add(&mut self, error: syn::Error) {
        match &mut self.first {
            Some(first) => first.combine(error),
            None => self.first = Some(error),
        }
    }

    /// The value, if there was no mistake.
    pub(crate) fn result<T>(self, value: Option<T>) -> syn::Result<T> {
        match (self.first, value) {
            (None, Some(value)) => Ok(value),
            (Some(error), _) => Err(error),
            (None, None) => Err(syn::Error::new(
                proc_macro2::Span::call_site(),
                "this attribute can't be understood",
            )),
        }
    }
}
