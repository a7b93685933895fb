//! The code that `#[derive(Trace)]` writes; the only place that quotes tokens.
//!
//! # Invariants
//! - **X1** Every name is reached through `__gc`, our crate's `__private` module, so that nothing the user declares
//!   or shadows is meant by accident; locals are hygienic as well.
//! - **X2** A field is bound by an exhaustive pattern without `..` and traced as what it is. Its written type may mean
//!   something else here, or an attribute that runs after the derive may have changed the field; a reference to the
//!   one would be coerced to the other, and report, through auto-deref, a `Gc` that is not owned. So the written type
//!   is used only through a pointer, which is not coerced, or else the type that the compiler infers.
//! - **X3** A field that is not traceable is an error in one place, where its written type is named and underlined.
//!   What else asks for the same `impl` does so by the same tokens, and the compiler tells the user once; or by a
//!   method of several meanings, which is no error.
//! - **X4** No code of the user's runs by accident while the collector traces. What is called is called by path, as a
//!   method of the very trait that is implemented or of `__gc::Tracer`, which the trait's signature pins; so a false
//!   `crate = path` is no way in. A method call, before which a trait of the user's might come, is only ever a question
//!   about types, in a closure or a branch that never runs.
//! - **X5** The tokens written here carry spans of the expansion, so lints leave them alone and `unsafe impl` passes
//!   `#![forbid(unsafe_code)]`: the promises are kept by this macro, not by its user.
//! - **X6** But where the user promises, by `with` or `unsafe_drop`, there is an `unsafe` block with the span of what
//!   the user wrote, which is linted as the user's own.

use std::collections::HashSet;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{DeriveInput, ExprPath, GenericParam, Generics, Member, Token, Type};

use crate::ast::{Field, Input, Role, Variant};
use crate::error::Errors;
use crate::{bound, check, ty};

