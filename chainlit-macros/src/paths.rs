//! Every path that an expansion names, absolute, so that nothing in the application can stand in
//! its way.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Path;

use crate::table::Event;

/// Paths into the `chainlit` crate.
pub(crate) struct Paths {
    /// `::chainlit`, or what `crate = path` says.
    root: TokenStream,
}

impl Paths {
    /// Paths below `root`, or below `::chainlit`.
    pub(crate) fn new(root: Option<&Path>) -> Self {
        let root = match root {
            Some(path) => path.to_token_stream(),
            None => quote!(::chainlit),
        };
        Self { root }
    }

    fn private(&self) -> TokenStream {
        let root = &self.root;
        quote!(#root::__private)
    }

    /// Something that applications can name too.
    pub(crate) fn public(&self, name: &str) -> TokenStream {
        let (root, name) = (&self.root, ident(name));
        quote!(#root::#name)
    }

    /// Something for expansions only.
    pub(crate) fn hidden(&self, name: &str) -> TokenStream {
        let (private, name) = (self.private(), ident(name));
        quote!(#private::#name)
    }

    /// The module for derived forms.
    pub(crate) fn derived(&self) -> TokenStream {
        self.hidden("derived")
    }

    /// The entry of an event's table.
    pub(crate) fn registration(&self, event: &Event) -> TokenStream {
        let (private, marker) = (self.private(), ident(event.marker));
        quote!(#private::Registration::<#private::#marker>)
    }

    /// The type of such an entry.
    pub(crate) fn registration_type(&self, event: &Event) -> TokenStream {
        let (private, marker) = (self.private(), ident(event.marker));
        quote!(#private::Registration<#private::#marker>)
    }

    /// What makes an event's outcome of an answer that has a type of its own.
    pub(crate) fn answer(&self, event: &Event) -> TokenStream {
        let (private, module) = (self.private(), ident(event.attribute));
        quote!(#private::answer::#module::outcome)
    }

    /// The module with `extract` and `check` for an event's arguments.
    pub(crate) fn argument(&self, event: &Event) -> TokenStream {
        let (private, module) = (self.private(), ident(event.attribute));
        quote!(#private::argument::#module)
    }

    /// The module that turns a function's result into an outcome.
    pub(crate) fn returned(&self) -> TokenStream {
        let private = self.private();
        quote!(#private::returned)
    }

    /// The module that `#[step]` uses.
    pub(crate) fn step(&self) -> TokenStream {
        let private = self.private();
        quote!(#private::step)
    }

    /// The trait of types that belong to an action.
    pub(crate) fn action_payload(&self) -> TokenStream {
        let private = self.private();
        quote!(#private::ActionPayload)
    }

    /// The entry that says which action a type belongs to.
    pub(crate) fn tie(&self) -> TokenStream {
        let private = self.private();
        quote!(#private::Tie)
    }

    /// Puts an entry into its table.
    pub(crate) fn submit(&self) -> TokenStream {
        let private = self.private();
        quote!(#private::inventory::submit!)
    }
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
