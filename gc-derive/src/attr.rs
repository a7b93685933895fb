//! The words inside `#[trace(...)]`: which there are, where each belongs and what it takes.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{End, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, ExprPath, LitStr, Meta, MetaList, Path, Token, WherePredicate, parse_quote, token};

use crate::error::{Errors, nearest, one_of};
use crate::ty::find_word;

/// What an attribute stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Type,
    Variant,
    Field,
}

impl Level {
    const ALL: [Self; 3] = [Self::Type, Self::Variant, Self::Field];

    fn name(self) -> &'static str {
        match self {
            Self::Type => "the type",
            Self::Variant => "a variant",
            Self::Field => "a field",
        }
    }

    fn words(self) -> Vec<&'static str> {
        WORDS.iter().filter(|word| word.levels.contains(&self)).map(|word| word.name).collect()
    }
}

/// An option: its name, how it is written in full, and where it belongs.
struct Word {
    name: &'static str,
    form: &'static str,
    levels: &'static [Level],
}

const WORDS: [Word; 7] = [
    Word { name: "skip", form: "skip", levels: &[Level::Variant, Level::Field] },
    Word { name: "with", form: "with = path", levels: &[Level::Field] },
    Word { name: "leaf", form: "leaf", levels: &[Level::Type] },
    Word { name: "finalize", form: "finalize", levels: &[Level::Type] },
    Word { name: "unsafe_drop", form: "unsafe_drop", levels: &[Level::Type] },
    Word { name: "bound", form: "bound = \"T: Trace\"", levels: &[Level::Type] },
    Word { name: "crate", form: "crate = path", levels: &[Level::Type] },
];

/// An option's word, to point at, and its value.
pub(crate) struct Given<T> {
    pub(crate) word: Ident,
    pub(crate) value: T,
}

/// What the `#[trace(...)]` attributes of one type, variant or field say.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) skip: Option<Given<()>>,
    pub(crate) with: Option<Given<ExprPath>>,
    pub(crate) leaf: Option<Given<()>>,
    pub(crate) finalize: Option<Given<()>>,
    pub(crate) unsafe_drop: Option<Given<()>>,
    pub(crate) bound: Option<Given<Vec<WherePredicate>>>,
    pub(crate) krate: Option<Given<Path>>,
    seen: Vec<&'static str>,
}

/// Whether this is an attribute of ours.
pub(crate) fn is_ours(attr: &Attribute) -> bool {
    attr.path().is_ident("trace")
}

/// Whether this is `#[deprecated]`, or sets a lint level for what is.
pub(crate) fn is_about_deprecated(attr: &Attribute) -> bool {
    let names_it = |list: &MetaList| find_word(list.tokens.clone(), &|word| word == "deprecated").is_some();
    match &attr.meta {
        Meta::List(list) if ["allow", "expect"].iter().any(|level| list.path.is_ident(level)) => names_it(list),
        meta => meta.path().is_ident("deprecated"),
    }
}

