//! This project's heap.

use std::cell::{self, RefCell as Cell};
use std::time::Duration;

use gc_core::gc::{CollectEvent, HookGuard};
use gc_core::{Gc as Pointer, Trace, Weak};

use super::{Collections, Column, Lox};
use crate::pauses;

shapes!(#[derive(Trace)] #[allow(dead_code, reason = "fields that are only there to be dropped")]);
weak_shape!(#[derive(Trace)] #[allow(dead_code, reason = "fields that are only there to be dropped")]);
gc_core::impl_trace_leaf!(Token);

thread_local! {
    static HOOK: cell::Cell<Option<HookGuard>> = const { cell::Cell::new(None) };
}

pub struct GcCore;

impl Column for GcCore {
    const COLLECTIONS: Collections = Collections::Automatic;
    const LOX: Option<Lox> = Some(lox!(lox_gc_core));

    on_shapes!();
    on_weak_shape!(Pointer::downgrade);

    fn forget_array<const WORDS: usize>() -> Option<()> {
        std::mem::forget(std::hint::black_box(Pointer::new([1_u64; WORDS])));
        Some(())
    }

    fn collect() {
        gc_core::collect();
    }

    fn dom(page: &str) -> Option<usize> {
        Some(crate::dom::gc_core::round(page))
    }

    fn disable() -> bool {
        gc_core::gc::disable();
        true
    }

    fn watch_pauses() {
        pauses::reset();
        let hook = gc_core::gc::on_collect(|event| match event {
            CollectEvent::Start { .. } => pauses::begins(),
            CollectEvent::Stop(collection) => pauses::ends(collection.duration),
        });
        HOOK.set(Some(hook));
    }

    fn longest_pause() -> Option<Duration> {
        HOOK.take().map(|_hook| pauses::longest())
    }
}
