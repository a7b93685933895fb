//! `has_edges` is known at compile time: types that cannot own a `Gc` are never tracked.

use gc_core::{Gc, Trace};

#[derive(Trace)]
struct Plain {
    numbers: Vec<u32>,
    name: Option<String>,
}

#[derive(Trace)]
struct Outer(Plain, [Plain; 2]);

#[derive(Trace)]
struct Generic<T>(T, Outer);

#[derive(Trace)]
enum Either<A, B> {
    A(A),
    B(B),
}

fn plain() -> Plain {
    Plain { numbers: Vec::new(), name: None }
}

fn main() {
    let _ = (plain().numbers, plain().name);
    assert!(!Outer::has_edges() && !Generic::<u8>::has_edges() && !Either::<u8, Plain>::has_edges());
    assert!(Generic::<Gc<u8>>::has_edges() && Either::<u8, Gc<u8>>::has_edges());
    assert!(Either::<Generic<Gc<u8>>, u8>::has_edges());

    let generic = Gc::new(Generic(Either::<u8, u8>::A(1), Outer(plain(), [plain(), plain()])));
    assert!(!Gc::is_tracked(&generic));
    assert!(Gc::is_tracked(&Gc::new(Either::<u8, Gc<u8>>::B(Gc::new(1)))));
}