/// The lint level that this attribute sets. What is expected of the type itself is only allowed in its `impl`.
pub(crate) fn lint_level(attr: &Attribute) -> Option<Attribute> {
    let Meta::List(list) = &attr.meta else {
        return None;
    };
    if list.path.is_ident("expect") {
        let tokens = &list.tokens;
        return Some(parse_quote!(#[allow(#tokens)]));
    }
    let is_level = ["allow", "warn", "deny", "forbid"].iter().any(|level| list.path.is_ident(level));
    is_level.then(|| attr.clone())
}

impl Options {
    /// Reads the attributes of something at `level`; what is wrong with them goes to `errors` and is left out.
    pub(crate) fn parse(level: Level, attrs: &[Attribute], errors: &mut Errors) -> Self {
        let mut options = Self::default();
        for attr in attrs.iter().filter(|attr| is_ours(attr)) {
            match &attr.meta {
                Meta::List(list) if !list.tokens.is_empty() => {
                    options.parse_list(level, list.tokens.clone(), errors);
                }
                malformed => errors.at(malformed, no_options(level)),
            }
        }
        options
    }

    fn parse_list(&mut self, level: Level, tokens: TokenStream, errors: &mut Errors) {
        let parser = |input: ParseStream<'_>| {
            while !input.is_empty() {
                if let Err(error) = self.parse_option(level, input).and_then(|()| parse_comma(input)) {
                    errors.push(error);
                    skip_past_comma(input);
                }
            }
            Ok(())
        };
        if let Err(error) = parser.parse2(tokens) {
            errors.push(error);
        }
    }

    fn parse_option(&mut self, level: Level, input: ParseStream<'_>) -> syn::Result<()> {
        let word = input
            .call(Ident::parse_any)
            .map_err(|error| syn::Error::new(error.span(), format!("expected {}", one_of(&level.words()))))?;
        let known = look_up(level, &word)?;
        if self.seen.contains(&known.name) {
            return Err(syn::Error::new(word.span(), format!("duplicate `trace` option `{word}`")));
        }
        self.seen.push(known.name);
        self.parse_value(known, word, input)
    }

    fn parse_value(&mut self, known: &Word, word: Ident, input: ParseStream<'_>) -> syn::Result<()> {
        match known.name {
            "skip" => self.skip = Some(flag(word, input)?),
            "leaf" => self.leaf = Some(flag(word, input)?),
            "finalize" => self.finalize = Some(flag(word, input)?),
            "unsafe_drop" => self.unsafe_drop = Some(flag(word, input)?),
            "with" => self.with = Some(path(known, word, input)?),
            "crate" => self.krate = Some(path(known, word, input)?),
            _ => self.bound = Some(bound(known, word, input)?),
        }
        Ok(())
    }
}

fn no_options(level: Level) -> String {
    format!("`#[trace(..)]` on {} needs an option; expected {}", level.name(), one_of(&level.words()))
}

/// The option called `word`, if it may stand at `level`.
fn look_up(level: Level, word: &Ident) -> syn::Result<&'static Word> {
    let found = WORDS.iter().find(|known| word == known.name);
    match found {
        Some(known) if known.levels.contains(&level) => Ok(known),
        Some(known) => Err(syn::Error::new(word.span(), misplaced(known, level))),
        None => Err(syn::Error::new(word.span(), unknown(level, &word.to_string()))),
    }
}

fn misplaced(word: &Word, level: Level) -> String {
    let places: Vec<_> = word.levels.iter().map(|level| level.name()).collect();
    let way_out = match (word.name, level) {
        ("skip", Level::Type) => "; a type that owns no `Gc` is a `leaf`",
        ("leaf", _) => "; use `skip` to leave it untraced",
        _ => "",
    };
    let (form, places, level) = (word.form, places.join(" or "), level.name());
    format!("`#[trace({form})]` belongs on {places}, not on {level}{way_out}")
}

fn unknown(level: Level, word: &str) -> String {
    let start = format!("unknown `trace` option `{word}` on {}", level.name());
    if let Some(meant) = nearest(word, &level.words()) {
        return format!("{start}; did you mean `{meant}`?");
    }
    for elsewhere in Level::ALL {
        if let Some(meant) = nearest(word, &elsewhere.words()) {
            return format!("{start}; did you mean `{meant}`, which belongs on {}?", elsewhere.name());
        }
    }
    format!("{start}; expected {}", one_of(&level.words()))
}

fn flag(word: Ident, input: ParseStream<'_>) -> syn::Result<Given<()>> {
    if input.peek(Token![=]) || input.peek(token::Paren) {
        return Err(input.error(format!("`{word}` takes no value")));
    }
    Ok(Given { word, value: () })
}

fn parse_equals(known: &Word, word: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    if input.peek(Token![=]) {
        input.parse::<Token![=]>().map(drop)
    } else {
        Err(syn::Error::new(word.span(), format!("`{word}` needs a value; write `{}`", known.form)))
    }
}

fn path<P: syn::parse::Parse>(known: &Word, word: Ident, input: ParseStream<'_>) -> syn::Result<Given<P>> {
    parse_equals(known, &word, input)?;
    if let Ok(text) = input.fork().parse::<LitStr>() {
        // Only a path is worth repeating.
        let form =
            text.parse::<Path>().map_or_else(|_| known.form.to_owned(), |_| format!("{word} = {}", text.value()));
        let message = format!("`{word}` takes a path without quotes; write `{form}`");
        return Err(syn::Error::new(text.span(), message));
    }
    let value = input
        .parse()
        .map_err(|error| syn::Error::new(error.span(), format!("`{word}` takes a path; write `{}`", known.form)))?;
    Ok(Given { word, value })
}

