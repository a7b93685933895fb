//! Every kind of variant is traced, and enums without a value compile.

use gc_core::{Gc, Trace};

#[derive(Trace)]
enum Value {
    Nil,
    Number(f64),
    Text(String),
    Pair(Gc<Value>, Gc<Value>),
    Object { class: Gc<Value>, fields: Vec<Value> },
    Nothing(),
    Braces {},
}

#[derive(Trace)]
#[repr(u8)]
enum Numbered {
    One = 1,
    Two(Gc<u8>) = 2,
}

#[derive(Trace)]
enum Plain {
    A,
    B,
}

#[derive(Trace)]
enum Never {}

#[derive(Trace)]
enum Partly {
    Never(Never),
    Some(Gc<u8>),
}

fn edges(value: Value) -> usize {
    Gc::referents(&Gc::new(value)).len()
}

fn main() {
    let nil = Gc::new(Value::Nil);
    assert_eq!(edges(Value::Pair(nil.clone(), nil.clone())), 2);
    let fields = vec![Value::Pair(nil.clone(), nil.clone()), Value::Number(1.0), Value::Text(String::new())];
    assert_eq!(edges(Value::Object { class: nil.clone(), fields }), 3);
    assert_eq!(edges(Value::Nothing()) + edges(Value::Braces {}), 0);

    assert_eq!(Gc::referents(&Gc::new(Numbered::Two(Gc::new(1)))).len(), 1);
    assert_eq!(Gc::referents(&Gc::new(Numbered::One)).len(), 0);
    assert!(!Plain::has_edges() && !Never::has_edges() && Partly::has_edges());
    let _ = (Plain::A, Plain::B, Partly::Some(Gc::new(1)), Partly::Never);
}
