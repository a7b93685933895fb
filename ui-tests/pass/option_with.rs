//! `with` traces a field of a foreign type by an `unsafe fn`, which makes the promises of `unsafe impl Trace`.

use gc_core::{Gc, Trace, Tracer};

mod foreign {
    pub struct Pair<T>(pub T, pub T);
}

/// # Safety
/// Always: it reports both halves once.
unsafe fn trace_pair<T: Trace>(pair: &foreign::Pair<T>, tracer: &mut Tracer<'_>) {
    pair.0.trace(tracer);
    pair.1.trace(tracer);
}

mod helpers {
    use super::*;

    pub unsafe fn nothing<T: ?Sized>(_: &T, _: &mut Tracer<'_>) {}
}

trait Traces {
    unsafe fn by_method(&self, tracer: &mut Tracer<'_>);
}

impl Traces for foreign::Pair<Gc<u8>> {
    unsafe fn by_method(&self, tracer: &mut Tracer<'_>) {
        self.0.trace(tracer);
    }
}

#[derive(Trace)]
struct Holder<T: Trace, U: ?Sized> {
    #[trace(with = trace_pair)]
    pair: foreign::Pair<T>,
    #[trace(with = trace_pair::<Gc<u8>>)]
    explicit: foreign::Pair<Gc<u8>>,
    #[trace(with = <foreign::Pair<Gc<u8>> as Traces>::by_method)]
    method: foreign::Pair<Gc<u8>>,
    #[trace(with = helpers::nothing)]
    nothing: U,
}

#[derive(Trace)]
enum Either {
    Left(#[trace(with = trace_pair)] foreign::Pair<Gc<u8>>),
    Right { tracer: Gc<u8> },
}

fn pair() -> foreign::Pair<Gc<u8>> {
    foreign::Pair(Gc::new(1), Gc::new(2))
}

struct Opaque;

fn main() {
    let holder = Gc::new(Holder { pair: pair(), explicit: pair(), method: pair(), nothing: Opaque });
    let _ = &holder.nothing;
    assert_eq!(Gc::referents(&holder).len(), 2 + 2 + 1);
    assert_eq!(Gc::referents(&Gc::new(Either::Left(pair()))).len(), 2);
    assert_eq!(Gc::referents(&Gc::new(Either::Right { tracer: Gc::new(1) })).len(), 1);
}