/// The derived `impl`, or the mistakes in `input` beside an `impl` that saves the user errors about a missing one.
pub(crate) fn expand(input: DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let input = Input::parse(input, &mut errors);
    check::check(&input, &mut errors);
    match errors.into_compile_errors() {
        None => in_const(&input, &trace_impl(&input, bounds(&input), methods(&input))),
        Some(errors) => {
            let fallback = in_const(&input, &trace_impl(&input, Vec::new(), fallback()));
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

fn in_const(input: &Input, item: &TokenStream) -> TokenStream {
    let private = match &input.options.krate {
        Some(given) => {
            let path = &given.value;
            quote!(#path::__private)
        }
        None => quote!(::gc_core::__private),
    };
    let levels = &input.lint_levels;
    let allow = input.deprecated.then(|| quote!(#[allow(deprecated)]));
    quote! {
        #(#levels)*
        #allow
        const _: () = {
            use #private as __gc;
            #item
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

/// `tokens` in a block that is the user's unsafe code, written at `span` (X6).
fn promised(span: Span, tokens: TokenStream) -> TokenStream {
    let keyword = Token![unsafe](span);
    let mut block = Group::new(Delimiter::Brace, tokens);
    block.set_span(span);
    quote!(#keyword #block)
}

/// The methods of the `impl`. None repeats the trait's `where Self: Sized`: in a type that never has a size, a bound
/// that cannot hold would be an error.
fn methods(input: &Input) -> TokenStream {
    let (trace, has_edges, finalizer) = (trace(input), has_edges(input), finalizer(input));
    quote!(#trace #has_edges #finalizer)
}

fn trace(input: &Input) -> TokenStream {
    let tracer = local("__gc_tracer");
    let body = if input.options.leaf.is_some() { TokenStream::new() } else { trace_fields(input, &tracer) };
    let drop_check = drop_check(input);
    quote! {
        #[inline]
        fn trace(&self, #tracer: &mut __gc::Tracer<'_>) {
            #drop_check
            #body
        }
    }
}

/// A question that compiles only if the type does not implement `Drop`, or the promise that replaces it.
fn drop_check(input: &Input) -> Option<TokenStream> {
    if let Some(given) = &input.options.unsafe_drop {
        let promise = quote!(<__gc::Tracer<'_>>::__gc_unsafe_drop(););
        return Some(promised(given.word.span(), promise));
    }
    let question = quote_spanned!(at(&input.ident)=> <__gc::Tracer<'_>>::__gc_ask::<Self>().__gc_may_drop(););
    input.is_traced().then(|| quote!(if false { #question }))
}

fn trace_fields(input: &Input, tracer: &Ident) -> TokenStream {
    if input.variants.is_empty() {
        return quote!(match *self {});
    }
    let arms = input.variants.iter().map(|variant| trace_variant(variant, tracer));
    quote! {
        match self {
            #(#arms)*
        }
    }
}

fn trace_variant(variant: &Variant, tracer: &Ident) -> TokenStream {
    let name = variant.ident.iter();
    let members = variant.fields.iter().map(|field| &field.member);
    let values: Vec<_> = (0..variant.fields.len()).map(|index| local(&format!("__gc_{index}"))).collect();
    let patterns = variant.fields.iter().zip(&values).map(|(field, value)| match field.role {
        Role::Skipped | Role::FnPointers => Pattern::Ignore,
        _ => Pattern::Bind(value),
    });
    let statements = trace_values(variant, &values, tracer);
    quote! {
        Self #(::#name)* { #(#members: #patterns),* } => { #(#statements)* }
    }
}

/// What an edge of `field` is known by to those who look at the heap. The variant of an enum is part of it; the only value of a
/// tuple variant has no number besides.
fn name(variant: &Variant, field: &Field) -> String {
    let member = match &field.member {
        Member::Named(ident) => ident.unraw().to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    };
    match &variant.ident {
        None => member,
        Some(variant_name) if variant.fields.len() == 1 && matches!(field.member, Member::Unnamed(_)) => {
            variant_name.unraw().to_string()
        }
        Some(variant_name) => format!("{}.{member}", variant_name.unraw()),
    }
}

/// The statements that trace the fields of `variant`, bound to `values`, in order.
fn trace_values(variant: &Variant, values: &[Ident], tracer: &Ident) -> Vec<TokenStream> {
    let mut statements = Vec::new();
    let mut fields = variant.fields.iter().zip(values).peekable();
    while let Some((field, value)) = fields.next() {
        match &field.role {
            Role::Skipped | Role::FnPointers => {}
            Role::Traced => {
                let mut run = vec![(&field.ty, value, name(variant, field))];
                while let Some((next, value)) = fields.next_if(|(next, _)| matches!(next.role, Role::Traced)) {
                    run.push((&next.ty, value, name(variant, next)));
                }
                statements.push(trace_typed(&run, tracer));
            }
            Role::Tail => {
                let traced = trace_tail(&field.ty, value, tracer);
                statements.push(named(&name(variant, field), &field.ty, &traced, tracer));
            }
            Role::With(with) => {
                let traced = trace_with(with, &field.ty, value, tracer);
                statements.push(named(&name(variant, field), &field.ty, &traced, tracer));
            }
        }
    }
    statements
}

/// What a field is bound to.
enum Pattern<'a> {
    Bind(&'a Ident),
    Ignore,
}

impl ToTokens for Pattern<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Bind(value) => value.to_tokens(tokens),
            Self::Ignore => Token![_](Span::mixed_site()).to_tokens(tokens),
        }
    }
}

/// Traces fields by their written types, which must be their types exactly (X2).
fn trace_typed(fields: &[(&Type, &Ident, String)], tracer: &Ident) -> TokenStream {
    let types = fields.iter().map(|(ty, ..)| ty);
    let values = fields.iter().map(|(_, value, _)| value);
    let names = fields.iter().map(|(.., name)| name);
    quote!(unsafe { #(<#types as __gc::Trace>::__gc_trace(#values, #names, #tracer);)* })
}

/// `traced`, of a field of this name.
fn named(name: &str, ty: &Type, traced: &TokenStream, tracer: &Ident) -> TokenStream {
    quote! {
        <__gc::Tracer<'_>>::__gc_enter::<#ty>(#tracer, #name);
        #traced
        <__gc::Tracer<'_>>::__gc_leave::<#ty>(#tracer);
    }
}

/// Traces the last field of a struct, which may have no size and so no `__gc_trace`, by its written type (X2).
fn trace_tail(ty: &Type, value: &Ident, tracer: &Ident) -> TokenStream {
    let pointer = local("__gc_pointer");
    quote! {
        let #pointer: *const #ty = #value;
        <#ty as __gc::Trace>::trace(unsafe { &*#pointer }, #tracer);
    }
}

/// Calls `with`, which must be an `unsafe fn` of exactly the one signature: a safe one could report a `Gc` it does not
/// own without ever promising not to, and so free live memory from safe code.
fn trace_with(with: &ExprPath, ty: &Type, value: &Ident, tracer: &Ident) -> TokenStream {
    let span = at(with);
    let function = Ident::new("__gc_function", span);
    let signature = Ident::new("__gc_signature", span);
    let of_function = quote_spanned!(span=> <__gc::Tracer<'_>>::__gc_signature(#function));
    let kind = quote_spanned!(span=> || <__gc::Tracer<'_>>::__gc_ask_function::<#ty, _>(#function).__gc_kind());
    let call = quote_spanned! {span=>
        <__gc::Tracer<'_>>::__gc_trace_with::<#ty, _, _>(#tracer, #value, #signature, #function, #kind);
    };
    let call = promised(with.span(), call);
    quote! {
        let #function = #with;
        let #signature = #of_function;
        #call
    }
}

fn has_edges(input: &Input) -> TokenStream {
    let nesting = local("__gc_nesting");
    let answers = match input.options.leaf {
        Some(_) => Vec::new(),
        // The trait's own answer is "yes".
        None if input.fields().any(has_edge) => return TokenStream::new(),
        None => answers(input, &nesting),
    };
    if answers.is_empty() {
        return quote! {
            #[inline]
            fn has_edges() -> __gc::bool {
                false
            }
        };
    }
    quote! {
        #[inline]
        fn derived_edges(#nesting: __gc::u32) -> __gc::Option<__gc::bool> {
            __gc::Option::Some(#nesting == 0 #(|| #answers)*)
        }
    }
}

/// Whether `field` has an edge whatever the types mean that it names.
fn has_edge(field: &Field) -> bool {
    match field.role {
        Role::Traced | Role::Tail => ty::is_edge(&field.ty),
        Role::With(_) => true,
        Role::FnPointers | Role::Skipped => false,
    }
}

/// What each type says that is the type of a field, once.
fn answers(input: &Input, nesting: &Ident) -> Vec<TokenStream> {
    let mut asked = HashSet::new();
    let answers = input.fields().filter_map(|field| field_has_edges(field, nesting));
    answers.filter(|answer| asked.insert(answer.to_string())).collect()
}

fn field_has_edges(field: &Field, nesting: &Ident) -> Option<TokenStream> {
    let ty = &field.ty;
    match field.role {
        Role::Traced => Some(quote!(<#ty as __gc::Trace>::has_edges_within(#nesting - 1))),
        // A type without a size cannot be asked.
        Role::Tail => Some(quote! {
            <__gc::Tracer<'_>>::__gc_within(#nesting - 1, || <__gc::Tracer<'_>>::__gc_ask::<#ty>().__gc_edges())
        }),
        Role::FnPointers | Role::With(_) | Role::Skipped => None,
    }
}

/// The method `finalize` of `Finalize`, as an error about a missing one should name it.
fn finalize(input: &Input) -> Option<TokenStream> {
    let given = input.options.finalize.as_ref()?;
    Some(quote_spanned!(at(&given.word)=> <Self as __gc::Finalize>::finalize))
}

/// Asks for a finalizer, and runs it.
fn finalizer(input: &Input) -> Option<TokenStream> {
    let finalize = finalize(input)?;
    Some(quote! {
        #[inline]
        fn has_finalizer(&self) -> __gc::bool {
            true
        }
        #[inline]
        fn run_finalizer(&self) {
            #finalize(self)
        }
    })
}

#[cfg(test)]
mod tests;
