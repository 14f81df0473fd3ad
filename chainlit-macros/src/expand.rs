//! From the attribute and its function to the entry in the event's table.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use crate::attr::Options;
use crate::errors::Errors;
use crate::model::{Argument, Function, has_impl_trait};
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
        let (module, variable) = (paths.argument(event), variable(index));
        quote_spanned! {at(ty)=>
            #(#cfgs)* let #variable = #module::extract::<#ty>(&__cl_event).await?;
        }
    });
    let arguments = function.arguments.iter().enumerate().map(|(index, Argument { cfgs, .. })| {
        let variable = variable(index);
        quote!(#(#cfgs)* #variable)
    });
    let outcome = outcome(event, paths, function);
    quote_spanned! {at(ident)=>
        ::std::boxed::Box::pin(async move {
            #(#extracts)*
            ::core::mem::drop(__cl_event);
            let __cl_out = #ident(#(#arguments),*).await;
            #outcome
        })
    }
}

/// Turns the function's result into the event's outcome, at the place of its type.
fn outcome(event: &Event, paths: &Paths, function: &Function) -> TokenStream {
    let returned = paths.returned();
    let span = match &function.output {
        Some(ty) => at(ty),
        None => at(&function.ident),
    };
    match (event.result, &function.output) {
        (Outcome::Nothing, Some(ty)) if !has_impl_trait(ty.to_token_stream()) => {
            quote_spanned!(span=> #returned::nothing::<#ty>(__cl_out))
        }
        (Outcome::Nothing, _) => quote_spanned!(span=> #returned::nothing(__cl_out)),
        (Outcome::Answer, _) => quote_spanned! {span=>
            use #returned::{FallibleKind as _, PlainKind as _};
            (&__cl_out).__cl_kind().outcome(__cl_out)
        },
    }
}

/// Asks the argument's type, before the server listens, whether the application has what it needs.
fn check(event: &Event, paths: &Paths, Argument { cfgs, ty }: &Argument) -> TokenStream {
    let module = paths.argument(event);
    quote_spanned! {at(ty)=>
        #(#cfgs)*
        ::core::iter::Extend::extend(__cl_missing, #module::check::<#ty>(__cl_app).err());
    }
}

fn variable(index: usize) -> proc_macro2::Ident {
    format_ident!("__cl_argument_{index}", span = Span::mixed_site())
}

/// Our names, the user's place.
fn at(tokens: impl Spanned) -> Span {
    Span::mixed_site().located_at(tokens.span())
}
