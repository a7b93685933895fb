//! Function pointers of every kind are leaves, also those that no `impl` can cover.

use std::collections::HashMap;

use gc_core::{Gc, Trace};
use gc_ui_tests::{Edge, Opaque, edge, edges, is_tracked, reclaims};

#[derive(Trace)]
struct Functions<'a, T> {
    plain: fn(u8) -> u8,
    borrowing: fn(&str, &u32) -> u32,
    ranked: for<'x> fn(&'x T, &'a u8) -> &'x T,
    foreign: unsafe extern "C" fn(&u8),
    variadic: Option<unsafe extern "C" fn(*const u8, ...) -> i32>,
    named: fn(text: &str, _: u8) -> !,
    maybe: Option<fn(&T)>,
    many: [Vec<(String, fn(&T))>; 1],
    table: HashMap<&'static str, fn(&[u8]) -> u8>,
    returning: fn() -> fn(&u8),
    taking: fn(fn(&u8) -> u8, &dyn Fn(&u8)),
    long: fn(&u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8),
}

#[derive(Trace)]
enum Callable {
    Native(fn(&[Gc<u8>]) -> Gc<u8>),
    Closure(Edge),
    Bound { receiver: Edge, method: fn(&Edge, &[u8]) -> Option<u8> },
}

type Unary = fn(u8) -> u8;

#[derive(Trace)]
struct ByAlias(Edge, Unary, Option<Unary>);

mod misleading {
    use gc_core::Trace;

    type String = gc_ui_tests::Edge;

    /// Its edge is hidden by its name, so that it may drop as it likes.
    #[derive(Trace)]
    pub struct Hidden(pub (String, fn()));

    impl Drop for Hidden {
        fn drop(&mut self) {
            let _ = &*self.0.0;
        }
    }
}

unsafe extern "C" fn foreign(_: &u8) {}

fn never(_: &str, _: u8) -> ! {
    unreachable!()
}

fn main() {
    let functions = Functions::<Opaque> {
        plain: |x| x,
        borrowing: |text, x| text.len() as u32 + x,
        ranked: |x, _| x,
        foreign,
        variadic: None,
        named: never,
        maybe: Some(|_| ()),
        many: [vec![(String::new(), |_| ())]],
        table: HashMap::from([("len", (|bytes| bytes.len() as u8) as fn(&[u8]) -> u8)]),
        returning: || |_| (),
        taking: |_, _| (),
        long: |_, _, _, _, _, _, _, _, _, _, _, _, _, _| (),
    };
    assert_eq!((functions.borrowing)("ab", &1), 3);
    assert_eq!(functions.table["len"](&[0]), 1);
    assert!(!is_tracked(functions));

    assert_eq!(edges(Callable::Native(|arguments| arguments[0].clone())), 0);
    assert!(reclaims(Callable::Closure));
    assert!(reclaims(|receiver| Callable::Bound { receiver, method: |_, _| None }));
    assert!(reclaims(|edge| ByAlias(edge, |x| x, None)));
    assert_eq!(edges(misleading::Hidden((edge(), || ()))), 0);
    assert_eq!(edges(ByAlias(edge(), |x| x, Some(|x| x))), 1);
}
