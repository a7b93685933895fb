//! Every kind of variant is traced.

use gc_core::{Gc, Trace};
use gc_ui_tests::{Edge, edge, edges, is_tracked, reclaims};

#[derive(Trace)]
enum Value {
    Nil,
    Number(f64),
    Text(String),
    Pair(Edge, Edge),
    Object { class: Edge, fields: Vec<Value> },
    Nothing(),
    Braces {},
}

#[derive(Trace)]
enum Plain {
    A,
    B,
}

#[derive(Trace)]
enum One {
    Only { edge: Edge },
}

fn main() {
    assert_eq!(edges(Value::Pair(edge(), edge())), 2);
    let fields = vec![Value::Pair(edge(), edge()), Value::Number(1.0), Value::Text(String::new())];
    assert_eq!(edges(Value::Object { class: edge(), fields }), 3);
    assert_eq!(edges(Value::Nil) + edges(Value::Nothing()) + edges(Value::Braces {}), 0);
    assert!(reclaims(|back| Value::Pair(edge(), back)));
    assert!(reclaims(|back| Value::Object { class: edge(), fields: vec![Value::Nil, Value::Pair(back, edge())] }));

    assert!(!is_tracked(Plain::A) && !is_tracked(Plain::B));

    assert!(reclaims(|edge| One::Only { edge }));
    let one = Gc::new(One::Only { edge: edge() });
    let One::Only { edge } = &*one;
    assert_eq!(Gc::strong_count(edge), 1);
}
