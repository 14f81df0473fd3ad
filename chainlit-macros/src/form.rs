//! `#[derive(SettingsForm)]`: reads the struct. `form_expand.rs` writes the form.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Expr, Fields, Ident, LitStr, Type};

use crate::derive_options::{self, Entry, EntryValue, label_of, text_at, unknown};
use crate::errors::Errors;

/// A kind of widget, as `#[setting(...)]` calls it.
#[derive(Debug)]
pub(crate) struct Widget {
    pub(crate) name: &'static str,
    /// Its type in the `chainlit` crate.
    pub(crate) kind: &'static str,
    /// What can stand in its parentheses; the methods have the same names.
    options: &'static [&'static str],
}

const WIDGETS: &[Widget] = &[
    Widget { name: "switch", kind: "Switch", options: &[] },
    Widget { name: "checkbox", kind: "Checkbox", options: &[] },
    Widget { name: "slider", kind: "Slider", options: &["min", "max", "step"] },
    Widget { name: "number", kind: "NumberInput", options: &["placeholder"] },
    Widget { name: "text", kind: "TextInput", options: &["placeholder", "multiline"] },
    Widget { name: "tags", kind: "Tags", options: &[] },
    Widget { name: "select", kind: "Select", options: CHOICE },
    Widget { name: "radio", kind: "RadioGroup", options: CHOICE },
    Widget { name: "multiselect", kind: "MultiSelect", options: CHOICE },
    Widget { name: "date", kind: "DatePicker", options: DATE },
    Widget { name: "date_range", kind: "DateRangePicker", options: DATE },
];
const CHOICE: &[&str] = &["values", "items"];
const DATE: &[&str] = &["min", "max", "format", "placeholder"];

/// What every field can have.
const OPTIONS: &[&str] = &["id", "label", "initial", "tooltip", "description", "disabled", "tab"];

/// One field of the struct.
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    pub(crate) id: LitStr,
    pub(crate) label: LitStr,
    pub(crate) widget: Option<&'static Widget>,
    /// Methods of the widget and their arguments.
    pub(crate) settings: Vec<(Ident, Expr)>,
    pub(crate) initial: Option<Expr>,
    pub(crate) tab: Option<LitStr>,
}

/// The struct.
pub(crate) struct Form {
    pub(crate) root: Option<syn::Path>,
    pub(crate) input: DeriveInput,
    pub(crate) fields: Vec<Field>,
}

impl Form {
    pub(crate) fn parse(tokens: TokenStream) -> syn::Result<Self> {
        let input: DeriveInput = syn::parse2(tokens)?;
        let mut errors = Errors::default();
        let root = crate::choice::root("setting", &input, &mut errors);
        let fields = match &input.data {
            Data::Struct(data) => match &data.fields {
                Fields::Named(fields) if !fields.named.is_empty() => Some(&fields.named),
                _ => None,
            },
            _ => None,
        };
        let Some(fields) = fields else {
            let message = "`SettingsForm` is derived for a struct with named fields: each is a \
                           widget of the form";
            return Err(syn::Error::new_spanned(&input.ident, message));
        };
        let fields: Vec<_> =
            fields.iter().filter_map(|field| Field::parse(field, &mut errors)).collect();
        check_together(&fields, &mut errors);
        let fields = errors.result(Some(fields))?;
        Ok(Self { root, input, fields })
    }
}

/// What fields can only get wrong together.
fn check_together(fields: &[Field], errors: &mut Errors) {
    let mut ids = HashSet::new();
    for field in fields {
        if !ids.insert(field.id.value()) {
            errors.at(&field.id, format!("two fields have the id `{}`", field.id.value()));
        }
    }
    if fields.iter().any(|field| field.tab.is_some()) {
        for field in fields.iter().filter(|field| field.tab.is_none()) {
            errors.at(
                &field.ident,
                format!(
                    "the form has tabs, and `{}` is in none: add `tab = \"...\"`",
                    field.ident.unraw()
                ),
            );
        }
    }
}

