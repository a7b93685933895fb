//! Function pointers of every kind are leaves, also those that no `impl` can cover.

use std::collections::HashMap;

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Functions<'a, T> {
    plain: fn(u8) -> u8,
    borrowing: fn(&str, &u32) -> u32,
    ranked: for<'x> fn(&'x T, &'a u8) -> &'x T,
    foreign: unsafe extern "C" fn(&u8),
    maybe: Option<fn(&T)>,
    many: [Vec<(String, fn(&T))>; 1],
    table: HashMap<&'static str, fn(&[u8]) -> u8>,
    returning: fn() -> fn(&u8),
}

#[derive(Trace)]
enum Callable {
    Native(fn(&[Gc<u8>]) -> Gc<u8>),
    Closure(Gc<u8>),
}

unsafe extern "C" fn foreign(_: &u8) {}

struct NotTrace;

fn main() {
    let functions = Functions::<NotTrace> {
        plain: |x| x,
        borrowing: |text, x| text.len() as u32 + x,
        ranked: |x, _| x,
        foreign,
        maybe: Some(|_| ()),
        many: [vec![(String::new(), |_| ())]],
        table: HashMap::from([("len", (|bytes| bytes.len() as u8) as fn(&[u8]) -> u8)]),
        returning: || |_| (),
    };
    assert!(!Functions::<NotTrace>::has_edges());
    assert_eq!((functions.plain)(1), 1);
    assert_eq!((functions.borrowing)("ab", &1), 3);
    assert!(functions.maybe.is_some() && functions.many[0].len() == 1 && functions.table["len"](&[0]) == 1);
    let _ = (functions.ranked, functions.foreign, functions.returning);

    let native = Gc::new(Callable::Native(|arguments| arguments[0].clone()));
    assert_eq!(Gc::referents(&native).len(), 0);
    assert_eq!(Gc::referents(&Gc::new(Callable::Closure(Gc::new(1)))).len(), 1);
}
