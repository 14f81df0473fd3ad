use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{ExprArray, Lit, LitBool, LitStr, Path, Token};

use crate::attr::{nearest, parse_each, skip_to_comma};
use crate::errors::Errors;

/// The kinds of steps and their names in `StepType`.
const KINDS: &[(&str, &str)] = &[
    ("run", "Run"),
    ("tool", "Tool"),
    ("llm", "Llm"),
    ("embedding", "Embedding"),
    ("retrieval", "Retrieval"),
    ("rerank", "Rerank"),
    ("undefined", "Undefined"),
];

/// The options with what they take, as messages show them.
const OPTIONS: &[(&str, &str)] = &[
    ("kind", "kind = \"tool\""),
    ("name", "name = \"Search\""),
    ("show_input", "show_input = false"),
    ("language", "language = \"json\""),
    ("icon", "icon = \"search\""),
    ("tags", "tags = [\"web\"]"),
    ("metadata", "metadata(key = \"value\")"),
    ("default_open", "default_open"),
    ("auto_collapse", "auto_collapse"),
    ("skip_output", "skip_output"),
    ("crate", "crate = path"),
];

/// The options of one `#[step]`, checked.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) root: Option<Path>,
    /// The step's name; the function's otherwise.
    pub(crate) name: Option<LitStr>,
    /// The variant of `StepType`.
    pub(crate) kind: Option<Ident>,
    /// Calls of `Step`'s builder for the rest, in order.
    pub(crate) builder: TokenStream,
    /// What comes out is not shown.
    pub(crate) skips_output: bool,
    seen: Vec<String>,
}

impl Options {
    /// Reads the options. Goes on after a mistake, to find them all.
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut options = Self::default();
        parse_each(tokens, errors, |input, errors| options.parse_one(input, errors));
        options
    }

    fn parse_one(&mut self, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
        if input.peek(Lit) {
            let literal: Lit = input.parse()?;
            return Err(syn::Error::new_spanned(
                &literal,
                "a step's options have names: `#[step(kind = \"tool\", name = \"Search\")]`",
            ));
        }
        if !input.peek(Ident::peek_any) {
            return Err(input.error("expected an option such as `kind = \"tool\"`"));
        }
        let ident = input.call(Ident::parse_any)?;
        let name = ident.unraw().to_string();
        let Some((_, example)) = OPTIONS.iter().find(|(option, _)| *option == name) else {
            errors.at(&ident, unknown_option(&name));
            skip_to_comma(input);
            return Ok(());
        };
        if self.seen.contains(&name) {
            errors.at(&ident, format!("the option `{name}` is given twice"));
        }
        self.seen.push(name.clone());
        self.parse_value(&ident, &name, input).map_err(|error| {
            // The end of the input has no place of its own; what says more stays.
            let span = if input.is_empty() { ident.span() } else { error.span() };
            match error.to_string() {
                text if text.contains('`') && !text.starts_with("expected") => error,
                _ => syn::Error::new(span, format!("write `{example}`")),
            }
        })
    }

    fn parse_value(
        &mut self,
        ident: &Ident,
        name: &str,
        input: ParseStream<'_>,
    ) -> syn::Result<()> {
        match name {
            "crate" => {
                input.parse::<Token![=]>()?;
                self.root = Some(input.call(Path::parse_mod_style)?);
            }
            "name" => self.name = Some(text(input)?),
            "kind" => self.kind = Some(kind(&text(input)?)?),
            "language" | "icon" => {
                let text = text(input)?;
                self.call(ident, text);
            }
            "show_input" => {
                input.parse::<Token![=]>()?;
                match input.parse()? {
                    Lit::Bool(show) => self.call(ident, show),
                    Lit::Str(language) => self.call(ident, language),
                    other => {
                        return Err(syn::Error::new_spanned(
                            other,
                            "`show_input` is `false`, `true` or a language such as `\"json\"`",
                        ));
                    }
                }
            }
            "default_open" | "auto_collapse" => {
                let is_on = flag(input)?;
                self.call(ident, is_on);
            }
            "skip_output" => self.skips_output = flag(input)?.value,
            "tags" => {
                input.parse::<Token![=]>()?;
                for tag in input.parse::<ExprArray>()?.elems {
                    let tag: LitStr = syn::parse2(tag.to_token_stream())?;
                    self.call(&Ident::new("tag", ident.span()), tag);
                }
            }
            _ => self.metadata(input)?,
        }
        Ok(())
    }

    fn metadata(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let facts;
        syn::parenthesized!(facts in input);
        while !facts.is_empty() {
            let key = facts.call(Ident::parse_any)?;
            facts.parse::<Token![=]>()?;
            let value: Lit = facts.parse()?;
            let text = key.unraw().to_string();
            self.call(&Ident::new("metadata", key.span()), quote!(#text, #value));
            if !facts.is_empty() {
                facts.parse::<Token![,]>()?;
            }
        }
        Ok(())
    }

    fn call(&mut self, method: &Ident, arguments: impl ToTokens) {
        self.builder.extend(quote!(.#method(#arguments)));
    }
}

fn text(input: ParseStream<'_>) -> syn::Result<LitStr> {
    input.parse::<Token![=]>()?;
    input.parse()
}

/// `flag`, `flag = true` or `flag = false`.
fn flag(input: ParseStream<'_>) -> syn::Result<LitBool> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(LitBool::new(true, proc_macro2::Span::call_site()));
    }
    input.parse::<Token![=]>()?;
    input.parse()
}

/// The variant of `StepType` that has that name.
fn kind(literal: &LitStr) -> syn::Result<Ident> {
    let name = literal.value();
    if let Some((_, variant)) = KINDS.iter().find(|(kind, _)| *kind == name) {
        return Ok(Ident::new(variant, literal.span()));
    }
    let names: Vec<_> = KINDS.iter().map(|(kind, _)| *kind).collect();
    let list = names.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(", ");
    let hint = nearest(&name, &names);
    Err(syn::Error::new(
        literal.span(),
        format!("`{name}` is no kind of step; there are {list}{hint}"),
    ))
}

fn unknown_option(name: &str) -> String {
    if name == "type" {
        // The word that Chainlit has, which is a keyword of Rust.
        return "`type` is called `kind` here: write `kind = \"tool\"`".to_owned();
    }
    let names: Vec<_> = OPTIONS.iter().map(|(option, _)| *option).collect();
    let list = names.iter().map(|option| format!("`{option}`")).collect::<Vec<_>>().join(", ");
    format!("unknown option `{name}`; the options are {list}{}", nearest(name, &names))
}
