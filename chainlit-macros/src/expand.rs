//! From the attribute and its function to the entry in the event's table.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use crate::attr::Options;
use crate::errors::Errors;
use crate::model::{Argument, Function};
use crate::paths::Paths;
use crate::table::{Event, Outcome};

/// The item exactly as written, and behind it the entry or the mistakes.
pub(crate) fn attribute(event: &Event, options: TokenStream, item: TokenStream) -> TokenStream {
    let entry =
        entry(event, options, item.clone()).unwrap_or_else(|error| error.to_compile_error());
    if std::env::var_os("CHAINLIT_MACROS_DEBUG").is_some_and(|value| value == "1") {
        eprintln!("#[{}] adds:\n{entry}\n", event.attribute);
    }
    quote!(#item #entry)
}

/// What stands behind the item.
fn entry(event: &Event, options: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let mut errors = Errors::default();
    let options = Options::parse(event, options, &mut errors);
    let function = Function::parse(event, item, &mut errors);
    let function = errors.result(function)?;
    Ok(print(event, &options, &function))
}

fn print(event: &Event, options: &Options, function: &Function) -> TokenStream {
    let paths = Paths::new(options.root.as_ref());
    let ident = &function.ident;
    let name = ident.unraw().to_string();
    let key = match &options.key {
        Some(key) => quote!(::core::option::Option::Some(#key)),
        None => quote!(::core::option::Option::None),
    };
    // The user's own span, without our hygiene, makes this the line of the function.
    let location = quote_spanned!(ident.span()=> ::core::panic::Location::caller());
    let call = call(event, &paths, function);
    let checks = function.arguments.iter().map(|argument| check(event, &paths, argument));
    let (registration, ty) = (paths.registration(event), paths.registration_type(event));
    let submit = paths.submit();
    quote_spanned! {Span::mixed_site()=>
        #[allow(deprecated)]
        const _: () = {
            const __CL_ENTRY: #ty = #registration::new(
                ::core::concat!(::core::module_path!(), "::", #name),
                #location,
                #key,
                |__cl_event| { #call },
                |__cl_app, __cl_missing| { #(#checks)* },
            );
            #submit { __CL_ENTRY }
        };
    }
}

/// Takes the arguments out of the event and runs the function.
///
/// The whole future stands at the function's name: that is where the compiler complains when it
/// can't be sent to another thread.
fn call(event: &Event, paths: &Paths, function: &Function) -> TokenStream {
    let ident = &function.ident;
    let extracts = function.arguments.iter().enumerate().map(|(index, argument)| {
        let Argument { cfgs, ty } = argument;
        let (module, variable) = (paths.argument(event), variable(&format!("argument_{index}")));
        quote_spanned! {at(ty)=>
            #(#cfgs)* let #variable = #module::extract::<#ty>(&__cl_event).await?;
        }
    });
    let arguments = function.arguments.iter().enumerate().map(|(index, Argument { cfgs, .. })| {
        let variable = variable(&format!("argument_{index}"));
        quote!(#(#cfgs)* #variable)
    });
    let (out, outcome) = (variable("out"), outcome(event, paths, function));
    quote_spanned! {at(ident)=>
        ::std::boxed::Box::pin(async move {
            #(#extracts)*
            ::core::mem::drop(__cl_event);
            let #out = #ident(#(#arguments),*).await;
            #outcome
        })
    }
}

/// Turns the function's result into the event's outcome.
///
/// The value's expression begins at the first token of the result's type, ends at the last, and
/// has the user's spans without our hygiene, so that all of the type is underlined when it does
/// not fit.
fn outcome(event: &Event, paths: &Paths, function: &Function) -> TokenStream {
    let returned = paths.returned();
    let convert = match event.result {
        Outcome::Nothing => format_ident!("nothing"),
        Outcome::Answer => format_ident!("answer"),
    };
    let (first, last) = ends(&function.output, function.ident.span());
    let (out, result) = (variable("out"), variable("result"));
    let here = Ident::new("__cl_here", first);
    let mut parentheses = Group::new(Delimiter::Parenthesis, result.to_token_stream());
    parentheses.set_span(last);
    quote_spanned! {Span::mixed_site()=>
        use #returned::{FallibleKind as _, PlainKind as _, here as __cl_here};
        let #result = #returned::here(&#out).__cl_kind().result(#out);
        #returned::#convert(#here #parentheses)
    }
}

/// The spans of the first and the last token.
fn ends(tokens: &impl ToTokens, otherwise: Span) -> (Span, Span) {
    let mut spans = tokens.to_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or(otherwise);
    (first, spans.last().unwrap_or(first))
}

/// Asks the argument's type, before the server listens, whether the application has what it needs.
fn check(event: &Event, paths: &Paths, Argument { cfgs, ty }: &Argument) -> TokenStream {
    let module = paths.argument(event);
    quote_spanned! {at(ty)=>
        #(#cfgs)*
        ::core::iter::Extend::extend(__cl_missing, #module::check::<#ty>(__cl_app).err());
    }
}

/// A local variable that the user's names can't meet.
fn variable(name: &str) -> Ident {
    Ident::new(&format!("__cl_{name}"), Span::mixed_site())
}

/// Our names, the user's place.
fn at(tokens: impl Spanned) -> Span {
    Span::mixed_site().located_at(tokens.span())
}
