//! Boxes of values without a fixed size, whose metadata (a length, a trait's function table) lies in one word in front of
//! the header.
//!
//! A box that was made for a sized type and then unsized in place (`coerce!`) is none of these: its own table knows its
//! type.
//!
//! # Invariants
//! - **Z1** the memory of such a box is a prefix, a multiple of its alignment, and the box; the last word of the prefix is
//!   the metadata of a pointer to the value. With the feature `inspect` it begins with a mark (Z3).
//! - **Z2** a pointer to a value without a size is its address, then one word of metadata. Language and library do not
//!   promise it, though all code relies on it: `split` and `join` assert it.

use std::alloc::Layout;
use std::any::{TypeId, type_name};
use std::marker::PhantomData;
use std::mem::transmute_copy;
use std::ptr::{self, NonNull};

use super::GcBox;
use crate::heap::end_any;
use crate::object::header::{Birth, Header};
#[cfg(feature = "inspect")]
use crate::object::prefix;
use crate::object::tracer::Tracer;
use crate::object::vtable::{Allocation, VTable};
use crate::trace::Trace;

/// What makes a pointer fat; null for one that is not.
type Metadata = *const ();

const WORD: usize = size_of::<usize>();

/// The metadata of a pointer.
fn split<T: ?Sized>(pointer: *const T) -> Metadata {
    if size_of::<*const T>() == WORD {
        return ptr::null();
    }
    assert_eq!(size_of::<*const T>(), 2 * WORD, "a pointer to `{}` is not two words", type_name::<T>());
    // SAFETY: the sizes are the same, and any word is a raw pointer (Z2).
    let [address, metadata] = unsafe { transmute_copy::<*const T, [*const (); 2]>(&pointer) };
    assert!(ptr::addr_eq(address, pointer), "a pointer to `{}` does not begin with its address", type_name::<T>());
    metadata
}

/// A pointer to a box of `T` with its header at `header`.
///
/// # Safety
/// `metadata` is that of a pointer to a `T`.
unsafe fn join<T: ?Sized>(header: NonNull<Header>, metadata: Metadata) -> NonNull<GcBox<T>> {
    let words = [header.as_ptr().cast_const().cast::<()>(), metadata];
    // SAFETY: a pointer to a box has the metadata of one to its last field; `split` asserted the order of its words, and a
    // thin one is the first of them (Z2).
    let boxed = unsafe { transmute_copy::<[*const (); 2], NonNull<GcBox<T>>>(&words) };
    debug_assert!(ptr::addr_eq(boxed.as_ptr(), header.as_ptr()));
    boxed
}

/// Where the metadata of a box lies: in the last word of its prefix (Z1).
///
/// # Safety
/// The box has a prefix.
unsafe fn metadata_of(header: NonNull<Header>) -> NonNull<Metadata> {
    // SAFETY: the caller's promise.
    unsafe { header.cast::<Metadata>().sub(1) }
}

/// The box of a header, with the metadata in front of it.
///
/// # Safety
/// The box was made by `prepare` for a `T`.
unsafe fn restore<T: ?Sized>(header: NonNull<Header>) -> NonNull<GcBox<T>> {
    // SAFETY: the caller's promise.
    let place = unsafe { metadata_of(header) };
    // SAFETY: it was written by `prepare` (Z1).
    let metadata = unsafe { place.read() };
    // SAFETY: the caller's promise.
    unsafe { join(header, metadata) }
}

/// What a box for a value of this layout takes (Z1).
fn measure(value: Layout) -> Allocation {
    let (boxed, _) = Layout::new::<Header>().extend(value).expect("a value fits into memory with its header");
    let prefix = boxed.align();
    // Room for a mark, too; both are powers of two.
    #[cfg(feature = "inspect")]
    let prefix = prefix.max((prefix::MARK + WORD).next_power_of_two());
    let size = boxed.pad_to_align().size() + prefix;
    let layout = Layout::from_size_align(size, boxed.align()).expect("a value fits into memory with its header");
    Allocation { layout, prefix }
}

/// The function tables of boxes of a `T` that may have no size.
struct VTables<T: ?Sized>(PhantomData<T>);

impl<T: ?Sized + Trace + 'static> VTables<T> {
    const TRACKED: &'static VTable = &VTable { tracked: true, ..Self::TRACED };
    const UNTRACKED: &'static VTable = &VTable { twin: Some(Self::TRACKED), ..Self::TRACED };

    const TRACED: VTable = VTable {
        trace: trace::<T>,
        finalize: finalize::<T>,
        has_finalizer: has_finalizer::<T>,
        may_wait: true,
        type_id: Some(TypeId::of::<T>),
        ..VTables::<T>::OPAQUE
    };
}

