//! A derived type is not `Drop`: it can be destructured, moved out of, and used in patterns and constants.

use gc_core::Trace;
use gc_ui_tests::{Edge, edge};

#[derive(Trace)]
struct Pair {
    left: Edge,
    right: Option<Edge>,
}

#[derive(Trace)]
enum Value {
    Nil,
    Edge(Edge),
    Pair(Pair, String),
}

#[derive(Trace, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Minus = -1,
    Plus = 1,
}

const EMPTY: Option<Pair> = None;
const NIL: Value = Value::Nil;
const PLUS: Sign = Sign::Plus;

fn into_edge(value: Value) -> Option<Edge> {
    match value {
        Value::Nil => None,
        Value::Edge(edge) | Value::Pair(Pair { left: edge, .. }, _) => Some(edge),
    }
}

fn main() {
    let Pair { left, right } = Pair { left: edge(), right: Some(edge()) };
    drop((left, right.unwrap()));

    let pair = Pair { left: edge(), right: None };
    let moved = pair.left;
    assert!(pair.right.is_none());

    let updated = Pair { left: moved, ..Pair { left: edge(), right: None } };
    assert!(matches!(updated, Pair { right: None, .. }));

    assert!(into_edge(NIL).is_none());
    assert!(into_edge(Value::Pair(updated, String::new())).is_some());
    let Value::Edge(_owned) = Value::Edge(edge()) else { unreachable!() };

    assert!(EMPTY.is_none());
    assert!(matches!(Sign::Plus, PLUS) && Sign::Minus as i8 == -1);
}
