//! The code that `#[derive(Trace)]` writes; the only place that quotes tokens.
//!
//! # Invariants
//! - **E1** Every name is reached through `__gc`, our crate's `__private` module, so that nothing the user declares
//!   or shadows is meant by accident; locals are hygienic as well.
//! - **E2** A field is bound by an exhaustive pattern without `..` and traced by the type that the compiler infers for
//!   it. Its written type only answers `has_edges`: an attribute that runs after the derive may have changed the
//!   field, and tracing the written type could then report, through auto-deref, a `Gc` that is not owned.
//! - **E3** `trace` asks for no `impl` by itself, so a field that is not traceable is an error in one place, where its
//!   written type is named and underlined.
//! - **E4** What reports edges, and what decides whether that is allowed, is reached through the tracer, not through
//!   `__gc`: methods of a type that the trait's signature names; `Drop` is reached through `::core`. So a false
//!   `crate = path` is no way to report more.
//! - **E5** The tokens written here carry spans of the expansion, so lints leave them alone and `unsafe impl` passes
//!   `#![forbid(unsafe_code)]`: the promises are kept by this macro, not by its user.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, ExprPath, GenericParam, Generics};

use crate::ast::{Field, Input, Role, Variant};
use crate::error::Errors;
use crate::{bound, check};

