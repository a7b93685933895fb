//! A typed box: its layout and the functions that know its type.
//!
//! # Invariants
//! - **G1** a `GcBox<T>` starts with its header; casting between `NonNull<GcBox<T>>` and `NonNull<Header>` loses
//!   nothing but the type, and the provenance stays that of the whole allocation.
//! - **G2** references are formed to the header, or to the value, never to the whole box: a value may be mutably
//!   borrowed or half dropped while its header is used.
//! - **G3** a new box has a strong count of one, its maker's, who puts in a value of the type of its table before anybody
//!   else has a pointer, or gives it up. A pointer that is cast or unsized keeps its count, and the box its table.

use std::alloc::Layout;
use std::any::TypeId;
use std::marker::PhantomData;
use std::mem::needs_drop;
use std::ptr::NonNull;

use crate::heap::{self, Kind};
use crate::object::header::{Birth, Header};
use crate::object::tracer::Tracer;
use crate::object::vtable::{Allocation, VTable};
use crate::pool;
use crate::trace::Trace;

pub(crate) mod dst;

/// One allocation. Public for the macro `coerce!` alone, which names it to unsize pointers to it.
#[repr(C)]
pub struct GcBox<T: ?Sized> {
    pub(crate) header: Header,
    /// Not in an `UnsafeCell`, which would make `Gc<T>` invariant: whoever changes it has the only pointer, and goes
    /// through the raw one (G2).
    pub(crate) value: T,
}

impl<T: ?Sized> GcBox<T> {
    /// Where the value of a box is, or will be. No reference is made (G2).
    ///
    /// # Safety
    /// The box is allocated.
    #[inline]
    pub(crate) unsafe fn value(boxed: NonNull<Self>) -> *mut T {
        // SAFETY: the caller's promise: the place is inside the allocation.
        unsafe { &raw mut (*boxed.as_ptr()).value }
    }
}

/// The function tables of the boxes of `T`.
struct VTables<T>(PhantomData<T>);

impl<T: Trace + 'static> VTables<T> {
    const TRACKED: &'static VTable = &VTable { tracked: true, end: end::<T, true, true>, ..Self::TRACED };
    const UNTRACKED: &'static VTable = &VTable { twin: Some(Self::TRACKED), ..Self::TRACED };

    const TRACED: VTable = VTable {
        trace: trace::<T>,
        finalize: finalize::<T>,
        has_finalizer: has_finalizer::<T>,
        may_wait: true,
        end: end::<T, false, true>,
        type_id: Some(TypeId::of::<T>),
        ..Self::OPAQUE
    };
}

impl<T> VTables<T> {
    const LEAF: &'static VTable = &VTable { twin: Some(Self::TRACKED_LEAF), ..Self::OPAQUE };
    const TRACKED_LEAF: &'static VTable =
        &VTable { tracked: true, may_wait: true, end: end::<T, true, true>, ..Self::OPAQUE };

    const OPAQUE: VTable = VTable {
        trace: |_, _| {},
        finalize: |_| {},
        has_finalizer: |_| false,
        drop_value: if needs_drop::<T>() { Some(drop_value::<T>) } else { None },
        end: end::<T, false, false>,
        layout: Layout::new::<GcBox<T>>(),
        pooled: pool::has_slots_for(Layout::new::<GcBox<T>>()),
        measure: |_| fixed::<T>(),
        may_wait: false,
        tracked: false,
        twin: None,
        type_name: std::any::type_name::<T>,
        type_id: None,
    };
}

/// What a box for a `T` takes.
#[inline]
pub(crate) const fn fixed<T>() -> Allocation {
    Allocation { layout: Layout::new::<GcBox<T>>(), prefix: 0 }
}

/// What a box made by `Gc::new` is born with, but for a finalizer.
#[inline]
pub(crate) fn traced<T: Trace + 'static>() -> Birth {
    let vtable = if T::has_edges() { VTables::<T>::TRACKED } else { VTables::<T>::UNTRACKED };
    Birth { vtable, finalizes: false }
}

/// What a box made by `Gc::leaf` is born with.
#[inline]
pub(crate) fn leaf<T>() -> Birth {
    Birth { vtable: VTables::<T>::LEAF, finalizes: false }
}

/// # Safety
/// `header` is that of a box of a whole `T` (V1, V2).
unsafe fn trace<T: Trace>(header: NonNull<Header>, tracer: &mut Tracer<'_>) {
    // SAFETY: the caller's promise.
    let value = unsafe { GcBox::<T>::value(header.cast()) };
    // SAFETY: the value is whole, and only the value is referenced (G2).
    unsafe { &*value }.trace(tracer);
}

/// # Safety
/// As for `trace`.
unsafe fn finalize<T: Trace>(header: NonNull<Header>) {
    // SAFETY: the caller's promise.
    let value = unsafe { GcBox::<T>::value(header.cast()) };
    // SAFETY: the value is whole, and only the value is referenced (G2).
    unsafe { &*value }.run_finalizer();
}

/// # Safety
/// As for `trace`.
unsafe fn has_finalizer<T: Trace>(header: NonNull<Header>) -> bool {
    // SAFETY: the caller's promise.
    let value = unsafe { GcBox::<T>::value(header.cast()) };
    // SAFETY: the value is whole, and only the value is referenced (G2).
    unsafe { &*value }.has_finalizer()
}

/// # Safety
/// `header` is that of a box of a whole `T`, to which no pointer is left that anybody follows.
unsafe fn drop_value<T>(header: NonNull<Header>) {
    // SAFETY: the caller's promise.
    let value = unsafe { GcBox::<T>::value(header.cast()) };
    // SAFETY: the caller's promise.
    unsafe { value.drop_in_place() };
}

/// [`VTable::end`] of boxes of `T` that are tracked and may wait, or not.
///
/// # Safety
/// As for `drop_value`; the box's strong count has become zero.
unsafe fn end<T, const TRACKED: bool, const MAY_WAIT: bool>(dying: NonNull<Header>) {
    let layout = Layout::new::<GcBox<T>>();
    let kind = Kind { tracked: TRACKED, may_wait: MAY_WAIT, needs_drop: needs_drop::<T>(), layout };
    // SAFETY: the caller's promise.
    let drop_value = || unsafe { drop_value::<T>(dying) };
    // SAFETY: the caller's promise.
    unsafe { heap::end_sized(dying, kind, drop_value) };
}
