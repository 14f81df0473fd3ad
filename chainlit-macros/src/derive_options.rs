//! What stands in the attributes of a derive: `#[setting(...)]`, `#[choice(...)]`.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Ident, Lit, LitStr, Meta, Path, Token};

use crate::errors::Errors;

/// One entry between the parentheses.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) span: Span,
    pub(crate) value: EntryValue,
}

/// What follows an entry's name.
pub(crate) enum EntryValue {
    /// Nothing.
    None,
    /// `= expression`
    Is(Expr),
    /// `= path`, of the option `crate`
    Path(Path),
    /// `(...)`
    List(Vec<Entry>),
}

impl Entry {
    /// The text of `name = "text"`, which must not be empty.
    pub(crate) fn text(&self, errors: &mut Errors) -> Option<LitStr> {
        if let EntryValue::Is(Expr::Lit(literal)) = &self.value
            && let Lit::Str(text) = &literal.lit
        {
            if text.value().trim().is_empty() {
                errors.at(text, format!("`{}` is empty", self.name));
                return None;
            }
            return Some(text.clone());
        }
        errors.add(syn::Error::new(
            self.span,
            format!("`{0}` is a string: `{0} = \"...\"`", self.name),
        ));
        None
    }

    /// The expression of `name = expression`.
    pub(crate) fn expression(&self, errors: &mut Errors) -> Option<Expr> {
        if let EntryValue::Is(expression) = &self.value {
            return Some(expression.clone());
        }
        let message = format!("`{0}` has a value: `{0} = ...`", self.name);
        errors.add(syn::Error::new(self.span, message));
        None
    }
}

/// The entries of all attributes of that name, in order.
pub(crate) fn entries(name: &str, attributes: &[Attribute], errors: &mut Errors) -> Vec<Entry> {
    let mut entries = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
        let parsed = match &attribute.meta {
            Meta::List(list) => list_of(list.tokens.clone()),
            other => Err(syn::Error::new(other.span(), format!("write `#[{name}(...)]`"))),
        };
        match parsed {
            Ok(parsed) => entries.extend(parsed),
            Err(error) => errors.add(error),
        }
    }
    entries
}

fn list_of(tokens: TokenStream) -> syn::Result<Vec<Entry>> {
    let parser = |input: ParseStream<'_>| {
        let mut entries = Vec::new();
        while !input.is_empty() {
            entries.push(entry(input)?);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(entries)
    };
    parser.parse2(tokens)
}

fn entry(input: ParseStream<'_>) -> syn::Result<Entry> {
    let name = input.call(Ident::parse_any)?;
    let value = if input.peek(syn::token::Paren) {
        let content;
        syn::parenthesized!(content in input);
        EntryValue::List(list_of(content.parse()?)?)
    } else if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        if name == "crate" {
            EntryValue::Path(input.call(Path::parse_mod_style)?)
        } else {
            EntryValue::Is(input.parse()?)
        }
    } else {
        EntryValue::None
    };
    Ok(Entry { span: name.span(), name: name.unraw().to_string(), value })
}

/// Says which options there are, and which one was probably meant.
pub(crate) fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    if known.is_empty() {
        return format!("{what} has no options, and no `{name}`");
    }
    let near = known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(&name.to_lowercase(), known), known))
        .filter(|(distance, _)| *distance <= 2)
        .min();
    let hint = near.map_or(String::new(), |(_, near)| format!("; did you mean `{near}`?"));
    let list: Vec<_> = known.iter().map(|known| format!("`{known}`")).collect();
    format!("unknown option `{name}`; {what} has {}{hint}", list.join(", "))
}

/// `max_tokens` or `MaxTokens` as `Max tokens`.
pub(crate) fn label_of(name: &str) -> String {
    let mut label = String::new();
    for c in name.chars() {
        if c == '_' {
            label.push(' ');
        } else if c.is_uppercase() && label.chars().last().is_some_and(char::is_lowercase) {
            label.push(' ');
            label.extend(c.to_lowercase());
        } else if label.is_empty() {
            label.extend(c.to_uppercase());
        } else {
            label.push(c);
        }
    }
    label
}

/// A literal text with the name's place.
pub(crate) fn text_at(text: &str, place: impl ToTokens) -> LitStr {
    LitStr::new(text, place.span())
}

#[cfg(test)]
mod tests {
    use super::label_of;

    #[test]
    fn a_name_is_a_label() {
        assert_eq!(label_of("max_tokens"), "Max tokens");
        assert_eq!(label_of("VeryLarge"), "Very large");
        assert_eq!(label_of("GPT"), "GPT");
    }
}