/// The derived `impl`, or the mistakes in `input` beside an `impl` that saves the user errors about a missing one.
pub(crate) fn expand(input: DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let input = Input::parse(input, &mut errors);
    check::check(&input, &mut errors);
    match errors.into_compile_errors() {
        None => {
            let items = [trace_impl(&input, bounds(&input), methods(&input)), drop_check(&input)];
            in_const(&input, &items)
        }
        Some(errors) => {
            let fallback = in_const(&input, &[trace_impl(&input, Vec::new(), fallback())]);
            quote!(#errors #fallback)
        }
    }
}

/// A name that nothing of the user's can be meant by.
fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// Where `tokens` are, for tokens of our own that an error about them should point to.
fn at(tokens: impl Spanned) -> Span {
    Span::mixed_site().located_at(tokens.span())
}

fn in_const(input: &Input, items: &[TokenStream]) -> TokenStream {
    let private = match &input.options.krate {
        Some(given) => {
            let path = &given.value;
            quote!(#path::__private)
        }
        None => quote!(::gc_core::__private),
    };
    let allow = input.deprecated.then(|| quote!(#[allow(deprecated)]));
    quote! {
        #allow
        const _: () = {
            use #private as __gc;
            #(#items)*
        };
    }
}

/// `unsafe impl Trace for ..`, with these bounds besides the type's own.
fn trace_impl(input: &Input, bounds: Vec<TokenStream>, methods: TokenStream) -> TokenStream {
    let ident = &input.ident;
    let (params, _, clause) = input.generics.split_for_impl();
    let arguments = arguments(input);
    let own = clause.into_iter().flat_map(|clause| &clause.predicates).map(ToTokens::to_token_stream);
    let predicates: Vec<_> = own.chain(bounds).collect();
    let clause = (!predicates.is_empty()).then(|| quote!(where #(#predicates),*));
    quote! {
        #[automatically_derived]
        unsafe impl #params __gc::Trace for #ident #arguments #clause {
            #methods
        }
    }
}

/// The type's arguments, which are its parameters. A constant is in braces: without, a type of its name would be meant.
fn arguments(input: &Input) -> TokenStream {
    let Generics { lt_token, params, gt_token, .. } = &input.generics;
    let arguments = params.iter().map(|param| match param {
        GenericParam::Lifetime(param) => param.lifetime.to_token_stream(),
        GenericParam::Type(param) => param.ident.to_token_stream(),
        GenericParam::Const(param) => {
            let ident = &param.ident;
            quote!({ #ident })
        }
    });
    quote!(#lt_token #(#arguments),* #gt_token)
}

fn bounds(input: &Input) -> Vec<TokenStream> {
    match &input.options.bound {
        Some(given) => given.value.iter().map(ToTokens::to_token_stream).collect(),
        None => bound::bounded_types(input).iter().map(|ty| quote!(#ty: __gc::Trace)).collect(),
    }
}

/// The methods of an `impl` that is only there to be found.
fn fallback() -> TokenStream {
    quote! {
        fn trace(&self, _: &mut __gc::Tracer<'_>) {}
    }
}

/// The methods of the `impl`. None repeats the trait's `where Self: Sized`: in a type that never has a size, a bound
/// that cannot hold would be an error.
fn methods(input: &Input) -> TokenStream {
    let methods = [trace(input), has_edges(input), finalizer(input)];
    quote!(#(#methods)*)
}

fn trace(input: &Input) -> TokenStream {
    let tracer = local("__gc_tracer");
    let body = if input.options.leaf.is_some() { TokenStream::new() } else { trace_fields(input, &tracer) };
    quote! {
        #[inline]
        fn trace(&self, #tracer: &mut __gc::Tracer<'_>) {
            #body
        }
    }
}

fn trace_fields(input: &Input, tracer: &Ident) -> TokenStream {
    if input.variants.is_empty() {
        return quote!(match *self {});
    }
    let tail = input.fields().filter(|field| matches!(field.role, Role::Tail)).map(|field| &field.ty);
    let arms = input.variants.iter().map(|variant| trace_variant(variant, tracer));
    quote! {
        #(let _ = <#tail as __gc::Trace>::trace;)*
        match self {
            #(#arms)*
        }
    }
}

fn trace_variant(variant: &Variant, tracer: &Ident) -> TokenStream {
    let name = variant.ident.iter();
    let mut patterns = Vec::new();
    let mut statements = Vec::new();
    for (index, field) in variant.fields.iter().enumerate() {
        let value = local(&format!("__gc_{index}"));
        let member = &field.member;
        let traced = trace_field(field, &value, tracer);
        patterns.push(if traced.is_some() { quote!(#member: #value) } else { quote!(#member: _) });
        statements.extend(traced);
    }
    quote! {
        Self #(::#name)* { #(#patterns),* } => { #(#statements)* }
    }
}

fn trace_field(field: &Field, value: &Ident, tracer: &Ident) -> Option<TokenStream> {
    match &field.role {
        Role::Skipped => None,
        Role::With(with) => Some(trace_with(with, value, tracer)),
        Role::Traced | Role::Tail | Role::FnPointers => Some(quote!(#tracer.__gc_field(#value).__gc_trace();)),
    }
}

/// Calls `with`, which must be an `unsafe fn`: a safe one could report a `Gc` it does not own without ever promising
/// not to, and so free live memory from safe code.
fn trace_with(with: &ExprPath, value: &Ident, tracer: &Ident) -> TokenStream {
    let function = Ident::new("__gc_with", at(with));
    let kind = quote_spanned!(at(with)=> #tracer.__gc_with(#value, #function).__gc_kind());
    let kind_name = Ident::new("__gc_kind", at(with));
    quote! {
        let #function = #with;
        let #kind_name = #kind;
        unsafe { #tracer.__gc_trace_with(#value, #function, #kind_name) };
    }
}

fn has_edges(input: &Input) -> TokenStream {
    let nesting = local("__gc_nesting");
    let answers: Vec<_> = match input.options.leaf {
        Some(_) => Vec::new(),
        None => input.fields().filter_map(|field| field_has_edges(field, &nesting)).collect(),
    };
    let body = if answers.is_empty() { quote!(false) } else { quote!(#nesting == 0 #(|| #answers)*) };
    quote! {
        #[inline]
        fn has_edges() -> __gc::bool {
            __gc::Edges::<Self>::ASK.__gc_within(__gc::MAX_NESTING, true)
        }

        #[inline]
        fn has_edges_within(#nesting: __gc::u32) -> __gc::bool {
            #body
        }
    }
}

fn field_has_edges(field: &Field, nesting: &Ident) -> Option<TokenStream> {
    let ty = &field.ty;
    match field.role {
        Role::Traced => Some(quote!(<#ty as __gc::Trace>::has_edges_within(#nesting - 1))),
        // A type without a size cannot be asked.
        Role::Tail => Some(quote!(__gc::Edges::<#ty>::ASK.__gc_within(#nesting - 1, true))),
        Role::FnPointers => Some(quote!(__gc::Edges::<#ty>::ASK.__gc_within(#nesting - 1, false))),
        Role::With(_) => Some(quote!(true)),
        Role::Skipped => None,
    }
}

fn finalizer(input: &Input) -> TokenStream {
    let Some(given) = &input.options.finalize else {
        return TokenStream::new();
    };
    let finalize = quote_spanned!(at(&given.word)=> <Self as __gc::Finalize>::finalize);
    quote! {
        #[inline]
        fn finalizer() -> __gc::Option<fn(&Self)> {
            __gc::Option::Some(#finalize)
        }
    }
}

/// A conflict that arises only if the type implements `Drop`; the compiler shows the trait's name to the user.
fn drop_check(input: &Input) -> TokenStream {
    let options = &input.options;
    if options.leaf.is_some() || options.unsafe_drop.is_some() || !input.is_traced() {
        return TokenStream::new();
    }
    let ident = &input.ident;
    let (params, _, clause) = input.generics.split_for_impl();
    let arguments = arguments(input);
    let way_out = format_ident!("ImplementFinalizeInsteadOfDrop_or_mark_the_type_trace_leaf_or_trace_unsafe_drop");
    let for_type = quote_spanned!(at(ident)=> impl #params #way_out for #ident #arguments #clause {});
    quote! {
        trait #way_out {}
        impl<__GcDrop: ?__gc::Sized + ::core::ops::Drop> #way_out for __GcDrop {}
        #for_type
    }
}

#[cfg(test)]
mod tests;
