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
                    if false {
                        <__gc::Tracer<'_>>::__gc_ask::<Self>().__gc_may_drop();
                    }
                    match self {
                        Self { next: __gc_0, first: __gc_1, name: _, last: __gc_3 } => {
                            unsafe {
                                <Option<Gc<Node<'a, T>>> as __gc::Trace>::__gc_trace(__gc_0, "next", __gc_tracer);
                                <T as __gc::Trace>::__gc_trace(__gc_1, "first", __gc_tracer);
                            }
                            <__gc::Tracer<'_>>::__gc_enter::<T>(__gc_tracer, "last");
                            let __gc_pointer: *const T = __gc_3;
                            <T as __gc::Trace>::trace(unsafe { &*__gc_pointer }, __gc_tracer);
                            <__gc::Tracer<'_>>::__gc_leave::<T>(__gc_tracer);
                        }
                    }
                }
            }
        },
    );
}

#[test]
fn a_struct_that_may_be_without_edges() {
    assert_expands(
        parse_quote! {
            struct Pair<T>(Inner, Inner, fn(&u8), (u8, T));
        },
        &quote! {
            #[automatically_derived]
            unsafe impl<T> __gc::Trace for Pair<T> where T: __gc::Trace {
                #[inline]
                fn trace(&self, __gc_tracer: &mut __gc::Tracer<'_>) {
                    if false {
                        <__gc::Tracer<'_>>::__gc_ask::<Self>().__gc_may_drop();
                    }
                    match self {
                        Self { 0: __gc_0, 1: __gc_1, 2: _, 3: __gc_3 } => {
                            unsafe {
                                <Inner as __gc::Trace>::__gc_trace(__gc_0, "0", __gc_tracer);
                                <Inner as __gc::Trace>::__gc_trace(__gc_1, "1", __gc_tracer);
                            }
                            <__gc::Tracer<'_>>::__gc_enter::<(u8, T)>(__gc_tracer, "3");
                            let __gc_pointer: *const (u8, T) = __gc_3;
                            <(u8, T) as __gc::Trace>::trace(unsafe { &*__gc_pointer }, __gc_tracer);
                            <__gc::Tracer<'_>>::__gc_leave::<(u8, T)>(__gc_tracer);
                        }
                    }
                }
                #[inline]
                fn derived_edges(__gc_nesting: __gc::u32) -> __gc::Option<__gc::bool> {
                    __gc::Option::Some(
                        __gc_nesting == 0
                            || <Inner as __gc::Trace>::has_edges_within(__gc_nesting - 1)
                            || <__gc::Tracer<'_>>::__gc_within(
                                __gc_nesting - 1,
                                || <__gc::Tracer<'_>>::__gc_ask::<(u8, T)>().__gc_edges()
                            )
                    )
                }
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
                unsafe {
                    <__gc::Tracer<'_>>::__gc_unsafe_drop();
                }
                match self {
                    Self::Unit {} => {}
                    Self::Tuple { 0: __gc_0, 1: _ } => {
                        <__gc::Tracer<'_>>::__gc_enter::<T>(__gc_tracer, "Tuple.0");
                        let __gc_function = by::<T>;
                        let __gc_signature = <__gc::Tracer<'_>>::__gc_signature(__gc_function);
                        unsafe {
                            <__gc::Tracer<'_>>::__gc_trace_with::<T, _, _>(
                                __gc_tracer,
                                __gc_0,
                                __gc_signature,
                                __gc_function,
                                || <__gc::Tracer<'_>>::__gc_ask_function::<T, _>(__gc_function).__gc_kind()
                            );
                        }
                        <__gc::Tracer<'_>>::__gc_leave::<T>(__gc_tracer);
                    }
                    Self::Named { r#type: _ } => {}
                }
            }
            #[inline]
            fn has_finalizer(&self) -> __gc::bool {
                true
            }
            #[inline]
            fn run_finalizer(&self) {
                <Self as __gc::Finalize>::finalize(self)
            }
        }
    };
    assert_eq!(text(&expand(input)), in_const_of(&quote!(heap::inner::__private), &items));
}

#[test]
fn names_are_those_of_fields_and_variants() {
    let expanded = text(&expand(parse_quote! {
        enum Value {
            Pair(Gc<u8>, r#Gc<u8>, ()),
            r#type(Gc<u8>, ),
            List { r#in: Gc<u8>, items: Gc<u8> },
            Tail { items: (), only: Gc<u8> },
        }
    }));
    for name in ["Pair.0", "Pair.1", "type", "List.in", "List.items", "Tail.only"] {
        assert!(expanded.contains(&format!(",\"{name}\",__gc_tracer")), "{name}: {expanded}");
    }
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
fn a_lint_level_of_the_type_is_set_for_its_impl() {
    let expanded = text(&expand(parse_quote!(
        #[deny(a)]
        #[expect(b, reason = "c")]
        #[inline]
        struct S;
    )));
    assert!(expanded.starts_with(r#"#[deny(a)]#[allow(b,reason="c")]const_"#), "{expanded}");
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