impl<T: ?Sized> VTables<T> {
    const LEAF: &'static VTable =
        &VTable { twin: Some(&VTable { tracked: true, may_wait: true, ..Self::OPAQUE }), ..Self::OPAQUE };

    const OPAQUE: VTable = VTable {
        trace: |_, _| {},
        finalize: |_| {},
        has_finalizer: |_| false,
        drop_value: if std::mem::needs_drop::<T>() { Some(drop_value::<T>) } else { None },
        end: end_any,
        layout: Layout::new::<()>(),
        pooled: false,
        measure: allocation::<T>,
        may_wait: false,
        tracked: false,
        twin: None,
        type_name: type_name::<T>,
        type_id: None,
    };
}

/// What a box for a value of `T` is born with, but for a finalizer; `has_edges` says whether it can own a `Gc`.
pub(crate) fn traced<T: ?Sized + Trace + 'static>(has_edges: bool) -> Birth {
    let vtable = if has_edges { VTables::<T>::TRACKED } else { VTables::<T>::UNTRACKED };
    Birth { vtable, finalizes: false }
}

/// What a box for a value of `T` that is not traced is born with.
pub(crate) fn leaf<T: ?Sized>() -> Birth {
    Birth { vtable: VTables::<T>::LEAF, finalizes: false }
}

/// A box for a value like `*pattern`, made by `allocate`, without the value.
///
/// # Safety
/// `pattern` has the metadata and `value` the layout of the value to come, and `birth` is for a `T`.
pub(crate) unsafe fn prepare<T: ?Sized>(
    pattern: *const T,
    value: Layout,
    birth: Birth,
    allocate: impl FnOnce(Birth, Allocation) -> NonNull<Header>,
) -> NonNull<GcBox<T>> {
    let metadata = split(pattern);
    let allocation = measure(value);
    let header = allocate(birth, allocation);
    #[cfg(feature = "inspect")]
    // SAFETY: the box has that prefix (Z1, Z3).
    unsafe {
        prefix::mark(header, allocation.prefix)
    };
    // SAFETY: the box has a prefix (Z1).
    let place = unsafe { metadata_of(header) };
    // SAFETY: the place is the box's own (Z1).
    unsafe { place.write(metadata) };
    // SAFETY: the caller's promise.
    unsafe { join(header, metadata) }
}

/// # Safety
/// `header` is that of a box that `prepare` made for a `T`; its value may be gone.
unsafe fn allocation<T: ?Sized>(header: NonNull<Header>) -> Allocation {
    // SAFETY: the caller's promise.
    let boxed = unsafe { restore::<T>(header) };
    // SAFETY: the box is allocated (V1).
    let value = unsafe { GcBox::value(boxed) };
    // SAFETY: only the metadata is looked at; the place is allocated and aligned (G2).
    measure(Layout::for_value(unsafe { &*value }))
}

/// # Safety
/// As for `allocation`, and the value is whole.
unsafe fn trace<T: ?Sized + Trace>(header: NonNull<Header>, tracer: &mut Tracer<'_>) {
    // SAFETY: the caller's promise.
    let boxed = unsafe { restore::<T>(header) };
    // SAFETY: the box is allocated (V1).
    let value = unsafe { GcBox::value(boxed) };
    // SAFETY: the value is whole, and only the value is referenced (G2).
    unsafe { &*value }.trace(tracer);
}

/// # Safety
/// As for `trace`.
unsafe fn finalize<T: ?Sized + Trace>(header: NonNull<Header>) {
    // SAFETY: the caller's promise.
    let boxed = unsafe { restore::<T>(header) };
    // SAFETY: the box is allocated (V1).
    let value = unsafe { GcBox::value(boxed) };
    // SAFETY: the value is whole, and only the value is referenced (G2).
    unsafe { &*value }.run_finalizer();
}

/// # Safety
/// As for `trace`.
unsafe fn has_finalizer<T: ?Sized + Trace>(header: NonNull<Header>) -> bool {
    // SAFETY: the caller's promise.
    let boxed = unsafe { restore::<T>(header) };
    // SAFETY: the box is allocated (V1).
    let value = unsafe { GcBox::value(boxed) };
    // SAFETY: the value is whole, and only the value is referenced (G2).
    unsafe { &*value }.has_finalizer()
}

/// # Safety
/// As for `trace`, and no pointer is left that anybody follows.
unsafe fn drop_value<T: ?Sized>(header: NonNull<Header>) {
    // SAFETY: the caller's promise.
    let boxed = unsafe { restore::<T>(header) };
    // SAFETY: the box is allocated (V1).
    let value = unsafe { GcBox::value(boxed) };
    // SAFETY: the caller's promise.
    unsafe { value.drop_in_place() };
}
