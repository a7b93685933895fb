//! Fields that are traced in a way of their own. What the derive accepts and refuses is told in `ui-tests`; here is what becomes of
//! cycles through them.

use std::borrow::Cow;
use std::cell::RefCell;
use std::marker::PhantomData;

use gc_core::{Closure, Gc, Trace, Tracer, gc};

type Slot<T> = RefCell<Option<Gc<T>>>;

/// Collects a box that refers to itself.
fn assert_reclaimed<T>(make: impl FnOnce() -> Gc<T>, slot: impl FnOnce(&T) -> &Slot<T>) {
    let gc = make();
    slot(&gc).replace(Some(gc.clone()));
    drop(gc);
    assert_eq!((gc::collect(), gc::stats().live_objects), (1, 0));
}

#[test]
fn a_field_is_traced_by_the_function_that_is_named() {
    struct Foreign(Slot<Holder>);

    /// # Safety
    /// Always: it reports what the field owns, once.
    unsafe fn trace_foreign(foreign: &Foreign, tracer: &mut Tracer<'_>) {
        foreign.0.trace(tracer);
    }

    #[derive(Trace)]
    struct Holder {
        #[trace(with = trace_foreign)]
        foreign: Foreign,
    }
    assert_reclaimed(|| Gc::new(Holder { foreign: Foreign(Slot::default()) }), |holder| &holder.foreign.0);
}

#[test]
fn whatever_stands_beside_a_field_it_is_traced() {
    /// # Safety
    /// Always: it reports what the field owns, once.
    unsafe fn trace_slot(slot: &Slot<u8>, tracer: &mut Tracer<'_>) {
        slot.trace(tracer);
    }

    type Edge = Slot<u8>;

    #[derive(Trace)]
    enum Row {
        Tuple(
            Edge,
            #[trace(with = trace_slot)] Edge,
            Edge,
            #[trace(skip)] (),
            Edge,
            PhantomData<u8>,
            #[trace(with = trace_slot)] Edge,
            #[trace(with = trace_slot)] Edge,
            Edge,
        ),
        Named {
            #[trace(skip)]
            _skipped: (),
            #[trace(with = trace_slot)]
            with: Edge,
            after: Edge,
            _function: fn(),
            last: Edge,
        },
    }
    let edge = || Slot::new(Some(Gc::new(1)));
    let tuple = Row::Tuple(edge(), edge(), edge(), (), edge(), PhantomData, edge(), edge(), edge());
    let named = Row::Named { _skipped: (), with: edge(), after: edge(), _function: || (), last: edge() };
    assert_eq!([tuple, named].map(|row| Gc::referents(&Gc::new(row)).len()), [7, 3]);
}

#[test]
fn a_type_may_promise_that_its_drop_touches_no_pointer() {
    #[derive(Trace)]
    // SAFETY: `drop` looks at no pointer.
    #[trace(unsafe_drop)]
    struct Dropped(Slot<Dropped>);

    impl Drop for Dropped {
        fn drop(&mut self) {
            gc_tests::log("dropped");
        }
    }
    assert_reclaimed(|| Gc::new(Dropped(Slot::default())), |dropped| &dropped.0);
    assert_eq!(gc_tests::take_log(), ["dropped"]);
}

#[test]
fn a_closure_is_a_field_like_any_other() {
    #[derive(Trace)]
    #[trace(bound = "")]
    struct Button<F>(Closure<Gc<u8>, F>, Slot<Button<F>>);

    assert_reclaimed(|| Gc::new(Button(Closure::new(Gc::new(1), |_, (): ()| ()), Slot::default())), |button| &button.1);
}

#[test]
fn borrowed_values_and_functions_own_nothing() {
    #[derive(Trace)]
    struct Mixed {
        me: Slot<Mixed>,
        nothing: Cow<'static, [Gc<u8>]>,
        function: fn(u8) -> u8,
    }
    let make = |nothing| Gc::new(Mixed { me: Slot::default(), nothing, function: u8::reverse_bits });
    for nothing in [Cow::Borrowed(&[][..]), Cow::Owned(vec![])] {
        let mixed = make(nothing);
        assert_eq!(((mixed.function)(1), mixed.nothing.len()), (128, 0));
        mixed.me.replace(Some(mixed.clone()));
        assert_eq!(Gc::referents(&mixed).len(), 1);
        drop(mixed);
        assert_eq!(gc::collect(), 1);
    }
}