impl Field {
    fn parse(field: &syn::Field, errors: &mut Errors) -> Option<Self> {
        let ident = field.ident.clone()?;
        let name = ident.unraw().to_string();
        let mut parsed = Self {
            id: text_at(&name, &ident),
            label: text_at(&label_of(&name), &ident),
            ident,
            ty: field.ty.clone(),
            widget: None,
            settings: Vec::new(),
            initial: None,
            tab: None,
        };
        let mut seen = HashSet::new();
        for entry in derive_options::entries("setting", &field.attrs, errors) {
            if seen.insert(entry.name.clone()) {
                parsed.take(&entry, errors);
            } else {
                let message = format!("the option `{}` is given twice", entry.name);
                errors.add(syn::Error::new(entry.span, message));
            }
        }
        parsed.check_items(&seen, errors);
        Some(parsed)
    }

    fn take(&mut self, entry: &Entry, errors: &mut Errors) {
        let name = entry.name.as_str();
        if let Some(widget) = WIDGETS.iter().find(|widget| widget.name == name) {
            if let Some(other) = self.widget.replace(widget) {
                let message = format!("a field is one widget, not `{}` and `{name}`", other.name);
                errors.add(syn::Error::new(entry.span, message));
            }
            return self.take_widget(widget, entry, errors);
        }
        match name {
            "id" | "label" | "tab" => {
                let Some(text) = entry.text(errors) else { return };
                match name {
                    "id" => self.id = text,
                    "label" => self.label = text,
                    _ => self.tab = Some(text),
                }
            }
            "initial" => self.initial = entry.expression(errors),
            "tooltip" | "description" | "disabled" => {
                if let Some(value) = entry.expression(errors) {
                    self.settings.push((Ident::new(name, entry.span), value));
                }
            }
            _ => {
                let owners = WIDGETS.iter().filter(|widget| widget.options.contains(&name));
                let owners: Vec<_> =
                    owners.map(|it| format!("`{}({name} = ...)`", it.name)).collect();
                let message = if owners.is_empty() {
                    let widgets = WIDGETS.iter().map(|widget| widget.name);
                    let known: Vec<_> = OPTIONS.iter().copied().chain(widgets).collect();
                    unknown("a field", name, &known)
                } else {
                    format!("`{name}` belongs to a widget: {}", owners.join(" or "))
                };
                errors.add(syn::Error::new(entry.span, message));
            }
        }
    }

    fn take_widget(&mut self, widget: &Widget, entry: &Entry, errors: &mut Errors) {
        let options = match &entry.value {
            EntryValue::None => return,
            EntryValue::List(options) => options,
            EntryValue::Is(_) | EntryValue::Path(_) => {
                let message = format!("write `{0}` or `{0}(...)`", widget.name);
                return errors.add(syn::Error::new(entry.span, message));
            }
        };
        let mut seen = HashSet::new();
        for option in options {
            if !widget.options.contains(&option.name.as_str()) {
                let what = format!("`{}`", widget.name);
                let message = unknown(&what, &option.name, widget.options);
                errors.add(syn::Error::new(option.span, message));
            } else if !seen.insert(&option.name) {
                let message = format!("the option `{}` is given twice", option.name);
                errors.add(syn::Error::new(option.span, message));
            } else if let Some(value) = option.expression(errors) {
                self.settings.push((Ident::new(&option.name, option.span), value));
            }
        }
    }

    /// A choice among texts must say which.
    fn check_items(&self, seen: &HashSet<String>, errors: &mut Errors) {
        let Some(widget) = self.widget.filter(|widget| widget.options == CHOICE) else { return };
        let has_items =
            self.settings.iter().any(|(name, _)| CHOICE.iter().any(|option| name == option));
        let ty = self.ty.to_token_stream().to_string().replace(' ', "");
        let is_text = matches!(ty.as_str(), "String" | "Option<String>" | "Vec<String>");
        if is_text && !has_items && seen.contains(widget.name) {
            errors.at(
                &self.ty,
                format!(
                    "nothing says what can be chosen: write `{}(values = [...])`, or take an enum \
                     with `#[derive(Choice)]`",
                    widget.name
                ),
            );
        }
    }

    /// The value of an option of the widget.
    pub(crate) fn setting(&self, name: &str) -> Option<&Expr> {
        self.settings.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}
