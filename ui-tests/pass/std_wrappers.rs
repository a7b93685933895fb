//! The enums and newtypes of std are traced through, however they are nested.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::num::Wrapping;
use std::ops::{Bound, ControlFlow, Range, RangeInclusive};
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::Poll;

use gc_core::Trace;
use gc_ui_tests::{Edge, edge, edges, is_tracked, reclaims};

#[derive(Trace)]
struct Enums<T>(Option<T>, Result<T, T>, Poll<T>, ControlFlow<T, T>, Bound<T>);

#[derive(Trace)]
struct Newtypes<T>(Reverse<T>, Wrapping<T>, AssertUnwindSafe<T>, Pin<Box<T>>);

#[derive(Trace)]
struct Ranges<T>(Range<T>, RangeInclusive<T>);

#[derive(Trace)]
struct Copied<'a> {
    text: Cow<'a, str>,
    list: Cow<'a, [Edge]>,
}

#[derive(Trace)]
struct Nested<T>(Vec<Option<Result<Box<[(T, [T; 2])]>, (T,)>>>, (((T,),),), ((), (u8, T)));

#[derive(Trace)]
struct Twelve<T>((T, T, T, T, T, T, T, T, T, T, T, T));

fn main() {
    let e = edge;
    let enums = Enums(Some(e()), Err(e()), Poll::Ready(e()), ControlFlow::Break(e()), Bound::Included(e()));
    assert_eq!(edges(enums), 5);
    let none = Enums(None, Ok(1), Poll::Pending, ControlFlow::Continue(1), Bound::Unbounded);
    assert!(!is_tracked(none));

    let newtypes = |back| Newtypes(Reverse(e()), Wrapping(e()), AssertUnwindSafe(e()), Box::pin(back));
    assert_eq!(edges(newtypes(e())), 4);
    assert!(reclaims(newtypes));

    assert_eq!(edges(Ranges(e()..e(), e()..=e())), 4);
    assert!(reclaims(|back| Ranges(e()..e(), e()..=back)));

    assert!(reclaims(|back| Copied { text: "x".into(), list: vec![back].into() }));
    assert_eq!(edges(Copied { text: "x".into(), list: Cow::Borrowed(&[]) }), 0);

    let nested = |back| {
        let list = vec![None, Some(Ok(vec![(e(), [e(), e()])].into())), Some(Err((e(),)))];
        Nested(list, (((e(),),),), ((), (1, back)))
    };
    assert_eq!(edges(nested(e())), 6);
    assert!(reclaims(nested));

    assert!(reclaims(|back| Twelve((e(), e(), e(), e(), e(), e(), e(), e(), e(), e(), e(), back))));
}
