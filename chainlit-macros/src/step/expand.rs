use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::function::{Function, Input};
use super::options::Options;
use crate::errors::Errors;
use crate::expand::ends;
use crate::paths::Paths;

/// The function with a step around its body, or as it was with the mistakes behind it.
pub(crate) fn attribute(options: TokenStream, item: TokenStream) -> TokenStream {
    let expanded = expand(options, item);
    if std::env::var_os("CHAINLIT_MACROS_DEBUG").is_some_and(|value| value == "1") {
        eprintln!("#[step] writes:\n{expanded}\n");
    }
    expanded
}

fn expand(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let options = Options::parse(options, &mut errors);
    let function = Function::parse(item.clone(), &mut errors);
    // The compiler does not know the attributes of arguments.
    let kept = match &function {
        Some(Function { attributes, visibility, signature, body, .. }) => {
            quote!(#(#attributes)* #visibility #signature #body)
        }
        None => item,
    };
    match errors.result(function) {
        Ok(function) => print(&options, &function),
        Err(error) => {
            let error = error.to_compile_error();
            quote!(#kept #error)
        }
    }
}

fn print(options: &Options, function: &Function) -> TokenStream {
    let Function { attributes, visibility, signature, body, inputs } = function;
    let module = Paths::new(options.root.as_ref()).step();
    let step = step(options, function, &module);
    let inputs = inputs.iter().map(|Input { cfgs, ident, place }| {
        let (name, argument) = (ident.unraw().to_string(), reference(ident, place));
        quote_spanned! {at(place)=> #(#cfgs)* __cl_input.add(#name, #argument); }
    });
    let prepared = quote_spanned! {Span::mixed_site()=>
        #module::prepare(|| #step, |__cl_input: &mut #module::Input| { #(#inputs)* })
    };
    let output = function.output();
    let (begin, work) = match signature.asyncness {
        Some(_) => {
            let typed = output.as_ref().map(|ty| {
                // Says what `?` in the body converts to.
                quote_spanned! {at(ty)=>
                    #[allow(
                        unreachable_code, clippy::diverging_sub_expression, clippy::empty_loop,
                        clippy::let_unit_value, clippy::let_with_type_underscore,
                        clippy::needless_return, clippy::unreachable
                    )]
                    if false {
                        let __cl_out: #ty = loop {};
                        return __cl_out;
                    }
                }
            });
            (quote!(begin().await), quote!(scope(async move { #typed #body }).await))
        }
        None => {
            let arrow = output.as_ref().map(|ty| quote!(-> #ty));
            let body = if arrow.is_some() { body.to_token_stream() } else { quote!({ #body }) };
            (quote!(begin_now()), quote!(sync_scope(move || #arrow #body)))
        }
    };
    let record = record(options, function, &module);
    let ty = output.map(|ty| quote!(: #ty));
    quote_spanned! {Span::mixed_site()=>
        #(#attributes)*
        #visibility #signature {
            let __cl_call = #prepared.#begin;
            #[allow(clippy::let_unit_value)]
            let __cl_out #ty = __cl_call.#work;
            #record
            __cl_out
        }
    }
}

/// The step that is opened.
fn step(options: &Options, function: &Function, module: &TokenStream) -> TokenStream {
    let name = match &options.name {
        Some(name) => name.to_token_stream(),
        None => function.signature.ident.unraw().to_string().to_token_stream(),
    };
    let kind = options.kind.as_ref().map(|kind| quote!(.kind(#module::StepType::#kind)));
    let builder = &options.builder;
    quote!(#module::Step::new(#name) #kind #builder)
}

/// Shows what came out. It has the place of the result's type: that is where the compiler complains
/// when it can't be shown.
fn record(options: &Options, function: &Function, module: &TokenStream) -> TokenStream {
    let place = match &function.signature.output {
        syn::ReturnType::Default => at(&function.signature.ident),
        syn::ReturnType::Type(_, ty) => at(ty),
    };
    let show = Ident::new(if options.skips_output { "skip" } else { "show" }, place);
    let out = Ident::new("__cl_out", Span::mixed_site());
    let shown = match &function.signature.output {
        syn::ReturnType::Default => quote_spanned!(place=> &#out),
        syn::ReturnType::Type(_, ty) => reference(&out, &ty.to_token_stream()),
    };
    quote_spanned! {place=>
        {
            #[allow(unused_imports)]
            use #module::{FallibleKind as _, PlainKind as _};
            #module::here(&__cl_out).__cl_kind().#show(#shown, &__cl_call);
        }
    }
}

/// A reference that begins at the first token of the place and ends at the last, so that all of it
/// is underlined when the value does not fit.
fn reference(ident: &Ident, place: &TokenStream) -> TokenStream {
    let (first, last) = ends(place, ident.span());
    let mut ident = ident.clone();
    ident.set_span(ident.span().located_at(last));
    let and = quote_spanned!(ident.span().located_at(first)=> &);
    quote!(#and #ident)
}

/// Our names, the user's place.
fn at(tokens: impl Spanned) -> Span {
    Span::mixed_site().located_at(tokens.span())
}