fn bound(known: &Word, word: Ident, input: ParseStream<'_>) -> syn::Result<Given<Vec<WherePredicate>>> {
    parse_equals(known, &word, input)?;
    let text: LitStr = input.parse().map_err(|error| {
        let message = format!("`bound` takes where-predicates in a string; write `{}`", known.form);
        syn::Error::new(error.span(), message)
    })?;
    if text.value().split_whitespace().next() == Some("where") {
        let predicates = text.value().trim_start().trim_start_matches("where").trim().to_owned();
        let message = format!("`bound` takes the predicates alone, without `where`; write `bound = \"{predicates}\"`");
        return Err(syn::Error::new(text.span(), message));
    }
    let predicates = text
        .parse_with(Punctuated::<WherePredicate, Token![,]>::parse_terminated)
        .map_err(|error| syn::Error::new(text.span(), unparsed_bound(&error)))?;
    Ok(Given { word, value: predicates.into_iter().collect() })
}

fn unparsed_bound(error: &syn::Error) -> String {
    let reason = error.to_string();
    // A list of everything that a type may begin with says less than the example.
    let reason = if reason.contains("one of") { String::new() } else { format!(": {reason}") };
    format!("`bound` is not a list of where-predicates, such as `\"T: Trace, U: Trace\"`{reason}")
}

fn parse_comma(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() {
        return Ok(());
    }
    input
        .parse::<Token![,]>()
        .map(drop)
        .map_err(|error| syn::Error::new(error.span(), "expected `,` between `trace` options"))
}

/// Leaves `input` where the next option begins, as well as can be told.
fn skip_past_comma(input: ParseStream<'_>) {
    while let Ok(token) = input.parse::<TokenTree>() {
        let is_comma = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
        if is_comma && begins_option(input) {
            break;
        }
    }
}

fn begins_option(input: ParseStream<'_>) -> bool {
    let ends = input.peek2(Token![,]) || input.peek2(Token![=]) || input.peek2(token::Paren) || input.peek2(End);
    input.peek(Ident::peek_any) && ends
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn messages(level: Level, attr: Attribute) -> Vec<String> {
        let mut errors = Errors::default();
        Options::parse(level, &[attr], &mut errors);
        let tokens = errors.into_compile_errors().unwrap_or_default().to_string();
        tokens.split("compile_error ! {").skip(1).map(|text| text.trim().trim_end_matches(" }").to_owned()).collect()
    }

    #[test]
    fn every_mistake_in_a_list_is_told() {
        let told = messages(Level::Field, parse_quote!(#[trace(ignore, finalize, skip, skip, with, skipp)]));
        assert_eq!(told.len(), 5, "{told:#?}");
    }

    #[test]
    fn a_wrong_value_does_not_hide_the_next_option() {
        let mut errors = Errors::default();
        let attr: Attribute = parse_quote!(#[trace(leaf = 1, finalize)]);
        let options = Options::parse(Level::Type, &[attr], &mut errors);
        assert!(options.leaf.is_none() && options.finalize.is_some());
        assert!(errors.into_compile_errors().is_some());
    }

    #[test]
    fn a_word_of_another_level_is_sent_there() {
        let told = messages(Level::Field, parse_quote!(#[trace(finalise)]));
        assert!(told[0].contains("did you mean `finalize`, which belongs on the type?"), "{told:?}");
    }

    #[test]
    fn bound_takes_any_list_of_predicates() {
        for text in ["", "T: Trace", "T: Trace, U: 'static,", "for<'a> T: Fn(&'a u8), T::Item: Trace"] {
            assert!(messages(Level::Type, parse_quote!(#[trace(bound = #text)])).is_empty(), "{text}");
        }
        assert_eq!(messages(Level::Type, parse_quote!(#[trace(bound = "T Trace")])).len(), 1);
    }
}
