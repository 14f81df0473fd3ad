//! From the attribute and its function to the entry in the event's table.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
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
    if let (Some(key), Some(function)) = (&event.key, &function)
        && !options.has_key
        && function.payload().is_none()
    {
        errors.add(syn::Error::new(
            Span::call_site(),
            format!(
                "`#[{0}]` needs {1}: `#[{0}({2:?})]`, or an argument `Action<T>` whose `T` \
                 derives `ActionPayload`",
                event.attribute, key.what, key.example
            ),
        ));
    }
    let function = errors.result(function)?;
    Ok(print(event, &options, &function))
}

fn print(event: &Event, options: &Options, function: &Function) -> TokenStream {
    let paths = Paths::new(options.root.as_ref());
    let ident = &function.ident;
    let name = ident.unraw().to_string();
    let payload = function.payload().filter(|_| event.key.is_some());
    let key = match (&options.key, payload) {
        (Some(key), _) => quote!(::core::option::Option::Some(#key)),
        (None, Some(payload)) => {
            let tied = paths.action_payload();
            quote_spanned!(at(payload)=> ::core::option::Option::Some(<#payload as #tied>::NAME))
        }
        (None, None) => quote!(::core::option::Option::None),
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
                |__cl_app, __cl_key, __cl_missing| { #(#checks)* },
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
        Outcome::Nothing => quote!(#returned::nothing),
        Outcome::Answer => quote!(#returned::answer),
        Outcome::Typed => paths.answer(event),
    };
    let (first, last) = ends(&function.output, function.ident.span());
    let (out, result) = (variable("out"), variable("result"));
    let here = Ident::new("__cl_here", first);
    let mut parentheses = Group::new(Delimiter::Parenthesis, result.to_token_stream());
    parentheses.set_span(last);
    quote_spanned! {Span::mixed_site()=>
        use #returned::{FallibleKind as _, PlainKind as _, here as __cl_here};
        let #result = #returned::here(&#out).__cl_kind().result(#out);
        #convert(#here #parentheses)
    }
}

/// The spans of the first and the last token.
pub(crate) fn ends(tokens: &impl ToTokens, otherwise: Span) -> (Span, Span) {
    let mut spans = tokens.to_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or(otherwise);
    (first, spans.last().unwrap_or(first))
}

/// Asks the argument's type, before the server listens, whether the application has what it needs.
fn check(event: &Event, paths: &Paths, Argument { cfgs, ty }: &Argument) -> TokenStream {
    let module = paths.argument(event);
    quote_spanned! {at(ty)=>
        #(#cfgs)*
        #module::check::<#ty>(__cl_app, __cl_key, __cl_missing);
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

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use super::{attribute, entry};
    use crate::table::{ACTION_CALLBACK, ALL, Event, ON_MESSAGE};

    /// The messages of all mistakes, in order.
    fn mistakes(event: &Event, options: TokenStream, item: TokenStream) -> Vec<String> {
        match entry(event, options, item) {
            Ok(tokens) => panic!("no mistake, but {tokens}"),
            Err(error) => error.into_iter().map(|error| error.to_string()).collect(),
        }
    }

    #[test]
    fn the_function_stays_as_written() {
        let item = quote! {
            /// Doc.
            #[inline]
            pub(crate) async fn reply(mut m: cl::Message, State(s): State<u8>) -> cl::Result { body }
        };
        let expanded = attribute(ON_MESSAGE, TokenStream::new(), item.clone()).to_string();
        assert!(expanded.starts_with(&item.to_string()), "{expanded}");
        assert!(expanded.contains(":: chainlit :: __private :: argument :: on_message"));
    }

    #[test]
    fn a_wrong_function_stays_too() {
        let item = quote!(
            fn reply() {}
        );
        let expanded = attribute(ON_MESSAGE, TokenStream::new(), item.clone()).to_string();
        assert!(expanded.starts_with(&item.to_string()), "{expanded}");
        assert!(expanded.contains("compile_error"));
    }

    #[test]
    fn the_crate_can_be_elsewhere() {
        let tokens = entry(
            ON_MESSAGE,
            quote!(crate = a::b,),
            quote!(
                async fn reply() {}
            ),
        )
        .unwrap();
        let text = tokens.to_string();
        assert!(text.contains("a :: b :: __private"), "{text}");
        assert!(!text.contains("chainlit"), "{text}");
    }

    #[test]
    fn each_event_has_its_own_table() {
        for event in ALL {
            let options = if event.key.is_some() { quote!("name") } else { quote!() };
            let text = entry(
                event,
                options,
                quote!(
                    async fn f() {}
                ),
            )
            .unwrap()
            .to_string();
            assert!(text.contains(event.marker), "{text}");
        }
    }

    #[test]
    fn a_raw_name_is_told_without_its_mark() {
        let text = entry(
            ON_MESSAGE,
            quote!(),
            quote!(
                async fn r#match() {}
            ),
        )
        .unwrap()
        .to_string();
        assert!(text.contains("\"match\""), "{text}");
    }

    #[test]
    fn an_argument_that_is_not_compiled_is_not_taken() {
        let item = quote!(
            async fn f(
                #[cfg(x)]
                #[allow(unused)]
                a: A,
            ) {
            }
        );
        let text = entry(ON_MESSAGE, quote!(), item).unwrap().to_string();
        assert_eq!(text.matches("# [cfg (x)]").count(), 3, "{text}");
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let item = quote!(
            const unsafe extern "C" fn f<T>(&self, a: &A, b: impl B, ...) {}
        );
        let found = mistakes(ACTION_CALLBACK, quote!(crate, "", x = 1), item);
        let wanted = [
            "`crate = path`",
            "is empty",
            "unknown option `x`",
            "`const`",
            "`async fn`",
            "`unsafe`",
            "`extern`",
            "generic",
            "variable number",
            "`self`",
            "by value",
            "`impl Trait`",
        ];
        assert_eq!(found.len(), wanted.len(), "{found:#?}");
        for (found, wanted) in found.iter().zip(wanted) {
            assert!(found.contains(wanted), "{found:?} lacks {wanted:?}");
        }
    }

    #[test]
    fn an_unknown_option_names_the_nearest() {
        let found = mistakes(
            ON_MESSAGE,
            quote!(crates = x),
            quote!(
                async fn f() {}
            ),
        );
        assert!(found[0].ends_with("did you mean `crate`?"), "{found:?}");
        let found = mistakes(
            ON_MESSAGE,
            quote!(retries = 3),
            quote!(
                async fn f() {}
            ),
        );
        assert!(!found[0].contains("did you mean"), "{found:?}");
    }

    #[test]
    fn a_name_in_another_form_is_one_mistake() {
        for options in [quote!(7), quote!(NAME), quote!(a::NAME), quote!(name = "x"), quote!()] {
            let found = mistakes(
                ACTION_CALLBACK,
                options.clone(),
                quote!(
                    async fn f() {}
                ),
            );
            assert_eq!(found.len(), 1, "{options}: {found:?}");
        }
    }

    #[test]
    fn options_after_a_mistake_are_still_read() {
        let found = mistakes(
            ACTION_CALLBACK,
            quote!("a" "b", "c", crate = x, crate = y, +),
            quote!(
                async fn f() {}
            ),
        );
        let wanted =
            ["expected `,`", "given twice", "`crate` is given twice", "expected an option"];
        assert_eq!(found.len(), wanted.len(), "{found:#?}");
        for (found, wanted) in found.iter().zip(wanted) {
            assert!(found.contains(wanted), "{found:?} lacks {wanted:?}");
        }
    }

    #[test]
    fn what_is_no_function_is_named() {
        let cases = [
            (
                quote!(
                    struct S;
                ),
                "a struct",
            ),
            (
                quote!(
                    enum E {}
                ),
                "an enum",
            ),
            (
                quote!(
                    trait T {}
                ),
                "a trait",
            ),
            (
                quote!(
                    mod m {}
                ),
                "a module",
            ),
            (quote!(impl S {}), "an `impl` block"),
            (
                quote!(
                    const C: u8 = 1;
                ),
                "a constant",
            ),
            (
                quote!(
                    static S: u8 = 1;
                ),
                "a static",
            ),
            (
                quote!(
                    type T = u8;
                ),
                "a type alias",
            ),
            (
                quote!(
                    use a::b;
                ),
                "an import",
            ),
            (quote!(a! {}), "a macro call"),
        ];
        for (item, what) in cases {
            let found = mistakes(ON_MESSAGE, quote!(), item);
            assert!(found[0].ends_with(what), "{found:?}");
        }
    }
}
