//! A type may have lifetimes: what it borrows is skipped, and a `Gc` takes it for `'static` only.

use std::borrow::Cow;

use gc_core::{Gc, Leaf, Trace};
use gc_ui_tests::{Edge, edge, edges, reclaims};

#[derive(Trace)]
struct Token<'a> {
    #[trace(skip)]
    text: &'a str,
    edge: Edge,
}

#[derive(Trace)]
struct Line<'a, 'b: 'a>(Vec<Token<'a>>, Option<Token<'b>>, Cow<'a, str>);

#[derive(Trace)]
enum Lent<'a, T: 'a> {
    #[trace(skip)]
    Borrowed(&'a mut T),
    InLeaf(Leaf<&'a T>),
    Owned(T),
}

#[derive(Trace)]
struct BehindGc<'a>(Gc<&'a str>, std::rc::Rc<Token<'a>>);

fn in_a_leaf(text: &str) -> usize {
    // Not `'static`, so not for `Gc::new`.
    let token = Gc::leaf(Token { text, edge: edge() });
    token.text.len()
}

fn main() {
    assert_eq!(in_a_leaf(&String::from("abc")), 3);
    assert_eq!(edges(Token { text: "x", edge: edge() }), 1);
    assert!(reclaims(|edge| Line(vec![Token { text: "x", edge }], None, "y".into())));
    assert!(reclaims(Lent::Owned));
    assert!(!reclaims(|edge| Lent::Borrowed(Box::leak(Box::new(edge)))));
    assert_eq!(edges(Lent::InLeaf(Leaf(&1))), 0);
    assert_eq!(edges(BehindGc(Gc::new("x"), std::rc::Rc::new(Token { text: "y", edge: edge() }))), 1);
}
