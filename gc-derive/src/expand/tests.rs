//! What users get, for a handful of shapes.

use super::*;
use syn::parse_quote;

/// Without spaces, which depend on whether tokens were written together.
fn text(tokens: &TokenStream) -> String {
    tokens.to_string().replace(' ', "")
}

/// What surrounds the items of every expansion.
fn in_const_of(private: &TokenStream, items: &TokenStream) -> String {
    text(&quote! {
        const _: () = {
            use #private as __gc;
            #items
        };
    })
}

#[track_caller]
fn assert_expands(input: DeriveInput, items: &TokenStream) {
    assert_eq!(text(&expand(input)), in_const_of(&quote!(::gc_core::__private), items));
}

/// The `has_edges` of a type whose `has_edges_within` has this body, and that.
fn has_edges_by(body: &TokenStream) -> TokenStream {
    quote! {
        #[inline]
        fn has_edges() -> __gc::bool {
            __gc::Edges::<Self>::ASK.__gc_within(__gc::MAX_NESTING, true)
        }

        #[inline]
        fn has_edges_within(__gc_nesting: __gc::u32) -> __gc::bool {
            #body
        }
    }
}

#[test]
fn a_generic_struct() {
    assert_expands(
        parse_quote! {
            struct Node<'a, T: Clone = u8> where T: 'a {
                next: Option<Gc<Node<'a, T>>>,
                first: T,
                #[trace(skip)]
                name: &'a str,
                last: T,
            }
        },
        &quote! {
            #[automatically_derived]
            unsafe impl<'a, T: Clone> __gc::Trace for Node<'a, T> where T: 'a, T: __gc::Trace {
                #[inline]
                fn trace(&self, __gc_tracer: &mut __gc::Tracer<'_>) {
                    __gc_tracer.__gc_owner(self).__gc_may_drop();
                    match self {
                        Self { next: __gc_0, first: __gc_1, name: _, last: __gc_3 } => {
                            unsafe {
                                <Option<Gc<Node<'a, T>>> as __gc::Trace>::__gc_trace(__gc_0, __gc_tracer);
                                <T as __gc::Trace>::__gc_trace(__gc_1, __gc_tracer);
                            }
                            let _ = <T as __gc::Trace>::trace;
                            __gc_tracer.__gc_field(__gc_3).__gc_trace();
                        }
                    }
                }
            }
        },
    );
}

#[test]
fn a_struct_that_may_be_without_edges() {
    let has_edges = has_edges_by(&quote! {
        __gc_nesting == 0
            || <Inner as __gc::Trace>::has_edges_within(__gc_nesting - 1)
            || __gc::Edges::<fn(&u8)>::ASK.__gc_within(__gc_nesting - 1, false)
            || __gc::Edges::<(u8, T)>::ASK.__gc_within(__gc_nesting - 1, true)
    });
    assert_expands(
        parse_quote! {
            struct Pair<T>(Inner, Inner, fn(&u8), (u8, T));
        },
        &quote! {
            #[automatically_derived]
            unsafe impl<T> __gc::Trace for Pair<T> where T: __gc::Trace {
                #[inline]
                fn trace(&self, __gc_tracer: &mut __gc::Tracer<'_>) {
                    __gc_tracer.__gc_owner(self).__gc_may_drop();
                    match self {
                        Self { 0: __gc_0, 1: __gc_1, 2: __gc_2, 3: __gc_3 } => {
                            unsafe {
                                <Inner as __gc::Trace>::__gc_trace(__gc_0, __gc_tracer);
                                <Inner as __gc::Trace>::__gc_trace(__gc_1, __gc_tracer);
                            }
                            __gc_tracer.__gc_field(__gc_2).__gc_trace();
                            let _ = <(u8, T) as __gc::Trace>::trace;
                            __gc_tracer.__gc_field(__gc_3).__gc_trace();
                        }
                    }
                }
                #has_edges
            }
        },
    );
}

