use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, Meta, Pat, ReturnType, Signature, Type, Visibility};

use crate::errors::Errors;
use crate::model::{has_impl_trait, what_it_is};

/// The user's function, in parts.
pub(crate) struct Function {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    /// Without our own attributes of arguments.
    pub(crate) signature: Signature,
    /// With its braces. It is the compiler's, which may know more of the language than we.
    pub(crate) body: Group,
    /// What is shown as input.
    pub(crate) inputs: Vec<Input>,
}

/// A name that stands for an argument, or for a part of one.
pub(crate) struct Input {
    /// `#[cfg]` attributes: the argument may not exist.
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) ident: Ident,
    /// What mistakes underline.
    pub(crate) place: TokenStream,
}

struct Parts {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    signature: Signature,
    body: Option<Group>,
}

impl Parse for Parts {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let signature = input.parse()?;
        let body = match input.parse()? {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
            _ => None,
        };
        input.parse::<TokenStream>()?;
        Ok(Self { attributes, visibility, signature, body })
    }
}

impl Function {
    /// Reads the item under the attribute. Goes on after a mistake, to find them all.
    pub(crate) fn parse(item: TokenStream, errors: &mut Errors) -> Option<Self> {
        let Parts { attributes, visibility, mut signature, body } = match syn::parse2(item.clone())
        {
            Ok(parts) => parts,
            Err(error) => {
                errors.add(not_a_function(item, error));
                return None;
            }
        };
        if let Some(constness) = &signature.constness {
            errors.at(constness, "a `#[step]` function can't be `const`");
        }
        if let Some(variadic) = &signature.variadic {
            errors.at(variadic, "a `#[step]` function can't take a variable number of arguments");
        }
        if signature.asyncness.is_none()
            && let ReturnType::Type(_, ty) = &signature.output
            && gives_a_future(ty)
        {
            errors.at(
                ty,
                "a `#[step]` function that gives a future would end its step before the work \
                 begins: write it as an `async fn`",
            );
        }
        let mut inputs = Vec::new();
        for argument in &mut signature.inputs {
            let FnArg::Typed(argument) = argument else { continue };
            if takes_skip(&mut argument.attrs, errors) {
                continue;
            }
            let mut cfgs = argument.attrs.clone();
            cfgs.retain(|attribute| attribute.path().is_ident("cfg"));
            let mut idents = Vec::new();
            names(&argument.pat, &mut idents);
            let place = argument.ty.to_token_stream();
            inputs.extend(idents.into_iter().map(|ident| {
                let (cfgs, place) = (cfgs.clone(), place.clone());
                Input { cfgs, ident, place }
            }));
        }
        let Some(body) = body else {
            errors.at(&signature.ident, "a `#[step]` function needs a body");
            return None;
        };
        Some(Self { attributes, visibility, signature, body, inputs })
    }

    /// The type of what it gives, where a variable can be of that type.
    pub(crate) fn output(&self) -> Option<TokenStream> {
        match &self.signature.output {
            ReturnType::Default => Some(quote::quote!(())),
            ReturnType::Type(_, ty) => {
                let ty = ty.to_token_stream();
                (!has_impl_trait(ty.clone())).then_some(ty)
            }
        }
    }
}

/// Takes `#[step(skip)]` away; gives whether it was there.
fn takes_skip(attributes: &mut Vec<Attribute>, errors: &mut Errors) -> bool {
    let ours: Vec<_> =
        attributes.extract_if(.., |attribute| attribute.path().is_ident("step")).collect();
    for attribute in &ours {
        let is_skip = matches!(&attribute.meta, Meta::List(list)
            if list.parse_args::<Ident>().is_ok_and(|ident| ident == "skip"));
        if !is_skip {
            errors.at(attribute, "an argument's attribute is `#[step(skip)]`: it is not shown");
        }
    }
    !ours.is_empty()
}

/// The names that a pattern binds.
fn names(pattern: &Pat, found: &mut Vec<Ident>) {
    match pattern {
        Pat::Ident(pattern) => match &pattern.subpat {
            Some((_, inner)) => names(inner, found),
            None => found.push(pattern.ident.clone()),
        },
        Pat::Paren(pattern) => names(&pattern.pat, found),
        Pat::Reference(pattern) => names(&pattern.pat, found),
        Pat::Type(pattern) => names(&pattern.pat, found),
        Pat::Tuple(pattern) => pattern.elems.iter().for_each(|inner| names(inner, found)),
        Pat::TupleStruct(pattern) => pattern.elems.iter().for_each(|inner| names(inner, found)),
        Pat::Slice(pattern) => pattern.elems.iter().for_each(|inner| names(inner, found)),
        Pat::Struct(pattern) => pattern.fields.iter().for_each(|field| names(&field.pat, found)),
        _ => {}
    }
}

/// Whether a function that is no `async fn` gives a future all the same.
fn gives_a_future(ty: &Type) -> bool {
    fn has(tokens: TokenStream, word: &str) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(ident) => ident == word,
            TokenTree::Group(group) => has(group.stream(), word),
            _ => false,
        })
    }
    let tokens = ty.to_token_stream();
    has(tokens.clone(), "Future") && (has(tokens.clone(), "impl") || has(tokens, "dyn"))
}

fn not_a_function(item: TokenStream, error: syn::Error) -> syn::Error {
    match what_it_is(item) {
        Some((at, what)) => {
            let message = format!("`#[step]` goes on a function or a method, and this is {what}");
            syn::Error::new_spanned(at, message)
        }
        None => error,
    }
}
