//! `#[derive(Choice)]`.

use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, Ident, LitStr};

use crate::derive_options::{self, Entry, EntryValue, label_of, text_at};
use crate::errors::Errors;
use crate::paths::Paths;

const OPTIONS: &[&str] = &["label", "value"];

struct Variant {
    ident: Ident,
    value: LitStr,
    label: LitStr,
}

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    expand(input).unwrap_or_else(|error| error.to_compile_error())
}

fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let input: DeriveInput = syn::parse2(input)?;
    let mut errors = Errors::default();
    let root = root("choice", &input, &mut errors);
    let paths = Paths::new(root.as_ref());
    let variants = variants(&input, &mut errors);
    let (variants, first) = errors.result(variants)?;
    let (name, choice) = (&input.ident, paths.public("Choice"));
    let items = variants.iter().map(|Variant { value, label, .. }| quote!((#value, #label)));
    let idents: Vec<_> = variants.iter().map(|variant| &variant.ident).collect();
    let places: Vec<_> = (0..variants.len()).collect();
    Ok(quote_spanned! {Span::mixed_site()=>
        impl #choice for #name {
            const ITEMS: &'static [(&'static str, &'static str)] = &[#(#items),*];
            const FIRST: usize = #first;

            fn at(__cl_index: usize) -> ::core::option::Option<Self> {
                match __cl_index {
                    #(#places => ::core::option::Option::Some(Self::#idents),)*
                    _ => ::core::option::Option::None,
                }
            }

            fn index(&self) -> usize {
                match self {
                    #(Self::#idents => #places,)*
                }
            }
        }
    })
}

/// The option `crate` of the attribute on the whole type; complains of all others.
pub(crate) fn root(name: &str, input: &DeriveInput, errors: &mut Errors) -> Option<syn::Path> {
    let mut root = None;
    for Entry { name: option, span, value } in derive_options::entries(name, &input.attrs, errors) {
        match value {
            EntryValue::Path(path) if root.is_none() => root = Some(path),
            _ => {
                let message =
                    format!("only `#[{name}(crate = path)]` can stand here, not `{option}`");
                errors.add(syn::Error::new(span, message));
            }
        }
    }
    if !input.generics.params.is_empty() {
        errors.at(&input.generics, "a type of a form can't be generic");
    }
    root
}

/// The variants, and the place of the one that is chosen at first.
fn variants(input: &DeriveInput, errors: &mut Errors) -> Option<(Vec<Variant>, usize)> {
    let Data::Enum(data) = &input.data else {
        errors.at(
            &input.ident,
            "`Choice` is derived for an enum: its variants are what the user chooses from",
        );
        return None;
    };
    if data.variants.is_empty() {
        errors.at(&input.ident, "there is nothing to choose from: the enum needs variants");
    }
    let mut first = None;
    let mut values = HashSet::new();
    let mut variants = Vec::new();
    for (place, variant) in data.variants.iter().enumerate() {
        if !matches!(variant.fields, Fields::Unit) {
            errors.at(&variant.fields, "a variant that the user chooses has no fields");
        }
        if let Some(attribute) = variant.attrs.iter().find(|it| it.path().is_ident("default"))
            && first.replace(place).is_some()
        {
            errors.at(attribute, "only one variant can be chosen at first");
        }
        let name = variant.ident.unraw().to_string();
        let mut value = text_at(&name, &variant.ident);
        let mut label = text_at(&label_of(&name), &variant.ident);
        for entry in derive_options::entries("choice", &variant.attrs, errors) {
            let target = match entry.name.as_str() {
                "value" => &mut value,
                "label" => &mut label,
                other => {
                    let message = derive_options::unknown("a variant", other, OPTIONS);
                    errors.add(syn::Error::new(entry.span, message));
                    continue;
                }
            };
            if let Some(text) = entry.text(errors) {
                *target = text;
            }
        }
        if !values.insert(value.value()) {
            errors.at(&value, format!("the value `{}` is there twice", value.value()));
        }
        variants.push(Variant { ident: variant.ident.clone(), value, label });
    }
    Some((variants, first.unwrap_or(0)))
}
