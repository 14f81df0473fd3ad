//! The function under an attribute.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{
    Attribute, FnArg, GenericArgument, Ident, Item, PathArguments, ReturnType, Signature, Type,
    Visibility,
};

use crate::errors::Errors;
use crate::table::Event;

/// What an expansion needs to know about the user's function.
pub(crate) struct Function {
    /// Its name.
    pub(crate) ident: Ident,
    /// Its arguments in order.
    pub(crate) arguments: Vec<Argument>,
    /// Its result as written; `None` when nothing is written.
    pub(crate) output: Option<Type>,
}

/// One argument of the user's function.
pub(crate) struct Argument {
    /// `#[cfg]` attributes: the argument may not exist.
    pub(crate) cfgs: Vec<Attribute>,
    /// Its type. The pattern before it is none of our business.
    pub(crate) ty: Type,
}

/// Only the signature: the body is the compiler's, which may know more of the language than we.
struct Head {
    signature: Signature,
    has_body: bool,
}

impl Parse for Head {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        let signature = input.parse()?;
        let has_body = input.peek(syn::token::Brace);
        input.parse::<TokenStream>()?;
        Ok(Self { signature, has_body })
    }
}

impl Function {
    /// Reads the item under an attribute for `event`. Goes on after a mistake, to find them all.
    pub(crate) fn parse(event: &Event, item: TokenStream, errors: &mut Errors) -> Option<Self> {
        let attribute = event.attribute;
        let Head { signature, has_body } = match syn::parse2(item.clone()) {
            Ok(head) => head,
            Err(error) => {
                errors.add(not_a_function(attribute, item, error));
                return None;
            }
        };
        if !has_body {
            errors.at(&signature.ident, format!("a `#[{attribute}]` function needs a body"));
        }
        check_qualifiers(attribute, &signature, errors);
        let Signature { ident, generics, inputs, variadic, output, .. } = signature;
        if !generics.params.is_empty() {
            errors.at(
                &generics,
                format!(
                    "a `#[{attribute}]` function can't be generic: nothing says what its \
                     parameters stand for; write the types themselves"
                ),
            );
        }
        if let Some(variadic) = variadic {
            errors.at(
                variadic,
                format!("a `#[{attribute}]` function can't take a variable number of arguments"),
            );
        }
        let arguments = inputs
            .into_iter()
            .filter_map(|input| Argument::parse(attribute, input, errors))
            .collect();
        let output = match output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(*ty),
        };
        Some(Self { ident, arguments, output })
    }
}

impl Function {
    /// What an action's payload is read as: the `T` of an argument `Action<T>`.
    pub(crate) fn payload(&self) -> Option<&Type> {
        self.arguments.iter().find_map(|argument| {
            let Type::Path(path) = &argument.ty else { return None };
            let last = path.path.segments.last().filter(|last| last.ident == "Action")?;
            let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        })
    }
}

impl Argument {
    fn parse(attribute: &str, input: FnArg, errors: &mut Errors) -> Option<Self> {
        let argument = match input {
            FnArg::Typed(argument) => argument,
            FnArg::Receiver(receiver) => {
                errors.at(
                    receiver,
                    format!(
                        "a `#[{attribute}]` function is a free function and has no `self`; take \
                         what it needs as `State<T>`"
                    ),
                );
                return None;
            }
        };
        let ty = *argument.ty;
        if let Type::Reference(reference) = &ty {
            if reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static") {
                errors.at(
                    reference,
                    format!(
                        "a `#[{attribute}]` function takes its arguments by value: remove the `&`"
                    ),
                );
            }
        } else if has_impl_trait(ty.to_token_stream()) {
            errors.at(
                &ty,
                format!(
                    "an argument of a `#[{attribute}]` function can't be `impl Trait`: the type \
                     says what it is taken from"
                ),
            );
        }
        let mut cfgs = argument.attrs;
        cfgs.retain(|attribute| attribute.path().is_ident("cfg"));
        Some(Self { cfgs, ty })
    }
}

/// `async` must be there; `const`, `unsafe` and `extern` must not.
fn check_qualifiers(attribute: &str, signature: &Signature, errors: &mut Errors) {
    if let Some(constness) = &signature.constness {
        errors.at(constness, format!("a `#[{attribute}]` function can't be `const`"));
    }
    if signature.asyncness.is_none() {
        errors.at(
            signature.fn_token,
            format!("a `#[{attribute}]` function must be an `async fn`: write `async` before `fn`"),
        );
    }
    if let Some(unsafety) = &signature.unsafety {
        errors.at(
            unsafety,
            format!("a `#[{attribute}]` function can't be `unsafe`: the framework calls it"),
        );
    }
    if let Some(abi) = &signature.abi {
        errors.at(abi, format!("a `#[{attribute}]` function can't be `extern`"));
    }
}

/// Whether a type has `impl Trait` anywhere in it.
pub(crate) fn has_impl_trait(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "impl",
        TokenTree::Group(group) => {
            group.delimiter() != Delimiter::Brace && has_impl_trait(group.stream())
        }
        _ => false,
    })
}

/// Says what the item is instead, underlining its name or keyword.
fn not_a_function(attribute: &str, item: TokenStream, error: syn::Error) -> syn::Error {
    match what_it_is(item) {
        Some((at, what)) => syn::Error::new_spanned(
            at,
            format!("`#[{attribute}]` goes on an `async fn`, and this is {what}"),
        ),
        None => error,
    }
}

/// What an item is that is no function, and its keyword; `None` when it can't be read.
pub(crate) fn what_it_is(item: TokenStream) -> Option<(TokenStream, &'static str)> {
    Some(match syn::parse2::<Item>(item).ok()? {
        Item::Struct(item) => (item.struct_token.to_token_stream(), "a struct"),
        Item::Enum(item) => (item.enum_token.to_token_stream(), "an enum"),
        Item::Union(item) => (item.union_token.to_token_stream(), "a union"),
        Item::Impl(item) => (item.impl_token.to_token_stream(), "an `impl` block"),
        Item::Trait(item) => (item.trait_token.to_token_stream(), "a trait"),
        Item::Mod(item) => (item.mod_token.to_token_stream(), "a module"),
        Item::Const(item) => (item.const_token.to_token_stream(), "a constant"),
        Item::Static(item) => (item.static_token.to_token_stream(), "a static"),
        Item::Type(item) => (item.type_token.to_token_stream(), "a type alias"),
        Item::Use(item) => (item.use_token.to_token_stream(), "an import"),
        Item::Macro(item) => (item.mac.path.to_token_stream(), "a macro call"),
        other => (other.to_token_stream(), "something else"),
    })
}