#[test]
fn an_enum_with_every_option() {
    let input: DeriveInput = parse_quote! {
        #[trace(finalize, unsafe_drop, bound = "T: Clone", crate = heap::inner)]
        enum Value<T, const N: usize = 1> {
            Unit,
            Tuple(#[trace(with = by::<T>)] T, fn(&u8)),
            #[trace(skip)]
            Named { r#type: T },
        }
    };
    let items = quote! {
        #[automatically_derived]
        unsafe impl<T, const N: usize> __gc::Trace for Value<T, { N }> where T: Clone {
            #[inline]
            fn trace(&self, __gc_tracer: &mut __gc::Tracer<'_>) {
                match self {
                    Self::Unit {} => {}
                    Self::Tuple { 0: __gc_0, 1: __gc_1 } => {
                        let __gc_with = by::<T>;
                        let __gc_kind = __gc_tracer.__gc_with(__gc_0, __gc_with).__gc_kind();
                        unsafe { __gc_tracer.__gc_trace_with(__gc_0, __gc_with, __gc_kind) };
                        __gc_tracer.__gc_field(__gc_1).__gc_trace();
                    }
                    Self::Named { r#type: _ } => {}
                }
            }
            #[inline]
            fn finalizer() -> __gc::Option<fn(&Self)> {
                __gc::Option::Some(<Self as __gc::Finalize>::finalize)
            }
        }
    };
    assert_eq!(text(&expand(input)), in_const_of(&quote!(heap::inner::__private), &items));
}

#[test]
fn a_leaf_and_an_empty_enum() {
    let has_edges = quote! {
        #[inline]
        fn has_edges() -> __gc::bool {
            false
        }
    };
    for (input, body) in [
        (
            parse_quote!(
                #[trace(leaf)]
                struct Empty<T>(T, Gc<u8>);
            ),
            quote!(),
        ),
        (
            parse_quote!(
                enum Empty<T> {}
            ),
            quote!(match *self {}),
        ),
        (
            parse_quote!(
                struct Empty<T>;
            ),
            quote!(match self {
                Self {} => {}
            }),
        ),
    ] {
        assert_expands(
            input,
            &quote! {
                #[automatically_derived]
                unsafe impl<T> __gc::Trace for Empty<T> {
                    #[inline]
                    fn trace(&self, __gc_tracer: &mut __gc::Tracer<'_>) { #body }
                    #has_edges
                }
            },
        );
    }
}

#[test]
fn a_mistake_leaves_an_impl_without_bounds_or_edges() {
    let expanded = text(&expand(parse_quote!(
        struct Wrong<T: Clone>(#[trace(ignore)] T, #[trace(finalize)] u8);
    )));
    assert_eq!(expanded.matches("compile_error").count(), 2);
    let fallback = in_const_of(
        &quote!(::gc_core::__private),
        &quote! {
            #[automatically_derived]
            unsafe impl<T: Clone> __gc::Trace for Wrong<T> {
                fn trace(&self, _: &mut __gc::Tracer<'_>) {}
            }
        },
    );
    assert!(expanded.ends_with(&fallback), "{expanded}");
}

#[test]
fn a_lint_level_is_set_only_where_the_user_sets_it() {
    let allows = |input| text(&expand(input)).contains("allow(deprecated)");
    assert!(allows(parse_quote!(
        #[deprecated]
        struct S;
    )));
    assert!(allows(parse_quote!(
        #[allow(dead_code, deprecated)]
        struct S;
    )));
    assert!(allows(parse_quote!(
        enum E {
            #[deprecated(since = "1")]
            A,
        }
    )));
    assert!(allows(parse_quote!(
        enum E {
            A {
                #[allow(deprecated)]
                old: Old,
            },
        }
    )));
    assert!(!allows(parse_quote!(
        #[allow(dead_code)]
        #[warn(deprecated)]
        struct S(u8);
    )));
}
