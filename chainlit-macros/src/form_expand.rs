//! Writes what `#[derive(SettingsForm)]` adds.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Lit};

use crate::form::{Field, Form};
use crate::paths::Paths;

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    match Form::parse(input) {
        Ok(form) => print(&form),
        Err(error) => error.to_compile_error(),
    }
}

fn print(form: &Form) -> TokenStream {
    let paths = Paths::new(form.root.as_ref());
    let derived = paths.derived();
    let (name, visibility) = (&form.input.ident, &form.input.vis);
    let [settings_form, chat_settings, typed_form, error, result, event, from_event, context, any] =
        [
            "SettingsForm",
            "ChatSettings",
            "TypedForm",
            "Error",
            "Result",
            "EventContext",
            "FromEvent",
            "Context",
            "SessionEvent",
        ]
        .map(|name| paths.public(name));
    let (map, value) = (paths.hidden("Map"), paths.hidden("Value"));
    let widgets = form.fields.iter().map(|field| widget(&derived, field));
    let values = form.fields.iter().map(|field| {
        let Field { ident, ty, id, .. } = field;
        let initial = initial(&derived, field);
        quote_spanned! {at(ty)=>
            #ident: #derived::field_value::<#ty>(__cl_values, #id, || #initial)?,
        }
    });
    let entries = form.fields.iter().map(|Field { ident, ty, id, .. }| {
        quote_spanned! {at(ty)=>
            __cl_values.insert(
                ::std::string::String::from(#id),
                #derived::SettingValue::to_value(&self.#ident),
            );
        }
    });
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #settings_form for #name {
            fn chat_settings() -> #chat_settings {
                let __cl_form = #chat_settings::new();
                #(#widgets)*
                __cl_form
            }

            fn from_values(
                __cl_values: &#map<::std::string::String, #value>,
            ) -> ::core::result::Result<Self, #error> {
                ::core::result::Result::Ok(Self { #(#values)* })
            }

            fn to_values(&self) -> #map<::std::string::String, #value> {
                let mut __cl_values = #map::new();
                #(#entries)*
                __cl_values
            }
        }

        #[automatically_derived]
        impl<__ClEvent: #any> #from_event<__ClEvent> for #name {
            async fn from_event(__cl_event: &#event<__ClEvent>) -> #result<Self> {
                ::core::result::Result::Ok(#derived::of_event(__cl_event)?)
            }
        }

        #[automatically_derived]
        #[allow(dead_code)]
        impl #name {
            /// The form, ready to be sent.
            #visibility fn form() -> #typed_form<Self> {
                #typed_form::new()
            }

            /// The values of the session that is being handled; the first ones where none are set.
            #[track_caller]
            #visibility fn current() -> ::core::result::Result<Self, #error> {
                let __cl_context = #context::current();
                let __cl_values = __cl_context.session().chat_settings();
                <Self as #settings_form>::from_values(&__cl_values)
            }
        }
    }
}

/// Adds the field's widget to the form.
fn widget(derived: &TokenStream, field: &Field) -> TokenStream {
    let Field { ty, id, label, settings, tab, .. } = field;
    let initial = initial(derived, field);
    let made = match field.widget {
        Some(widget) => {
            let kind = Ident::new(widget.kind, Span::mixed_site());
            quote_spanned!(at(ty)=> #derived::widget::<#ty, #derived::kind::#kind>)
        }
        None => quote_spanned!(at(ty)=> #derived::usual_widget::<#ty>),
    };
    let settings = settings.iter().map(|(name, value)| quote!(.#name(#value)));
    let add = match tab {
        Some(tab) => quote_spanned!(at(ty)=> input_in_tab(#tab, __cl_widget)),
        None => quote_spanned!(at(ty)=> input(__cl_widget)),
    };
    quote_spanned! {at(ty)=>
        let __cl_initial: #ty = #initial;
        let __cl_widget = #made(#id, #label, &__cl_initial);
        let __cl_widget = __cl_widget #(#settings)*;
        let __cl_form = __cl_form.#add;
    }
}

/// The field's value before anybody has changed it.
fn initial(derived: &TokenStream, field: &Field) -> TokenStream {
    let ty = &field.ty;
    let is = |name| field.widget.is_some_and(|widget| widget.name == name);
    match &field.initial {
        Some(Expr::Lit(literal)) if matches!(literal.lit, Lit::Str(_)) => {
            quote_spanned!(at(ty)=> #derived::text::<#ty>(#literal))
        }
        Some(Expr::Array(array)) if is("date_range") => {
            let days = array.elems.iter();
            quote!(::core::option::Option::Some([#(::core::convert::Into::into(#days)),*]))
        }
        Some(Expr::Array(array)) => quote!(#derived::list(#array)),
        Some(other) => quote!(#other),
        None => match field.setting("min").filter(|_| is("slider")) {
            Some(min) => quote_spanned!(at(ty)=> #derived::number::<#ty>(#min)),
            None => quote_spanned!(at(ty)=> <#ty as #derived::SettingValue>::first()),
        },
    }
}

/// Our names, the user's place.
fn at(tokens: impl Spanned) -> Span {
    Span::mixed_site().located_at(tokens.span())
}
