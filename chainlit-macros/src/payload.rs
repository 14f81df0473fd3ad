//! `#[derive(ActionPayload)]`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Data, DeriveInput, Lit, LitStr, Path, Token};

use crate::attr::{parse_root, skip_to_comma, unknown_option};
use crate::errors::Errors;
use crate::paths::Paths;

/// What the helper attribute `#[action(...)]` says.
#[derive(Default)]
struct Options {
    /// The action's name.
    name: Option<LitStr>,
    /// The path under which the application knows the `chainlit` crate.
    root: Option<Path>,
}

/// Ties the type to its action.
pub(crate) fn derive(item: TokenStream) -> TokenStream {
    let tie = syn::parse2(item).and_then(|input| tie(&input));
    tie.unwrap_or_else(|error| error.to_compile_error())
}

fn tie(input: &DeriveInput) -> syn::Result<TokenStream> {
    let mut errors = Errors::default();
    let mut options = Options::default();
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("action")) {
        options.parse(attribute, &mut errors);
    }
    if let Data::Union(union) = &input.data {
        errors.at(
            union.union_token,
            "an action's payload is a struct or an enum, and this is a union",
        );
    }
    if !input.generics.params.is_empty() {
        errors.at(
            &input.generics,
            "an action's payload can't be generic: an action has one name and one payload type",
        );
    }
    errors.result(Some(()))?;
    Ok(print(&options, &input.ident))
}

impl Options {
    fn parse(&mut self, attribute: &Attribute, errors: &mut Errors) {
        let parser = |input: ParseStream<'_>| {
            while !input.is_empty() {
                if input.peek(Lit) {
                    self.parse_name(&input.parse()?, errors);
                } else {
                    let name = input.call(Ident::parse_any)?;
                    if name == "crate" {
                        parse_root(&name, input, &mut self.root, errors)?;
                    } else if name == "name" {
                        errors.at(
                            &name,
                            "the action's name stands without `name =`: `#[action(\"approve\")]`",
                        );
                        skip_to_comma(input);
                    } else {
                        errors.at(&name, unknown_option(&name.unraw().to_string()));
                        skip_to_comma(input);
                    }
                }
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
            Ok(())
        };
        if let Err(error) = attribute.parse_args_with(parser) {
            errors.add(error);
        }
    }

    fn parse_name(&mut self, literal: &Lit, errors: &mut Errors) {
        match literal {
            _ if self.name.is_some() => {
                errors
                    .at(literal, "the action's name is given twice; a type belongs to one action");
            }
            Lit::Str(name) if name.value().trim().is_empty() => {
                errors.at(literal, "the action's name is empty");
            }
            Lit::Str(name) => self.name = Some(name.clone()),
            other => {
                errors.at(other, "the action's name must be a string, for example \"approve\"")
            }
        }
    }
}

fn print(options: &Options, ident: &Ident) -> TokenStream {
    let paths = Paths::new(options.root.as_ref());
    let (payload, tie, submit) = (paths.action_payload(), paths.tie(), paths.submit());
    let name = match &options.name {
        Some(name) => name.clone(),
        None => LitStr::new(&snake_case(&ident.unraw().to_string()), ident.span()),
    };
    // At the type's name: that is where the compiler complains when it can't be read or written.
    let implementation = quote_spanned! {Span::mixed_site().located_at(ident.span())=>
        impl #payload for #ident {
            const NAME: &'static ::core::primitive::str = #name;
        }
    };
    quote! {
        #implementation
        const _: () = {
            #submit { #tie::of::<#ident>() }
        };
    }
}

/// `RefundOrder` as `refund_order`, `HTTPCall` as `http_call`.
fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::with_capacity(name.len() + 4);
    for (place, letter) in letters.iter().enumerate() {
        let is_after_word = place > 0 && !letters[place - 1].is_uppercase();
        let is_before_word = letters.get(place + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase()
            && place > 0
            && (is_after_word || is_before_word)
            && !snake.ends_with('_')
        {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::{derive, snake_case};

    #[test]
    fn a_name_is_written_as_actions_are() {
        for (name, snake) in [
            ("Approval", "approval"),
            ("RefundOrder", "refund_order"),
            ("HTTPCall", "http_call"),
            ("Order66", "order66"),
            ("already_snake", "already_snake"),
        ] {
            assert_eq!(snake_case(name), snake);
        }
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let item = quote! {
            #[action("", 7, name = "x", colour = "red")]
            #[action("a", "b")]
            struct Approval<T>(T);
        };
        let text = derive(item).to_string();
        for wanted in [
            "is empty",
            "must be a string",
            "without `name =`",
            "unknown option `colour`",
            "given twice",
            "can't be generic",
        ] {
            assert!(text.contains(wanted), "{text} lacks {wanted}");
        }
    }
}
