//! What cannot be derived, and options that contradict each other.

use proc_macro2::TokenTree;
use syn::{Attribute, Meta};

use crate::ast::{Field, Input, Kind, Role, Variant};
use crate::attr::{Given, Options};
use crate::error::Errors;
use crate::ty;

/// Notes everything about `input` that its parts alone do not show to be wrong.
pub(crate) fn check(input: &Input, errors: &mut Errors) {
    check_shape(input, errors);
    check_leaf(input, errors);
    check_unsafe_drop(input, errors);
    for variant in &input.variants {
        check_variant(variant, errors);
    }
    for field in input.fields() {
        check_field(field, errors);
    }
}

fn check_shape(input: &Input, errors: &mut Errors) {
    if input.kind == Kind::Union {
        let message = "`Trace` cannot be derived for a union; implement it by hand and report each owned `Gc` once";
        errors.at(&input.ident, message);
    }
    if input.options.leaf.is_none() {
        for packed in input.attrs.iter().filter(|attr| is_packed(attr)) {
            let message = "`Trace` cannot be derived for a packed type, whose fields cannot be borrowed; \
                           remove `packed`, or mark the type `#[trace(leaf)]` if it owns no `Gc`";
            errors.at(&packed.meta, message);
        }
    }
}

fn is_packed(attr: &Attribute) -> bool {
    match &attr.meta {
        Meta::List(list) if list.path.is_ident("repr") => {
            let mut tokens = list.tokens.clone().into_iter();
            tokens.any(|token| matches!(token, TokenTree::Ident(word) if word == "packed"))
        }
        _ => false,
    }
}

/// Nothing in a leaf is traced, so nothing in it can say how.
fn check_leaf(input: &Input, errors: &mut Errors) {
    if input.options.leaf.is_none() {
        return;
    }
    if let Some(bound) = &input.options.bound {
        errors.at(&bound.word, "`bound` has no effect on a `leaf`, which asks nothing of its parameters; remove it");
    }
    let variants = input.variants.iter().map(|variant| &variant.options);
    for options in variants.chain(input.fields().map(|field| &field.options)) {
        refuse_options(options, "a `leaf` type", errors);
    }
}

/// A promise about traced fields needs some.
fn check_unsafe_drop(input: &Input, errors: &mut Errors) {
    let Some(given) = &input.options.unsafe_drop else {
        return;
    };
    let why = match &input.options.leaf {
        Some(_) => "a `leaf` may implement `Drop`",
        None if input.kind != Kind::Union && !input.is_traced() => "a type with nothing traced may implement `Drop`",
        None => return,
    };
    errors.at(&given.word, format!("`unsafe_drop` has no effect here: {why} without a promise; remove it"));
}

fn check_variant(variant: &Variant, errors: &mut Errors) {
    if variant.options.skip.is_some() {
        for field in &variant.fields {
            refuse_options(&field.options, "a skipped variant", errors);
        }
    }
}

/// Refuses the options of something that lies inside `whole`, which is not traced.
fn refuse_options(options: &Options, whole: &str, errors: &mut Errors) {
    let words = [options.skip.as_ref().map(word), options.with.as_ref().map(word)];
    for word in words.into_iter().flatten() {
        errors.at(word, format!("`{word}` has no effect inside {whole}, where nothing is traced; remove it"));
    }
}

fn word<T>(given: &Given<T>) -> &proc_macro2::Ident {
    &given.word
}

fn check_field(field: &Field, errors: &mut Errors) {
    if let (Some(_), Some(with)) = (&field.options.skip, &field.options.with) {
        errors.at(
            &with.word,
            "`skip` and `with` contradict each other: a skipped field is not traced; remove one of them",
        );
    }
    if !matches!(field.role, Role::Traced | Role::Tail) {
        return;
    }
    if let Some(pointer) = ty::find_raw_pointer(&field.ty) {
        let message =
            "a raw pointer cannot be traced: own the value, share it by `Gc`, or mark the field `#[trace(skip)]`";
        errors.at(pointer, message);
    }
    if let Some(borrow) = ty::find_borrow(&field.ty) {
        let message = "a borrowed field cannot be traced: a `Gc` may outlive what is borrowed; \
                       own the value, share it by `Rc` or `Gc`, or borrow it for `'static`";
        errors.at(borrow, message);
    }
}
