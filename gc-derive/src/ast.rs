//! A type as the derive sees it: its variants, and what is to be done with each field.

use proc_macro2::{Ident, Span};
use syn::{Attribute, Data, DeriveInput, ExprPath, Fields, GenericParam, Generics, Member, Type};

use crate::attr::{self, Level, Options};
use crate::error::Errors;
use crate::ty;

/// A type that derives `Trace`.
pub(crate) struct Input {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) ident: Ident,
    /// Its parameters, as an `impl` declares them.
    pub(crate) generics: Generics,
    pub(crate) options: Options,
    /// Its lint levels, which hold for the `impl` as well.
    pub(crate) lint_levels: Vec<Attribute>,
    /// Whether it names something deprecated without a warning.
    pub(crate) deprecated: bool,
    pub(crate) kind: Kind,
    /// One without a name for a struct, none for a union.
    pub(crate) variants: Vec<Variant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Struct,
    Enum,
    Union,
}

pub(crate) struct Variant {
    pub(crate) ident: Option<Ident>,
    pub(crate) options: Options,
    pub(crate) fields: Vec<Field>,
}

pub(crate) struct Field {
    pub(crate) member: Member,
    pub(crate) ty: Type,
    pub(crate) options: Options,
    pub(crate) role: Role,
}

/// What is done with a field.
pub(crate) enum Role {
    /// Its type must implement `Trace` and have a size.
    Traced,
    /// Its type must implement `Trace`; it is the last of a struct, which may be without a size.
    Tail,
    /// Holds function pointers and plain values by its syntax: never traced, whatever its type is.
    FnPointers,
    /// Traced by this function.
    With(ExprPath),
    Skipped,
}

impl Input {
    pub(crate) fn parse(input: DeriveInput, errors: &mut Errors) -> Self {
        let options = Options::parse(Level::Type, &input.attrs, errors);
        let untraced = options.leaf.is_some();
        let lint_levels = input.attrs.iter().filter_map(attr::lint_level).collect();
        let deprecated = allows_deprecated(&input);
        let (kind, variants) = match input.data {
            Data::Struct(data) => (Kind::Struct, vec![Variant::of_struct(data.fields, untraced, errors)]),
            Data::Enum(data) => {
                let parse = |variant| Variant::of_enum(variant, untraced, errors);
                (Kind::Enum, data.variants.into_iter().map(parse).collect())
            }
            Data::Union(_) => (Kind::Union, Vec::new()),
        };
        let generics = for_impl(input.generics, errors);
        Self { attrs: input.attrs, ident: input.ident, generics, options, lint_levels, deprecated, kind, variants }
    }

    /// Every field, in order.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.variants.iter().flat_map(|variant| &variant.fields)
    }

    /// Whether a value can own a `Gc` that is reported.
    pub(crate) fn is_traced(&self) -> bool {
        self.fields().any(|field| !matches!(field.role, Role::Skipped | Role::FnPointers))
    }
}

impl Variant {
    fn of_struct(fields: Fields, untraced: bool, errors: &mut Errors) -> Self {
        let mut fields = parse_fields(fields, untraced, errors);
        let may_be_unsized = |last: &&mut Field| matches!(last.role, Role::Traced) && !ty::is_sized(&last.ty);
        if let Some(last) = fields.last_mut().filter(may_be_unsized) {
            last.role = Role::Tail;
        }
        Self { ident: None, options: Options::default(), fields }
    }

    fn of_enum(variant: syn::Variant, untraced: bool, errors: &mut Errors) -> Self {
        let options = Options::parse(Level::Variant, &variant.attrs, errors);
        let untraced = untraced || options.skip.is_some();
        let fields = parse_fields(variant.fields, untraced, errors);
        Self { ident: Some(variant.ident), options, fields }
    }
}

fn parse_fields(fields: Fields, untraced: bool, errors: &mut Errors) -> Vec<Field> {
    let members: Vec<_> = fields.members().collect();
    let parse = |(member, field)| Field::parse(member, field, untraced, errors);
    members.into_iter().zip(fields).map(parse).collect()
}

impl Field {
    fn parse(member: Member, field: syn::Field, untraced: bool, errors: &mut Errors) -> Self {
        let options = Options::parse(Level::Field, &field.attrs, errors);
        let role = match &options.with {
            _ if untraced || options.skip.is_some() => Role::Skipped,
            Some(with) => Role::With(with.value.clone()),
            None if ty::is_fn_pointers(&field.ty) => Role::FnPointers,
            None => Role::Traced,
        };
        Self { member, ty: field.ty, options, role }
    }
}

/// Whether the type or a part of it is `#[deprecated]`, or stands under an `#[allow(deprecated)]` of its own.
///
/// Otherwise the derived code must not carry that attribute: it would be an error under `#![forbid(deprecated)]`.
fn allows_deprecated(input: &DeriveInput) -> bool {
    let variants = match &input.data {
        Data::Enum(data) => data.variants.iter().collect(),
        Data::Struct(_) | Data::Union(_) => Vec::new(),
    };
    let fields = match &input.data {
        Data::Struct(data) => data.fields.iter().collect(),
        Data::Enum(data) => data.variants.iter().flat_map(|variant| &variant.fields).collect(),
        Data::Union(_) => Vec::new(),
    };
    let variants = variants.iter().flat_map(|variant| &variant.attrs);
    let fields = fields.iter().flat_map(|field: &&syn::Field| &field.attrs);
    input.attrs.iter().chain(variants).chain(fields).any(attr::is_about_deprecated)
}

/// The parameters as an `impl` declares them: without attributes, which would not be known there.
///
/// A lifetime gets a span of the expansion, so that `single_use_lifetimes` does not ask the user to elide it there.
fn for_impl(mut generics: Generics, errors: &mut Errors) -> Generics {
    for param in &mut generics.params {
        let attrs = match param {
            GenericParam::Type(param) => &mut param.attrs,
            GenericParam::Const(param) => &mut param.attrs,
            GenericParam::Lifetime(param) => {
                let span = param.lifetime.span();
                param.lifetime.set_span(Span::mixed_site().located_at(span));
                &mut param.attrs
            }
        };
        for attr in attrs.drain(..).filter(attr::is_ours) {
            errors.at(attr, "`#[trace(..)]` belongs on the type, a variant or a field, not on a generic parameter");
        }
    }
    generics
}
