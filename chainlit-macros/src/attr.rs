//! What stands in an attribute's parentheses.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, Lit, LitStr, Path, Token};

use crate::errors::Errors;
use crate::table::Event;

/// The options that every attribute has.
const OPTIONS: &[&str] = &["crate"];

/// The options of one attribute, checked.
#[derive(Default)]
pub(crate) struct Options {
    /// The path under which the application knows the `chainlit` crate; `::chainlit` otherwise.
    pub(crate) root: Option<Path>,
    /// What tells this function apart from others of its event, for example the action's name.
    pub(crate) key: Option<LitStr>,
    /// Whether a key stands there, right or wrong.
    pub(crate) has_key: bool,
}

impl Options {
    /// Reads the options of an attribute for `event`. Goes on after a mistake, to find them all.
    pub(crate) fn parse(event: &Event, tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut options = Self::default();
        parse_each(tokens, errors, |input, errors| {
            if input.peek(Lit) {
                options.parse_key(event, input, errors)
            } else if input.peek(Ident::peek_any) {
                options.parse_option(event, input, errors)
            } else {
                Err(input.error("expected an option such as `crate = path`"))
            }
        });
        options
    }

    fn parse_key(
        &mut self,
        event: &Event,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        let literal: Lit = input.parse()?;
        let Some(key) = &event.key else {
            errors.at(
                literal,
                format!(
                    "`#[{}]` takes no name: there is one such function in an application",
                    event.attribute
                ),
            );
            return Ok(());
        };
        let twice = std::mem::replace(&mut self.has_key, true);
        match literal {
            _ if twice => errors
                .at(literal, format!("{} is given twice; write one attribute for each", key.what)),
            Lit::Str(name) if name.value().trim().is_empty() => {
                errors.at(name, format!("{} is empty", key.what));
            }
            Lit::Str(name) => self.key = Some(name),
            other => errors
                .at(other, format!("{} must be a string, for example {:?}", key.what, key.example)),
        }
        Ok(())
    }

    fn parse_option(
        &mut self,
        event: &Event,
        input: ParseStream<'_>,
        errors: &mut Errors,
    ) -> syn::Result<()> {
        let name = input.call(Ident::parse_any)?;
        if name == "crate" {
            return parse_root(&name, input, &mut self.root, errors);
        }
        match &event.key {
            Some(key) if input.is_empty() || input.peek(Token![,]) || input.peek(Token![::]) => {
                self.has_key = true;
                errors.at(
                    &name,
                    format!("{} must be a string, for example {:?}", key.what, key.example),
                );
            }
            Some(key) if name == "name" => {
                self.has_key = true;
                errors.at(
                    &name,
                    format!(
                        "{} stands without `name =`: `#[{}({:?})]`",
                        key.what, event.attribute, key.example
                    ),
                );
            }
            _ => errors.at(&name, unknown_option(&name.unraw().to_string())),
        }
        skip_to_comma(input);
        Ok(())
    }
}

/// Reads what stands behind `crate`.
pub(crate) fn parse_root(
    name: &Ident,
    input: ParseStream<'_>,
    root: &mut Option<Path>,
    errors: &mut Errors,
) -> syn::Result<()> {
    if root.is_some() {
        errors.at(name, "the option `crate` is given twice");
    }
    let path = input.parse::<Token![=]>().and_then(|_| input.call(Path::parse_mod_style)).map_err(
        |error| {
            let message = "expected the crate's path: `crate = path`, without quotes";
            // The end of the input has no place of its own.
            let span = if input.is_empty() { name.span() } else { error.span() };
            syn::Error::new(span, message)
        },
    )?;
    root.get_or_insert(path);
    Ok(())
}

/// Says which options there are, and which one was probably meant.
pub(crate) fn unknown_option(name: &str) -> String {
    let options = OPTIONS;
    let list = options.iter().map(|option| format!("`{option} = path`")).collect::<Vec<_>>();
    let hint = nearest(name, options);
    let (noun, verb) = if list.len() == 1 { ("option", "is") } else { ("options", "are") };
    format!("unknown option `{name}`; the {noun} {verb} {}{hint}", list.join(", "))
}

/// What was probably meant, as the end of a message; empty when nothing is near.
pub(crate) fn nearest(name: &str, known: &[&str]) -> String {
    let nearest = known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(&name.to_lowercase(), known), known))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    match nearest {
        Some((_, known)) => format!("; did you mean `{known}`?"),
        None => String::new(),
    }
}

/// Reads a list with commas by `parse_one`. Goes on after a mistake, to find them all.
pub(crate) fn parse_each(
    tokens: TokenStream,
    errors: &mut Errors,
    mut parse_one: impl FnMut(ParseStream<'_>, &mut Errors) -> syn::Result<()>,
) {
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if let Err(error) = parse_one(input, errors) {
                errors.add(error);
                skip_to_comma(input);
            }
            if !input.is_empty() && input.parse::<Token![,]>().is_err() {
                errors.add(input.error("expected `,`"));
                skip_to_comma(input);
                let _ = input.parse::<Token![,]>();
            }
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(tokens) {
        errors.add(error);
    }
}

/// Goes to the next comma, so that what follows is still read.
pub(crate) fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        let skipped = input.parse::<proc_macro2::TokenTree>();
        debug_assert!(skipped.is_ok_and(|token| !token.to_token_stream().is_empty()));
    }
}
